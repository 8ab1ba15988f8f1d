"""The law at the act and the law at the decision: 从旧兼从轻 (行政处罚法 37).

A newer law counts only where it is lighter in every respect. Where neither law is, both are shown and nothing is
decided. Laws are compared, not tables: a newer benchmark is a matter of reasonableness and is only pointed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.discretion.fines import Money
from core.discretion.model import Table
from core.discretion.penalties import Penalty
from core.text import Text
from scoring.discretion.answer import Answer, Provided, State, Why, why
from scoring.discretion.evaluate import Facts, evaluate
from scoring.discretion.grounds import article

ORDERS = frozenset({Penalty.ORDER_CORRECTION, Penalty.ORDER_STOP})
BASIS = (article("37"),)


class Law(StrEnum):
    """Which law."""

    AT_ACT = "at_act"
    AT_DECISION = "at_decision"


class Weight(StrEnum):
    """How the newer of two laws compares with the older."""

    LIGHTER = "lighter"
    SAME = "same"
    HEAVIER = "heavier"


@dataclass(frozen=True, slots=True)
class Readings:
    """Both readings, and the one that counts.

    Attributes:
        counts: None where nothing can be decided.
    """

    at_act: Answer
    at_decision: Answer
    counts: Law | None
    why: tuple[Why, ...]

    @property
    def answer(self) -> Answer | None:
        """The reading that counts."""
        if self.counts is None:
            return None
        return self.at_act if self.counts is Law.AT_ACT else self.at_decision


def version_on(versions: Sequence[Table], day: date) -> Table:
    """The version of a table that speaks for a day: the one in force, else one that knows the statute of that day.

    Raises:
        ValueError: there is no version at all.
    """
    if not versions:
        raise ValueError("no version of the table")
    ordered = sorted(versions, key=lambda table: table.valid.start or date.min)
    in_force = [table for table in ordered if day in table.valid]
    knowing = [table for table in ordered if table.statutes_on(day)]
    return (in_force or knowing or ordered)[-1]


def read(versions: Sequence[Table], facts: Facts, act: date, decision: date) -> Readings:
    """Evaluate under both laws and pick the one that counts.

    Args:
        versions: all versions of one table for the region.
        act: the day whose law is the law at the act.
        decision: the day of the decision.
    """
    old = evaluate(version_on(versions, act), facts, act)
    new = evaluate(version_on(versions, decision), facts, decision)
    counts, lines = _counting(old, new)
    return Readings(old, new, counts, lines)


def _counting(old: Answer, new: Answer) -> tuple[Law | None, tuple[Why, ...]]:
    if State.NEEDS_FACT in (old.state, new.state) or old.state is State.NOT_APPLICABLE or old.provided is None:
        return Law.AT_ACT, ()
    if new.provided is None:
        return None, (why("law", "new-law-unknown", BASIS, day=new.day.isoformat()),)
    law = weigh(old.provided, new.provided)
    if law is Weight.SAME:
        newer = _lighter_fine(old, new) is Weight.LIGHTER
        return Law.AT_ACT, ((why("law", "newer-benchmark", BASIS, fine=_text(new)),) if newer else ())
    fines = _lighter_fine(old, new)
    contrary = {law, fines} == {Weight.LIGHTER, Weight.HEAVIER}
    if law is None or contrary:
        return None, (why("law", "unordered", BASIS, old=_text(old), new=_text(new)),)
    if law is Weight.LIGHTER:
        return Law.AT_DECISION, (why("law", "new-law", BASIS, old=_law_text(old), new=_law_text(new)),)
    return Law.AT_ACT, (why("law", "old-law", BASIS, old=_law_text(old), new=_law_text(new)),)


def weigh(old: Provided, new: Provided) -> Weight | None:
    """The newer law against the older for the same facts; None where one is lighter here and heavier there."""
    down, up = _not_heavier(new, old), _not_heavier(old, new)
    if down and up:
        return Weight.SAME
    return Weight.LIGHTER if down else Weight.HEAVIER if up else None


def _not_heavier(one: Provided, other: Provided) -> bool:
    if one.lawful or other.lawful:
        return one.lawful
    must, others = one.must - ORDERS, other.must - ORDERS
    if not must <= others or not (must | one.may) - ORDERS <= (others | other.may):
        return False
    if one.fine is None:
        return True
    if other.fine is None:
        return False
    return _lowest(one, one.fine) <= _lowest(other, other.fine) and one.fine.high <= other.fine.high


def _lowest(provided: Provided, fine: Money) -> Decimal:
    return Decimal(0) if provided.optional else fine.low


def _lighter_fine(old: Answer, new: Answer) -> Weight | None:
    if old.fine is None or new.fine is None or State.TIER is not old.state or State.TIER is not new.state:
        return None
    down = new.fine.low <= old.fine.low and new.fine.high <= old.fine.high
    up = new.fine.low >= old.fine.low and new.fine.high >= old.fine.high
    if down and up:
        return Weight.SAME
    return Weight.LIGHTER if down else Weight.HEAVIER if up else None


def _law_text(answer: Answer) -> Text:
    provided = answer.provided
    if provided is not None and provided.lawful:
        return Text("不认为是违法", {"en": "lawful"})
    return provided.fine.text if provided is not None and provided.fine is not None else Text("—")


def _text(answer: Answer) -> Text:
    return answer.fine.text if answer.fine is not None else _law_text(answer)
