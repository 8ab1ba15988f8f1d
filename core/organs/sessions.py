"""Log-in sessions that were ended: a cookie that comes back after the log-out opens nothing."""

from __future__ import annotations

import secrets
from datetime import datetime

from peewee import CharField

from core.database import BaseModel
from core.instants import InstantField


class EndedSession(BaseModel):
    """A session that its person closed; kept for as long as its cookie could still be shown."""

    token = CharField(max_length=32, primary_key=True)
    ended_at = InstantField()

    class Meta:
        table_name = "ended_session"


MODELS = (EndedSession,)


def new_token() -> str:
    """The name of a new session: 128 random bits."""
    return secrets.token_hex(16)


def has_ended(token: str) -> bool:
    """Whether the session was closed."""
    return EndedSession.select().where(EndedSession.token == token).exists()


def end(token: str, now: datetime) -> None:
    """Close a session; closing it twice does no harm."""
    EndedSession.insert(token=token, ended_at=now).on_conflict_ignore().execute()


def forget_ended(before: datetime) -> int:
    """Remove sessions whose cookies have run out by themselves; returns how many."""
    return int(EndedSession.delete().where(EndedSession.ended_at < before).execute())
