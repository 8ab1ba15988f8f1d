"""Every set of changes of the registers leaves a record in the ledger: who, why, how many, and a hash over the rows."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.cases.case import CaseHead
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.ledger.reader import events_of
from core.ledger.recorder import Recorder
from core.organs.actors import Actor
from plugins.enforcement.officers.models import Change

PROCEDURE = "enforcement.register"
CHANGED = "register_changed"
CHANGE_COLUMNS = ("certificate_id", "kind", "on", "valid_until", "reason", "document")


@dataclass(frozen=True, slots=True)
class Note:
    """What the ledger is told about a set of changes.

    Attributes:
        register: ``bodies``, ``powers`` or ``certificates``.
        reason: empty where every row has its own.
        file, file_hash: the imported file's name and SHA-256; empty where there was none.
    """

    register: str
    title: str
    reason: str = ""
    document: str = ""
    file: str = ""
    file_hash: str = ""
    id: str = field(default_factory=lambda: f"reg-{uuid.uuid4().hex}")


def digest_of(rows: Iterable[Sequence[object]]) -> str:
    """SHA-256 over rows in their order; empty cells and dates as text."""
    found = hashlib.sha256()
    for row in rows:
        found.update("\x1f".join("" if cell is None else str(cell) for cell in row).encode() + b"\x1e")
    return found.hexdigest()


def record(recorder: Recorder, actor: Actor, note: Note, rows: Sequence[Sequence[object]], now: datetime) -> None:
    """Append the record; called inside the transaction that writes the rows.

    The caller answers for the actor's authority: the record tells what was done, it does not ask.
    """
    given: dict[str, Given] = {
        "register": note.register, "change_count": len(rows), "digest": digest_of(rows), "reason": note.reason,
        "document": note.document, "file_name": note.file, "file_hash": note.file_hash}
    payload = {name: value for name, value in given.items() if value != ""}
    recorder.permitting(AnyoneMayRecord()).open_case(
        CaseHead(note.id, PROCEDURE, actor.organ, actor.place.region, note.title),
        NewEvent(CHANGED, now, payload, actor=actor.person_id, organ=actor.organ))


def stored_changes(record_id: str) -> list[tuple[Any, ...]]:
    """The rows of a set of changes of certificates, as they were hashed."""
    rows: Any = Change.select(*(Change._meta.fields.get(name, Change.certificate) for name in CHANGE_COLUMNS)).where(
        Change.record == record_id).order_by(Change.id).tuples()
    return list(rows)


def intact(record_id: str) -> bool:
    """True where the rows of a set of changes of certificates are still those that the ledger vouches for."""
    first = next((event for event in events_of(record_id) if event.type == CHANGED), None)
    return first is not None and first.payload.get("digest") == digest_of(stored_changes(record_id))
