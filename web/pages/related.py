"""Cases that lead to one another: those linked already, and those that the reader may open by a step of this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for
from werkzeug.datastructures import MultiDict

from core.cases.case import Case, Step
from core.ledger.event import Event
from core.ledger.following import LED_TO, LINKS, Next, next_cases
from core.ledger.models import CaseRow
from core.ledger.reader import events_of, load_case
from core.organs.authority import Action, Actor
from core.rulebook.model import EventType, Procedure
from web.kit.access import find_case, may, target_of
from web.kit.language import local, say
from web.kit.people import organ_names
from web.kit.procedures import openable
from web.kit.render import instance
from web.kit.step_form import FIELD_PREFIX, OCCURRED, as_typed

SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Related:
    """Another case that this one led to, or came from.

    Attributes:
        url: None for those who may not see it.
        after: it came after this one.
    """

    title: str
    number: str
    procedure: str
    organ: str
    url: str | None
    after: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A case that the reader may open by a step of this one."""

    title: str
    step: str
    url: str


def related_cases(events: Sequence[Event]) -> Sequence[Related]:
    """The cases that the chain names, in order."""
    links = [event for event in events if event.type in LINKS]
    rows = {str(row.id): row for row in CaseRow.select().where(
        CaseRow.id.in_([str(event.payload["case"]) for event in links]))} if links else {}
    procedures, names = instance().bundles.current().procedures, organ_names(row.organ for row in rows.values())
    found = []
    for event in links:
        row = rows.get(str(event.payload["case"]))
        if row is not None:
            known = procedures.get(row.procedure)
            found.append(Related(
                row.title or row.number, row.number, say(known.title) if known else row.procedure, names[row.organ],
                url_for("cases.show", case_id=row.id) if may(Action.VIEW_CASE, target_of(row)) else None,
                event.type == LED_TO, row.closed_at is not None))
    return found


def offers(case: Case, events: Sequence[Event], actor: Actor) -> Sequence[Offer]:
    """What the reader may open for the own organ, and nobody has opened yet."""
    mine = {(procedure.id, event.id) for procedure, event in openable(actor)}
    return [Offer(say(each.procedure.title), say(case.procedure.events[step.type].title), url_for(
        "steps.open_case", procedure_id=each.procedure.id, event_type=each.lead.step,
        after=f"{case.head.id}{SEPARATOR}{step.root.id}"))
        for step, each in _waiting(case, events)
        if each.organ == actor.organ and (each.procedure.id, each.lead.step) in mine]


def _waiting(case: Case, events: Sequence[Event]) -> Iterator[tuple[Step, Next]]:
    done = {(event.payload["event"], event.payload["procedure"]) for event in events if event.type == LED_TO}
    for step in case.steps:
        for each in next_cases(case, step, instance().bundles.current(), offered=True):
            if (step.root.id, each.procedure.id) not in done:
                yield step, each


@dataclass(frozen=True, slots=True)
class Source:
    """The case and the step by which a person opens another.

    Attributes:
        given: what the form of the other case begins with.
    """

    case: str
    event: str
    title: str
    given: MultiDict[str, str]


def source_of(after: str, procedure: Procedure, kind: EventType, actor: Actor) -> Source | None:
    """Where a case that is being opened comes from; 404 where that step leads to no such case of the reader's organ."""
    if not after:
        return None
    case_id, _, event_id = after.partition(SEPARATOR)
    row: Any = find_case(case_id)
    events = events_of(row.id)
    case = load_case(row.id, instance().bundles.current())
    for step, each in _waiting(case, events):
        if (step.root.id, each.procedure.id, each.lead.step, each.organ) == (
                event_id, procedure.id, kind.id, actor.organ):
            return Source(case_id, event_id, row.title, _given(each, kind, procedure))
    return abort(404)


def _given(each: Next, kind: EventType, procedure: Procedure) -> MultiDict[str, str]:
    """Values for the form; personal ones stay where they are."""
    given: MultiDict[str, str] = MultiDict()
    for name, value in each.payload.items():
        if not kind.fields[name].personal:
            given.setlist(FIELD_PREFIX + name, as_typed(value, kind.fields[name], procedure.timezone))
    if kind.precision == "date":
        given[OCCURRED] = local(instance().now()).date().isoformat()
    return given
