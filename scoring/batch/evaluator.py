"""The batch evaluator: every rule over all cases at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import polars as pl

from core.calendars import Calendar
from core.rulebook.model import Procedure, Rule, Template
from scoring.batch import duties, order, per_case, prohibitions
from scoring.batch.periods import Periods
from scoring.batch.question import Question
from scoring.batch.rebuild import cases_of
from scoring.batch.sight import Sight
from scoring.batch.steps import Steps
from scoring.batch.verdicts import Asked, Block, Verdicts
from scoring.engine.reference import Reference

TEMPLATES: Mapping[Template, Callable[[Question], Block]] = {
    Template.FOLLOWED_BY: duties.followed_by,
    Template.ANSWERED_BEFORE_NEXT: duties.answered_before_next,
    Template.DIRECTLY_FOLLOWED_BY: duties.directly_followed_by,
    Template.ALSO_REQUIRES: duties.also_requires,
    Template.ONLY_AFTER: order.only_after,
    Template.EACH_AFTER_A_NEW: order.each_after_a_new,
    Template.DIRECTLY_AFTER: order.directly_after,
    Template.NOT_EARLIER_THAN: order.not_earlier_than,
    Template.NEVER_AFTER: prohibitions.never_after,
    Template.DIFFERENT_PERSON: prohibitions.different_person,
    Template.MUST: prohibitions.must,
    Template.STARTS_WITH: per_case.starts_with,
    Template.AT_MOST: per_case.at_most,
    Template.AT_LEAST: per_case.at_least,
    Template.EXACTLY: per_case.exactly,
    Template.NOT_BOTH: per_case.not_both,
}


class Batch:
    """Evaluates many cases in columns; equal to ``Reference`` verdict by verdict.

    Cases in which a step suspends, resumes or extends a rule's period are judged under that rule by the reference:
    what such a period is depends on everything recorded in between.

    Args:
        assume_closed: every case has ended with its last step.
    """

    def __init__(self, assume_closed: bool = False) -> None:
        self._assume_closed = assume_closed
        self._reference = Reference(assume_closed)
        self._periods: dict[tuple[int, str, str], Periods] = {}

    def evaluate(self, steps: Steps, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> Verdicts:
        """Every verdict on the cases of ``steps``.

        Args:
            steps: folded as of ``as_of``.
            rules: all versions, of one procedure and region.
            as_of: aware instant, see ``scoring.verdict.Evaluator``.
        """
        if not steps.size:
            return Verdicts(())
        sight = Sight(steps, self.periods(calendar, steps.procedure), as_of, self._assume_closed)
        sight.prepare(rules)
        blocks: list[Block | Asked] = []
        for rule in rules:
            moving = _moving(steps, rule)
            question = Question(sight, rule, moving)
            blocks.append(TEMPLATES[rule.template](question))
            if not rule.template.per_case and len(question.doubtful):
                blocks.append(prohibitions.not_assessable(question))
            if moving is not None and len(moving):
                blocks.append(self._ask(steps, rule, moving, calendar, as_of))
        referred = sum(len(block) for block in blocks if isinstance(block, Asked))
        return Verdicts(blocks, sight.closures, referred)

    def _ask(self, steps: Steps, rule: Rule, numbers: pl.Series, calendar: Calendar, as_of: datetime) -> Asked:
        cases = cases_of(steps, numbers.to_list()).values()
        return Asked(rule, tuple((case.head.id, verdict) for case in cases
                                 for verdict in self._reference.evaluate(case, (rule,), calendar, as_of)))

    def periods(self, calendar: Calendar, procedure: Procedure) -> Periods:
        """Ends of periods under a calendar, with what was asked before."""
        key = (id(calendar), procedure.id, procedure.timezone.key)  # a Periods holds its calendar, so ids stay apart
        found = self._periods.get(key)
        if found is None:
            found = self._periods[key] = Periods(calendar, procedure)
        return found


def _moving(steps: Steps, rule: Rule) -> pl.Series | None:
    """Numbers of the cases in which a step moves the rule's period."""
    if rule.clock is None or rule.within is None:
        return None
    clock = rule.clock
    rows = steps.of_types((*clock.suspended_by, *clock.resumed_by, *clock.extended_by))
    return steps.case.gather(rows).unique()
