"""One example of a ``kind: tests`` file as a case that the engine can judge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from core.calendars import close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event, MaterialRef, Precision, Value
from core.rulebook.kinds.tests import CaseSpec, StepSpec
from core.rulebook.model import Procedure

EXAMPLE_ORGAN = "example"
COUNTRY = "000000"


def as_case(example: CaseSpec, procedure: Procedure) -> tuple[Case, datetime]:
    """The folded case of an example and the instant that it is judged at.

    Steps are recorded in the order in which they stand; the moment is the close of ``as_of``, or of the day of
    the last step.
    """
    head = CaseHead(example.name, procedure.id, EXAMPLE_ORGAN, example.region or COUNTRY, title=example.name)
    events = [
        _event(number, name, step, example.name, procedure)
        for number, (name, step) in enumerate(((n, s) for item in example.events for n, s in item.items()), start=1)
    ]
    last = max((event.occurred_at.astimezone(procedure.timezone).date() for event in events), default=date.min)
    moment = close_of(_day(example.as_of) or last, procedure.timezone)
    return fold(head, procedure, events, as_of=moment), moment


def _event(number: int, name: str, step: StepSpec, case: str, procedure: Procedure) -> Event:
    occurred_at, precision = _moment(step.on, procedure)
    return Event(
        id=f"{number}", case_id=case, seq=number, type=name, occurred_at=occurred_at, recorded_at=occurred_at,
        actor=step.by, organ=step.organ or EXAMPLE_ORGAN,
        payload={field: _stored(value) for field, value in step.fields.items() if value is not None},
        materials=tuple(MaterialRef(material, "0" * 64, material) for material in step.materials),
        precision=precision,
    )


def _moment(text: str, procedure: Procedure) -> tuple[datetime, Precision]:
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time(), procedure.timezone).astimezone(UTC), "date"
    moment = datetime.fromisoformat(text)
    local = moment if moment.tzinfo else moment.replace(tzinfo=procedure.timezone)
    return local.astimezone(UTC), "instant"


def _stored(value: object) -> Value:
    if isinstance(value, (list, tuple, frozenset)):
        return tuple(sorted(str(item) for item in value))
    if isinstance(value, (bool, int, Decimal, str)):
        return value
    return str(value)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
