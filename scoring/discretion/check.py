"""Whether a decision lies within what the table and the statute allow, and by how much it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.discretion.fines import Money
from core.discretion.intervals import plain
from core.discretion.model import Table
from core.discretion.penalties import Penalty, names
from scoring.discretion.answer import Answer, State, Why, why
from scoring.discretion.assess import Assessment, Conclusion
from scoring.discretion.evaluate import Facts, evaluate
from scoring.discretion.grounds import article

CONFISCATIONS = frozenset({Penalty.CONFISCATE_INCOME, Penalty.CONFISCATE_GOODS})
ORDERS = frozenset({Penalty.ORDER_CORRECTION, Penalty.ORDER_STOP})
NOTHING = Decimal(0)


class Result(StrEnum):
    """What a check can say."""

    WITHIN = "within"
    OUTSIDE = "outside"
    NOT_ASSESSABLE = "not_assessable"


class Remark(StrEnum):
    """What a reader of the decision should look at, whatever the result."""

    AT_LOWEST = "at_lowest"
    AT_HIGHEST = "at_highest"
    BELOW_STATUTE = "below_statute"
    ABOVE_STATUTE = "above_statute"
    DEVIATION_APPROVED = "deviation_approved"
    REDUCED = "reduced"
    NO_CONFISCATION = "no_confiscation"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided.

    Attributes:
        fine: in yuan; None where no fine was imposed.
        deviation_approved: the head of the agency approved, or a collective discussion decided, to leave the table.
    """

    fine: Decimal | None = None
    penalties: frozenset[Penalty] = frozenset()
    deviation_approved: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a check.

    Attributes:
        above: yuan by which the fine exceeds the highest allowed; zero where it does not.
        below: yuan by which it stays under the lowest allowed.
        lacking: penalties that had to be imposed and were not.
        extra: penalties that nothing allows.
    """

    result: Result
    above: Decimal = NOTHING
    below: Decimal = NOTHING
    lacking: frozenset[Penalty] = frozenset()
    extra: frozenset[Penalty] = frozenset()
    remarks: frozenset[Remark] = frozenset()
    why: tuple[Why, ...] = ()

    def explain(self, language: str = "zh") -> tuple[str, ...]:
        """The result in sentences."""
        return tuple(line.text(language) for line in self.why)


def check_decision(table: Table, facts: Facts, decided: Decided, day: date) -> Check:
    """Compare a decision with a table under the law of a day.

    Raises:
        FazhiError: a fact is none of the table's inputs, or its value is impossible.
    """
    return check_answer(evaluate(table, facts, day), decided)


def check_assessment(assessment: Assessment, decided: Decided) -> Check:
    """Compare a decision with the whole evaluation, grounds to lighten included."""
    if assessment.conclusion in (Conclusion.TIME_BARRED, Conclusion.NOT_PUNISHED):
        return _must_not(assessment, decided)
    if assessment.conclusion is not Conclusion.ANSWERED or assessment.answer is None:
        return _unanswered(assessment, decided)
    if assessment.may_spare and decided.fine is None and not decided.penalties - ORDERS:
        return Check(Result.WITHIN, why=(why("check", "spared", (article("33(1)"),)),))
    return check_answer(assessment.answer, decided, assessment.fine, assessment.reducible)


def check_answer(answer: Answer, decided: Decided, fine: Money | None = None, reducible: bool = False) -> Check:
    """Compare a decision with the answer of a table.

    Args:
        fine: the range that counts, where grounds to lighten or aggravate changed that of the answer.
        reducible: whether less than the statutory minimum is possible.
    """
    if answer.state is not State.TIER:
        return _without_tier(answer, decided, reducible)
    span = fine or answer.fine
    above, below = _beyond(decided.fine, span)
    lawful = answer.provided.fine if answer.provided is not None else None
    remarks = set(_at_ends(decided.fine, span) | _beyond_statute(decided.fine, lawful))
    lines: list[Why] = []
    fits = decided.fine in span if span is not None and decided.fine is not None else not above and not below
    if not fits and not above and reducible and (decided.fine is None or below):
        fits, below = True, NOTHING
        remarks.add(Remark.REDUCED)
        lines.append(why("check", "reduced", (article("32"),)))
    lines.append(_line(decided, span, above, below, fits))
    lacking = answer.penalties - decided.penalties
    if lacking & CONFISCATIONS:
        remarks.add(Remark.NO_CONFISCATION)
        lines.append(why("check", "no-confiscation", (article("28(2)"),), penalties=names(lacking & CONFISCATIONS)))
    lacking -= CONFISCATIONS
    extra = decided.penalties - answer.penalties - answer.allowed - ORDERS
    if lacking:
        lines.append(why("check", "lacking", penalties=names(lacking)))
    if extra:
        lines.append(why("check", "extra", penalties=names(extra)))
    inside = fits and not lacking and not extra
    if not inside and decided.deviation_approved:
        remarks.add(Remark.DEVIATION_APPROVED)
        lines.append(why("check", "deviation-approved"))
    return Check(Result.WITHIN if inside else Result.OUTSIDE, above, below, lacking, extra, frozenset(remarks),
                 tuple(lines))


def _must_not(assessment: Assessment, decided: Decided) -> Check:
    punished = decided.fine is not None or decided.penalties - ORDERS
    if not punished:
        return Check(Result.WITHIN, why=assessment.why)
    return Check(Result.OUTSIDE, above=decided.fine or NOTHING, extra=decided.penalties - ORDERS,
                 why=(*assessment.why, why("check", "punished")))


def _unanswered(assessment: Assessment, decided: Decided) -> Check:
    """Before everything is known a fine can only be more than both laws allow in any event."""
    readings = assessment.readings
    fines = [answer.provided.fine for answer in (readings.at_act, readings.at_decision)
             if answer.provided is not None] if readings is not None else []
    known = [fine for fine in fines if fine is not None]
    if len(known) < 2:
        return Check(Result.NOT_ASSESSABLE, why=assessment.why)
    lawful = max(known, key=lambda fine: (fine.high, fine.high_closed))
    above, _ = _beyond(decided.fine, lawful)
    if not above:
        return Check(Result.NOT_ASSESSABLE, why=assessment.why)
    return Check(Result.OUTSIDE, above=above, remarks=frozenset({Remark.ABOVE_STATUTE}),
                 why=(*assessment.why, _line(decided, lawful, above, NOTHING, False)))


def _without_tier(answer: Answer, decided: Decided, reducible: bool) -> Check:
    """Without a tier only the statute can be held against a decision; below it only a reduction is lawful (32)."""
    if answer.state is State.LAWFUL and (decided.fine is not None or decided.penalties - ORDERS):
        return Check(Result.OUTSIDE, above=decided.fine or NOTHING, extra=decided.penalties - ORDERS,
                     why=(*answer.why, why("check", "punished")))
    lawful = answer.provided.fine if answer.provided is not None else None
    above, below = _beyond(decided.fine, lawful) if lawful is not None else (NOTHING, NOTHING)
    if above:
        return Check(Result.OUTSIDE, above=above, remarks=frozenset({Remark.ABOVE_STATUTE}),
                     why=(*answer.why, _line(decided, lawful, above, NOTHING, False)))
    if below and decided.fine is not None and not reducible and answer.state in (State.NO_TIER, State.AMBIGUOUS):
        return Check(Result.OUTSIDE, below=below, remarks=frozenset({Remark.BELOW_STATUTE}),
                     why=(*answer.why, _line(decided, lawful, NOTHING, below, False)))
    if answer.state is State.LAWFUL:
        return Check(Result.WITHIN, why=answer.why)
    return Check(Result.NOT_ASSESSABLE, why=answer.why)


def _beyond(fine: Decimal | None, span: Money | None) -> tuple[Decimal, Decimal]:
    """Yuan above the highest and below the lowest amount allowed."""
    amount = fine if fine is not None else NOTHING
    if span is None:
        return amount, NOTHING
    return max(amount - span.high, NOTHING), max(span.low - amount, NOTHING)


def _beyond_statute(fine: Decimal | None, lawful: Money | None) -> set[Remark]:
    if fine is None or lawful is None or fine in lawful:
        return set()
    return {Remark.ABOVE_STATUTE if fine >= lawful.high else Remark.BELOW_STATUTE}


def _at_ends(fine: Decimal | None, span: Money | None) -> set[Remark]:
    if fine is None or span is None or span.fixed:
        return set()
    return {remark for remark, end in ((Remark.AT_LOWEST, span.low), (Remark.AT_HIGHEST, span.high)) if fine == end}


def _line(decided: Decided, span: Money | None, above: Decimal, below: Decimal, fits: bool) -> Why:
    fine = f"{plain(decided.fine)} 元" if decided.fine is not None else "—"
    allowed = span.text if span is not None else "—"
    if fits:
        return why("check", "within", fine=fine, allowed=allowed)
    if above:
        return why("check", "above", fine=fine, allowed=allowed, by=plain(above))
    return why("check", "below", fine=fine, allowed=allowed, by=plain(below))
