"""Targets of an activation looked up instead of joined, for cases so long that the pairs themselves are too many.

A join hands over every pair, and a step that is repeated a thousand times beside another makes a million of them,
of which a verdict needs one or two. Here the places of a pattern stay one sorted list, and what a rule asks about is
a stretch of it that is walked only as far as the answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Reversible, Sequence
from dataclasses import dataclass, replace

from core.cases.case import Step
from scoring.engine.scopes import correlation_value

Targets = Reversible[int]
"""Places in the case's order, forwards and backwards."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The places in a stretch of a sorted list for which every test is true, looked at one by one.

    Attributes:
        low, high: the stretch, as positions in ``places``.
    """

    places: Sequence[int]
    low: int
    high: int
    tests: tuple[Callable[[int], object], ...] = ()

    def __iter__(self) -> Iterator[int]:
        return (place for place in map(self.places.__getitem__, range(self.low, self.high)) if self._passes(place))

    def __reversed__(self) -> Iterator[int]:
        return (place for place in map(self.places.__getitem__, range(self.high - 1, self.low - 1, -1))
                if self._passes(place))

    def where(self, test: Callable[[int], object]) -> Candidates:
        """Only those that pass ``test`` too."""
        return replace(self, tests=(*self.tests, test))

    def between(self, low: int, high: int) -> Candidates:
        """Only places from ``low`` to before ``high``."""
        return replace(self, low=max(self.low, bisect_left(self.places, low)),
                       high=min(self.high, bisect_left(self.places, high)))

    def _passes(self, place: int) -> bool:
        return all(test(place) for test in self.tests)


class Groups:
    """Places by what their steps hold in the correlated fields; a step without one of the values is in no group."""

    def __init__(self, places: Sequence[int], steps: Sequence[Step], names: tuple[str, ...]) -> None:
        found: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        self._names = names
        for place in places if names else ():
            if (key := self._key(steps[place])) is not None:
                found[key].append(place)
        self._all, self._found = places, found

    def of(self, step: Step) -> Sequence[int]:
        """The places that go with ``step``."""
        if not self._names:
            return self._all
        key = self._key(step)
        return () if key is None else self._found.get(key, ())

    def _key(self, step: Step) -> tuple[object, ...] | None:
        values = tuple(correlation_value(step, name) for name in self._names)
        return None if None in values else values


def wide_joins(sides: Sequence[tuple[int, int]], sizes: Sequence[int], most_pairs: int) -> frozenset[int]:
    """The joins whose targets are looked up: those with too many pairs, and all that share the mark left out for it.

    A mark that no fact carries cannot pair in another join either, so that no join brings the pairs back.

    Args:
        sides: the two marks of each join.
        sizes: how many steps carry each mark.
    """
    left_out = {max(pair, key=sizes.__getitem__) for pair in sides if sizes[pair[0]] * sizes[pair[1]] > most_pairs}
    return frozenset(number for number, pair in enumerate(sides) if not left_out.isdisjoint(pair))

