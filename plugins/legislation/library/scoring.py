"""Which of the articles that hold the words is meant: whole numbers only, so that every machine agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plugins.legislation.library.catalogue import common_laws
from plugins.legislation.library.units import units
from plugins.legislation.library.vocabulary import LawLevel, PartKind

_LEVEL_POINTS = {LawLevel.CONSTITUTION: 100, LawLevel.LAW: 120, LawLevel.REGULATION: 50, LawLevel.LOCAL_REGULATION: 30,
                 LawLevel.DEPARTMENT_RULE: 20}
_DEFINES = (("是", "指"), ("指",), ("包括",))
_ENDING = 4
"""Units of a title that only say what it is: 中华人民共和国…法 aside, 法, 条例, 实施条例."""

_NUMBERED = 3
"""Units of a heading that number it: 第 4 节."""

_LEADS = 220
"""For the first article under a heading that holds the words: it says what the section is about."""

_NEAR = 40
"""Units within which words stand near each other."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that holds the words somewhere; columns as in the tables."""

    id: int
    units: str
    headings: Any
    kind: str
    place: int
    rank: int
    latest: bool
    law: str
    title: str
    level: str
    amendment: bool
    cited: int
    repealed: str

    @property
    def old(self) -> bool:
        """Replaced by a later edition, or repealed."""
        return not self.latest or bool(self.repealed)


def order(candidates: Iterable[Candidate], words: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """Ids, best first; those that do not hold the words after all are left out."""
    titles: dict[str, str] = {}
    ranked: list[tuple[tuple[int, bool, int, int, int], int]] = []
    needles = [_padded(run) for run in words]
    together = _padded([unit for run in words for unit in run])
    known = list(candidates)
    first = _first_under(known)
    for each in known:
        title = titles.get(each.law)
        if title is None:
            title = titles[each.law] = _padded(units(each.title))
        leads = first[each.law, each.rank, tuple(each.headings)] == each.place
        scored = _score(each, title, needles, together, leads)
        if scored is not None:
            tier, points = scored
            ranked.append(((tier, each.old, -points, each.rank, each.place), each.id))
    return tuple(article for _, article in sorted(ranked))


def _first_under(candidates: Iterable[Candidate]) -> dict[tuple[str, int, tuple[str, ...]], int]:
    """The first article that was found under each heading."""
    first: dict[tuple[str, int, tuple[str, ...]], int] = {}
    for each in candidates:
        key = (each.law, each.rank, tuple(each.headings))
        first[key] = min(first.get(key, each.place), each.place)
    return first


def _score(each: Candidate, title: str, needles: Sequence[str], together: str, leads: bool) -> tuple[int, int] | None:
    body = f" {each.units} "
    heading = _heading(each.headings[-1]) if each.headings else ""
    above = [_heading(line) for line in each.headings[:-1]]
    stands = standing(each)
    if together in body or together in title or together in heading:
        points = _phrase(together, body, title, heading, each)
        return 0, stands + points + (_leading(together, heading) if leads else 0)
    missing = [needle for needle in needles if needle not in body]
    elsewhere = (title, heading, *above)
    if any(not any(needle in text for text in elsewhere) for needle in missing):
        return None
    points = sum(120 for needle in needles if needle in title) + sum(90 for needle in needles if needle in heading)
    if leads and all(needle in heading for needle in needles):
        points += _leading(together, heading) or _LEADS // 2
    elif leads and missing:
        points += max((_leading(needle, heading) // 2 for needle in needles), default=0)
    inside = [needle for needle in needles if needle in body]
    near = _window(body, inside)
    points += sum(_phrase(needle, body, "", "", each) // (2 * len(needles)) for needle in inside)
    if not missing:
        size = sum(needle.count(" ") - 1 for needle in needles)
        points += 260 * size // max(near, 1)
    return (1 if missing or near <= _NEAR else 2), stands + points


def _leading(needle: str, heading: str) -> int:
    """How much the first article under a heading is about words that the heading holds: by their share of it."""
    if needle not in heading:
        return 0
    return _LEADS * (needle.count(" ") - 1) // max(heading.count(" ") - 1 - _NUMBERED, 1)


def _phrase(needle: str, body: str, title: str, heading: str, each: Candidate) -> int:
    """How much an article is about a phrase: titled so, under such a heading, defining it, beginning with it."""
    length = needle.count(" ") - 1
    times = body.count(needle[:-1] + " ")
    points = 0
    if needle in title:
        points += (200 if times else 60) + 260 * length // max(title.count(" ") - 1, 1)
        whole = length >= title.count(" ") - _ENDING
        points += (160 if whole else 60) if each.place == 1 else 0
    if needle in heading:
        points += 90 + 150 * length // max(heading.count(" ") - 1, 1)
    if times:
        first = body.index(needle)
        points += 110 if body[:first].count(" ") <= 2 else 0
        points += 25 * min(times, 4) + min(120, 300 * times * length // max(body.count(" ") - 1, 1))
        points += _defines(needle, body)
    return points


def _defines(needle: str, body: str) -> int:
    stem = needle.rstrip()
    if any(f"{stem} {' '.join(signs)} " in body for signs in _DEFINES) or f" 所 称{stem} " in body:
        return 520
    named = f" 属 于{needle}" in body or f" 是{stem} 罪 " in body
    return 240 if named else 0


def standing(each: Candidate) -> int:
    """How much weight an article has, whatever is searched."""
    points = _LEVEL_POINTS.get(LawLevel(each.level), 0) + min(110, 16 * each.cited.bit_length())
    points += 100 if each.law in common_laws() else 0
    points -= 150 if each.amendment else 0
    return points - (0 if each.kind == PartKind.ARTICLE else 80)


def _window(body: str, needles: Sequence[str]) -> int:
    """Units of the shortest stretch that holds each needle once, as far as first and nearest places tell."""
    if len(needles) < 2:
        return 1
    rare = min(needles, key=body.count)
    best = body.count(" ")
    start = body.find(rare)
    while start >= 0:
        low, high = start, start + len(rare)
        for needle in needles:
            if needle is rare:
                continue
            before, after = body.rfind(needle, 0, start + len(needle)), body.find(needle, start)
            places = [place for place in (before, after) if place >= 0]
            place = min(places, key=lambda found: abs(found - start))
            low, high = min(low, place), max(high, place + len(needle))
        best = min(best, body.count(" ", low, high))
        start = body.find(rare, start + 1)
    return best


def held(each: Candidate, pairs: Sequence[Pair]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Which pairs of units stand in the text of an article; which only in its headings and the title."""
    body = f" {each.units} "
    above = "".join((_heading(each.title), *map(_heading, each.headings)))
    inside = frozenset(pair for pair in pairs if f" {pair[0]} {pair[1]} " in body)
    return inside, frozenset(pair for pair in pairs if pair not in inside and f" {pair[0]} {pair[1]} " in above)


@lru_cache(maxsize=4096)
def _heading(line: str) -> str:
    return _padded(units(line))


def _padded(run: Sequence[str]) -> str:
    return f" {' '.join(run)} "
