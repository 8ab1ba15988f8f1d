"""The steps of a range of cases under rules: which steps match which pattern, each condition asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.language.expression import Expression
from core.rulebook.model import Pattern, Rule, Template
from scoring.batch.conditions import Inexpressible, translate
from scoring.batch.periods import Periods
from scoring.batch.rebuild import cases_of
from scoring.batch.series import true
from scoring.batch.sheet import Sheet
from scoring.batch.steps import Steps
from scoring.engine.scopes import scope_at


@dataclass(frozen=True, slots=True)
class Matches:
    """Steps of a pattern's types that match for certain, and those whose condition cannot be assessed."""

    sure: pl.Series
    doubtful: pl.Series


class Sight:
    """What an evaluation looks at.

    Attributes:
        closures: how often a compiled closure had to be asked.
    """

    def __init__(self, steps: Steps, periods: Periods, as_of: datetime, assume_closed: bool) -> None:
        self.steps, self.periods, self.as_of, self.assume_closed = steps, periods, as_of, assume_closed
        self.closures = 0
        self._answers: dict[tuple[tuple[str, ...], int], pl.Series] = {}
        self._matches: dict[tuple[tuple[str, ...], int], Matches] = {}

    def prepare(self, rules: Iterable[Rule]) -> None:
        """Ask all conditions on single steps, those on the same types of steps together."""
        wanted: dict[tuple[str, ...], dict[int, Expression]] = defaultdict(dict)
        for rule in rules:
            asked = [(rule.on.events, rule.on.when), (rule.on.events, rule.condition)]
            if rule.target is not None and seen_alone(rule):
                asked.append((rule.target.events, rule.target.when))
            for events, condition in asked:
                if condition is not None and (events, id(condition)) not in self._answers:
                    wanted[events][id(condition)] = condition
        for events, conditions in wanted.items():
            found = self.ask(list(conditions.values()), self.steps.of_types(events))
            self._answers.update({(events, key): answer for key, answer in zip(conditions, found, strict=True)})

    def ask(self, conditions: Sequence[Expression], at: pl.Series, answers: pl.Series | None = None) -> list[pl.Series]:
        """Each condition at each step; null where it cannot be assessed."""
        sheet = Sheet(self.steps, self.periods, at, answers)
        said: dict[int, pl.Expr] = {}
        for number, condition in enumerate(conditions):
            try:
                if condition.tree is not None:
                    said[number] = translate(condition.tree, sheet)
            except Inexpressible:
                continue
        found = dict(zip(said, sheet.select(list(said.values())), strict=True))
        return [found[number] if number in found else self._closed(condition, at, at if answers is None else answers)
                for number, condition in enumerate(conditions)]

    def condition(self, events: tuple[str, ...], condition: Expression) -> pl.Series:
        """A condition at every step of some types."""
        return self._answers[events, id(condition)]

    def matches(self, pattern: Pattern) -> Matches:
        """The steps that match a pattern, each looked at alone."""
        key = (pattern.events, id(pattern.when))
        if key not in self._matches:
            rows = self.steps.of_types(pattern.events)
            if pattern.when is None:
                self._matches[key] = Matches(rows, rows.clear())
            else:
                holds = self.condition(pattern.events, pattern.when)
                self._matches[key] = Matches(rows.filter(true(holds)), rows.filter(holds.is_null()))
        return self._matches[key]

    def _closed(self, condition: Expression, at: pl.Series, answers: pl.Series) -> pl.Series:
        self.closures += len(at)
        steps, calendar = self.steps, self.periods.calendar
        numbers = steps.case.gather(at).to_list()
        cases, heads = cases_of(steps, numbers), steps.heads
        found = []
        for number, row, answer in zip(numbers, at.to_list(), answers.to_list(), strict=True):
            case, begin = cases[number], int(heads[number])
            found.append(condition.test(scope_at(case, case.steps[row - begin], calendar, case.steps[answer - begin])))
        return pl.Series(found, dtype=pl.Boolean)


def seen_alone(rule: Rule) -> bool:
    """True where the rule's target is judged without looking at the activation."""
    if rule.target is None or rule.target.when is None or rule.template is Template.NOT_BOTH:
        return True
    return all(name.startswith("t.") for name in rule.target.when.reads)
