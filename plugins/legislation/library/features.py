"""What tells whether an article is meant: what it is, and how the words stand in it, above it and in its name.

Each feature is a small whole number, so that every machine agrees; how much it counts stands in ``weights.py``. What is
told of one term typed alone begins with ``term_``, of several words with ``words_``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plugins.legislation.library.candidates import Candidate, Reading, Way, in_units, spaced
from plugins.legislation.library.captions import captions_of, share
from plugins.legislation.library.catalogue import common_laws
from plugins.legislation.library.vocabulary import LawLevel

EXACT = "exact"
"""The words stand in the text as they are written, and are so many that they were copied from it."""

_LONG = 9
_WELL = 60
"""Hundredths of a name of which words must be so much that the article is called so."""

_EARLY, _SOON, _NEAR, _REGIME = 14, 30, 40, 20
_LEVELS = {LawLevel.CONSTITUTION: "constitution", LawLevel.LAW: "law", LawLevel.REGULATION: "regulation"}
_DEFINES = (" 是 指 ", " 指 ", " 包 括 ")
_CALLS = (" 是 ", " 为 ", " 视 同 ", " 视 为 ", " 属 于 ", " 构 成 ", " 认 定 为 ")
_CALLED = (" 罪 ", " 1 ", " 有 ")
_LISTS = (" 1 ", " 有 下 列 ", " 下 列 ")
_STATES = (" 是 ", " 指 ")
_FOUNDS = (" 设 立 ", " 建 立 ", " 实 行 ", " 申 请 ", " 可 以 ")
_PENAL = ("罚", "责任", "拘留", "没收", "吊销", "处分", "后果", "判", "刑")
_GENERAL, _FINAL, _LIABLE = " 总 则 ", " 附 则 ", (" 法 律 责 任 ", " 罚 则 ", " 和 处 罚 ")
_ENDINGS = ("法实施条例", "法实施细则", "管理条例", "实施条例", "暂行条例", "条例", "办法", "规定", "法")
_NUMBERED = 3
"""Units of a heading that number it: 第 4 节."""

Law = tuple[str, int]
Row = dict[str, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a reading, as they are looked for."""

    needles: tuple[str, ...]
    together: str
    size: int
    penal: bool

    @property
    def kind(self) -> str:
        return "term_" if len(self.needles) == 1 else "words_"


@dataclass(frozen=True, slots=True)
class _Around:
    """What the articles that were found say about each other."""

    first_under: Mapping[tuple[Law, tuple[str, ...]], int]
    first_in: Mapping[Law, int]
    found_in: Mapping[Law, int]
    found: int


def rows(reading: Reading, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Row]]:
    """The candidates that hold the words, with their features."""
    around = _around(candidates)
    needles = tuple(spaced(run) for run in reading.words)
    together = spaced([unit for run in reading.words for unit in run])
    penal = any(word in "".join(run) for run in reading.words for word in _PENAL)
    words = _Words(needles, together, sum(map(_size, needles)), penal)
    for each in candidates:
        row = _row(each, words, around)
        if row is not None:
            row["way_terms"] = int(reading.way is Way.TERMS)
            row["way_split"] = int(reading.way is Way.SPLIT)
            yield each, row


def _around(candidates: Sequence[Candidate]) -> _Around:
    under: dict[tuple[Law, tuple[str, ...]], int] = {}
    first_in: dict[Law, int] = {}
    found: Counter[Law] = Counter()
    for each in candidates:
        law = (each.law, each.rank)
        headings = (law, tuple(each.headings))
        under[headings] = min(under.get(headings, each.place), each.place)
        first_in[law] = min(first_in.get(law, each.place), each.place)
        found[law] += 1
    return _Around(under, first_in, found, len(candidates))


