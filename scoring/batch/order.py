"""Order in columns: what must have come before an activation, or not so shortly before it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from scoring.batch.duties import codes, constant
from scoring.batch.question import Question
from scoring.batch.series import either, latest, true, where
from scoring.batch.targets import Targets
from scoring.batch.verdicts import Block, Code, Remark

Lanes = Sequence[pl.Series]


def only_after(q: Question) -> Block:
    """Precedence."""
    return _preceded(q, q.targets(lambda a, t: q.far(t, a)), None)


def each_after_a_new(q: Question) -> Block:
    """Alternate precedence."""
    previous, _ = q.repeats
    return _preceded(q, q.targets(lambda a, t: q.far(t, a)), previous)


def directly_after(q: Question) -> Block:
    """Chain precedence."""
    nearest = latest(q.all_targets.before(q.a, "plain"))
    earlier = where(true(nearest == q.a.rows - 1), nearest)
    far = where(q.far(earlier, q.a.rows), earlier)
    return _told(q, where(_in_time(q, far), far), None, far, earlier)


def _preceded(q: Question, targets: Targets, previous: pl.Series | None) -> Block:
    steps, a = q.steps, q.a
    ceiling = None if q.by_pairs else q.ceiling
    skip = () if previous is None else (previous,)

    def after_previous(found: Lanes) -> Lanes:
        if previous is None:
            return found
        return [where(true(previous.is_null() | (t > previous)), t) for t in found]

    def possibly_after_previous(found: Lanes) -> Lanes:
        if previous is None:
            return found
        begin = steps.first.gather(previous)
        return [where(true(previous.is_null() | (steps.last.gather(t) > begin)), t) for t in found]

    plain = after_previous(targets.before(a, "plain", ceiling))
    good = latest([where(_in_time(q, t), t) for t in plain])
    if not steps.unordered:
        earlier = latest(plain if q.rule.not_before is None else after_previous(q.all_targets.before(a, "plain")))
        return _told(q, good, None, latest(plain), earlier)
    possible = possibly_after_previous(targets.before(a, "possibly", ceiling, skip))
    doubtful = latest([where(_in_time(q, t), t) for t in possible])
    earlier = latest(possibly_after_previous(q.all_targets.before(a, "possibly", skip=skip)))
    return _told(q, good, doubtful, latest(possible), earlier)


def _in_time(q: Question, t: pl.Series) -> pl.Series:
    return t.is_not_null() & q.end(t).allows(q.a.rows)


def _told(q: Question, plain: pl.Series, doubtful: pl.Series | None, far: pl.Series, earlier: pl.Series) -> Block:
    answer = plain if doubtful is None else either(plain, doubtful)
    met = answer.is_not_null()
    end = q.end(either(answer, far))
    notes = pl.select(
        pl.when(met).then(pl.lit(0, pl.UInt8))
        .when(far.is_not_null()).then(pl.lit(int(Remark.TOO_LATE), pl.UInt8))
        .when(earlier.is_not_null()).then(pl.lit(int(Remark.TOO_EARLY), pl.UInt8))
        .otherwise(pl.lit(int(Remark.MISSING), pl.UInt8))).to_series()
    return Block(q.rule, q.steps, q.a.rows, codes(met, Code.FULFILLED, Code.VIOLATED), end=end, answers=answer,
                 days_late=where(~met & far.is_not_null(), end.days_late(q.a.rows)),
                 uncertain=None if doubtful is None else plain.is_null() & met, notes=notes)


def not_earlier_than(q: Question) -> Block:
    """Timed not precedence."""
    early = latest([where(_too_early(q, t), t) for t in q.all_targets.before(q.a, "plain")])
    sure = early if not q.steps.unordered else latest(
        [where(_too_early(q, t), t) for t in q.all_targets.before(q.a, "surely")])
    broken = sure.is_not_null()
    notes = where(broken, constant(Remark.TOO_EARLY, len(q.a))).fill_null(0)
    return Block(q.rule, q.steps, q.a.rows, codes(broken, Code.VIOLATED, Code.FULFILLED), answers=sure,
                 uncertain=~broken & early.is_not_null(), notes=notes)


def _too_early(q: Question, t: pl.Series) -> pl.Series:
    rule, a = q.rule, q.a.rows
    if rule.not_before is None and rule.within is None:
        return t.is_not_null()
    early = t.is_not_null() & ~q.far(t, a)
    if rule.within is not None:
        early = early | (t.is_not_null() & q.end(t, benefit=False).surely_allows(a))
    return early
