"""Moments as text of fixed width: exact, readable, sortable, and the same in every database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from peewee import CharField

WIDTH = len("2026-03-02T01:02:03.000000Z")


def instant_text(moment: datetime) -> str:
    """An aware moment as ``2026-03-02T01:02:03.000000Z``.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """The moment, in UTC, that ``instant_text`` wrote."""
    return datetime.fromisoformat(text)


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local calendar day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


class InstantField(CharField):
    """A column of aware UTC moments, ordered and compared as text."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=WIDTH, **options)

    def db_value(self, value: datetime | str | None) -> str | None:
        """Text of fixed width."""
        return instant_text(value) if isinstance(value, datetime) else value

    def python_value(self, value: str | datetime | None) -> datetime | None:
        """An aware moment in UTC."""
        return parse_instant(value) if isinstance(value, str) else value
