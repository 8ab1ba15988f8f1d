"""Records of a case as the timeline shows them: titles, values, files, corrections and hashes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from core.documents.models import IssuedDocument
from core.ledger.event import Event
from core.ledger.following import LINKS
from core.ledger.recorder import COUNTERSIGNED
from core.ledger.sealing import SEALED
from core.ledger.validation import REASON
from core.rulebook.model import EventType, Field, FieldType, Procedure
from scoring.trace import MASK
from web.kit.language import say
from web.kit.ledgerwords import VIEWED, platform_title
from web.kit.people import organ_names, person_names
from web.kit.rulewords import step_title
from web.kit.words import day, minute, shown

LATE = timedelta(days=8)
"""From the midnight that a date stands for: recorded more than a week after the day."""

ASKED_WHY = (VIEWED, SEALED)
"""What the platform records with the reason that a person gave."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A field with its value in words."""

    title: str
    shown: str
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A material; without an address for those who may not download it."""

    title: str
    name: str
    size: int
    url: str | None
    docx: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the timeline.

    Attributes:
        detail: which rule an event on a finding is about, or which case a link leads to.
        finding: id of the finding, where the reader may open it.
        late: recorded more than a week after it happened.
        personal: it holds personal values that are masked here.
    """

    id: str
    case_id: str
    seq: int
    title: str
    when: str
    recorded: str
    actor: str
    organ: str
    values: Sequence[ShownValue]
    materials: Sequence[ShownFile]
    detail: str
    hash: str
    previous_hash: str
    platform: bool
    alarming: bool
    finding: str | None
    corrects: str | None
    replaced_by: str | None
    void: bool
    late: bool
    correctable: bool
    countersignable: bool
    personal: bool
    reason: str


def entries_of(procedure: Procedure, events: Sequence[Event], *, correctable: Collection[str] = (),
               downloads: bool = False, revealed: Collection[str] = (),
               title_of_rule: Callable[[str], str] | None = None, signer: str | None = None,
               awaited: Collection[str] = (), readable: Collection[str] | None = None) -> Sequence[Entry]:
    """The records as shown, in the order given; names of people and organs in two queries for all.

    Args:
        correctable: event types that the reader may correct.
        downloads: the reader may download materials.
        signer: account of a reader who may vouch for steps that others recorded late.
        awaited: ids of steps that answer an open finding once somebody vouches for them, however little late.
        title_of_rule: names the rule of a finding; without it findings stay unnamed.
        revealed: ids of events whose personal values are shown to this reader now.
        readable: ids of the findings that the reader may open; None: all.
    """
    replaced = {event.corrects: event.id for event in events if event.corrects}
    people = person_names({event.actor for event in events} | _named(procedure, events, FieldType.PERSON))
    organs = organ_names({event.organ for event in events} | _named(procedure, events, FieldType.ORGAN))
    about = {str(event.payload["finding"]): title_of_rule(str(event.payload["rule"])) for event in events
             if event.type == "finding.raised"} if title_of_rule else {}
    written = _written(events) if downloads else {}
    signed = {str(event.payload.get("event")) for event in events if event.type == COUNTERSIGNED}
    return [_entry(procedure, event, replaced.get(event.id), people, organs, about, event.type in correctable,
                   downloads, event.id in revealed, signer, signed, event.id in awaited, written, readable)
            for event in events]


def _named(procedure: Procedure, events: Sequence[Event], kind: FieldType) -> set[str]:
    found = set()
    for event in events:
        known = procedure.events.get(event.type)
        for name, field in known.fields.items() if known else ():
            if field.type is kind and isinstance(value := event.payload.get(name), str):
                found.add(value)
    return found


def _entry(procedure: Procedure, event: Event, replaced_by: str | None, people: Any, organs: Any,
           about: Mapping[str, str], correctable: bool, downloads: bool, revealed: bool, signer: str | None,
           signed: Collection[str], awaited: bool, written: Mapping[tuple[str, str], str],
           readable: Collection[str] | None) -> Entry:
    known = procedure.events.get(event.type)
    late = not event.is_platform and replaced_by is None and (
        awaited or event.recorded_at - event.occurred_at > LATE)
    finding = event.payload.get("finding") if event.is_platform else None
    return Entry(
        id=event.id, case_id=event.case_id, seq=event.seq,
        title=platform_title(event.type) if event.is_platform else step_title(procedure, event.type),
        when=day(event.occurred_at) if event.precision == "date" else minute(event.occurred_at),
        recorded=minute(event.recorded_at), actor=people[event.actor],
        organ="" if ":" in event.actor else organs[event.organ],
        values=() if event.is_platform or known is None else _values(known, event, people, organs, revealed),
        materials=_files(known, event, downloads, written), detail=_detail(event, about),
        hash=event.hash, previous_hash=event.previous_hash,
        platform=event.is_platform, alarming=event.type in ("finding.raised", "finding.confirmed"),
        finding=str(finding) if finding and (readable is None or finding in readable) else None,
        corrects=event.corrects, replaced_by=replaced_by, void=event.void,
        late=late,
        correctable=correctable and not event.is_platform and replaced_by is None,
        countersignable=signer not in (None, event.actor) and late and event.id not in signed,
        personal=known is not None and any(field.personal and name in event.payload
                                           for name, field in known.fields.items()),
        reason=str(event.payload.get("reason" if event.type in ASKED_WHY else REASON) or ""))


def _detail(event: Event, about: Mapping[str, str]) -> str:
    """The finding or the other case that an event of the platform is about."""
    if event.type in LINKS:
        return " ".join(str(event.payload.get(name) or "") for name in ("title", "number")).strip()
    return about.get(str(event.payload.get("finding") or ""), "") if event.is_platform else ""


def _values(known: EventType, event: Event, people: Any, organs: Any, revealed: bool) -> list[ShownValue]:
    found = []
    for name, field in known.fields.items():
        if name in event.sealed:
            found.append(ShownValue(say(field.title), "—", sealed=True))
        elif event.payload.get(name) is not None:
            found.append(ShownValue(say(field.title), _shown(event.payload[name], field, people, organs, revealed)))
    return found


def _shown(value: Any, field: Field, people: Any, organs: Any, revealed: bool) -> str:
    if field.personal and not revealed:
        return MASK
    if field.type is FieldType.PERSON:
        return str(people.get(value, value))
    if field.type is FieldType.ORGAN:
        return str(organs.get(value, value))
    return shown(value, field)


def _written(events: Sequence[Event]) -> Mapping[tuple[str, str], str]:
    """Documents that the platform wrote, by event and hash: they can be had for a word processor too."""
    if not events:
        return {}
    rows: Any = IssuedDocument.select().where(IssuedDocument.case_id == events[0].case_id)
    return {(row.event_id, row.sha256): row.id for row in rows}


def _files(known: EventType | None, event: Event, downloads: bool,
           written: Mapping[tuple[str, str], str]) -> list[ShownFile]:
    titles = {one.id: say(one.title) for one in known.materials} if known else {}
    return [ShownFile(titles.get(one.requirement, one.requirement), one.name, one.size,
                      url_for("materials.download", case_id=event.case_id, event_id=event.id, sha256=one.sha256)
                      if downloads else None, url_for("documents.docx", document_id=written[event.id, one.sha256])
                      if downloads and (event.id, one.sha256) in written else None) for one in event.materials]
