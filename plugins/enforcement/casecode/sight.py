"""What the party may see of its document: the text, its standing, its basis, the discretion, the remedies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases.case import Case
from core.cases.fold import fold
from core.documents.content import Content
from core.documents.models import IssuedDocument
from core.documents.template import DocumentTemplate
from core.ledger.event import Event
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.ledger.writing import head_of
from core.rulebook.bundle import Bundle
from core.rulebook.terms import Citation
from web.documents.step import recorded_content
from web.kit.render import instance
from web.kit.words import shown


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the document still counts; ``word`` is a key of the page's words, ``by`` the number of its successor."""

    valid: bool
    word: str = ""
    on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A remedy; ``until`` is its last day where the day of service is recorded."""

    title: str
    text: str
    served: date | None
    until: date | None
    basis: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything on the page."""

    document: Any
    content: Content
    standing: Standing
    basis: tuple[Citation, ...]
    explained: tuple[tuple[str, str], ...]
    ways: tuple[Way, ...]
    organ: str


def sight_of(document: Any) -> Sight:
    """What the party of a document sees."""
    events = events_of(document.case_id)
    row: Any = CaseRow.get_by_id(document.case_id)
    event = next(one for one in events if one.id == document.event_id)
    rules = instance().bundles.get(event.bundle)
    template = rules.document_templates[document.document]
    procedure = rules.procedures[row.procedure]
    then = fold(head_of(row), procedure, [one for one in events if one.seq <= event.seq])
    now = fold(head_of(row), procedure, events)
    content = recorded_content(document)
    return Sight(document, content, _standing(document, event, events, now, template),
                 (*template.basis, *procedure.basis), _explained(template, then),
                 _ways(template, content, now, event, rules, row.region), content.organ)


def _standing(document: Any, event: Event, events: Sequence[Event], now: Case, template: DocumentTemplate) -> Standing:
    zone = now.procedure.timezone
    corrected = {one.corrects: one for one in events if one.corrects}
    last = event
    while last.id in corrected:
        last = corrected[last.id]
    if last is not event:
        day = last.recorded_at.astimezone(zone).date()
        if last.void:
            return Standing(False, "void", day)
        if document.sha256 not in {material.sha256 for material in last.materials}:
            newer = IssuedDocument.get_or_none((IssuedDocument.event_id == last.id)
                                               & (IssuedDocument.document == document.document))
            return Standing(False, "corrected", day, newer.number if newer else "")
    for step in now.steps:
        if step.type in template.withdrawn_by and step.event.seq > event.seq:
            return Standing(False, "withdrawn", step.date)
    return Standing(True)


def _explained(template: DocumentTemplate, then: Case) -> tuple[tuple[str, str], ...]:
    fields = then.procedure.attributes
    return tuple((fields[name].title.zh, shown(then.state[name], fields[name])) for name in template.explains
                 if name in then.state and name in fields and not fields[name].personal)


def _ways(template: DocumentTemplate, content: Content, now: Case, event: Event, rules: Bundle,
          region: str) -> tuple[Way, ...]:
    calendar = rules.calendar(region)
    texts = [piece.text for piece in content.pieces][-len(template.remedies):] if template.remedies else []
    ways = []
    for remedy, text in zip(template.remedies, texts, strict=False):
        served = next((step.date for step in now.steps if step.type in remedy.served
                       and step.event.occurred_at >= event.occurred_at), None)
        until = calendar.due(served, remedy.period) if served and remedy.period else None
        ways.append(Way(remedy.title.zh, text, served, until, remedy.basis))
    return tuple(ways)
