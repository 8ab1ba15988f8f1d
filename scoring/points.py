"""Points: exact decimals with two places, rounded half up, and weights shared out so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

HUNDRED = Decimal(100)
ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


def rounded(value: Decimal | Fraction | int) -> Decimal:
    """``value`` with two decimal places, half up (四舍五入, away from zero), whatever the decimal context."""
    exact = Fraction(value)
    scaled = abs(exact) * 100
    cents = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return from_hundredths(cents if exact >= 0 else -cents)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The mean rounded half up to 0.01; None for no values."""
    return rounded(Fraction(sum(values, ZERO)) / len(values)) if values else None


def share_out(total: Decimal, weights: Sequence[Fraction]) -> tuple[Decimal, ...]:
    """Split ``total`` in proportion to ``weights`` into hundredths that add up to ``total`` exactly.

    Each share is cut to two places and the hundredths that are left go to the largest remainders, earlier
    ones first. Were every share rounded by itself, three equal thirds of 100 would add up to 99.99 and a
    flawless case could never reach full marks.
    """
    whole = sum(weights, Fraction(0))
    if not whole:
        return tuple(ZERO for _ in weights)
    exact = [Fraction(total) * 100 * weight / whole for weight in weights]
    cents = [int(share) for share in exact]
    left = int(total * 100) - sum(cents)
    by_remainder = sorted(range(len(exact)), key=lambda i: (cents[i] - exact[i], i))
    for i in by_remainder[:left]:
        cents[i] += 1
    return tuple(from_hundredths(cent) for cent in cents)


def from_hundredths(cents: int) -> Decimal:
    """The points that ``cents`` hundredths are, with two places."""
    return (Decimal(cents) * _CENT).quantize(_CENT)

