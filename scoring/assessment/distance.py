"""Distance to full marks: the smallest changes that earn the most, and until when they can be made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.rulebook.model import Node
from core.rulebook.schemes import Annual, Measure, Metric, leaves_of
from core.text import Text
from scoring.assessment.entries import SCALE
from scoring.assessment.metrics import month_day, outcome
from scoring.assessment.queries import CaseBehind, cases_behind
from scoring.assessment.score import OrganScored
from scoring.assessment.tally import Tally
from scoring.clock import OVERDUE, PENDING
from scoring.columns import tuples
from scoring.models import VerdictRow
from scoring.points import ZERO, rounded
from scoring.trace import Status

MOST_STEPS = 2_000
"""Changes that are tried one by one; beyond this only full marks are."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a case still asks for: the rule, when it is or was due, whether it is late."""

    case: str
    rule: str
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one result.

    Attributes:
        lost: points of the result that are not earned.
        needed: how many more cases (or how much more of what is counted) it takes; for zero: how many fewer.
        gain: points that this earns in the whole, with today's weights.
        until: the last day on which it counts in the year.
        cases: some of the cases that do not count now.
        duties: what those cases still ask for, the earliest due first.
    """

    leaf: str
    title: Text
    lost: Decimal
    needed: Decimal
    gain: Decimal
    until: date
    cases: tuple[CaseBehind, ...]
    duties: tuple[Duty, ...]


def to_full_marks(scored: OrganScored, most: int = 20) -> tuple[Change, ...]:
    """The changes that earn an organ the most, best first; among equal gains the smaller change."""
    found = [change for node in leaves_of(scored.scheme.nodes)
             if (change := _change(scored, node)) is not None]
    best = sorted(found, key=lambda change: (-change.gain, change.needed, change.leaf))[:most]
    return tuple(_with_cases(scored, change) for change in best)


def _change(scored: OrganScored, node: Node) -> Change | None:
    measure, weight = node.leaf.measure if node.leaf else None, scored.weights.get(node.id)
    found = scored.outcomes.get(node.id)
    if measure is None or found is None or weight is None or measure.unsupplied is not None:
        return None
    if found.status not in (Status.SCORED, Status.NOT_DUE) or found.share == 1:
        return None
    points = scored.points.get(node.id, ZERO)
    needed, share = _smallest(measure, scored.tallies[node.id], scored.year, scored.day, found.share or Fraction(0))
    gain = rounded(Fraction(weight) * share) - points
    if gain <= 0:
        return None
    by = measure.deadline.by if isinstance(measure.deadline, Annual) else measure.due
    until = month_day(scored.year, by) if found.status is Status.NOT_DUE else date(scored.year, 12, 31)
    return Change(node.id, node.title, weight - points, needed, gain, until, (), ())


def _smallest(measure: Measure, tally: Tally, year: int, day: date, share: Fraction) -> tuple[Decimal, Fraction]:
    """The smallest change that raises the share, and the share that it gives."""
    unit = SCALE if measure.sums else 1
    whole = tally.denominator - tally.numerator if measure.metric is Metric.RATIO or tally.denominator else 0
    limit = whole // unit if whole > 0 else MOST_STEPS
    for number in range(1, min(max(limit, 1), MOST_STEPS) + 1):
        sign = -1 if measure.metric is Metric.ZERO else 1
        cases = tally.cases or number
        first = tally.first or month_day(year, measure.deadline.by) if isinstance(measure.deadline, Annual) else None
        changed = replace(tally, cases=cases, numerator=max(0, tally.numerator + sign * number * unit),
                          then=max(0, tally.numerator + sign * number * unit), first=first,
                          denominator=tally.denominator or number * unit, months=_fuller(tally, year, day, number))
        after = outcome(measure, changed, year, day).share or Fraction(0)
        if after > share:
            return Decimal(number), after
    return Decimal(max(limit, 1)), Fraction(1)


def _fuller(tally: Tally, year: int, day: date, number: int) -> tuple[int, ...]:
    months = list(tally.months)
    months[(day.month if day.year == year else 12) - 1] += number
    return tuple(months)


def _with_cases(scored: OrganScored, change: Change) -> Change:
    cases = cases_behind(scored, change.leaf, size=EXAMPLES, only="lost").items
    ids = [case.case for case in cases]
    rows: list[tuple[Any, ...]] = tuples(VerdictRow.select(
        VerdictRow.case, VerdictRow.rule, VerdictRow.due_date, VerdictRow.duty).where(
            VerdictRow.case.in_(ids) & VerdictRow.duty.in_([PENDING, OVERDUE])).order_by(VerdictRow.due)) if ids else []
    return replace(change, cases=cases, duties=tuple(Duty(case, rule, due, duty == OVERDUE)
                                                     for case, rule, due, duty in rows))
