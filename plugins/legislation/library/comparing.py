"""Two editions of a law, article by article: what stayed, changed, moved, came and went."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Literal

from plugins.legislation.library.models import Article

_ALIKE = 0.5
_MERGE = 2


class Outcome(StrEnum):
    """What became of an article."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one side of a comparison."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An article of the earlier edition beside that of the later one."""

    outcome: Outcome
    before: Any = None
    after: Any = None
    old: tuple[Stretch, ...] = ()
    new: tuple[Stretch, ...] = ()


def parts_of(edition: Any) -> list[Any]:
    """The parts of an edition in order."""
    return list(Article.select().where(Article.edition == edition).order_by(Article.place))


def compare(before: Sequence[Any], after: Sequence[Any]) -> list[Pair]:
    """Pair the articles of two editions in the order of the later one; what went stands where it was."""
    partner = _partners(before, after)
    taken = {old.place for old in partner.values()}
    out: list[Pair] = []
    waiting = iter([old for old in before if old.place not in taken])
    gone = next(waiting, None)
    for new in after:
        old = partner.get(new.place)
        while old is not None and gone is not None and gone.place < old.place:
            out.append(Pair(Outcome.REMOVED, before=gone))
            gone = next(waiting, None)
        out.append(Pair(Outcome.ADDED, after=new) if old is None else _pair(old, new))
    while gone is not None:
        out.append(Pair(Outcome.REMOVED, before=gone))
        gone = next(waiting, None)
    return out


def _partners(before: Sequence[Any], after: Sequence[Any]) -> dict[int, Any]:
    """For each article of the later edition its earlier self: the same words first, then the most alike."""
    partner: dict[int, Any] = {}
    by_words: dict[str, list[Any]] = {}
    for old in before:
        by_words.setdefault(old.units, []).append(old)
    for new in after:
        if by_words.get(new.units):
            partner[new.place] = by_words[new.units].pop(0)
    left = {old.place: old for old in before if old.place not in {one.place for one in partner.values()}}
    grams = {old.place: _grams(old) for old in left.values()}
    scored: list[tuple[float, int, int]] = []
    for new in after:
        if new.place in partner:
            continue
        mine = _grams(new)
        for place, theirs in grams.items():
            share = 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))
            if share + (0.15 if left[place].label == new.label else 0) >= _ALIKE:
                scored.append((-share, new.place, place))
    for _, place, old_place in sorted(scored):
        if place not in partner and old_place in left:
            partner[place] = left.pop(old_place)
    return partner


def _grams(part: Any) -> frozenset[str]:
    run = part.units.split(" ")
    return frozenset(first + second for first, second in itertools.pairwise(run))


def _pair(old: Any, new: Any) -> Pair:
    if old.units == new.units:
        return Pair(Outcome.SAME if old.label == new.label else Outcome.MOVED, old, new)
    was, now = differences(old.text, new.text)
    return Pair(Outcome.CHANGED, old, new, was, now)


def differences(before: str, after: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Both texts in stretches that stayed and stretches that changed."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    kept = [block for block in blocks if block.size >= _MERGE or block.size == 0]
    return (tuple(_stretches(before, [(block.a, block.size) for block in kept], "gone")),
            tuple(_stretches(after, [(block.b, block.size) for block in kept], "new")))


def _stretches(text: str, same: Sequence[tuple[int, int]], other: Literal["gone", "new"]) -> Iterator[Stretch]:
    place = 0
    for start, size in same:
        if start > place:
            yield Stretch(other, text[place:start])
        if size:
            yield Stretch("same", text[start : start + size])
        place = start + size
