"""Lawful erasure: the value and its salt go, the commitment in the chain stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from core.database import database, is_sqlite
from core.judge import PlatformEvent
from core.ledger.models import PersonalValue

SEALED = "personal.sealed"


@dataclass(frozen=True, slots=True)
class Seal:
    """Personal fields of one event that are to be erased."""

    event_id: str
    fields: tuple[str, ...]

    def event(self, reason: str) -> PlatformEvent:
        """What the chain keeps of it."""
        return PlatformEvent(SEALED, {"event": self.event_id, "fields": self.fields, "reason": reason})


def to_seal(case_id: str, fields: frozenset[str], event_id: str | None) -> list[Seal]:
    """Values that are still there, by event."""
    found: dict[str, list[str]] = {}
    query: Any = PersonalValue.select(PersonalValue.event, PersonalValue.field).where(
        (PersonalValue.case_id == case_id) & PersonalValue.field.in_(list(fields))
        & PersonalValue.value.is_null(False)).order_by(PersonalValue.event, PersonalValue.field).tuples()
    for event, field in query:
        if event_id in (None, event):
            found.setdefault(event, []).append(field)
    return [Seal(event, tuple(names)) for event, names in found.items()]


def erase(seals: Sequence[Seal]) -> None:
    """Erase the values and the salts that would let them be guessed."""
    for seal in seals:
        PersonalValue.update(value=None, salt=None).where(
            (PersonalValue.event == seal.event_id) & PersonalValue.field.in_(list(seal.fields))).execute()


@contextmanager
def erased_for_good() -> Iterator[None]:
    """Overwrite freed bytes, and empty SQLite's write-ahead log after commit, so that no copy stays in the files.

    PostgreSQL keeps the old row until its vacuum, and older backups keep it everywhere: erase those by their own rules.
    """
    opened = database.connect(reuse_if_open=True)
    try:
        if is_sqlite():
            database.execute_sql("PRAGMA secure_delete = ON")
        yield
        if is_sqlite() and not database.in_transaction():
            database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        if opened:
            database.close()
