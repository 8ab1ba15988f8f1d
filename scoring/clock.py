"""What time alone will change: when a duty starts to warn, and when it becomes a violation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendars import Calendar, close_of
from core.calendars.calendar import ELAPSED_SECONDS
from core.cases.case import Case
from core.rulebook.model import Level, Period, Rule
from scoring.verdict import State, Verdict
from scoring.violations import DUTIES

PENDING, OVERDUE, NONE = "pending", "overdue", ""
_SEVERITY = list(Level)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a verdict stands in time.

    Attributes:
        duty: something to be done: ``pending``, ``overdue``, or empty.
        warning: the severest early warning that is on.
        wake_at: the next moment at which time alone changes anything.
    """

    duty: str = NONE
    warning: Level | None = None
    wake_at: datetime | None = None


def clock_of(case: Case, rule: Rule, verdict: Verdict, calendar: Calendar, now: datetime) -> Clock:
    """The clock of ``verdict`` at ``now``."""
    if verdict.state is State.VIOLATED:
        undone = rule.template in DUTIES and verdict.answered_by is None and verdict.cured_on is None
        return Clock(OVERDUE if undone and not _over(case, verdict) else NONE)
    if verdict.state not in (State.PENDING, State.HOLDING):
        return Clock()
    duty = PENDING if verdict.state is State.PENDING else NONE
    if verdict.due is None:
        return Clock(duty)
    starts = list(_warnings(case, rule, verdict, calendar)) if duty else []
    on = [level for moment, level in starts if moment <= now]
    coming = [moment for moment, _ in starts if moment > now]
    return Clock(duty, max(on, key=_SEVERITY.index, default=None), min([verdict.due, *coming]))


def _over(case: Case, verdict: Verdict) -> bool:
    """True where the case was closed or given up after what made the duty, so that nobody waits for it any more."""
    ends = (*case.procedure.closes_with, *case.procedure.withdraws_with)
    began = -1 if verdict.activation_index is None else verdict.activation_index
    return any(place > began for name in ends for place in case.positions.get(name, ()))


def _warnings(case: Case, rule: Rule, verdict: Verdict, calendar: Calendar) -> Iterator[tuple[datetime, Level]]:
    """When each early warning begins: at the start of the day so long before the last one."""
    for warning in rule.warn:
        assert verdict.due is not None
        if warning.before.unit.elapsed:
            yield verdict.due - timedelta(seconds=_seconds(warning.before)), warning.level
        elif verdict.due_date is not None:
            first = calendar.latest_start(verdict.due_date, warning.before)
            yield close_of(first - timedelta(days=1), case.procedure.timezone), warning.level


def _seconds(period: Period) -> int:
    return period.length * ELAPSED_SECONDS[period.unit]
