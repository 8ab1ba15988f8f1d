"""Rules judged once per case, in columns: running counts of matching steps instead of a loop over each case."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from scoring.batch.duties import codes, constant, settled, unmet
from scoring.batch.periods import End
from scoring.batch.prohibitions import unbroken
from scoring.batch.question import Question
from scoring.batch.series import nowhere, place, true, where, yes
from scoring.batch.verdicts import Block, Code


def starts_with(q: Question) -> Block:
    """Init."""
    heads = q.steps.heads.gather(q.numbers)
    found = q.sight.matches(q.rule.on)
    states = pl.select(
        pl.when(heads.is_in(found.sure.implode())).then(pl.lit(int(Code.FULFILLED), pl.UInt8))
        .when(heads.is_in(found.doubtful.implode())).then(pl.lit(int(Code.NOT_ASSESSABLE), pl.UInt8))
        .otherwise(pl.lit(int(Code.VIOLATED), pl.UInt8))).to_series()
    return Block(q.rule, q.steps, None, states, cases=q.numbers)


class _Tally:
    """Rows of steps, counted case by case."""

    def __init__(self, q: Question, rows: pl.Series) -> None:
        heads, tails = q.steps.heads.gather(q.numbers), q.steps.tails.gather(q.numbers)
        self._begin = place(rows, heads, "left")
        self._end = place(rows, tails, "left")
        self._rows = pl.concat([rows, pl.Series([None], dtype=pl.Int64)])

    @cached_property
    def count(self) -> pl.Series:
        """How many in each case."""
        return self._end - self._begin

    def nth(self, n: pl.Series | int) -> pl.Series:
        """The n-th of each case, from 0; null where there are not so many."""
        place = self._begin + n
        return self._rows.gather(where((place >= self._begin) & (place < self._end), place))


class _Counted:
    """The steps that a counting rule counts; see the reference's ``Count``."""

    def __init__(self, q: Question) -> None:
        steps, found = q.steps, q.sight.matches(q.rule.on)
        self.end, self.ending = q.end(steps.heads.gather(q.numbers)), q.case_ending
        binding = _binding(q, found.sure)
        in_time = binding
        if not self.ending.never:
            stop = steps.first_of(q.stops).gather(steps.case.gather(found.sure))
            possibly = steps.first.gather(found.sure) < steps.last.gather(stop)
            in_time = binding & true(stop.is_null() | (found.sure == stop) | possibly)
        self.sure = _Tally(q, found.sure.filter(binding))
        self.doubtful = _Tally(q, found.doubtful.filter(_binding(q, found.doubtful)))
        self.in_time = self.sure if in_time is binding else _Tally(q, found.sure.filter(in_time))
        self.late = _Tally(q, found.sure.filter(~in_time))


def _binding(q: Question, rows: pl.Series) -> pl.Series:
    """True for steps within the rule's time from the first step of their case, and before any release."""
    rule, steps = q.rule, q.steps
    allowed = yes(len(rows))
    if rule.within is None and not rule.released_by:
        return allowed
    number = steps.case.gather(rows)
    if rule.within is not None:
        allowed = q.end(steps.heads.gather(number)).allows(rows)
    if rule.released_by:
        limit = steps.first_of(steps.of_types(rule.released_by)).gather(number)
        allowed = allowed & true(limit.is_null() | (rows <= limit))
    return allowed


def at_most(q: Question) -> Block:
    """Absence."""
    found, n = _Counted(q), q.rule.count or 0
    broken = found.sure.count > n
    unknown = found.sure.count + found.doubtful.count > n
    states = pl.select(pl.when(broken).then(pl.lit(int(Code.VIOLATED), pl.UInt8))
                       .when(unknown).then(pl.lit(int(Code.NOT_ASSESSABLE), pl.UInt8))
                       .otherwise(unbroken(q, found.end, found.ending))).to_series()
    return Block(q.rule, q.steps, None, states, cases=q.numbers, end=found.end,
                 answers=where(broken, found.sure.nth(n)))


def at_least(q: Question) -> Block:
    """Existence."""
    found, n = _Counted(q), q.rule.count or 0
    met = found.in_time.count >= n
    unknown = ~met & (found.in_time.count + found.doubtful.count >= n)
    answer = where(met, found.in_time.nth(n - 1)) if n else nowhere(len(q.numbers))
    return _wanting(q, found, n, met, codes(met, Code.FULFILLED, Code.VIOLATED), unknown, answer)


