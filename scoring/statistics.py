"""Findings counted at any time by region, organ, rule or month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from peewee import SQL, fn

from core.instants import instant_text
from core.organs.codes import ancestors
from scoring.life import Life
from scoring.models import FindingRow

LOCAL = ZoneInfo("Asia/Shanghai")
By = Literal["region", "organ", "rule", "period"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings of one region, organ, rule or month.

    Attributes:
        key: region code, organ id, rule id, or month as ``2026-03``.
        open: raised or answered, not yet determined.
        cured: confirmed and put right; they are among ``confirmed`` too.
    """

    key: str
    open: int = 0
    confirmed: int = 0
    dismissed: int = 0
    cured: int = 0

    @property
    def total(self) -> int:
        """All that were not withdrawn."""
        return self.open + self.confirmed + self.dismissed


def tally(by: By, organs: Any, *, start: datetime | None = None, end: datetime | None = None,
          zone: ZoneInfo = LOCAL, procedure: str = "") -> tuple[Tally, ...]:
    """Findings of organs counted by one thing, in the order of its keys.

    Args:
        organs: ids or a subquery.
        start: findings that came about at or after this moment; ``end``: before this one.
        zone: whose months ``period`` counts in.
    """
    column, keys = _columns(zone)[by]
    chosen = FindingRow.organ.in_(organs) & (FindingRow.status != Life.WITHDRAWN.value)
    if start is not None:
        chosen &= FindingRow.raised_at >= instant_text(start)
    if end is not None:
        chosen &= FindingRow.raised_at < instant_text(end)
    if procedure:
        chosen &= FindingRow.procedure == procedure
    rows: Any = FindingRow.select(column, FindingRow.status, fn.COUNT(FindingRow.id)).where(chosen).group_by(
        column, FindingRow.status).tuples()
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for value, status, number in rows:
        for key in keys(value):
            counted[key][status] += number
    return tuple(_tally(key, found) for key, found in sorted(counted.items()))


def _columns(zone: ZoneInfo) -> dict[str, tuple[Any, Callable[[str], Iterable[str]]]]:
    def month(hour: str) -> list[str]:
        return [datetime.fromisoformat(f"{hour}:00:00+00:00").astimezone(zone).strftime("%Y-%m")]

    return {
        "region": (FindingRow.region, ancestors),
        "organ": (FindingRow.organ, lambda value: [value]),
        "rule": (FindingRow.rule, lambda value: [value]),
        "period": (fn.SUBSTR(FindingRow.raised_at, SQL("1"), SQL("13")).coerce(False), month),
    }


def _tally(key: str, found: dict[str, int]) -> Tally:
    number = {life: found.get(life.value, 0) for life in Life}
    return Tally(key, number[Life.RAISED] + number[Life.ANSWERED], number[Life.CONFIRMED] + number[Life.CURED],
                 number[Life.DISMISSED], number[Life.CURED])
