"""What a case contributes to the results of an assessment: numbers with the day on which they begin to count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.calendars import Calendar
from core.cases.case import Case
from core.language.expression import Expression
from core.language.expression import Scope as CaseScope
from core.rulebook.model import Node, Scheme
from core.rulebook.schemes import APPEAL, REPORT, Measure, Metric, Within
from scoring.checks import Look, withdrawn
from scoring.life import Finding

SCALE = 10_000
"""Numbers that cases state are added up in ten-thousandths, half up."""
ADDRESSED = (REPORT, APPEAL)
"""Procedures whose cases name the scheme, the year and the result that they are about, and may name the organ."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution of a case to a leaf of a scheme.

    Attributes:
        organ: whose result it is.
        day: from which on it counts; of what is not done yet, the day after it falls due.
        year: the assessment year.
        cases: 1 where the case is one of those looked at, 0 for a further finding in it.
        numerator, denominator: numbers of cases or findings; for sums ten-thousandths of what the case states.
        then: the numerator if every undetermined finding were confirmed.
    """

    scheme: str
    leaf: str
    organ: str
    year: int
    day: date
    cases: int
    numerator: int
    denominator: int
    then: int


def entries_of(case: Case, findings: Sequence[Finding], schemes: Sequence[Scheme], calendar: Calendar
               ) -> tuple[Entry, ...]:
    """Everything that a case contributes to these schemes as it stands."""
    if not case.steps:
        return ()
    look = Look(case, calendar)
    return tuple(entry for scheme in schemes for node in scheme.by_procedure.get(case.procedure.id, ())
                 for entry in _leaf(look, findings, scheme.id, node))


def assessed_year(case: Case, day: date) -> int:
    """The year that a case counts for: as it states itself where it is about an assessment, else that of the day."""
    stated = case.state.get("year") if case.procedure.id in ADDRESSED else None
    return stated if isinstance(stated, int) else day.year


def organ_concerned(case: Case) -> str:
    """The organ whose result a case is about."""
    named = case.state.get("organ") if case.procedure.id in ADDRESSED else None
    return str(named) if named else case.head.organ


def organ_of(case: Case, measure: Measure) -> str | None:
    """The organ whose result a case is; None where the case does not say yet."""
    if measure.organ is None:
        return organ_concerned(case)
    named = case.state.get(measure.organ)
    return str(named) if named else None


def dated(case: Case, types: Sequence[str]) -> date | None:
    """The day that a case counts for: its last step of these types, else its closing or its latest step."""
    if types:
        days = [step.date for step in case.steps if step.type in types]
        return days[-1] if days else None
    step = case.closing or case.steps[-1]
    return step.date


def _leaf(look: Look, findings: Sequence[Finding], scheme: str, node: Node) -> Iterator[Entry]:
    measure = node.leaf.measure if node.leaf else None
    case = look.case
    if measure is None or not _about(case, measure, scheme, node.id):
        return
    scope = look.scope(None)
    if measure.among is not None and measure.among.test(scope) is not True:
        return
    organ = organ_of(case, measure)
    if organ is None:
        return
    for day, *numbers in _numbers(look, scope, measure, findings, organ):
        yield Entry(scheme, node.id, organ, assessed_year(case, day), day, *numbers)


def _about(case: Case, measure: Measure, scheme: str, leaf: str) -> bool:
    """Self-reports are each about one result, unless what they were found to be is counted."""
    if case.procedure.id != REPORT or measure.findings:
        return True
    return (case.state.get("scheme"), case.state.get("result")) == (measure.reported_as or (scheme, leaf))


Numbers = tuple[date, int, int, int, int]


def _numbers(look: Look, scope: CaseScope, measure: Measure, findings: Sequence[Finding], organ: str
             ) -> Iterator[Numbers]:
    case = look.case
    if isinstance(measure.deadline, Within):
        yield from _within(look, scope, measure.deadline, measure.dated_by)
        return
    day = dated(case, measure.dated_by)
    if day is None:
        return
    if measure.findings:
        yield from _findings(case, measure, findings, organ, day)
    elif measure.sums:
        top = _stated(measure.numerator, scope)
        bottom = _stated(measure.denominator, scope) if measure.denominator else 0
        if top is not None and bottom is not None:
            yield day, 1, top, bottom, top
    else:
        reached = int(measure.where is None or measure.where.test(scope) is True)
        yield day, 1, reached, 1, reached


def _findings(case: Case, measure: Measure, findings: Sequence[Finding], organ: str, day: date) -> Iterator[Numbers]:
    """Of the findings those that the organ itself answers for."""
    named = [finding for finding in findings
             if finding.rule in measure.findings and (finding.organ or organ_concerned(case)) == organ]
    stands = [finding for finding in named if finding.status.stands]
    waits = [finding for finding in named if finding.status.open]
    if measure.metric is Metric.RATIO or measure.metric is Metric.MONITOR:
        yield day, 1, int(not stands), 1, int(not stands and not waits)
        return
    yield day, 1, 0, 1, 0
    for finding in (*stands, *waits):
        raised = finding.raised_at.astimezone(case.procedure.timezone).date()
        yield raised, 0, int(finding.status.stands), 0, 1


def _within(look: Look, scope: CaseScope, deadline: Within, dated_by: Sequence[str]) -> Iterator[Numbers]:
    start, done = deadline.start.run(scope), deadline.done.run(scope)
    if start is None or (dated_by and dated(look.case, dated_by) is None):
        return
    due = look.calendar.due(start, deadline.period)
    if done is not None and done <= due:
        yield done, 1, 1, 1, 1
    elif done is not None or not withdrawn(look.case):
        yield due + timedelta(days=1), 1, 0, 1, 0


def _stated(expression: Expression | None, scope: CaseScope) -> int | None:
    value = None if expression is None else expression.run(scope)
    return None if value is None else int((Decimal(value) * SCALE).to_integral_value(ROUND_HALF_UP))
