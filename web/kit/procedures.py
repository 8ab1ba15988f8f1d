"""Procedures as pages offer them: what may be opened, which step is sensible next, how far a case has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort

from core.cases.case import Case, CaseHead
from core.ledger.models import CaseRow
from core.organs.actors import Directory
from core.organs.authority import Actor, granting_roles
from core.organs.authority_table import Action
from core.rulebook.model import EventType, Procedure, Stage
from web.kit.access import target_of
from web.kit.render import instance


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage of a case: ``done`` before the present one, ``now``, ``open`` after it; ``skipped`` without steps."""

    stage: Stage
    state: str
    latest: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that may be recorded next.

    Attributes:
        due: due date of the duty that it would answer.
        sensible: worth offering first.
    """

    event_type: EventType
    stage: Stage | None
    sensible: bool
    due: date | None
    times: int


def procedure_of(procedure_id: str) -> Procedure:
    """The procedure in the bundle in force; 404 where there is none (its plugin is off)."""
    found = instance().bundles.current().procedures.get(procedure_id)
    if found is None:
        abort(404)
    return found


def event_type_of(procedure: Procedure, event_type: str) -> EventType:
    """An event type of the procedure; 404 where it has none of that name."""
    found = procedure.events.get(event_type)
    if found is None:
        abort(404)
    return found


def openable(actor: Actor) -> Sequence[tuple[Procedure, EventType]]:
    """Procedures that the actor may open a case of for the own organ, with the opening step."""
    own = granting_roles(Action.RECORD_STEP, Directory().relations(actor, actor.organ))
    found = []
    for procedure in instance().bundles.current().procedures.values():
        held = actor.roles_for(procedure.id) & own
        found += [(procedure, procedure.events[name]) for name in procedure.opens_with
                  if name in procedure.events and held & set(procedure.events[name].by)]
    return found


def recordable(actor: Actor, row: CaseRow, procedure: Procedure) -> frozenset[str]:
    """Event types that the actor's roles may record on a case; the recorder asks again when it is recorded."""
    target = target_of(row)
    relations = Directory().relations(actor, target.organ, target.participants)
    held = actor.roles_for(procedure.id) & granting_roles(Action.RECORD_STEP, relations)
    return frozenset(name for name, event_type in procedure.events.items() if held & set(event_type.by))


def progress(case: Case) -> Sequence[StageProgress]:
    """How far a case has come, stage by stage; the present one is that of its latest step."""
    procedure = case.procedure
    place = {name: number for number, stage in enumerate(procedure.stages) for name in stage.events}
    reached = [(place[step.type], step.date) for step in case.steps if step.type in place]
    present = max((number for number, _day in reached), default=0)
    closed = case.closing is not None
    found = []
    for number, stage in enumerate(procedure.stages):
        days = [day for at, day in reached if at == number]
        state = "now" if number == present and not closed else "done" if days else (
            "skipped" if number < present or closed else "open")
        found.append(StageProgress(stage, state, max(days, default=None), len(days)))
    return found


def barred(case: Case, person: str) -> frozenset[str]:
    """Steps that the person may not record because of an earlier step of the own; the recorder refuses them."""
    mine = {step.type for step in case.steps if step.event.actor == person}
    return frozenset(name for name, kind in case.procedure.events.items() if mine & set(kind.other_person_than))


def choices(case: Case, allowed: Collection[str], due: Mapping[str, date | None]) -> Sequence[Choice]:
    """The steps that may be recorded next, sensible ones first.

    Args:
        allowed: event types that the person may record.
        due: event types that would answer a pending duty, with its due date.
    """
    procedure = case.procedure
    if case.closing is not None:
        allowed = set(allowed) & set(procedure.after_closing)
    stage_at = {name: (number, stage) for number, stage in enumerate(procedure.stages) for name in stage.events}
    present = max((stage_at[step.type][0] for step in case.steps if step.type in stage_at), default=0)
    found = []
    for name in procedure.events:
        event_type = procedure.events[name]
        times = len(case.positions.get(name, ()))
        if name not in allowed or (times and not event_type.repeatable):
            continue
        number, stage = stage_at.get(name, (len(procedure.stages), None))
        near = present <= number <= present + 1 and not times and name not in procedure.withdraws_with
        found.append((name not in due, due.get(name) or date.max, number, Choice(
            event_type, stage, name in due or near, due.get(name), times)))
    return [choice for *_order, choice in sorted(found, key=lambda item: item[:3])]


def new_head(actor: Actor, procedure: Procedure, case_id: str, title: str, number: str) -> CaseHead:
    """The head of a case that the actor opens for the own organ."""
    return CaseHead(case_id, procedure.id, actor.organ, actor.place.region, title, number)
