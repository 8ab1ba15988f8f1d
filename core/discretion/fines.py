"""Fines: a range of amounts, or of multiples of a base (违法所得, 货值金额) with floor and cap; exact throughout."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.discretion.intervals import EXACT, Interval, plain
from core.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One end of a fine as a function of its base: ``factor × base``, not below floor, not above cap."""

    factor: Decimal
    base: str | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None

    def at(self, base: Decimal | None) -> Decimal:
        """The amount in yuan for a value of the base (ignored where there is no base)."""
        if self.base is None or base is None:
            return self.factor
        amount = EXACT.multiply(self.factor, base)
        if self.floor is not None and amount < self.floor:
            amount = self.floor
        if self.cap is not None and amount > self.cap:
            amount = self.cap
        return amount


@dataclass(frozen=True, slots=True)
class Money:
    """A range of amounts in yuan as it comes out for a case."""

    low: Decimal
    high: Decimal
    low_closed: bool = True
    high_closed: bool = True

    def __contains__(self, amount: Decimal) -> bool:
        return amount in self.interval

    @property
    def interval(self) -> Interval:
        """The amounts as an interval."""
        return Interval(self.low, self.high, self.low_closed, self.high_closed)

    @property
    def fixed(self) -> bool:
        """True where there is only one amount."""
        return self.low == self.high

    def meet(self, other: Money) -> Money | None:
        """The amounts in both ranges, or None."""
        both = self.interval.meet(other.interval)
        if both is None or both.low is None or both.high is None:
            return None
        return Money(both.low, both.high, both.low_closed, both.high_closed)

    def within(self, other: Money) -> bool:
        """Whether every amount of this range lies in another."""
        return not self.starts_below(other) and not self.ends_above(other)

    def starts_below(self, other: Money) -> bool:
        """Whether amounts of this range lie below another."""
        return self.low < other.low or (self.low == other.low and self.low_closed and not other.low_closed)

    def ends_above(self, other: Money) -> bool:
        """Whether amounts of this range lie above another."""
        return self.high > other.high or (self.high == other.high and self.high_closed and not other.high_closed)

    def part(self, start: Decimal, end: Decimal) -> Money:
        """The part between two shares of the range: ``part(0, 0.3)`` is its lowest 30 %."""
        width = EXACT.subtract(self.high, self.low)
        low = EXACT.add(self.low, EXACT.multiply(start, width))
        high = EXACT.add(self.low, EXACT.multiply(end, width))
        return Money(low, high, self.low_closed if start == 0 else True, self.high_closed if end == 1 else True)

    @property
    def text(self) -> Text:
        """The range in words, with open ends named."""
        if self.fixed:
            return Text(f"{plain(self.low)} 元", {"en": f"{plain(self.low)} yuan"})
        zh = f"{plain(self.low)}—{plain(self.high)} 元"
        en = f"{plain(self.low)}–{plain(self.high)} yuan"
        if not self.low_closed:
            zh, en = f"{zh}（不含 {plain(self.low)} 元）", f"{en} (above {plain(self.low)})"
        if not self.high_closed:
            zh, en = f"{zh}（不含 {plain(self.high)} 元）", f"{en} (below {plain(self.high)})"
        return Text(zh, {"en": en})


@dataclass(frozen=True, slots=True)
class Fine:
    """A fine as a table or a statute gives it.

    Attributes:
        span: amounts in yuan, or multiples of the base; both ends exist.
        base: input that the multiples refer to; None for amounts.
        floor, cap: amounts in yuan that the multiples never leave.
    """

    span: Interval
    base: str | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None

    @property
    def low(self) -> Line:
        """The lower end as a function of the base."""
        return Line(self.span.low or Decimal(0), self.base, self.floor, self.cap)

    @property
    def high(self) -> Line:
        """The upper end as a function of the base."""
        return Line(self.span.high or Decimal(0), self.base, self.floor, self.cap)

    def at(self, base: Decimal | None) -> Money:
        """The range in yuan for a value of the base.

        An end that the multiples exclude is reached all the same where floor or cap holds it, or the base is zero.
        """
        low, high = self.low.at(base), self.high.at(base)
        if (self.span.low_closed and self.span.high_closed) or self.base is None or base is None:
            return Money(low, high, self.span.low_closed, self.span.high_closed)
        least, most = EXACT.multiply(self.low.factor, base), EXACT.multiply(self.high.factor, base)
        held = low == high
        below, above = self.floor is not None and least < self.floor, self.cap is not None and most > self.cap
        return Money(low, high, self.span.low_closed or held or below, self.span.high_closed or held or above)

    @property
    def kinks(self) -> frozenset[Fraction]:
        """Values of the base at which floor or cap takes over, or the range shrinks to a point."""
        if self.base is None:
            return frozenset()
        factors = [factor for factor in (self.low.factor, self.high.factor) if factor]
        limits = [limit for limit in (self.floor, self.cap) if limit is not None]
        return frozenset({Fraction(0), *(Fraction(limit) / Fraction(factor) for limit in limits for factor in factors)})

    def not_heavier(self, other: Fine) -> bool | None:
        """Whether both ends are at most those of another fine of the same form; None where the forms differ."""
        if (self.base, self.floor, self.cap) != (other.base, other.floor, other.cap):
            return None
        return self.low.factor <= other.low.factor and self.high.factor <= other.high.factor
