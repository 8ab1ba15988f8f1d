"""Like cases that were punished differently (类案不同罚): where in the range each fine lies, and which lie apart.

A fine is compared by its place in the range that the table gives for the case, so that fines of different bases can
be compared. A case lies apart where its place is further from the median of those alike than ``times`` × 1.4826 × the
median absolute deviation (Iglewicz and Hoaglin 1993), and at least ``least`` away. It is a hint to look at, nothing
that is scored: no score reads it, and none may read amounts of fines (行政处罚法 74).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

CONSISTENT = 1.4826
"""Makes the median absolute deviation comparable to a standard deviation."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a case lies apart.

    Attributes:
        times: so many robust deviations from the median.
        least: and at least this share of the range.
        cases: fewer cases are not compared.
    """

    times: float = 3.0
    least: float = 0.1
    cases: int = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """How the places of cases that are alike are distributed.

    Attributes:
        width: distance from the median beyond which a case lies apart; negative where too few are there to compare.
    """

    least: float
    quarter: float
    middle: float
    three_quarters: float
    most: float
    width: float

    def apart(self, place: float) -> bool:
        """Whether a place lies apart."""
        return self.width >= 0 and abs(place - self.middle) > self.width + 1e-9


def spread(places: Sequence[float], rule: Rule) -> Spread:
    """The distribution of at least one place."""
    ordered = sorted(places)
    middle = median(ordered)
    deviation = median(abs(place - middle) for place in ordered)
    width = max(rule.times * CONSISTENT * deviation, rule.least) if len(ordered) >= rule.cases else -1.0
    return Spread(ordered[0], _quantile(ordered, 0.25), middle, _quantile(ordered, 0.75), ordered[-1], width)


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def place_of(fine: float, least: float, most: float) -> float:
    """Where a fine lies in a range: 0 at its lowest, 1 at its highest amount, beyond where it lies outside."""
    if most <= least:
        return 0.0 if fine == least else 1.0 if fine > least else -1.0
    return (fine - least) / (most - least)
