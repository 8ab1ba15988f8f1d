"""What recurs: each entry becomes one job a period, whoever ticks and however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.jobs.queue import enqueue


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that recurs.

    Attributes:
        name: the handler's name.
        period: ``strftime`` format of the local time that names a period: ``%Y-%m-%dT%H:%M`` once a minute,
            ``%Y-%m-%d`` once a day.
    """

    name: str
    period: str


EVERY_MINUTE, EVERY_DAY = "%Y-%m-%dT%H:%M", "%Y-%m-%d"


def tick(entries: Sequence[Recurring], now: datetime, timezone: ZoneInfo) -> None:
    """Put the jobs of the current period into the table; a second tick of the same period adds nothing."""
    local = now.astimezone(timezone)
    for entry in entries:
        enqueue(entry.name, f"{entry.name}@{local.strftime(entry.period)}")
