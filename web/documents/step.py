"""What a step can write: offered on its form, shown before it is saved. Every page that records steps uses this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.documents.content import Content
from core.documents.docx import write_docx
from core.documents.template import DocumentTemplate
from core.errors import fail
from core.ledger.event import Event, Value
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.ledger.validation import moment_of
from core.ledger.values import Unfit, fit
from core.ledger.writing import head_of
from core.rulebook.model import EventType, Field, MaterialRequirement, Procedure
from web.kit.render import instance


@dataclass(frozen=True, slots=True)
class Offer:
    """A document that the platform can write at a step.

    Attributes:
        fields: what it asks beyond the step's own fields.
        known: field to what an earlier step recorded, shown so that nobody types it again; personal values are hidden.
    """

    requirement: MaterialRequirement
    template: DocumentTemplate
    fields: tuple[Field, ...]
    known: Mapping[str, str]


def offered_documents(event_type: EventType, case: Case | None = None) -> tuple[Offer, ...]:
    """The documents that the platform can write at a step of this type."""
    templates = instance().bundles.current().document_templates
    state = case.state if case is not None else {}
    offers = []
    asked: set[str] = set()
    for requirement in event_type.materials:
        template = templates.get(requirement.document or "")
        if template is None:
            continue
        fields = tuple(field for name, field in event_type.fields.items()
                       if name in template.fields and not field.collected and name not in asked)
        asked |= {field.id for field in fields}
        known = {field.id: "＊＊＊" if field.personal else str(state[field.id])[:80] for field in fields
                 if field.id in state}
        offers.append(Offer(requirement, template, fields, known))
    return tuple(offers)


def render_for_step(new: NewEvent, material: str, *, case_id: str | None = None, head: CaseHead | None = None) -> bytes:
    """A document as the step would write it, marked 预览: nothing is recorded, no number is taken.

    Args:
        new: the step as far as it is filled in; what does not fit its field yet is left blank.
        material: the material that the document stands for.
        case_id, head: the case that the step continues, or the one that it would open.

    Raises:
        FazhiError: ``document-not-offered``, ``case-unknown`` and those of setting.
    """
    bundle = instance().bundles.current()
    if case_id is not None:
        row: Any = CaseRow.get_or_none(CaseRow.id == case_id)
        if row is None:
            raise fail("case-unknown", case=case_id)
        head = head_of(row)
    if head is None:
        raise fail("case-unknown", case="")
    procedure = bundle.procedures[head.procedure]
    before = events_of(head.id) if case_id is not None else []
    event = tentative(new, procedure, head, before, bundle.hash)
    return instance().documents.preview(fold(head, procedure, [*before, event]), event, material)


def tentative(new: NewEvent, procedure: Procedure, head: CaseHead, before: Sequence[Event], bundle: str) -> Event:
    """A step that is still being filled in, as the event it would be."""
    event_type = procedure.events[new.type]
    payload: dict[str, Value] = {}
    for name, value in new.payload.items():
        if name in event_type.fields and value not in (None, ""):
            try:
                payload[name] = fit(value, event_type.fields[name])
            except Unfit:
                continue
    when = new.occurred_at if isinstance(new.occurred_at, (datetime, date)) else instance().now()
    moment, precision = moment_of(replace(new, occurred_at=when), procedure)
    return Event("", head.id, max((event.seq for event in before), default=0) + 1, new.type, moment, instance().now(),
                 new.actor, new.organ, payload, new.materials, precision, new.corrects, bundle=bundle)


def recorded_content(row: Any) -> Content:
    """What an issued document says, made again from the recorded facts as they stood when it was issued."""
    case_row: Any = CaseRow.get_by_id(row.case_id)
    events = events_of(row.case_id)
    event = next(one for one in events if one.id == row.event_id)
    procedure = instance().bundles.get(event.bundle).procedures[case_row.procedure]
    case = fold(head_of(case_row), procedure, [one for one in events if one.seq <= event.seq])
    return instance().documents.again(row, case, event)


def docx_of(row: Any) -> bytes:
    """An issued document as DOCX."""
    return write_docx(recorded_content(row))


__all__ = ["Offer", "docx_of", "offered_documents", "recorded_content", "render_for_step"]
