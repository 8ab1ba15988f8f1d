"""From events to the case: corrections applied, order fixed, attributes folded, all as of a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from core.cases.case import Case, CaseHead, Step
from core.ledger.event import Event, Value
from core.rulebook.model import Field, FieldType, Procedure, Scalar


def fold(head: CaseHead, procedure: Procedure, events: Iterable[Event], as_of: datetime | None = None,
         recorded_by: datetime | None = None) -> Case:
    """Fold the events of one case.

    Args:
        as_of: only events that occurred before this instant exist (exclusive: the close of a day is the
            following local midnight). None: all.
        recorded_by: only events recorded before this instant exist. None: all.

    A correction takes its target's intake place; among equal ``occurred_at`` the intake place decides.
    Chains of corrections count from the last one. A step that renews an attribute makes what was known of it before
    unknown, so that a new notice is never excused by what the earlier one said.
    """
    known = [event for event in events if recorded_by is None or event.recorded_at < recorded_by]
    origins = first_recorded(known)
    steps = [e for e in effective(known) if as_of is None or e.occurred_at < as_of]
    platform = tuple(e for e in known if e.is_platform and (as_of is None or e.occurred_at < as_of))
    state: dict[str, Scalar] = {}
    folded: list[Step] = []
    positions: dict[str, list[int]] = defaultdict(list)
    for index, event in enumerate(steps):
        event_type = procedure.events.get(event.type)
        fields = typed(event.payload, event_type.fields if event_type else {})
        changed = {name: value for name, value in fields.items() if name in procedure.attributes}
        if event_type and event_type.renews:
            state = {name: value for name, value in state.items() if name not in event_type.renews}
        if changed:
            state = {**state, **changed}
        folded.append(Step(index, event, event.occurred_at.astimezone(procedure.timezone).date(), fields, state,
                           origins.get(event.id)))
        positions[event.type].append(index)
    return Case(head, procedure, tuple(folded), as_of, platform,
                {name: tuple(places) for name, places in positions.items()},
                max((event.seq for event in known), default=0))


def effective(events: Iterable[Event]) -> list[Event]:
    """The steps that count, in the case's order: corrections in their targets' places, voided ones gone."""
    place: dict[str, int] = {}
    standing: dict[int, Event] = {}
    for event in sorted(events, key=lambda e: e.seq):
        if event.is_platform:
            continue
        spot = place.get(event.corrects or "", event.seq)
        place[event.id] = spot
        standing[spot] = event
    return [event for spot, event in sorted(standing.items(), key=lambda item: (item[1].occurred_at, item[0]))
            if not event.void]


def first_recorded(events: Iterable[Event]) -> dict[str, Event]:
    """For each correction, by id: the event first recorded at the place that it takes."""
    origins: dict[str, Event] = {}
    known: dict[str, Event] = {}
    for event in sorted(events, key=lambda e: e.seq):
        known[event.id] = event
        if event.corrects in known:
            origins[event.id] = origins.get(event.corrects, known[event.corrects])
    return origins


def typed(payload: Mapping[str, Value], fields: Mapping[str, Field]) -> dict[str, Scalar]:
    """Payload values in their declared types.

    Left out, and so unknown: null, and what does not fit because a later bundle gave the field another type.
    """
    out: dict[str, Scalar] = {}
    for name, value in payload.items():
        field = fields.get(name)
        if value is None:
            continue
        if field is None:
            out[name] = frozenset(value) if isinstance(value, tuple) else value
            continue
        try:
            out[name] = parse_value(value, field.type)
        except (ValueError, ArithmeticError):
            continue
    return out


def parse_value(value: Value, kind: FieldType) -> Scalar:
    """One stored value as its declared type.

    Raises:
        ValueError, ArithmeticError: the value is of another type.
    """
    match kind, value:
        case FieldType.BOOL, bool():
            return value
        case (FieldType.INT | FieldType.DECIMAL), bool():
            raise ValueError(f"{value} is not a number")
        case FieldType.INT, int():
            return value
        case FieldType.DECIMAL, int() | str() | Decimal():
            return Decimal(value)
        case FieldType.DATE, str():
            return date.fromisoformat(value)
        case FieldType.DATETIME, str():
            return datetime.fromisoformat(value)
        case FieldType.SET, tuple() | list():
            return frozenset(value)
        case FieldType.SET, str():
            return frozenset((value,))
        case (FieldType.STRING | FieldType.TEXT | FieldType.ENUM | FieldType.PERSON | FieldType.ORGAN), str():
            return value
    raise ValueError(f"{value!r} is no {kind.value}")
