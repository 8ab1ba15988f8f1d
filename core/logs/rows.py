"""A row of an event log, before anything is known about procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import Location, Problem


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event as a log states it.

    Attributes:
        at: file and line, for messages.
        case: the log's own case id.
        event: the log's name of the event.
        occurred: the time as written.
        resource: who did it, as written; empty where the log does not say.
        fields: every other column or attribute, as text.
    """

    at: Location
    case: str
    event: str
    occurred: str
    resource: str = ""
    organ: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def parse_time(text: str, timezone: ZoneInfo, at: Location) -> tuple[datetime, Literal["instant", "date"]] | Problem:
    """An ISO 8601 date or datetime; one without an offset is local time of the procedure."""
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), timezone), "date"
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Problem("log-bad-time", at, {"value": text})
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone)), "instant"
