"""Which organs take part in a case: those that its effective steps name."""

from __future__ import annotations

from core.cases.case import Case
from core.organs.models import CaseParticipant
from core.rulebook.model import FieldType


def participants_of(case: Case) -> frozenset[str]:
    """Ids in fields of type organ, without the case's own organ; a corrected naming no longer counts."""
    named: set[str] = set()
    for step in case.steps:
        event_type = case.procedure.events.get(step.type)
        if event_type is None:
            continue
        for name, value in step.fields.items():
            field = event_type.fields.get(name)
            if field is not None and field.type is FieldType.ORGAN and isinstance(value, str):
                named.add(value)
    return frozenset(named - {case.head.organ})


def remember_participants(case: Case) -> None:
    """Make the table agree with the case as folded; part of the transaction that records a step."""
    now = participants_of(case)
    before = {row.organ_id for row in CaseParticipant.select().where(CaseParticipant.case_id == case.head.id)}
    if gone := before - now:
        CaseParticipant.delete().where(
            (CaseParticipant.case_id == case.head.id) & CaseParticipant.organ_id.in_(sorted(gone))).execute()
    if new := now - before:
        CaseParticipant.insert_many([{"case_id": case.head.id, "organ_id": organ} for organ in sorted(new)]).execute()
