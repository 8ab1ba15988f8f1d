"""From the ledger to segments, and the personal values that segments must not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from core.cases.fold import typed
from core.ledger.canonical import read_payload
from core.ledger.event import Event
from core.ledger.models import CaseRow, PersonalValue
from core.ledger.rows import IN_ONE_QUERY, events_of_cases
from core.rulebook.model import Procedure
from scoring.batch.events import event_frame
from scoring.batch.segments import Segments
from scoring.batch.values import DTYPES, Sort, column, stored
from scoring.columns import tuples

EVENTS_IN_A_SEGMENT = 250_000


def fill(segments: Segments, events_in_a_segment: int = EVENTS_IN_A_SEGMENT) -> int:
    """Write what was recorded since the segments were filled last; how many steps that were."""
    procedure = segments.procedure
    known = dict(segments.covered().select("case", "upto").iter_rows())
    waiting: list[Event] = []
    upto: dict[str, int] = {}
    regions: dict[str, str] = {}
    written = 0

    def flush() -> None:
        nonlocal written
        frame = event_frame(waiting, procedure, regions, personal=False)
        segments.append(frame, pl.DataFrame({"case": list(upto), "upto": list(upto.values())},
                                            schema={"case": pl.String(), "upto": pl.Int64()}))
        written += frame.height
        waiting.clear()
        upto.clear()
        regions.clear()

    for part in _moved_on(procedure.id, known):
        last = {case: seq for case, _, seq in part}
        regions.update({case: region for case, region, _ in part})
        for case, events in events_of_cases(list(last)).items():
            waiting.extend(event for event in events if known.get(case, 0) < event.seq <= last[case])
        upto.update(last)
        if len(waiting) >= events_in_a_segment:
            flush()
    if upto:
        flush()
    return written


def with_personal(events: pl.DataFrame, procedure: Procedure) -> pl.DataFrame:
    """The events with their personal values, as far as these were not sealed."""
    declared = {event.id: event.fields for event in procedure.events.values()
                if any(field.personal for field in event.fields.values())}
    concerned = events.filter(pl.col("type").is_in(list(declared)))
    types = dict(concerned.select("id", "type").iter_rows())
    if not types:
        return events
    values: dict[tuple[str, Sort], dict[str, Any]] = {}
    for event_id, payload in _personal_payloads(concerned["case"].unique().to_list()).items():
        if event_id in types:
            for name, value in typed(payload, declared[types[event_id]]).items():
                known = stored(value, procedure.timezone)
                if known is not None:
                    values.setdefault((name, known[0]), {})[event_id] = known[1]
    for (name, sort), by_event in values.items():
        label = column(name, sort)
        found = pl.DataFrame({"id": list(by_event), "personal": pl.Series(list(by_event.values()), dtype=DTYPES[sort])})
        events = events.join(found, on="id", how="left", maintain_order="left")
        own = pl.col(label) if label in events.columns else pl.lit(None, DTYPES[sort])
        events = events.with_columns(pl.coalesce(own, "personal").alias(label)).drop("personal")
    return events


def _moved_on(procedure: str, known: Mapping[str, int]) -> Iterator[list[tuple[str, str, int]]]:
    """Cases with events that no segment holds yet: id, region, last intake number; some hundreds at a time."""
    after = ""
    while True:
        query = (CaseRow.select(CaseRow.id, CaseRow.region, CaseRow.last_seq)
                 .where((CaseRow.procedure == procedure) & (CaseRow.id > after))
                 .order_by(CaseRow.id).limit(IN_ONE_QUERY))
        rows = tuples(query)
        if not rows:
            return
        after = rows[-1][0]
        moved = [(case, region, last) for case, region, last in rows if last > known.get(case, 0)]
        if moved:
            yield moved


def _personal_payloads(cases: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(cases), IN_ONE_QUERY):
        query: Any = PersonalValue.select(PersonalValue.event, PersonalValue.field, PersonalValue.value).where(
            PersonalValue.case_id.in_(cases[start : start + IN_ONE_QUERY]) & PersonalValue.value.is_null(False))
        for event_id, field, text in tuples(query):
            found.setdefault(event_id, {}).update(read_payload(f'{{"{field}":{text}}}'))
    return found
