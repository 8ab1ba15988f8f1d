"""A period counted day by day, so that a person can follow it with a finger on the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from core.calendars.calendar import Calendar
from core.rulebook.model import Period, Unit

DayKind = Literal["start", "counted", "rest", "last", "rolled"]


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count.

    Attributes:
        number: which day of the period it is; None for days that are not counted.
        kind: ``start`` (not counted, 民法典 201), ``counted``, ``rest`` (not a working day, in a working-day
            period), ``last``, or ``rolled`` (day off that the end moves over, 民法典 203).
    """

    day: date
    number: int | None
    kind: DayKind
    working: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """The whole count and its result."""

    start: date
    period: Period
    days: tuple[CountedDay, ...]
    due: date
    provisional: bool


def explain(calendar: Calendar, start: date, period: Period) -> Counting:
    """Count ``period`` from ``start`` day by day.

    Raises:
        ValueError: the period runs by the clock.
    """
    due = calendar.due(start, period)
    nominal = calendar.due(start, replace(period, roll=False))
    days: list[CountedDay] = []
    number = 0
    for offset in range((due - start).days + 1):
        day = start + timedelta(days=offset)
        working = calendar.is_working_day(day)
        counts = offset > 0 and day <= nominal and (working or period.unit is not Unit.WORKING_DAYS)
        number += counts
        days.append(CountedDay(day, number if counts else None, _kind(day, start, due, nominal, counts), working,
                               calendar.provisional(day)))
    return Counting(start, period, tuple(days), due, calendar.due_is_provisional(start, period))


def _kind(day: date, start: date, due: date, nominal: date, counts: bool) -> DayKind:
    if day == due:
        return "last"
    if day == start:
        return "start"
    if day >= nominal:
        return "rolled"
    return "counted" if counts else "rest"
