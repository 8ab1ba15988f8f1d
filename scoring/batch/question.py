"""One version of a rule put to many cases: its activations, their targets, and what ends the waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from core.calendars.calendar import ELAPSED_SECONDS
from core.rulebook.model import Pattern, Rule, Template
from scoring.batch.periods import End
from scoring.batch.series import earliest, latest, true, yes
from scoring.batch.sight import Sight, seen_alone
from scoring.batch.steps import Steps
from scoring.batch.targets import Activations, Targets, keyed
from scoring.batch.verdicts import Remark

CLOSED = 7
"""How a case ended, beside ``Remark.RELEASED`` and ``Remark.WITHDRAWN``."""

EITHER_SIDE = frozenset({Template.ALSO_REQUIRES, Template.DIFFERENT_PERSON})
"""Templates whose targets lie on both sides: their times are checked pair by pair."""

SEARCHED_BY_DAY = frozenset({Template.FOLLOWED_BY, Template.ANSWERED_BEFORE_NEXT, Template.ONLY_AFTER,
                             Template.EACH_AFTER_A_NEW, Template.NEVER_AFTER})
"""Templates that search for a minimum time by the day; one that runs by the clock is checked pair by pair."""


@dataclass(frozen=True, eq=False)
class Ending:
    """The step that ended what was pending, for each activation or case, and how; null where there is none."""

    steps: Steps
    rows: pl.Series
    how: pl.Series

    @cached_property
    def none(self) -> pl.Series:
        """True where nothing ended it."""
        return self.rows.is_null()

    @cached_property
    def never(self) -> bool:
        """True where nothing ended any."""
        return bool(self.none.all())

    def after(self, rows: pl.Series) -> pl.Series:
        """True where the step is the ending itself or was recorded before it, or there is no ending."""
        if self.never:
            return yes(len(rows))
        return true(self.none | (rows <= self.rows))

    def admits(self, rows: pl.Series) -> pl.Series:
        """True where the step is the ending itself, or came or may have come before it."""
        if self.never:
            return yes(len(rows))
        possibly = self.steps.first.gather(rows) < self.steps.last.gather(self.rows)
        return true(self.none | (rows == self.rows) | possibly)


class Question:
    """A rule put to the cases that are not left to the reference.

    Args:
        excluded: numbers of the cases that are.
    """

    def __init__(self, sight: Sight, rule: Rule, excluded: pl.Series | None) -> None:
        self.sight, self.rule, self.steps, self._excluded = sight, rule, sight.steps, excluded

    @cached_property
    def a(self) -> Activations:
        """The activations that are certain."""
        rows = self._in_force(self.sight.matches(self.rule.on).sure)
        if self._until is not None:
            rows = rows.filter(self.steps.named_days(self._until, rows).is_not_null())
        if self.by_pairs:
            return Activations(self.steps, rows, pl.int_range(0, len(rows), dtype=pl.Int64, eager=True))
        return Activations(self.steps, rows, self.steps.key(self.same).gather(rows) if self.same else None)

    @cached_property
    def doubtful(self) -> pl.Series:
        """Rows of the activations that cannot be assessed."""
        found = self.sight.matches(self.rule.on)
        doubtful = self._in_force(found.doubtful)
        if self._until is None:
            return doubtful
        sure = self._in_force(found.sure)
        return pl.concat([doubtful, sure.filter(self.steps.named_days(self._until, sure).is_null())]).sort()

    @property
    def _until(self) -> str | None:
        """The fact that names the last day."""
        return self.rule.within.until if self.rule.within else None

    @cached_property
    def numbers(self) -> pl.Series:
        """The cases that a per-case rule judges."""
        return self.steps.case.gather(self._in_force(self.steps.heads))

    @property
    def same(self) -> tuple[str, ...]:
        """Fields that a target shares with its activation."""
        return self.rule.same or (("actor",) if self.rule.template is Template.DIFFERENT_PERSON else ())

    @cached_property
    def by_pairs(self) -> bool:
        """True where a target is one only as seen from its activation, so that the two are joined."""
        rule = self.rule
        if rule.target is None or rule.template.per_case:
            return False
        timed = rule.within is not None or rule.not_before is not None
        far = rule.not_before is not None and rule.not_before.unit.elapsed
        return (bool(rule.different) or not seen_alone(rule) or (timed and rule.template in EITHER_SIDE)
                or (far and rule.template in SEARCHED_BY_DAY))

    @cached_property
    def all_targets(self) -> Targets:
        """The steps that match the rule's target, correlation included; times are not looked at."""
        assert self.rule.target is not None
        if self.by_pairs:
            return Targets(self.steps, self.pairs["t"], self.pairs["key"])
        return keyed(self.steps, self.sight.matches(self.rule.target).sure, self.same)

    def targets(self, fits: Callable[[pl.Series, pl.Series], pl.Series]) -> Targets:
        """The targets of which ``fits(activations, targets)`` is true.

        Asked only where targets are joined to their activations; searches take the rule's minimum time into account
        by themselves.
        """
        if not self.by_pairs:
            return self.all_targets
        pairs = self.pairs.filter(fits(self.pairs["a"], self.pairs["t"]))
        return Targets(self.steps, pairs["t"], pairs["key"])

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """Activations ``a`` with each of their targets ``t``, sorted; ``key`` is the activation's number."""
        rule, steps = self.rule, self.steps
        assert rule.target is not None
        alone = seen_alone(rule)
        pattern = rule.target if alone else Pattern(rule.target.events)
        targets = self.sight.matches(pattern).sure
        shared = steps.key(self.same) if self.same else steps.case
        ones = pl.DataFrame({"key": self.a.key, "a": self.a.rows, "shared": shared.gather(self.a.rows)})
        others = pl.DataFrame({"t": targets, "shared": shared.gather(targets)})
        found = ones.join(others, on="shared").filter(pl.col("a") != pl.col("t"))
        for name in rule.different:
            codes = steps.codes(name)
            found = found.filter(codes.gather(found["a"]) != codes.gather(found["t"]))
        if not alone and rule.target.when is not None:
            found = found.filter(self.sight.ask([rule.target.when], found["a"], found["t"])[0])
        return found.sort("key", "t")

    @cached_property
    def repeats(self) -> tuple[pl.Series, pl.Series]:
        """For each activation, the nearest steps before and after it that activate the rule too."""
        rule, steps = self.rule, self.steps
        again = keyed(steps, self.sight.matches(rule.on).sure, rule.same)
        a = Activations(steps, self.a.rows, steps.key(rule.same).gather(self.a.rows) if rule.same else None)
        return latest(again.before(a, "plain")), earliest(again.after(a, "plain"))

    @cached_property
    def ending(self) -> Ending:
        """What ended the waiting after each activation."""
        return self._ending(self.steps.next_of(self.stops, self.a.rows))

    @cached_property
    def case_ending(self) -> Ending:
        """What ended each case of ``numbers``."""
        return self._ending(self.steps.first_of(self.stops).gather(self.numbers))

    @cached_property
    def release(self) -> pl.Series | None:
        """The first releasing step after each activation; None where the rule knows none."""
        if not self.rule.released_by:
            return None
        return self.steps.next_of(self.steps.of_types(self.rule.released_by), self.a.rows)

    def end(self, starts: pl.Series, benefit: bool = True) -> End:
        """When the rule's time that began with the steps at ``starts`` is over."""
        return self.sight.periods.end(self.steps, starts, self.rule.within, self.rule.clock, benefit)

    def far(self, earlier: pl.Series, later: pl.Series) -> pl.Series:
        """True where the rule's minimum time lies, or may lie, between two steps."""
        return self._far(earlier, later, self.steps.at, self.steps.latest)

    def surely_far(self, earlier: pl.Series, later: pl.Series) -> pl.Series:
        """True where the rule's minimum time lies between two steps beyond doubt."""
        return self._far(earlier, later, self.steps.latest, self.steps.at)

    def _far(self, earlier: pl.Series, later: pl.Series, begin: pl.Series, until: pl.Series) -> pl.Series:
        least, steps = self.rule.not_before, self.steps
        if least is None:
            return earlier.is_not_null() & later.is_not_null()
        if least.unit.elapsed:
            apart = until.gather(later) - begin.gather(earlier)
            return true(apart >= least.length * ELAPSED_SECONDS[least.unit] * 1_000_000)
        return true(steps.day.gather(later) >= self.sight.periods.last_day(steps.day.gather(earlier), least))

    @cached_property
    def floor(self) -> pl.Series | None:
        """The first row of each activation's case that the rule's minimum time, in days, allows."""
        least = self.rule.not_before
        if least is None or least.unit.elapsed:
            return None
        return self.steps.row_from(self.a.at("case"), self.sight.periods.last_day(self.a.at("day"), least))

    @cached_property
    def ceiling(self) -> pl.Series | None:
        """For each step, the day from which the rule's minimum time, in days, has passed since."""
        least = self.rule.not_before
        return None if least is None or least.unit.elapsed else self.sight.periods.last_day(self.steps.day, least)

    @cached_property
    def stops(self) -> pl.Series:
        procedure = self.steps.procedure
        return self.steps.of_types((*procedure.withdraws_with, *self.rule.released_by, *procedure.closes_with))

    def _ending(self, rows: pl.Series) -> Ending:
        procedure, names = self.steps.procedure, self.steps.type_names
        how = pl.Series([Remark.WITHDRAWN if name in procedure.withdraws_with else
                         Remark.RELEASED if name in self.rule.released_by else CLOSED for name in names],
                        dtype=pl.UInt8)
        return Ending(self.steps, rows, how.gather(self.steps.types.gather(rows)))

    def _in_force(self, rows: pl.Series) -> pl.Series:
        valid = self.rule.valid
        for bound, beyond in ((valid.start, pl.Series.__ge__), (valid.end, pl.Series.__le__)):
            if bound is not None:
                rows = rows.filter(beyond(self.steps.day.gather(rows), bound.toordinal()))
        if self._excluded is not None and len(self._excluded):
            rows = rows.filter(~self.steps.case.gather(rows).is_in(self._excluded.implode()))
        return rows
