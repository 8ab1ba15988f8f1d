"""Steps recorded later than their type's ``record_within`` allows: judged like a rule that every procedure has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from core.calendars import Calendar, close_of
from core.cases.case import Case, Step
from core.rulebook.model import RECORDER, Level, Pattern, Period, Procedure, Rule, Template
from core.text import Text
from scoring.engine.times import latest_moment
from scoring.life import Violation
from scoring.verdict import State, Verdict

CODE = "LATE-RECORD"
TITLE = Text("步骤应当及时记录", {"en": "Steps are recorded in time"})
REMEDY = Text("今后在规定时限内记录；补录的步骤由另一人复核。",
              {"en": "Record in time from now on; a second person countersigns what was recorded late."})


def late_rule(procedure: Procedure) -> Rule | None:
    """The rule of recording in time, or None where no step of the procedure has a limit; who recorded answers."""
    limited = tuple(name for name, declared in procedure.events.items() if declared.record_within)
    if not limited:
        return None
    return Rule(f"{procedure.id}/late-record", TITLE, procedure.id, Template.MUST, Pattern(limited), (),
                level=Level.YELLOW, remedy=REMEDY, code=CODE, answers=(RECORDER,))


def late_verdicts(case: Case, rule: Rule, calendar: Calendar) -> tuple[Verdict, ...]:
    """One verdict for each step that has a limit; a corrected step is measured by when it was first recorded."""
    return tuple(_verdict(case, rule, step, calendar) for step in case.steps if step.type in rule.on.events)


def late_violations(case: Case, rule: Rule, verdicts: tuple[Verdict, ...]) -> Iterator[Violation]:
    """The steps recorded too late; recording is what cures, so each is cured when it comes about."""
    for verdict in verdicts:
        if verdict.state is State.VIOLATED and verdict.activation_index is not None:
            step = case.steps[verdict.activation_index]
            yield Violation(
                rule=rule.id, code=rule.code, level=rule.level, activation=step.root.id, step=step.type,
                actor=step.root.actor, acting_organ=step.root.organ, moment=step.root.recorded_at,
                due=verdict.due, cured_on=verdict.cured_on, provisional=verdict.provisional,
                organ="" if step.root.organ == case.head.organ else step.root.organ)


def _verdict(case: Case, rule: Rule, step: Step, calendar: Calendar) -> Verdict:
    within = case.procedure.events[step.type].record_within
    assert within is not None
    due, last = _record_by(case, step, within, calendar)
    recorded = step.root.recorded_at.astimezone(case.procedure.timezone).date()
    late = step.root.recorded_at > due if within.unit.elapsed else step.root.recorded_at >= due
    return Verdict(
        rule.id, step.event.id, step.index, State.VIOLATED if late else State.FULFILLED, due, last,
        cured_on=recorded if late else None, days_late=(recorded - last).days if late else None, level=rule.level)


def _record_by(case: Case, step: Step, within: Period, calendar: Calendar) -> tuple[datetime, date]:
    if within.unit.elapsed:
        due = calendar.due_instant(latest_moment(case, step), within)
        return due, due.astimezone(case.procedure.timezone).date()
    last = calendar.due(step.date, within)
    return close_of(last, case.procedure.timezone), last
