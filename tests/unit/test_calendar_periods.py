"""Periods end where the Civil Code (200-204) and the yearly holiday notice say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendars import Calendar, CalendarYear, close_of, explain
from core.rulebook.model import Period, Unit

# The National Day holiday of 2025 runs from 1 to 8 October; 28 September and 11 October are worked instead.
NOTICE = CalendarYear(
    holidays=frozenset(date(2025, 10, day) for day in range(1, 9)),
    workdays=frozenset({date(2025, 9, 28), date(2025, 10, 11)}),
)
CALENDAR = Calendar.of({2025: NOTICE})


def period(length: int, unit: Unit, roll: bool = True) -> Period:
    return Period(length, unit, roll)


@pytest.mark.parametrize(("start", "length", "unit", "due"), [
    ("2025-09-22", 3, Unit.DAYS, "2025-09-25"),
    ("2025-09-22", 7, Unit.WORKING_DAYS, "2025-09-30"),
    ("2025-09-29", 3, Unit.WORKING_DAYS, "2025-10-10"),
    ("2025-09-29", 4, Unit.WORKING_DAYS, "2025-10-11"),
    ("2025-01-31", 1, Unit.MONTHS, "2025-02-28"),
    ("2024-02-29", 1, Unit.YEARS, "2025-02-28"),
    ("2025-11-30", 3, Unit.MONTHS, "2026-03-02"),
])
def test_the_first_day_is_not_counted_and_months_end_on_the_same_date(
        start: str, length: int, unit: Unit, due: str) -> None:
    assert CALENDAR.due(date.fromisoformat(start), period(length, unit)) == date.fromisoformat(due)


def test_a_last_day_off_rolls_to_the_next_working_day() -> None:
    assert CALENDAR.due(date(2025, 9, 2), period(30, Unit.DAYS)) == date(2025, 10, 9)
    assert CALENDAR.due(date(2025, 9, 2), period(30, Unit.DAYS, roll=False)) == date(2025, 10, 2)


def test_a_make_up_sunday_is_a_last_day_like_any_other() -> None:
    assert CALENDAR.due(date(2025, 9, 21), period(7, Unit.DAYS)) == date(2025, 9, 28)


def test_working_days_count_make_up_days_and_skip_holidays() -> None:
    assert CALENDAR.working_days_between(date(2025, 9, 26), date(2025, 10, 12)) == 6
    assert CALENDAR.working_days_between(date(2025, 10, 12), date(2025, 9, 26)) == -6
    assert CALENDAR.working_days_between(date(2025, 9, 26), date(2025, 9, 26)) == 0


def test_counting_back_leaves_at_least_the_period_before_the_anchor() -> None:
    assert CALENDAR.latest_start(date(2025, 10, 9), period(3, Unit.WORKING_DAYS)) == date(2025, 9, 28)
    assert CALENDAR.latest_start(date(2025, 3, 31), period(1, Unit.MONTHS)) == date(2025, 2, 28)


def test_a_due_date_in_a_year_without_notice_is_provisional() -> None:
    assert CALENDAR.due_is_provisional(date(2025, 12, 29), period(7, Unit.WORKING_DAYS))
    assert CALENDAR.due_is_provisional(date(2025, 12, 20), period(30, Unit.DAYS))
    assert not CALENDAR.due_is_provisional(date(2025, 12, 20), period(30, Unit.DAYS, roll=False))
    assert not CALENDAR.due_is_provisional(date(2025, 9, 1), period(30, Unit.DAYS))


def test_a_year_without_notice_follows_the_weekdays() -> None:
    assert CALENDAR.is_working_day(date(2026, 10, 1))
    assert not CALENDAR.is_working_day(date(2026, 10, 3))
    assert CALENDAR.provisional(date(2026, 10, 1))


def test_a_region_adds_its_own_holidays_without_touching_the_country() -> None:
    naadam = CALENDAR.plus(holidays=[date(2025, 8, 15)])
    assert naadam.due(date(2025, 8, 14), period(1, Unit.WORKING_DAYS)) == date(2025, 8, 18)
    assert CALENDAR.due(date(2025, 8, 14), period(1, Unit.WORKING_DAYS)) == date(2025, 8, 15)


def test_hours_run_from_the_moment_itself() -> None:
    start = datetime(2025, 10, 1, 10, 30, tzinfo=UTC)
    assert CALENDAR.due_instant(start, period(24, Unit.HOURS)) == start + timedelta(hours=24)
    with pytest.raises(ValueError, match="hours"):
        CALENDAR.due(date(2025, 10, 1), period(24, Unit.HOURS))


def test_a_day_closes_at_local_midnight_whatever_the_clocks_do() -> None:
    assert close_of(date(2025, 10, 9), ZoneInfo("Asia/Shanghai")) == datetime(2025, 10, 9, 16, tzinfo=UTC)
    assert close_of(date(2025, 3, 30), ZoneInfo("Europe/Amsterdam")) == datetime(2025, 3, 30, 22, tzinfo=UTC)


def test_a_count_can_be_followed_day_by_day() -> None:
    counting = explain(CALENDAR, date(2025, 9, 26), period(3, Unit.WORKING_DAYS))
    assert [(day.day.day, day.number, day.kind) for day in counting.days] == [
        (26, None, "start"), (27, None, "rest"), (28, 1, "counted"), (29, 2, "counted"), (30, 3, "last")]
    assert counting.due == date(2025, 9, 30)


def test_a_count_shows_the_days_off_that_its_end_moves_over() -> None:
    counting = explain(CALENDAR, date(2025, 9, 29), period(3, Unit.DAYS))
    assert counting.due == date(2025, 10, 9)
    assert [day.kind for day in counting.days] == ["start", "counted", "counted", *["rolled"] * 7, "last"]
    assert counting.days[3].number == 3