def exactly(q: Question) -> Block:
    """Exactly n."""
    found, n = _Counted(q), q.rule.count or 0
    too_many = found.sure.count > n
    unknown = ~too_many & (found.doubtful.count > 0) & (found.sure.count + found.doubtful.count >= n)
    met = too_many | (~unknown & (found.in_time.count == n))
    states = pl.select(pl.when(too_many).then(pl.lit(int(Code.VIOLATED), pl.UInt8)).otherwise(
        unbroken(q, found.end, found.ending))).to_series()
    return _wanting(q, found, n, met, states, unknown, where(too_many, found.sure.nth(n)))


def _wanting(q: Question, found: _Counted, n: int, decided: pl.Series, decision: pl.Series, unknown: pl.Series,
             answer: pl.Series) -> Block:
    """A count that is decided or cannot be assessed, or else is still too small."""
    size = len(q.numbers)
    wanting = n - found.in_time.count
    late = where(~decided & ~unknown & (wanting > 0), found.late.nth(wanting - 1))
    states, late, notes = settled(nowhere(size), late, unmet(q, found.end, found.ending), found.ending)
    open_ = ~decided & ~unknown
    states = pl.select(pl.when(decided).then(decision).when(unknown)
                       .then(pl.lit(int(Code.NOT_ASSESSABLE), pl.UInt8)).otherwise(states)).to_series()
    return Block(q.rule, q.steps, None, states, cases=q.numbers, end=found.end, answers=answer, late=where(open_, late),
                 notes=where(open_, notes).fill_null(0))


def not_both(q: Question) -> Block:
    """Not co-existence. Silent in cases without either."""
    rule, steps = q.rule, q.steps
    assert rule.target is not None
    ones, others = q.sight.matches(rule.on), q.sight.matches(rule.target)
    pairs = _pairs(q)
    at = pl.max_horizontal("a", "t")
    per_case = pairs.group_by("number").agg(at.filter("sure").min().alias("broken"))
    known = pl.DataFrame({"number": q.numbers}).join(per_case, on="number", how="left", maintain_order="left")
    paired = q.numbers.is_in(per_case["number"].implode())
    there = pl.concat([steps.case.gather(ones.sure), steps.case.gather(others.sure)]).unique()
    ending = q.case_ending
    idle = unbroken(q, End(steps, steps.heads.gather(q.numbers)), ending)
    broken = known["broken"]
    states = pl.select(pl.when(broken.is_not_null()).then(pl.lit(int(Code.VIOLATED), pl.UInt8))
                       .when(paired).then(pl.lit(int(Code.NOT_ASSESSABLE), pl.UInt8)).otherwise(idle)).to_series()
    speaks = paired | q.numbers.is_in(there.implode())
    return Block(rule, steps, None, states.filter(speaks), cases=q.numbers.filter(speaks),
                 answers=broken.filter(speaks))


def _pairs(q: Question) -> pl.DataFrame:
    """Steps of the two kinds that exclude each other, ``sure`` where both match for certain."""
    rule, steps = q.rule, q.steps
    assert rule.target is not None
    sides = []
    for pattern in (rule.on, rule.target):
        matches = q.sight.matches(pattern)
        rows = pl.concat([matches.sure, matches.doubtful])
        sure = pl.concat([constant(1, len(matches.sure)), constant(0, len(matches.doubtful))]).cast(pl.Boolean)
        shared = steps.key(rule.same) if rule.same else steps.case
        sides.append(pl.DataFrame({"row": rows, "sure": sure, "number": steps.case.gather(rows),
                                   "shared": shared.gather(rows)}))
    one, other = (side.filter(pl.col("shared").is_not_null()) for side in sides)
    if not (rule.same or rule.different or rule.within or rule.not_before or set(rule.on.events)
            & set(rule.target.events)):
        one, other = _first_ones(one), _first_ones(other)
    found = one.rename({"row": "a"}).join(
        other.select("shared", pl.col("row").alias("t"), pl.col("sure").alias("also")), on="shared"
    ).filter(pl.col("a") != pl.col("t")).with_columns(pl.col("sure") & pl.col("also"))
    for name in rule.different:
        values = steps.codes(name)
        found = found.filter(values.gather(found["a"]) != values.gather(found["t"]))
    if rule.within is None and rule.not_before is None:
        return found
    a, t = found["a"], found["t"]
    earlier, later = a.zip_with(a < t, t), t.zip_with(a < t, a)
    return found.filter(q.surely_far(earlier, later) & q.end(earlier, benefit=False).surely_allows(later))


def _first_ones(side: pl.DataFrame) -> pl.DataFrame:
    """The first certain and the first doubtful step of each case: no later one breaks the rule earlier."""
    return side.sort("row").unique(["shared", "sure"], keep="first", maintain_order=True)


