"""The value of a leaf from its tally, and the share of the full marks that it earns. The one meaning of all metrics."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.rulebook.schemes import Annual, Frequency, Ladder, Linear, Measure, Metric
from scoring.assessment.entries import SCALE
from scoring.assessment.tally import Tally
from scoring.trace import Status

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leaf.

    Attributes:
        share: of the full marks; None where nothing is scored.
        then: the share if every undetermined finding were confirmed.
        value: what was scored: a ratio, a number, or days; None where there is none.
        rung: position of the ladder's step that holds; None for none of them, or no ladder.
        reason: code of the note that says why nothing is scored, or why nothing is earned; empty otherwise.
    """

    status: Status
    share: Fraction | None = None
    then: Fraction | None = None
    value: Fraction | None = None
    rung: int | None = None
    reason: str = ""


def outcome(measure: Measure, tally: Tally, year: int, day: date) -> Outcome:
    """The outcome of a leaf that applies to the organ.

    Args:
        tally: what counts by the close of ``day``.
    """
    if measure.unsupplied is not None:
        return Outcome(Status.UNSCORED, reason="assess-unsupplied")
    if measure.metric is Metric.MONITOR:
        return Outcome(Status.NOT_APPLICABLE, value=_shown(measure, tally), reason="assess-monitor")
    if measure.metric is Metric.FREQUENCY and measure.frequency is not None:
        return _frequency(measure, measure.frequency, tally, year, day)
    if isinstance(measure.deadline, Annual):
        return _annual(measure, measure.deadline, tally, year, day)
    if measure.metric is Metric.RATIO or measure.deadline is not None:
        if not tally.cases and measure.sums:
            return _missing(measure, year, day)
        if not tally.denominator:
            return Outcome(Status.NOT_APPLICABLE, reason="assess-no-cases")
        return _scored(measure, Fraction(tally.numerator, tally.denominator), Fraction(tally.then, tally.denominator))
    if measure.metric is Metric.ZERO and not measure.sums and not tally.cases and not tally.numerator:
        return Outcome(Status.NOT_APPLICABLE, reason="assess-no-cases")
    if not tally.cases and not tally.numerator:
        return _missing(measure, year, day)
    unit = SCALE if measure.sums else 1
    return _scored(measure, Fraction(tally.numerator, unit), Fraction(tally.then, unit))


def share_of(score: Ladder | Linear, value: Fraction) -> tuple[Fraction, int | None]:
    """The share of full marks that a value earns, and the ladder's step that gives it."""
    if isinstance(score, Linear):
        low, high = Fraction(score.zero_at), Fraction(score.full_at)
        return min(ONE, max(ZERO, (value - low) / (high - low))), None
    for number, rung in enumerate(score.rungs):
        bound = Fraction(rung.bound)
        if (value >= bound) if score.rising else (value <= bound):
            return Fraction(rung.earn), number
    return ZERO, None


def month_day(year: int, when: tuple[int, int]) -> date:
    """A day of the year that scheme files write as month and day."""
    return date(year, *when)


def months_ended(year: int, day: date) -> int:
    """How many months of a year have ended by the close of a day."""
    if day.year != year:
        return 12 if day.year > year else 0
    return day.month if day.day == monthrange(year, day.month)[1] else day.month - 1


def _scored(measure: Measure, value: Fraction, then: Fraction) -> Outcome:
    assert measure.score is not None
    share, rung = share_of(measure.score, value)
    return Outcome(Status.SCORED, share, share_of(measure.score, then)[0] if then != value else share, value, rung)


def _frequency(measure: Measure, wanted: Frequency, tally: Tally, year: int, day: date) -> Outcome:
    if not tally.cases:
        return _missing(measure, year, day)
    ended, met, periods = months_ended(year, day), 0, 0
    for start in range(0, 12, wanted.months):
        reached = sum(tally.months[start : start + wanted.months]) >= wanted.times
        met += reached
        periods += reached or start + wanted.months <= ended
    if not periods:
        return Outcome(Status.NOT_DUE, reason="assess-not-due")
    return _scored(measure, Fraction(met, periods), Fraction(met, periods))


def _annual(measure: Measure, deadline: Annual, tally: Tally, year: int, day: date) -> Outcome:
    due = month_day(year, deadline.by)
    if tally.first is not None:
        late = Fraction(max(0, (tally.first - due).days))
        return _scored(measure, late, late)
    if day < due:
        return Outcome(Status.NOT_DUE, reason="assess-not-due")
    return Outcome(Status.SCORED, ZERO, ZERO, reason="assess-never-done")


def _missing(measure: Measure, year: int, day: date) -> Outcome:
    if day < month_day(year, measure.due):
        return Outcome(Status.NOT_DUE, reason="assess-not-due")
    if measure.missing == "zero":
        return Outcome(Status.SCORED, ZERO, ZERO, reason="assess-missing-zero")
    return Outcome(Status.UNSCORED, reason="assess-missing")


def _shown(measure: Measure, tally: Tally) -> Fraction | None:
    divides = measure.denominator is not None or measure.where is not None or bool(measure.findings)
    if divides:
        return Fraction(tally.numerator, tally.denominator) if tally.denominator else None
    return Fraction(tally.numerator, SCALE if measure.sums else 1)


def decimal_text(value: Fraction, places: int = 4) -> str:
    """A value as a reader sees it: at most so many places, half up, no zeros at the end."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    number = Decimal(whole if value >= 0 else -whole).scaleb(-places).normalize()
    return format(number, "f")
