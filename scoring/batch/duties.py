"""Duties in columns: a target must occur. The same functions as in the reference, each over all activations."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from scoring.batch.periods import End
from scoring.batch.question import CLOSED, Ending, Question
from scoring.batch.series import earliest, either, true, where
from scoring.batch.verdicts import Block, Code, Remark

Lanes = Sequence[pl.Series]


def followed_by(q: Question) -> Block:
    """Response."""
    targets = q.targets(q.far)
    plain = targets.after(q.a, "plain", q.floor)
    return _duty(q, plain, targets.after(q.a, "possibly", q.floor) if q.steps.unordered else (), plain)


def answered_before_next(q: Question) -> Block:
    """Alternate response."""
    steps, targets = q.steps, q.targets(q.far)
    _, again = q.repeats
    no_more = again.is_null()
    plain = [where(true(no_more | (t < again)), t) for t in targets.after(q.a, "plain", q.floor)]
    possible: Lanes = ()
    if steps.unordered:
        limit = steps.last.gather(again)
        possible = [where(true(no_more | (steps.first.gather(t) < limit)), t)
                    for t in targets.after(q.a, "possibly", q.floor, skip=(again,))]
    return _duty(q, plain, possible, plain, decided_by=again)


def directly_followed_by(q: Question) -> Block:
    """Chain response."""
    following = q.a.rows + 1
    nearest = earliest(q.all_targets.after(q.a, "plain"))
    answer = where(true(nearest == following), nearest)
    answer = where(q.far(q.a.rows, answer), answer)
    return _duty(q, [answer], (), [answer], decided_by=where(following < q.a.at("end"), following))


def also_requires(q: Question) -> Block:
    """Responded existence."""
    targets = q.targets(lambda a, t: _either_side(q, a, t))
    found = targets.after(q.a, "any")
    return _duty(q, found, found if q.steps.unordered else (), targets.after(q.a, "plain"))


def _either_side(q: Question, a: pl.Series, t: pl.Series) -> pl.Series:
    before = q.far(t, a) & q.end(t).allows(a)
    return q.far(a, t).zip_with(t > a, before)


def _duty(q: Question, plain: Lanes, possible: Lanes, later: Lanes, decided_by: pl.Series | None = None) -> Block:
    """Fulfilled by an answer before the first of: the end of its time, a release, the ending of the case.

    Args:
        plain: the nearest answers that the order of recording agrees with; ``possible``: that may have been in order.
        later: the nearest answers recorded after the activation, whenever.
        decided_by: a step after which no answer can come any more.
    """
    a = q.a
    end, ending = q.end(a.rows), q.ending
    answer = earliest([where(end.allows(t) & ending.after(t), t) for t in plain])
    uncertain = None
    if possible:
        doubtful = earliest([where(end.allows(t) & ending.admits(t), t) for t in possible])
        uncertain = answer.is_null() & doubtful.is_not_null()
        answer = either(answer, doubtful)
    open_state = unmet(q, end, ending)
    late = earliest(later)
    states, late, notes = settled(answer, late, open_state, ending, None if decided_by is None else true(
        decided_by.is_not_null() & (ending.none | (decided_by < ending.rows))))
    return Block(q.rule, q.steps, a.rows, states, end=end, answers=answer, late=late, uncertain=uncertain, notes=notes)


def unmet(q: Question, end: End, ending: Ending) -> pl.Series:
    """What an unanswered duty is: the first of its time's end and the case's ending decides."""
    if q.sight.assume_closed:
        waiting = pl.lit(int(Code.VIOLATED), pl.UInt8)
    else:
        waiting = pl.when(end.passed(q.sight.as_of)).then(pl.lit(int(Code.VIOLATED), pl.UInt8)).otherwise(
            pl.lit(int(Code.PENDING), pl.UInt8))
    if ending.never:
        size = len(ending.rows)
        return constant(Code.VIOLATED, size) if q.sight.assume_closed else pl.select(waiting).to_series()
    void = true(ending.how != CLOSED) & end.allows(ending.rows)
    return pl.select(pl.when(ending.none).then(waiting).when(void).then(pl.lit(int(Code.VACUOUS), pl.UInt8))
                     .otherwise(pl.lit(int(Code.VIOLATED), pl.UInt8))).to_series()


def settled(answer: pl.Series, late: pl.Series, open_state: pl.Series, ending: Ending,
            decided: pl.Series | None = None) -> tuple[pl.Series, pl.Series, pl.Series]:
    """States, late answers and notes of duties."""
    frame = pl.DataFrame({"met": answer.is_not_null(), "late": late, "open": open_state, "how": ending.how,
                          "decided": pl.repeat(False, len(answer), eager=True) if decided is None else decided})
    state = (pl.when("met").then(pl.lit(int(Code.FULFILLED), pl.UInt8))
             .when("decided").then(pl.lit(int(Code.VIOLATED), pl.UInt8)).otherwise("open").alias("state"))
    frame = frame.with_columns(state).with_columns(
        pl.when(pl.col("state") == Code.VIOLATED).then("late").alias("late"))
    note = (pl.when(pl.col("state") == Code.VACUOUS).then("how")
            .when((pl.col("state") == Code.VIOLATED) & pl.col("late").is_null())
            .then(pl.lit(int(Remark.MISSING), pl.UInt8))
            .when(pl.col("state") == Code.VIOLATED).then(pl.lit(int(Remark.TOO_LATE), pl.UInt8))
            .otherwise(pl.lit(0, pl.UInt8)))
    return frame["state"], frame["late"], frame.select(note.alias("note"))["note"]


def codes(condition: pl.Series, then: Code, otherwise: Code) -> pl.Series:
    """One state where the condition is true, else the other."""
    return pl.select(pl.when(condition).then(pl.lit(int(then), pl.UInt8)).otherwise(
        pl.lit(int(otherwise), pl.UInt8))).to_series()


def constant(code: int, size: int) -> pl.Series:
    """One number throughout."""
    return pl.repeat(code, size, dtype=pl.UInt8, eager=True)


