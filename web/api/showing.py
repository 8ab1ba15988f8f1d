"""Rows and steps in the shapes of the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from core.ledger.event import Event
from core.ledger.models import CaseRow
from core.organs.authority import Actor
from core.rulebook.model import EventType, Procedure
from scoring.models import CaseScore, FindingRow
from web.api import shapes
from web.kit.procedures import openable
from web.kit.render import instance
from web.kit.rulewords import rule_title, step_title
from web.pages.duties import duties_of_case


def cases(rows: Sequence[Any]) -> list[shapes.CaseShown]:
    """Cases with their scores, in one more query."""
    scores: Any = CaseScore.select(CaseScore.case, CaseScore.score).where(
        CaseScore.case.in_([row.id for row in rows])).tuples()
    known: dict[str, Decimal | None] = dict(scores)
    return [shapes.CaseShown(
        id=row.id, procedure=row.procedure, number=row.number, title=row.title, organ=row.organ, region=row.region,
        stage=row.stage, opened_at=row.opened_at, closed_at=row.closed_at, last_seq=row.last_seq,
        score=known.get(row.id)) for row in rows]


def case(case_id: str) -> shapes.CaseShown:
    """One case as it stands now."""
    return cases([CaseRow.get(CaseRow.id == case_id)])[0]


def step(event: Event, procedure: Procedure | None) -> shapes.StepShown:
    """A recorded step, personal values left out."""
    kind = procedure.events.get(event.type) if procedure else None
    personal = {name for name, one in kind.fields.items() if one.personal} if kind else set(event.payload)
    return shapes.StepShown(
        id=event.id, seq=event.seq, type=event.type, title=step_title(procedure, event.type),
        occurred_at=event.occurred_at, recorded_at=event.recorded_at, organ=event.organ,
        fields={name: value for name, value in event.payload.items() if name not in personal},
        withheld=sorted(personal & event.payload.keys()), corrects=event.corrects, void=event.void, hash=event.hash,
        materials=[shapes.MaterialShown(requirement=one.requirement, sha256=one.sha256, name=one.name, size=one.size)
                   for one in event.materials])


def steps(events: Iterable[Event], procedure: Procedure | None) -> list[shapes.StepShown]:
    """The steps among a case's events, without what the platform itself wrote."""
    return [step(event, procedure) for event in events if not event.is_platform]


def findings(rows: Iterable[Any]) -> list[shapes.FindingShown]:
    """Findings as they stand."""
    bundle = instance().bundles.current()
    return [shapes.FindingShown(
        id=row.id, case=row.case, rule=row.rule, title=rule_title(bundle, row.rule, row.region), level=row.level,
        status=row.status, raised_at=row.raised_at, due=row.due) for row in rows]


def findings_of(case_id: str) -> list[shapes.FindingShown]:
    """The findings of one case, the earliest first."""
    return findings(FindingRow.select().where(FindingRow.case == case_id).order_by(FindingRow.raised_at, FindingRow.id))


def duties_of(case_id: str) -> list[shapes.DutyShown]:
    """What is still to be done in one case."""
    return [shapes.DutyShown(rule=duty.rule_id, title=duty.title, due=duty.due, overdue=duty.overdue,
                             provisional=duty.provisional) for duty in duties_of_case(case_id)]


def procedure(found: Procedure, actor: Actor) -> shapes.ProcedureShown:
    """A procedure with the steps that it knows."""
    opening = {(one.id, event.id) for one, event in openable(actor)}
    return shapes.ProcedureShown(id=found.id, title=found.title.zh, steps=[
        _kind(event, event.id in found.opens_with,
              (found.id, event.id) in opening if event.id in found.opens_with
              else bool(actor.roles_for(found.id) & set(event.by)))
        for event in found.events.values()])


def _kind(event: EventType, opens: bool, recordable: bool) -> shapes.StepKind:
    return shapes.StepKind(
        id=event.id, title=event.title.zh, opens=opens, recordable=recordable, precision=event.precision,
        fields={one.id: shapes.FieldShown(
            title=one.title.zh, type=one.type.value, required=one.required, unit=one.unit,
            values={value: title.zh for value, title in one.values.items()}, personal=one.personal)
            for one in event.fields.values() if not one.collected},
        materials=[shapes.RequirementShown(id=one.id, title=one.title.zh, required=one.required)
                   for one in event.materials])