def _row(each: Candidate, words: _Words, around: _Around) -> Row | None:
    body = f" {each.units} "
    names = captions_of(each.law, each.slug, each.number, each.branch)
    whole = words.together in body
    missing = [] if whole else [needle for needle in words.needles if needle not in body]
    if missing and not _elsewhere(each, words.together, missing, names):
        return None
    exact = whole and _size(words.together) >= _LONG
    inside = [needle for needle in words.needles if needle not in missing]
    own: Row = {"missing": 10 * sum(map(_size, missing)) // max(words.size, 1)}
    if whole and len(words.needles) > 1:
        own["together"] = 1
    own |= _in_title(each, words, exact)
    own |= _in_headings(each, words, exact, around)
    own |= _in_body(body, inside, len(words.needles))
    own |= _in_names(names, words)
    law = (each.law, each.rank)
    own["share"] = min(10, 10 * around.found_in[law] // max(around.found, 1))
    own["often"] = min(around.found_in[law], 63).bit_length()
    own["first"] = int(around.first_in[law] == each.place)
    row = {EXACT: int(exact)} | _of_article(each, body, words.penal)
    row |= {words.kind + name: value for name, value in own.items() if value}
    if len(words.needles) > 1:
        row["near_40"] = int(_window(body, inside) <= _NEAR)
    return row


def _elsewhere(each: Candidate, together: str, missing: Sequence[str], names: str) -> bool:
    """Whether what the text does not hold stands above it, or in its name."""
    texts = (in_units(each.title), names, *map(in_units, each.headings))
    return any(together in text for text in texts) or all(any(needle in text for text in texts) for needle in missing)


def _in_title(each: Candidate, words: _Words, exact: bool) -> Row:
    title = in_units(each.title)
    held = sum(_size(needle) for needle in words.needles if needle in title)
    shared = 0 if exact else _shared(words.together, title)
    return {"title_share": min(10, 10 * held // max(_size(title) - 1, 1)),
            "title_cover": 10 * held // max(words.size, 1),
            "title_shared": 10 * shared // max(words.size, 1), "title_held": int(shared >= max(_subject(title), 2))}


def _in_headings(each: Candidate, words: _Words, exact: bool, around: _Around) -> Row:
    heading = in_units(each.headings[-1]) if each.headings else ""
    above = "".join(map(in_units, each.headings[:-1]))
    held = sum(_size(needle) for needle in words.needles if needle in heading)
    over = sum(_size(needle) for needle in words.needles if needle in above)
    shared = 0 if exact else _shared(words.together, heading)
    row = {"heading_share": min(10, 10 * held // max(_size(heading) - _NUMBERED, 1)),
           "heading_cover": 10 * held // max(words.size, 1), "heading_shared": 10 * shared // max(words.size, 1),
           "heading_held": int(shared >= max(_size(heading) - _NUMBERED, 2)),
           "above_cover": 10 * over // max(words.size, 1)}
    if around.first_under[(each.law, each.rank), tuple(each.headings)] == each.place:
        row |= {"leads_share": row["heading_share"], "leads_cover": row["heading_cover"],
                "leads_held": row["heading_held"], "leads_above": row["above_cover"]}
    return row


def _in_body(body: str, inside: Sequence[str], number: int) -> Row:
    length = max(_size(body), 1)
    standing = [_places(needle, body) for needle in inside]
    firsts = [body.count(" ", 0, places[0]) for places in standing]
    start = min(firsts, default=length)
    held = sum(len(places) * _size(needle) for places, needle in zip(standing, inside, strict=True))
    row = {"begins": int(start <= 2), "early": int(start <= _EARLY), "soon": int(max(firsts, default=length) <= _SOON),
           "times": sum(min(len(places), 6).bit_length() for places in standing) * 4 // number,
           "dense": min(20, 60 * held // length)}
    for needle, places in zip(inside, standing, strict=True):
        for place in places:
            row |= dict.fromkeys(_signs(needle, body, place, start <= _REGIME), 1)
    return row


def _places(needle: str, body: str) -> list[int]:
    """Where a needle stands; the blank that ends one may begin the next."""
    places = [body.find(needle)]
    while places[-1] >= 0:
        places.append(body.find(needle, places[-1] + len(needle) - 1))
    return places[:-1]


def _signs(needle: str, body: str, place: int, early: bool) -> Iterator[str]:
    """What stands before and after a needle says about it.

    ``defines``: 所称X，是指…; ``calls``: …的，是受贿罪, …的，为假药：（一）…, …的，视同工伤：（一）…;
    ``lists``: X：（一）…; ``states``: X是… at the beginning; ``founds``: 设立X, 实行X; ``regime``: X制度.
    """
    before, after = place + 1, place + len(needle) - 1
    if body.startswith(_DEFINES, after) or body.endswith(" 所 称 ", 0, before):
        yield "defines"
    if body.endswith(_CALLS, 0, before) and (body.startswith(_CALLED, after) or body.endswith(" 属 于 ", 0, before)
                                             or (needle.endswith("罪 ") and body.endswith(" 是 ", 0, before))):
        yield "calls"
    if body.startswith(_LISTS, after):
        yield "lists"
    if not place and body.startswith(_STATES, after):
        yield "states"
    if body.endswith(_FOUNDS, 0, before):
        yield "founds"
    if early and body.startswith(" 制 度 ", after):
        yield "regime"


def _in_names(names: str, words: _Words) -> Row:
    if not names:
        return {}
    shares = [share(needle, names) for needle in words.needles]
    most = max(*shares, share(words.together, names)) if len(shares) > 1 else shares[0]
    held = sum(_size(needle) for needle, part in zip(words.needles, shares, strict=True) if part >= _WELL)
    return {"called" if most >= _WELL else "touched": most // 10, "called_cover": 10 * held // max(words.size, 1),
            "called_so": int(any(name in (*words.needles, words.together) for name in names.split("|")))}


def _of_article(each: Candidate, body: str, penal: bool) -> Row:
    """What an article is, whatever is searched; and whether it threatens, where a threat is wanted."""
    headings = "".join(map(in_units, each.headings))
    row = {"common": int(each.law in common_laws()), "cited": min(each.cited.bit_length(), 8),
           "amendment": int(each.amendment), "opens": int(each.place == 1), "begin": int(each.place <= 3),
           "general": int(_GENERAL in headings), "final": int(_FINAL in headings),
           "refers": min(body.count(" 本 法 第 ") + body.count(" 本 条 例 第 "), 4),
           f"level_{_LEVELS.get(LawLevel(each.level), 'lower')}": 1}
    if body.startswith(" 违 反 ") or any(word in headings for word in _LIABLE):
        row |= {"liable": 1, "liable_wanted" if penal else "liable_unwanted": 1}
    return row


def _size(needle: str) -> int:
    return max(needle.count(" ") - 1, 0)


@lru_cache(maxsize=16384)
def _shared(needle: str, text: str) -> int:
    """Units of the longest stretch that two texts have in common; 0 below two."""
    run = needle.split()
    for size in range(len(run), 1, -1):
        for start in range(len(run) - size + 1):
            if f" {' '.join(run[start : start + size])} " in text:
                return size
    return 0


@lru_cache(maxsize=2048)
def _subject(title: str) -> int:
    """Units of a title that say what it is about: without 法, 条例, 实施条例."""
    plain = "".join(title.split())
    return _size(title) - len(next((ending for ending in _ENDINGS if plain.endswith(ending)), ""))


def _window(body: str, needles: Sequence[str]) -> int:
    """Units of the shortest stretch that holds each needle once, as far as first and nearest places tell."""
    if len(needles) < 2:
        return 1 if needles else body.count(" ")
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
