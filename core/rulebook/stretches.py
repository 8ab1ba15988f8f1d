"""Arithmetic of dates of effect: stretches of time, cut where something changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from core.rulebook.model import DateRange

ONE_DAY = timedelta(days=1)


def overlap(one: DateRange, other: DateRange) -> DateRange | None:
    """The dates that lie in both, or None."""
    start = max((day for day in (one.start, other.start) if day is not None), default=None)
    end = min((day for day in (one.end, other.end) if day is not None), default=None)
    return None if start is not None and end is not None and start > end else DateRange(start, end)


def cut(whole: DateRange, changes: Iterable[date]) -> Iterator[DateRange]:
    """``whole`` in pieces that begin on the days of change, in order, without gap or overlap."""
    start = whole.start
    for day in sorted({day for day in changes if day in whole and day != whole.start}):
        yield DateRange(start, day - ONE_DAY)
        start = day
    yield DateRange(start, whole.end)


def changes_of(ranges: Iterable[DateRange]) -> set[date]:
    """The days on which one of the ranges begins, or the first day after it."""
    days: set[date] = set()
    for each in ranges:
        if each.start is not None:
            days.add(each.start)
        if each.end is not None and each.end < date.max:
            days.add(each.end + ONE_DAY)
    return days


def some_day(stretch: DateRange) -> date:
    """A day inside a stretch that has no change within."""
    return stretch.start or stretch.end or date(2000, 1, 1)
