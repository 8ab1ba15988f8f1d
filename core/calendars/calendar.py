"""The working-day calendar and the end of periods (民法典 200-204).

The State Council publishes one notice a year: which weekdays are holidays, which weekend days are worked.
A year without its notice follows the weekday rule, and whatever rests on it is called provisional.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.rulebook.model import Period, Unit

SATURDAY = 5
ELAPSED_SECONDS = {Unit.HOURS: 3600, Unit.MINUTES: 60, Unit.SECONDS: 1}


def close_of(day: date, timezone: ZoneInfo) -> datetime:
    """The instant at which ``day`` is over in ``timezone`` (民法典 203: 24:00), in UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, timezone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The notice of one year.

    Attributes:
        holidays: days off, weekend days of a long holiday included or not as the notice lists them.
        workdays: weekend days that are worked (调休上班).
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, and where periods end.

    Attributes:
        years: the notices known, by year.
    """

    years: Mapping[int, CalendarYear] = field(default_factory=dict)
    _working: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ends: dict[tuple[date, Period], date] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, years: Mapping[int, CalendarYear]) -> Calendar:
        """The calendar of these notices."""
        return cls(dict(years))

    def plus(self, holidays: Iterable[date] = (), workdays: Iterable[date] = ()) -> Calendar:
        """This calendar with a region's own holidays and working days.

        A day is added to the notice of its year; a year without notice stays provisional, so it takes none.
        """
        off, on = frozenset(holidays), frozenset(workdays)
        return Calendar({
            number: CalendarYear(
                (year.holidays - {d for d in on if d.year == number}) | {d for d in off if d.year == number},
                (year.workdays - {d for d in off if d.year == number}) | {d for d in on if d.year == number},
            )
            for number, year in self.years.items()
        })

    def provisional(self, day: date) -> bool:
        """True where the notice of that year is not known."""
        return day.year not in self.years

    def is_working_day(self, day: date) -> bool:
        """True on working days; by the weekday rule where the year's notice is not known."""
        year = self.years.get(day.year)
        if year is None:
            return day.weekday() < SATURDAY
        return day in year.workdays or (day.weekday() < SATURDAY and day not in year.holidays)

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is a working day, else the first working day after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative where end < start."""
        if end < start:
            return -self.working_days_between(end, start)
        low, high = start.toordinal(), end.toordinal()
        return sum(
            bisect_right(days, high) - bisect_right(days, low)
            for days in map(self._working_ordinals, range(start.year, end.year + 1))
        )

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, which is not counted; before it where ``n`` is negative."""
        step, left, year, here = (1 if n > 0 else -1), abs(n), day.year, day.toordinal()
        while left:
            days = self._working_ordinals(year)
            # how many of this year's working days lie beyond the place that we stand at
            ahead = len(days) - bisect_right(days, here) if step > 0 else bisect_left(days, here)
            if left <= ahead:
                return date.fromordinal(days[len(days) - ahead + left - 1] if step > 0 else days[ahead - left])
            left, year = left - ahead, year + step
        return day

    def due(self, start: date, period: Period) -> date:
        """The last day of a period that began with an event on ``start`` (民法典 201-204).

        The first day is not counted. Months and years end on the same date or the month's last day. With
        ``period.roll`` a last day that is not a working day moves to the next working day.

        Raises:
            ValueError: the period runs by the clock; use ``due_instant``.
        """
        key = (start, period)
        if key not in self._ends:
            last = self._unrolled(start, period)
            self._ends[key] = self.next_working_day(last) if period.roll else last
        return self._ends[key]

    def due_instant(self, start: datetime, period: Period) -> datetime:
        """The last permitted instant of an elapsed-time period (民法典 201: hours run from the moment itself)."""
        return start + timedelta(seconds=period.length * ELAPSED_SECONDS[period.unit])

    def due_is_provisional(self, start: date, period: Period) -> bool:
        """True where ``due`` rests on a year whose notice is not known."""
        if period.unit is Unit.WORKING_DAYS:
            return any(map(self.provisional, (start + timedelta(days=1), self.due(start, period))))
        return period.roll and self.provisional(self._unrolled(start, period))

    def latest_start(self, anchor: date, period: Period) -> date:
        """Counting back: the last day on which something due at least ``period`` before ``anchor`` may be done.

        Counted like a period that runs backwards: the anchor day is not counted and nothing rolls, because a
        move to a later day would shorten what the other side is given.
        """
        return self._unrolled(anchor, replace(period, length=-period.length))

    def _unrolled(self, start: date, period: Period) -> date:
        match period.unit:
            case Unit.DAYS:
                return start + timedelta(days=period.length)
            case Unit.WORKING_DAYS:
                return self.add_working_days(start, period.length)
            case Unit.MONTHS:
                return add_months(start, period.length)
            case Unit.YEARS:
                return add_months(start, 12 * period.length)
            case _:
                raise ValueError(f"{period.unit} is elapsed time, it has no last day")

    def _working_ordinals(self, year: int) -> tuple[int, ...]:
        days = self._working.get(year)
        if days is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = tuple(n for n in range(first, last + 1) if self.is_working_day(date.fromordinal(n)))
            self._working[year] = days
        return days


def add_months(day: date, months: int) -> date:
    """The same date ``months`` later, or that month's last day where it has no such date (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))
