"""Where one end of a fine lies below another: exact search over the values that their bases may have.

Ends of fines are piecewise linear in their base, so that only ends, kinks and one point between them matter, and
open or missing ends by their limits. Every answer is a value of the base at which it really happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import pairwise

from core.discretion.fines import Line
from core.discretion.intervals import Interval

MOST_STEPS = 80  # halvings or doublings: 24 digits, far finer and larger than any sum of money


def somewhere_less(small: Line, large: Line, equal_too: bool, box: Mapping[str, Interval],
                   integers: frozenset[str] = frozenset()) -> dict[str, Decimal] | None:
    """Values of the bases for which ``small`` is less than ``large`` (or, with ``equal_too``, not more), or None.

    Args:
        box: what values each base may have.
        integers: bases that are whole numbers.
    """
    def holds(one: Decimal, other: Decimal) -> bool:
        left, right = small.at(one), large.at(other)
        return left < right or (equal_too and left == right)

    if small.base is None or large.base is None or small.base == large.base:
        base = small.base or large.base
        if base is None:
            return {} if holds(Decimal(0), Decimal(0)) else None
        found = _search(lambda value: holds(value, value), box[base], _kinks(small) | _kinks(large), base in integers)
        return None if found is None else {base: found}
    low_end = _towards(box[small.base], upper=False, integer=small.base in integers)
    high_end = _towards(box[large.base], upper=True, integer=large.base in integers)
    for one, other in zip(low_end, high_end, strict=False):
        if holds(one, other):
            return {small.base: one, large.base: other}
    return None


def _kinks(line: Line) -> set[Fraction]:
    """Values of the base at which floor or cap takes over."""
    if line.base is None or not line.factor:
        return set()
    return {Fraction(limit) / Fraction(line.factor) for limit in (line.floor, line.cap) if limit is not None}


def _search(holds: Callable[[Decimal], bool], span: Interval, kinks: set[Fraction], integer: bool) -> Decimal | None:
    for candidate in _candidates(span, sorted(kinks), integer):
        if candidate in span and holds(candidate):
            return _rounder(candidate, span, holds, integer)
    return None


def _candidates(span: Interval, kinks: list[Fraction], integer: bool) -> Iterator[Decimal]:
    inner = [kink for kink in kinks
             if (span.low is None or kink > span.low) and (span.high is None or kink < span.high)]
    for end in (span.low, span.high):
        if end is not None:
            yield end
    for kink in inner:
        yield from _decimals(kink, integer)
    points = ([Fraction(span.low)] if span.low is not None else []) + inner + (
        [Fraction(span.high)] if span.high is not None else [])
    for left, right in pairwise(points):
        yield from _decimals((left + right) / 2, integer)
    yield from _towards(span, upper=True, integer=integer, start=points[-1] if points else None)
    if span.low is not None and not span.low_closed:
        yield from _towards(span, upper=False, integer=integer, start=points[1] if len(points) > 1 else None)


def _towards(span: Interval, *, upper: bool, integer: bool, start: Fraction | None = None) -> Iterator[Decimal]:
    """Values that approach an end of the span, or run away where there is no end."""
    end = span.high if upper else span.low
    if end is not None and (span.high_closed if upper else span.low_closed):
        for _ in range(MOST_STEPS):
            yield end
        return
    if end is None:
        step = Decimal(1)
        begin = _decimal(start) if start is not None else (span.low if upper else span.high) or Decimal(0)
        for _ in range(MOST_STEPS):
            yield begin + step if upper else begin - step
            step *= 2
        return
    other = span.low if upper else span.high
    gap = (abs(end - other) if other is not None else Decimal(1)) / 2
    for _ in range(MOST_STEPS):
        yield end - gap if upper else end + gap
        gap /= 2


def _decimals(value: Fraction, integer: bool) -> Iterator[Decimal]:
    number = _decimal(value)
    if not integer:
        yield number
        return
    yield number.to_integral_value(ROUND_FLOOR)
    yield number.to_integral_value(ROUND_CEILING)


def _decimal(value: Fraction) -> Decimal:
    return Context(prec=60).divide(Decimal(value.numerator), Decimal(value.denominator))


def _rounder(found: Decimal, span: Interval, holds: Callable[[Decimal], bool], integer: bool) -> Decimal:
    """A rounder number near the one found for which the same holds: officials read it more easily."""
    exponent = found.adjusted() if found else 0
    for _ in range(30):
        if integer and exponent < 0:
            break
        step = Decimal(1).scaleb(exponent)
        for rounding in (ROUND_FLOOR, ROUND_CEILING):
            candidate = (found / step).to_integral_value(rounding) * step
            if candidate in span and holds(candidate):
                return candidate
        exponent -= 1
    return found
