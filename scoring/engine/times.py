"""Order and time between steps, and the running of a period with its suspensions and extensions.

A step of which only the date is known happened at some moment of that day. Duties are given the benefit of
that doubt, prohibitions are broken only where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.calendars import Calendar, close_of
from core.calendars.calendar import ELAPSED_SECONDS
from core.cases.case import Case, Step
from core.rulebook.model import Clock, Period, Unit


def same_day_unordered(one: Step, other: Step) -> bool:
    """True where the two happened on one day and at least one of them has no time of day."""
    return one.date == other.date and "date" in (one.event.precision, other.event.precision)


def surely_before(one: Step, other: Step) -> bool:
    """True where ``one`` came before ``other`` beyond doubt."""
    return one.index < other.index and not same_day_unordered(one, other)


def possibly_before(one: Step, other: Step) -> bool:
    """True where ``one`` came before ``other`` or may have."""
    return one.index != other.index and (one.index < other.index or same_day_unordered(one, other))


def latest_moment(case: Case, step: Step) -> datetime:
    """The step's instant, or the close of its day where only the date is known."""
    if step.event.precision == "instant":
        return step.event.occurred_at
    return close_of(step.date, case.procedure.timezone)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the time allowed.

    Attributes:
        due: see ``Verdict.due``; None where unbounded or suspended.
        day: the local date of the last day.
        elapsed: the period runs by the clock.
    """

    due: datetime | None = None
    day: date | None = None
    elapsed: bool = False
    provisional: bool = False
    suspended: bool = False

    def allows(self, step: Step) -> bool:
        """True where ``step`` came, or may have come, in time."""
        if self.due is None or self.day is None:
            return True
        return step.event.occurred_at <= self.due if self.elapsed else step.date <= self.day

    def surely_allows(self, case: Case, step: Step) -> bool:
        """True where ``step`` came in time beyond doubt."""
        if self.due is None or not self.elapsed:
            return self.allows(step)
        return latest_moment(case, step) <= self.due

    def passed(self, now: datetime) -> bool:
        """True where the time allowed is over at ``now``, with nothing of that instant itself seen yet."""
        if self.due is None:
            return False
        return now > self.due if self.elapsed else now >= self.due

    def days_late(self, step: Step) -> int | None:
        """Calendar days from the last day to ``step``; None where nothing bounds the time."""
        return None if self.day is None else max(0, (step.date - self.day).days)


UNBOUNDED = Deadline()


def reaches(case: Case, calendar: Calendar, earlier: Step, later: Step, least: Period | None) -> bool:
    """True where at least ``least`` lies, or may lie, between the two steps."""
    if least is None:
        return True
    if least.unit.elapsed:
        return latest_moment(case, later) >= calendar.due_instant(earlier.event.occurred_at, least)
    return later.date >= calendar.due(earlier.date, least)


def surely_reaches(case: Case, calendar: Calendar, earlier: Step, later: Step, least: Period | None) -> bool:
    """True where at least ``least`` lies between the two steps beyond doubt."""
    if least is None or not least.unit.elapsed:
        return reaches(case, calendar, earlier, later, least)
    return later.event.occurred_at >= calendar.due_instant(latest_moment(case, earlier), least)


def set_date(start: Step, until: str) -> date | None:
    """The date that the fact ``until`` names at a step; None where it is not known."""
    side, _, name = until.partition(".")
    value = (start.fields if side == "e" else start.state).get(name)
    return value if type(value) is date else None


def undated(start: Step, period: Period | None) -> bool:
    """True where the period ends on a date that nobody has named."""
    return period is not None and period.until is not None and set_date(start, period.until) is None


def deadline(case: Case, calendar: Calendar, start: Step, period: Period | None, clock: Clock | None,
             benefit: bool = True) -> Deadline:
    """When the time that began with ``start`` is over.

    Suspended days are not counted: the last day moves by the stretch from the suspending step to the resuming
    one, in working days for a period of working days. An extension counts on from the last day reached. What
    happens after the time is over neither suspends nor extends it.

    Args:
        benefit: an elapsed period of a step without time of day runs from the close of its day.
    """
    if period is None:
        return UNBOUNDED
    if period.unit.elapsed:
        return _elapsed(case, calendar, start, period, clock, benefit)
    timezone = case.procedure.timezone
    last = _last_day(calendar, start, replace(period, roll=False) if clock else period)
    paused: date | None = start.date if clock and _suspended_at(case, start, clock) else None
    for step in case.steps[start.index + 1 :] if clock else ():
        end = calendar.next_working_day(last) if period.roll else last
        if clock is None or (paused is None and step.date > end):
            break
        if step.type in clock.suspended_by and paused is None:
            paused = step.date
        elif step.type in clock.resumed_by and paused is not None:
            last = _shift(calendar, last, paused, step.date, period.unit)
            paused = None
        elif step.type in clock.extended_by:
            last = _extended_day(calendar, last, clock.extended_by[step.type])
    if paused is not None:
        return Deadline(suspended=True)
    day = calendar.next_working_day(last) if period.roll else last
    provisional = (
        (period.unit is Unit.WORKING_DAYS and calendar.provisional(start.date + timedelta(days=1)))
        or ((period.roll or period.unit is Unit.WORKING_DAYS) and calendar.provisional(last))
    )
    return Deadline(close_of(day, timezone), day, provisional=provisional)


def _last_day(calendar: Calendar, start: Step, period: Period) -> date:
    if period.until is None:
        return calendar.due(start.date, period)
    named = set_date(start, period.until)
    if named is None:
        raise ValueError(f"{period.until} is not known: the step cannot be assessed")
    return calendar.next_working_day(named) if period.roll else named


def _elapsed(case: Case, calendar: Calendar, start: Step, period: Period, clock: Clock | None,
             benefit: bool) -> Deadline:
    moment = latest_moment(case, start) if benefit else start.event.occurred_at
    due = calendar.due_instant(moment, period)
    paused: datetime | None = moment if clock and _suspended_at(case, start, clock) else None
    for step in case.steps[start.index + 1 :] if clock else ():
        now = step.event.occurred_at
        if clock is None or (paused is None and now > due):
            break
        if step.type in clock.suspended_by and paused is None:
            paused = now
        elif step.type in clock.resumed_by and paused is not None:
            due += max(now - paused, timedelta())
            paused = None
        elif step.type in clock.extended_by:
            due = _extend(case, calendar, due, clock.extended_by[step.type])
    if paused is not None:
        return Deadline(elapsed=True, suspended=True)
    return Deadline(due, due.astimezone(case.procedure.timezone).date(), elapsed=True)


def _extended_day(calendar: Calendar, last: date, by: Period) -> date:
    if by.unit.elapsed:  # hours granted on a period of days count as the whole days that they reach into
        return last + timedelta(days=-(-by.length * ELAPSED_SECONDS[by.unit] // 86400))
    return calendar.due(last, replace(by, roll=False))


def _extend(case: Case, calendar: Calendar, due: datetime, by: Period) -> datetime:
    if by.unit.elapsed:
        return calendar.due_instant(due, by)
    local = due.astimezone(case.procedure.timezone)
    return due + timedelta(days=(calendar.due(local.date(), by) - local.date()).days)


def _suspended_at(case: Case, start: Step, clock: Clock) -> bool:
    for step in reversed(case.steps[: start.index + 1]):
        if step.type in clock.resumed_by:
            return False
        if step.type in clock.suspended_by:
            return True
    return False


def _shift(calendar: Calendar, last: date, paused: date, resumed: date, unit: Unit) -> date:
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(last, calendar.working_days_between(paused, resumed))
    return last + (resumed - paused)
