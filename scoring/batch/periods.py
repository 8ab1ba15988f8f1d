"""When the time allowed is over, for many starts at once: one calendar question for each distinct day.

A rule whose period can be suspended or extended needs the steps in between; the evaluator hands the cases in
which that happens to the reference, so that here a period depends on its start alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl

from core.calendars import Calendar
from core.calendars.calendar import ELAPSED_SECONDS
from core.cases.case import Case, CaseHead, Step
from core.ledger.event import Event
from core.rulebook.model import Clock, Period, Procedure, Unit
from scoring.batch.effective import local_day
from scoring.batch.events import micros
from scoring.batch.series import no, nowhere, true
from scoring.batch.steps import Steps
from scoring.engine.times import Deadline, deadline

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class End:
    """The ends of the time allowed, one for each start; nothing is null where nothing bounds the time.

    Attributes:
        day: the last day (counted from the year 1); null where there is no start.
        due_at: microseconds, for periods that run by the clock; else None.
    """

    steps: Steps
    starts: pl.Series
    day: pl.Series | None = None
    due_at: pl.Series | None = None
    provisional_days: Callable[[pl.Series], pl.Series] | None = field(default=None, repr=False)

    @cached_property
    def due(self) -> pl.Series:
        """The ends as moments (microseconds); null where nothing bounds the time."""
        if self.day is None:
            return nowhere(len(self.starts))
        return self.steps.close(self.day) if self.due_at is None else self.due_at

    @property
    def days(self) -> pl.Series:
        """The last days; null where nothing bounds the time."""
        return nowhere(len(self.starts)) if self.day is None else self.day

    @property
    def provisional(self) -> pl.Series:
        """True where the end rests on a year whose notice is not known."""
        return no(len(self.starts)) if self.provisional_days is None else true(self.provisional_days(self.starts))

    def allows(self, rows: pl.Series) -> pl.Series:
        """True where there is a step that came, or may have come, in time."""
        if self.day is None:
            return rows.is_not_null()
        if self.due_at is not None:
            return true(self.steps.at.gather(rows) <= self.due_at)
        return true(self.steps.day.gather(rows) <= self.day)

    def surely_allows(self, rows: pl.Series) -> pl.Series:
        """True where there is a step that came in time beyond doubt."""
        if self.due_at is None:
            return self.allows(rows)
        return true(self.steps.latest.gather(rows) <= self.due_at)

    def passed(self, as_of: datetime) -> pl.Series:
        """True where the time is over."""
        if self.day is None:
            return no(len(self.starts))
        if self.due_at is not None:
            return true(self.due_at < micros(as_of))
        today = as_of.astimezone(self.steps.procedure.timezone).toordinal()
        return true(self.day < today)  # a day is over when the next one begins

    def days_late(self, rows: pl.Series) -> pl.Series:
        """Calendar days from the last day to each step; null where nothing bounds the time."""
        if self.day is None:
            return nowhere(len(self.starts))
        return (self.steps.day.gather(rows) - self.day).clip(lower_bound=0)


class Periods:
    """Ends of periods under one calendar; days asked once are kept."""

    def __init__(self, calendar: Calendar, procedure: Procedure) -> None:
        self.calendar = calendar
        self._case = Case(CaseHead("", procedure.id, "", ""), procedure, ())
        self._known: dict[tuple[Period, bool], dict[int, Deadline]] = {}
        self._working: dict[int, int] = {}

    @property
    def timezone(self) -> ZoneInfo:
        return self._case.procedure.timezone

    def end(self, steps: Steps, starts: pl.Series, period: Period | None, clock: Clock | None = None,
            benefit: bool = True) -> End:
        """When the time that began with the steps at ``starts`` is over.

        Args:
            benefit: an elapsed period of a step without time of day runs from the close of its day.
        """
        if period is None:
            return End(steps, starts)
        if period.unit.elapsed:
            due = self.elapsed(steps, starts, period, benefit)
            days = pl.select(local_day(pl.lit(due), self.timezone)).to_series()
            return End(steps, starts, days, due)
        if period.until is not None:
            return self._until(steps, starts, period, clock)
        began = steps.day.gather(starts)
        if period.unit is Unit.DAYS and not period.roll:
            return End(steps, starts, began + period.length)
        last = self._looked_up(began, period, clock, lambda found: (found.day or date.min).toordinal())
        return End(steps, starts, last, None, lambda rows: self._looked_up(
            steps.day.gather(rows), period, clock, lambda found: int(found.provisional)) == 1)

    def _until(self, steps: Steps, starts: pl.Series, period: Period, clock: Clock | None) -> End:
        """When the dates are over that the steps at ``starts`` name."""
        plain = replace(period, until=None)

        def named(rows: pl.Series) -> pl.Series:
            return steps.named_days(period.until or "", rows)

        if not period.roll:
            return End(steps, starts, named(starts))
        last = self._looked_up(named(starts), plain, clock, lambda found: (found.day or date.min).toordinal())
        return End(steps, starts, last, None, lambda rows: self._looked_up(
            named(rows), plain, clock, lambda found: int(found.provisional)) == 1)

    def elapsed(self, steps: Steps, starts: pl.Series, period: Period, benefit: bool) -> pl.Series:
        """The last permitted moments of a period that runs by the clock."""
        moment = (steps.latest if benefit else steps.at).gather(starts)
        return moment + period.length * ELAPSED_SECONDS[period.unit] * 1_000_000

    def last_day(self, days: pl.Series, period: Period) -> pl.Series:
        """The last day of a dated period from each day."""
        if period.unit is Unit.DAYS and not period.roll:
            return days + period.length
        return self._looked_up(days, period, None, lambda found: (found.day or date.min).toordinal())

    def working_days_until(self, days: pl.Series) -> pl.Series:
        """Working days up to and including each day, counted from a fixed one."""
        return _mapped(days, self._working, lambda day: self.calendar.working_days_between(
            _NEVER.date(), date.fromordinal(day)))

    def _looked_up(self, days: pl.Series, period: Period, clock: Clock | None,
                   of: Callable[[Deadline], int]) -> pl.Series:
        known = self._known.setdefault((period, clock is not None), {})
        plain = Clock() if clock is not None else None
        for day in days.drop_nulls().unique().to_list():
            if day not in known:
                known[day] = deadline(self._case, self.calendar, _step_on(date.fromordinal(day)), period, plain)
        return _mapped(days, {}, lambda day: of(known[day]))


def _mapped(days: pl.Series, known: dict[int, int], ask: Callable[[int], int]) -> pl.Series:
    distinct = days.drop_nulls().unique().sort()
    if not len(distinct):
        return nowhere(len(days))
    found: Mapping[int, int] = known
    for day in distinct.to_list():
        if day not in found:
            known[day] = ask(day)
    answers = pl.Series([known[day] for day in distinct.to_list()], dtype=pl.Int64)
    if not days.null_count():
        return answers.gather(distinct.search_sorted(days))
    return answers.gather(distinct.search_sorted(days.fill_null(distinct[0]))).zip_with(
        days.is_not_null(), nowhere(len(days)))


def _step_on(day: date) -> Step:
    return Step(0, Event("", "", 0, "", _NEVER, _NEVER, "", "", precision="date"), day, {}, {})
