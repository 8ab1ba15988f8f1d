"""Changes of certificates: what may follow what, and how they are written, one by one or by the ten thousand."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from core.database import database
from core.errors import FazhiError, Location, Problem
from core.instants import instant_text
from core.ledger.recorder import Recorder
from core.ledger.rows import execute_many, insert_rows, mark
from core.organs.actors import Actor
from core.organs.authority_table import Action
from core.organs.visibility import visible_organs
from plugins.enforcement.officers import records
from plugins.enforcement.officers.models import Certificate, Change
from plugins.enforcement.officers.register import STATE_AFTER
from plugins.enforcement.officers.vocabulary import CHANGE_TITLES, STATE_TITLES, ChangeKind, State

POSSIBLE: Mapping[ChangeKind, frozenset[State]] = {
    ChangeKind.UPDATED: frozenset({State.VALID, State.SUSPENDED}),
    ChangeKind.RENEWED: frozenset({State.VALID}),
    ChangeKind.REPLACED: frozenset({State.VALID}),
    ChangeKind.SUSPENDED: frozenset({State.VALID}),
    ChangeKind.RESTORED: frozenset({State.SUSPENDED}),
    ChangeKind.CANCELLED: frozenset({State.VALID, State.SUSPENDED}),
}
"""Stored states from which a change is possible; nothing follows cancellation."""

CODE_BYTES = 16
IN_ONE_QUERY = 500
COLUMNS = ("certificate_id", "kind", "on", "valid_until", "reason", "document", "actor", "organ", "recorded_at",
           "record")


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to be made; ``line`` is its row in an imported file."""

    number: str
    kind: ChangeKind
    on: date
    reason: str = ""
    document: str = ""
    valid_until: date | None = None
    line: int = 0


def new_code() -> str:
    """A code of 128 random bits, safe in addresses."""
    return secrets.token_urlsafe(CODE_BYTES)


def change_certificates(recorder: Recorder, actor: Actor, news: Sequence[NewChange], note: records.Note,
                        now: datetime, today: date) -> int:
    """Make changes to certificates, all of them or none.

    Args:
        actor: who answers for them; only certificates of organs whose officers he manages, never his own.

    Returns:
        how many were made.

    Raises:
        FazhiError: every change that is not possible, at its line.
    """
    with database.atomic():
        problems = list(refusals(news, actor, today))
        if problems:
            raise FazhiError(problems)
        write_changes(news, actor, note, now)
        _update_rows(news)
        records.record(recorder, actor, note, hashed(news), now)
    return len(news)


def refusals(news: Sequence[NewChange], actor: Actor, today: date, file: str = "") -> Iterator[Problem]:
    """What keeps these changes from being made."""
    rows = _rows([new.number for new in news])
    last = _last_days(list(rows))
    reachable = {row.id for row in visible_organs(actor, Action.MANAGE_OFFICERS)}
    seen: set[str] = set()
    for new in news:
        row = rows.get(new.number)
        code, details = _refusal(new, row, last.get(new.number), reachable, actor, today)
        if not code and new.number in seen:
            code, details = "certificate-twice", {}
        seen.add(new.number)
        if code:
            yield Problem(code, Location(file or "certificate", new.line, field=new.number), {
                "number": new.number, "kind": CHANGE_TITLES[new.kind], **details})


def _refusal(new: NewChange, row: Any, last: date | None, reachable: set[str], actor: Actor,
             today: date) -> tuple[str, dict[str, object]]:
    if row is None or row.organ_id not in reachable:
        return "certificate-unknown", {}
    if row.account == actor.person_id:
        return "certificate-own", {}
    if State(row.state) not in POSSIBLE[new.kind]:
        return "certificate-change-impossible", {"state": STATE_TITLES[row.state]}
    if not new.reason.strip():
        return "certificate-without-reason", {}
    if new.on > today:
        return "certificate-change-in-future", {"day": new.on}
    if new.on < max(row.issued, last or row.issued) and new.kind in STATE_AFTER:
        return "certificate-change-before-last", {"day": new.on, "last": max(row.issued, last or row.issued)}
    if new.kind is ChangeKind.RENEWED and (new.valid_until is None or new.valid_until <= row.valid_until):
        return "certificate-renewal-dates", {"until": row.valid_until}
    return "", {}


def _rows(numbers: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(numbers), IN_ONE_QUERY):
        part: Any = Certificate.select().where(Certificate.number.in_(numbers[start:start + IN_ONE_QUERY]))
        found.update((row.number, row) for row in part)
    return found


def _last_days(numbers: Sequence[str]) -> dict[str, date]:
    """The day of each certificate's last change of state."""
    found: dict[str, date] = {}
    for start in range(0, len(numbers), IN_ONE_QUERY):
        part: Any = Change.select(Change.certificate, fn.MAX(Change.on)).where(
            Change.certificate.in_(numbers[start:start + IN_ONE_QUERY])
            & Change.kind.in_(list(STATE_AFTER))).group_by(Change.certificate).tuples()
        found.update((number, day if isinstance(day, date) else date.fromisoformat(day)) for number, day in part)
    return found


def hashed(news: Sequence[NewChange]) -> list[tuple[object, ...]]:
    """The rows as the ledger's hash counts them."""
    return [(new.number, new.kind.value, new.on, new.valid_until, new.reason, new.document) for new in news]


def write_changes(news: Sequence[NewChange], actor: Actor, note: records.Note, now: datetime) -> None:
    """Add rows to the history, inside the caller's transaction."""
    moment = instant_text(now)
    insert_rows(Change, COLUMNS, [
        (new.number, new.kind.value, new.on.isoformat(), new.valid_until.isoformat() if new.valid_until else None,
         new.reason, new.document, actor.person_id, actor.organ, moment, note.id) for new in news])


def _update_rows(news: Sequence[NewChange]) -> None:
    place, table = mark(), Certificate._meta.table_name
    states = [(STATE_AFTER[new.kind].value, new.number) for new in news if new.kind in STATE_AFTER]
    execute_many(f'UPDATE "{table}" SET "state" = {place} WHERE "number" = {place}', states)
    until = [(new.valid_until.isoformat(), new.number) for new in news
             if new.kind is ChangeKind.RENEWED and new.valid_until]
    execute_many(f'UPDATE "{table}" SET "valid_until" = {place} WHERE "number" = {place}', until)
    codes = [(new_code(), new.number) for new in news if new.kind is ChangeKind.REPLACED]
    execute_many(f'UPDATE "{table}" SET "code" = {place} WHERE "number" = {place}', codes)
