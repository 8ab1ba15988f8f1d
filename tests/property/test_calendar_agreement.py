"""The calendar's arithmetic agrees with walking day by day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.calendars import Calendar, CalendarYear
from core.rulebook.model import Period, Unit

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
notices = st.builds(
    lambda off, on: CalendarYear(frozenset(off), frozenset(on) - frozenset(off)),
    st.sets(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=30),
    st.sets(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=10),
)
calendars = st.builds(lambda notice: Calendar.of({2025: notice}), notices)
periods = st.builds(Period, st.integers(0, 400), st.sampled_from(
    [Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS]), st.booleans())


def walk(calendar: Calendar, day: date, n: int) -> date:
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


@given(calendars, days, st.integers(-300, 300))
def test_adding_working_days_is_walking_day_by_day(calendar: Calendar, day: date, n: int) -> None:
    assert calendar.add_working_days(day, n) == walk(calendar, day, n)


@given(calendars, days, days)
def test_working_days_between_counts_each_day_after_the_first(calendar: Calendar, one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    naive = sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert calendar.working_days_between(start, end) == naive
    assert calendar.working_days_between(end, start) == -naive


@given(calendars, days, st.integers(0, 40), periods)
def test_what_begins_later_is_never_due_earlier(calendar: Calendar, day: date, later: int, period: Period) -> None:
    assert calendar.due(day, period) <= calendar.due(day + timedelta(days=later), period)


@given(calendars, days, periods, st.integers(0, 40))
def test_a_longer_period_is_never_due_earlier(calendar: Calendar, day: date, period: Period, more: int) -> None:
    longer = Period(period.length + more, period.unit, period.roll)
    assert calendar.due(day, period) <= calendar.due(day, longer)
