"""Which organs take part in a case: those that its effective steps name."""

from __future__ import annotations

from collections.abc import Collection

from core.cases.case import Case
from core.organs.models import CaseParticipant
from core.rulebook.model import FieldType, Procedure

CHUNK = 5000


def participants_of(case: Case) -> frozenset[str]:
    """Ids in fields of type organ, without the case's own organ; a corrected naming no longer counts."""
    names = _organ_fields(case.procedure)
    found = {step.fields.get(field) for step in case.steps for field in names.get(step.type, ())}
    return frozenset(value for value in found if isinstance(value, str)) - {case.head.organ}


def remember_participants(cases: Collection[Case]) -> None:
    """Make the table agree with the cases as folded; part of the transaction that records their steps."""
    naming = {procedure.id for procedure in {case.procedure.id: case.procedure for case in cases}.values()
              if _organ_fields(procedure)}
    concerned = [case for case in cases if case.procedure.id in naming]
    if not concerned:
        return
    now = {(case.head.id, organ) for case in concerned for organ in participants_of(case)}
    ids = [case.head.id for case in concerned]
    stored = CaseParticipant.select().where(CaseParticipant.case_id.in_(ids))
    before = {(row.case_id, row.organ_id): row for row in stored}
    if gone := [row.id for key, row in before.items() if key not in now]:
        CaseParticipant.delete().where(CaseParticipant.id.in_(gone)).execute()
    new = sorted(now - before.keys())
    for start in range(0, len(new), CHUNK):
        CaseParticipant.insert_many(
            new[start:start + CHUNK], fields=[CaseParticipant.case_id, CaseParticipant.organ_id]).execute()


def _organ_fields(procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """Names of fields of type organ by event type; event types without one are missing."""
    named = {
        event.id: tuple(field.id for field in event.fields.values() if field.type is FieldType.ORGAN)
        for event in procedure.events.values()
    }
    return {event: fields for event, fields in named.items() if fields}
