"""Counting: which findings fall into one stretch of time, and what they come to in numbers."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.rulebook.model import Level, Period, Unit
from scoring.engine.adapter import MAX_FACTS, Comparison, EngineError, Join, RuleBase, fact
from scoring.life import Life

MAX_JOINED = 400
"""More findings of one subject than this are counted in plain Python: their pairs would be too many to hold."""

_IN_WINDOW = Join("a", "t", (Comparison("day", "<", "day", 1), Comparison("day", ">", "start", -1)))


@dataclass(frozen=True, slots=True)
class Counted:
    """A finding that a pattern may count.

    Attributes:
        day: local date on which it came about.
        person: who recorded the step that caused it.
    """

    id: str
    case: str
    organ: str
    acting_organ: str
    person: str
    region: str
    rule: str
    code: str
    level: Level
    status: Life
    moment: datetime
    day: date


def first_day(last: date, within: Period | None) -> date:
    """The first day of the stretch that ends with ``last``."""
    if within is None:
        return date.min
    if within.unit is Unit.DAYS:
        return date.fromordinal(max(last.toordinal() - max(within.length, 1) + 1, 1))
    months = within.length * (12 if within.unit is Unit.YEARS else 1)
    number = last.year * 12 + last.month - 1 - months
    if number < 12:
        return date.min
    year, month = divmod(number, 12)
    same = date(year, month + 1, min(last.day, calendar.monthrange(year, month + 1)[1]))
    return min(same + timedelta(days=1), last)


def windows(findings: Sequence[Counted], within: Period | None) -> list[tuple[int, ...]]:
    """For each finding as the last: positions of those that fall into the stretch that ends on its day.

    This defines what is counted together; ``joined_windows`` has durable-rules find the same.
    """
    return [tuple(n for n, other in enumerate(findings) if first_day(last.day, within) <= other.day <= last.day)
            for last in findings]


def joined_windows(findings: Sequence[Counted], within: Period | None) -> list[tuple[int, ...]]:
    """As ``windows``, joined by durable-rules; what it cannot take is counted plainly."""
    if not 1 < len(findings) <= min(MAX_JOINED, MAX_FACTS):
        return windows(findings, within)
    try:
        pairs = _joins().pairs([
            fact(n, {"a": 1, "t": 1, "day": one.day.toordinal(), "start": first_day(one.day, within).toordinal()})
            for n, one in enumerate(findings)])
    except EngineError:
        return windows(findings, within)
    found: list[set[int]] = [{n} for n in range(len(findings))]
    for _, last, other in pairs:
        found[last].add(other)
    return [tuple(sorted(window)) for window in found]


@lru_cache(maxsize=1)
def _joins() -> RuleBase:
    return RuleBase({0: _IN_WINDOW})


def numbers_of(findings: Sequence[Counted]) -> Mapping[str, int]:
    """What a pattern's condition reads, see ``core.rulebook.patterns.NUMBERS``."""
    levels = Counter(finding.level for finding in findings)
    return {
        "count": len(findings), **{level.value: levels[level] for level in Level},
        "confirmed": sum(finding.status.stands for finding in findings),
        "cases": len({finding.case for finding in findings}), "rules": len({finding.rule for finding in findings}),
        "people": len({finding.person for finding in findings})}
