"""Cases put together again from columns, for what only the reference or a compiled closure can say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import polars as pl

from core.cases.case import Case, CaseHead, Step
from core.ledger.event import Event, MaterialRef
from core.rulebook.model import Scalar
from scoring.batch.steps import Steps
from scoring.batch.values import field_of, scalar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cases_of(steps: Steps, numbers: Iterable[int]) -> dict[int, Case]:
    """The folded cases of these numbers."""
    wanted = sorted(set(numbers))
    rows = pl.concat([pl.int_range(begin, end, dtype=pl.Int64, eager=True) for begin, end in zip(
        steps.heads.gather(wanted).to_list(), steps.tails.gather(wanted).to_list(), strict=True)]) if wanted else None
    if rows is None:
        return {}
    by_case: dict[int, list[Step]] = {number: [] for number in wanted}
    for row in steps.frame[rows].iter_rows(named=True):
        _append(steps, by_case[row["number"]], row)
    return {number: _case(steps, folded) for number, folded in by_case.items()}


def _append(steps: Steps, before: list[Step], row: dict[str, object]) -> None:
    fields = _fields(row)
    attributes = steps.procedure.attributes
    event_type = steps.procedure.events.get(str(row["type"]))
    renewed = event_type.renews if event_type else ()
    state = {**{name: value for name, value in (before[-1].state if before else {}).items() if name not in renewed},
             **{name: value for name, value in fields.items() if name in attributes}}
    event = _event(row)
    origin = None if row["root"] == row["id"] else Event(
        str(row["root"]), event.case_id, event.seq, event.type, event.occurred_at, _moment(row["root_recorded"]),
        event.actor, event.organ)
    before.append(Step(len(before), event, date.fromordinal(int(str(row["day"]))), fields, state, origin))


def _case(steps: Steps, folded: list[Step]) -> Case:
    positions: dict[str, list[int]] = defaultdict(list)
    for step in folded:
        positions[step.type].append(step.index)
    head = CaseHead(folded[0].event.case_id, steps.procedure.id, "", "")
    return Case(head, steps.procedure, tuple(folded),
                positions={name: tuple(places) for name, places in positions.items()})


def _fields(row: dict[str, object]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name, value in row.items():
        field = field_of(name) if value is not None else None
        if field is not None:
            found[field[0]] = scalar(field[1], value)
    return found


def _event(row: dict[str, object]) -> Event:
    materials = row["materials"]
    paths = materials if isinstance(materials, list) else []
    return Event(
        str(row["id"]), str(row["case"]), int(str(row["seq"])), str(row["type"]), _moment(row["at"]),
        _moment(row["recorded"]), str(row["actor"]), str(row["organ"]),
        materials=tuple(MaterialRef(path.partition("/")[2], "", "") for path in paths),
        precision="date" if row["dated"] else "instant")


def _moment(micros: object) -> datetime:
    return _EPOCH + timedelta(microseconds=int(str(micros)))
