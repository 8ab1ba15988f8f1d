"""Where one fine leaves the range of another: exact search over the values that their bases may have.

Ends of fines are piecewise linear in their base, so that only ends, kinks and one point between them matter, and
open or missing ends by their limits. Every answer is a value of the base at which it really happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import pairwise, product

from core.discretion.fines import Fine, Money
from core.discretion.intervals import Interval

MOST_STEPS = 80  # halvings or doublings: 24 digits, far finer and larger than any sum of money


def somewhere_outside(given: Fine, allowed: Fine, box: Mapping[str, Interval],
                      integers: frozenset[str] = frozenset()) -> dict[str, Decimal] | None:
    """Values of the bases for which one fine leaves the range of another, or None.

    Args:
        box: what values each base may have.
        integers: bases that are whole numbers.
    """
    bases = tuple(dict.fromkeys(fine.base for fine in (given, allowed) if fine.base is not None))

    def outside(values: Mapping[str, Decimal]) -> bool:
        return not _at(given, values).within(_at(allowed, values))

    for values in _cases(given, allowed, bases, box, integers):
        if all(values[base] in box[base] for base in bases) and outside(values):
            return _rounded(values, box, outside, integers)
    return None


def _at(fine: Fine, values: Mapping[str, Decimal]) -> Money:
    return fine.at(values[fine.base] if fine.base is not None else None)


def _cases(given: Fine, allowed: Fine, bases: tuple[str, ...], box: Mapping[str, Interval],
           integers: frozenset[str]) -> Iterator[dict[str, Decimal]]:
    kinks = sorted(given.kinks | allowed.kinks)
    for values in product(*(_candidates(box[base], kinks, base in integers) for base in bases)):
        yield dict(zip(bases, values, strict=True))
    if len(bases) == 2:
        for upper in (False, True):
            first = _towards(box[bases[0]], upper=upper, integer=bases[0] in integers)
            second = _towards(box[bases[1]], upper=not upper, integer=bases[1] in integers)
            for one, other in zip(first, second, strict=False):
                yield {bases[0]: one, bases[1]: other}


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


def _rounded(found: dict[str, Decimal], box: Mapping[str, Interval], holds: Callable[[Mapping[str, Decimal]], bool],
             integers: frozenset[str]) -> dict[str, Decimal]:
    """Rounder numbers near those found for which the same holds: officials read them more easily."""
    for base in found:
        found = next((better for candidate in _rounder(found[base], base in integers)
                      if candidate in box[base] and holds(better := {**found, base: candidate})), found)
    return found


def _rounder(value: Decimal, integer: bool) -> Iterator[Decimal]:
    exponent = value.adjusted() if value else 0
    for power in range(exponent, exponent - 30, -1):
        if integer and power < 0:
            return
        step = Decimal(1).scaleb(power)
        for rounding in (ROUND_FLOOR, ROUND_CEILING):
            yield (value / step).to_integral_value(rounding) * step
