"""Intervals of exact numbers, open or closed at either end, and finding a plain number inside one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, Inexact

EXACT = Context(prec=120, traps=[Inexact])
"""Decimal arithmetic that raises rather than rounds; sums of money in law have far fewer digits."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two ends; None is an end that does not exist.

    以上、以下、以内 include the number, 超过、不满、不足 exclude it (民法典 1259).
    """

    low: Decimal | None = None
    high: Decimal | None = None
    low_closed: bool = True
    high_closed: bool = True

    def __contains__(self, value: Decimal | int) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_closed)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_closed)

    @property
    def empty(self) -> bool:
        """True where no number lies inside."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_closed and self.high_closed))

    def meet(self, other: Interval) -> Interval | None:
        """The numbers that lie in both, or None."""
        low, low_closed = _tighter(self.low, self.low_closed, other.low, other.low_closed, upper=False)
        high, high_closed = _tighter(self.high, self.high_closed, other.high, other.high_closed, upper=True)
        found = Interval(low, high, low_closed, high_closed)
        return None if found.empty else found

    def whole(self) -> Interval | None:
        """The same integers with closed integer ends, or None where there is none."""
        low, high = self.low, self.high
        if low is not None:
            up = low.to_integral_value(ROUND_CEILING)
            low = up + 1 if up == low and not self.low_closed else up
        if high is not None:
            down = high.to_integral_value(ROUND_FLOOR)
            high = down - 1 if down == high and not self.high_closed else down
        found = Interval(low, high)
        return None if found.empty else found

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return plain(self.low)
        left = "(" if self.low is None or not self.low_closed else "["
        right = ")" if self.high is None or not self.high_closed else "]"
        ends = ["" if end is None else plain(end) for end in (self.low, self.high)]
        return f"{left}{ends[0]}..{ends[1]}{right}"


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def complement(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The numbers outside all of the intervals, in order."""
    rest = [Interval()]
    for taken in intervals:
        rest = [piece for each in rest for piece in _without(each, taken)]
    return tuple(rest)


def _without(whole: Interval, taken: Interval) -> Iterable[Interval]:
    if taken.low is not None:
        left = whole.meet(Interval(None, taken.low, True, not taken.low_closed))
        if left is not None:
            yield left
    if taken.high is not None:
        right = whole.meet(Interval(taken.high, None, not taken.high_closed, True))
        if right is not None:
            yield right


def pieces(domain: Sequence[Interval], cells: Iterable[Interval], *, integer: bool) -> tuple[Interval, ...]:
    """The domain cut at every end of every cell: inside a piece no cell changes.

    Args:
        domain: disjoint and in order.
        integer: only integers count; then no piece is without one.
    """
    ends = {end for cell in cells for end in _cuts(cell, integer=integer)}
    found: list[Interval] = []
    for part in domain:
        rest: Interval | None = part.whole() if integer else part
        for number, before in sorted(ends, key=lambda end: (end[0], not end[1])):
            if rest is None:
                break
            left = rest.meet(Interval(None, number, True, not before))
            right = rest.meet(Interval(number, None, before, True))
            if left is not None and right is not None:
                found.append(left.whole() or left if integer else left)
                rest = right.whole() if integer else right
        if rest is not None:
            found.append(rest)
    return tuple(found)


def _cuts(cell: Interval, *, integer: bool) -> Iterable[tuple[Decimal, bool]]:
    """Where the line is cut: (number, True) just before the number, (number, False) just behind it."""
    if integer:
        whole = cell.whole()
        if whole is None:
            return
        if whole.low is not None:
            yield whole.low, True
        if whole.high is not None:
            yield whole.high + 1, True
        return
    if cell.low is not None:
        yield cell.low, cell.low_closed
    if cell.high is not None:
        yield cell.high, not cell.high_closed


def sample(interval: Interval) -> Decimal:
    """A number inside, as round as can be: the lower end where it belongs to the interval."""
    low, high = interval.low, interval.high
    if low is not None and interval.low_closed:
        return low
    if high is not None and interval.high_closed:
        return high
    if low is None:
        return Decimal(0) if high is None or high > 0 else high - 1
    return round_between(low, high)


def round_between(low: Decimal, high: Decimal | None) -> Decimal:
    """The roundest number strictly between two others."""
    exponent = max(low.adjusted() if low else 0, high.adjusted() if high else 0)
    while True:
        step = Decimal(1).scaleb(exponent)
        candidate = ((low / step).to_integral_value(ROUND_FLOOR) + 1) * step
        if high is None or candidate < high:
            return candidate
        exponent -= 1


def _tighter(one: Decimal | None, one_closed: bool, other: Decimal | None, other_closed: bool, *,
             upper: bool) -> tuple[Decimal | None, bool]:
    if one is None:
        return other, other_closed
    if other is None:
        return one, one_closed
    if one == other:
        return one, one_closed and other_closed
    return (one, one_closed) if (one < other) is upper else (other, other_closed)
