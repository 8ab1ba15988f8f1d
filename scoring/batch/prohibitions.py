"""Prohibitions in columns: a target must not occur, and is broken only beyond doubt; conditions at a step."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from scoring.batch.duties import codes, constant
from scoring.batch.periods import End
from scoring.batch.question import Ending, Question
from scoring.batch.series import earliest, true, where, yes
from scoring.batch.verdicts import Block, Code


def never_after(q: Question) -> Block:
    """Not response."""
    targets = q.targets(lambda a, t: (t > a) & q.surely_far(a, t))
    floor = None if q.by_pairs else q.floor
    plain = targets.after(q.a, "plain", floor)
    return _prohibition(q, plain, targets.after(q.a, "surely", floor) if q.steps.unordered else plain, True)


def different_person(q: Question) -> Block:
    """Not responded existence."""
    found = q.targets(lambda a, t: _fits(q, a, t)).after(q.a, "any")
    return _prohibition(q, found, found, False)


def _fits(q: Question, a: pl.Series, t: pl.Series) -> pl.Series:
    earlier, later = a.zip_with(a < t, t), t.zip_with(a < t, a)
    return q.surely_far(earlier, later) & q.end(earlier, benefit=False).surely_allows(later)


def _prohibition(q: Question, found: Sequence[pl.Series], certain: Sequence[pl.Series], within: bool) -> Block:
    """Broken by the first of ``certain`` that comes before any release; ``found`` may have been in order."""
    steps, a, release = q.steps, q.a, q.release
    end = q.end(a.rows, benefit=False)

    def binding(t: pl.Series, sure: bool) -> pl.Series:
        allowed = end.surely_allows(t) if within else t.is_not_null()
        if release is None:
            return allowed
        before = steps.last.gather(t) < steps.first.gather(release) if sure else t < release
        return allowed & true(release.is_null() | before)

    breach = earliest([where(binding(t, True), t) for t in certain])
    broken = breach.is_not_null()
    states = pl.select(pl.when(broken).then(pl.lit(int(Code.VIOLATED), pl.UInt8)).otherwise(
        unbroken(q, end, q.ending))).to_series()
    uncertain = None
    if steps.unordered:
        uncertain = ~broken & earliest([where(binding(t, False), t) for t in found]).is_not_null()
    return Block(q.rule, steps, a.rows, states, end=end, answers=breach, uncertain=uncertain)


def unbroken(q: Question, end: End, ending: Ending) -> pl.Series:
    """What an unbroken prohibition is."""
    over = yes(len(ending.rows)) if q.sight.assume_closed else ~ending.none | end.passed(q.sight.as_of)
    return codes(over, Code.FULFILLED, Code.HOLDING)


def must(q: Question) -> Block:
    """The condition is true at the activation."""
    rule, steps, rows = q.rule, q.steps, q.a.rows
    assert rule.condition is not None
    met = q.sight.condition(rule.on.events, rule.condition)
    asked = steps.of_types(rule.on.events)
    if len(rows) != len(asked):
        met = met.gather(asked.search_sorted(rows))
    return Block(rule, steps, rows, met)


def not_assessable(q: Question) -> Block:
    """Activations whose own condition cannot be assessed."""
    return Block(q.rule, q.steps, q.doubtful, constant(Code.NOT_ASSESSABLE, len(q.doubtful)))
