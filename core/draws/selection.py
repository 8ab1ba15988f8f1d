"""The choice itself: a plan and a seed give one answer, on any computer, in any language.

How it goes (``fazhi-draw-1``), so that anyone can write it again:

1. Numbers. Number *i* (from 0) of a group is SHA-256 of ``fazhi-draw-1|seed|group|i`` in UTF-8, read as one integer
   of 256 bits. To get one below *n*, a number is skipped where it is not below the largest multiple of *n* that
   256 bits hold; the first that is not skipped is taken modulo *n*.
2. Candidates of a group stand in the order of their ids (by code point). Each has as many tickets as its weight.
3. Of all tickets that are left, one is taken: ticket number *r*, counted from 0 through the candidates in order.
   Whose it is, is drawn, and leaves the urn with all tickets. This is repeated as often as candidates are wanted,
   then for the substitutes.

With equal weights every choice of *k* candidates, in every order, is equally likely (a Fisher–Yates shuffle that is
stopped after *k*).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.draws.plan import ALGORITHM, Candidate, Plan

SPAN = 1 << 256


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was drawn, in the order of drawing.

    Attributes:
        spares: substitutes, in the order in which they step in.
    """

    chosen: tuple[str, ...]
    spares: tuple[str, ...] = ()


def select(plan: Plan, seed: str) -> Chosen:
    """The answer of a plan to a seed.

    Args:
        seed: the text of the seed (hexadecimal digits as published).
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for one in plan.candidates:
        groups[one.group if plan.quotas else ""].append(one)
    chosen: list[str] = []
    spares: list[str] = []
    for group, number in sorted(plan.wanted().items()):
        drawn = _draw(sorted(groups[group], key=lambda one: one.id), numbers(seed, group), number + plan.spares)
        chosen += drawn[:number]
        spares += drawn[number:]
    return Chosen(tuple(chosen), tuple(spares))


def numbers(seed: str, group: str = "") -> Iterator[int]:
    """The endless sequence of 256-bit numbers of a seed."""
    counter = 0
    while True:
        text = f"{ALGORITHM}|{seed}|{group}|{counter}"
        yield int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        counter += 1


def below(limit: int, source: Iterator[int]) -> int:
    """The next number below ``limit``, every one equally likely."""
    usable = SPAN - SPAN % limit
    return next(number for number in source if number < usable) % limit


def _draw(candidates: Sequence[Candidate], source: Iterator[int], number: int) -> list[str]:
    urn = _Urn([one.weight for one in candidates])
    drawn: list[str] = []
    for _ in range(min(number, len(candidates))):
        place = urn.holder(below(urn.tickets, source))
        urn.remove(place)
        drawn.append(candidates[place].id)
    return drawn


class _Urn:
    """Tickets by candidate as a binary indexed tree: finding a ticket's holder and taking him out are logarithmic."""

    def __init__(self, weights: Sequence[int]) -> None:
        self._weights = list(weights)
        self._tree = [0, *weights]
        self.tickets = sum(weights)
        for place in range(1, len(self._tree)):
            above = place + (place & -place)
            if above < len(self._tree):
                self._tree[above] += self._tree[place]

    def holder(self, ticket: int) -> int:
        """Position of the candidate who has this ticket, counted from 0 through those still in the urn."""
        place, step = 0, 1 << len(self._weights).bit_length()
        while step:
            after = place + step
            if after < len(self._tree) and self._tree[after] <= ticket:
                place = after
                ticket -= self._tree[after]
            step >>= 1
        return place

    def remove(self, place: int) -> None:
        """Take a candidate out with all tickets."""
        weight, self._weights[place] = self._weights[place], 0
        self.tickets -= weight
        place += 1
        while place < len(self._tree):
            self._tree[place] -= weight
            place += place & -place
