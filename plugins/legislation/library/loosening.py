"""When no article holds the words as written: usual sayings in the words of the statutes, then most of the words."""

from __future__ import annotations

import importlib.resources
import itertools
from collections.abc import Mapping, Sequence
from functools import cache

import yaml

from plugins.legislation.library.candidates import Candidate, Reading, Run, Way, in_units
from plugins.legislation.library.catalogue import common_laws
from plugins.legislation.library.index import Index, Words
from plugins.legislation.library.postings import Column
from plugins.legislation.library.units import units
from plugins.legislation.library.vocabulary import LawLevel, PartKind

Pair = tuple[str, str]

_ANCHORS = 5
"""Pairs, the rarest of a search, one or two of which an article must hold to be looked at."""

_MOST_PAIRS = 16
_EACH = 30
_COUNTED = 100
_FEW_HITS = 40
"""Where more articles hold words typed without a blank, they are a term of the statutes and are not cut."""

_LONGEST_CUT = 9
_CUTS = 4
_MOST_READINGS = 6
_LEVEL_POINTS = {LawLevel.CONSTITUTION: 100, LawLevel.LAW: 120, LawLevel.REGULATION: 50, LawLevel.LOCAL_REGULATION: 30,
                 LawLevel.DEPARTMENT_RULE: 20}
_PERIODS = frozenset(("日", "天", "个工作日", "工作日", "个月", "月", "年", "小时"))


def without_units(words: Sequence[Run]) -> tuple[Run, ...]:
    """七个工作日 as 七: people remember the number of a period better than its unit."""
    return tuple(run[:1] if run[0].isdigit() and "".join(run[1:]) in _PERIODS else run for run in words)


def other_readings(words: Sequence[Run], found: int) -> list[Reading]:
    """The words as statutes say them; and words typed without a blank, cut in two, where few articles hold them.

    Args:
        found: how many articles hold the words as written.
    """
    out = [Reading(meant, Way.TERMS) for meant in in_terms(words)]
    if found < _FEW_HITS:
        for place, run in enumerate(words):
            for cut in _cuts(run):
                split = (*words[:place], run[:cut], run[cut:], *words[place + 1:])
                out.append(Reading(tuple(dict.fromkeys(split)), Way.SPLIT))
    return out[:_MOST_READINGS]


def _cuts(run: Run) -> Sequence[int]:
    """Where a run may be cut, most likely first: words have two units, or four."""
    if len(run) > _LONGEST_CUT:
        return ()
    return sorted(range(2, len(run) - 1), key=lambda cut: (cut % 2 + (len(run) - cut) % 2, -cut))[:_CUTS]


def in_terms(words: Sequence[Run]) -> list[tuple[Run, ...]]:
    """酒驾 as 饮酒后驾驶机动车: what is said every day, as statutes say it; each way they say it."""
    known = terms()
    meant = itertools.product(*(((run,), *known.get(run, ())) for run in words))
    readings = dict.fromkeys(tuple(dict.fromkeys(itertools.chain.from_iterable(one))) for one in meant)
    return [reading for reading in itertools.islice(readings, _MOST_READINGS + 1) if reading != tuple(words)]


@cache
def terms() -> Mapping[Run, tuple[tuple[Run, ...], ...]]:
    """Usual sayings, and the words that statutes have for each."""
    read = yaml.safe_load(importlib.resources.files(__package__).joinpath("terms.yaml").read_text(encoding="utf-8"))
    return {tuple(units(said)): tuple(tuple(tuple(units(part)) for part in one.split())
                                      for one in ([meant] if isinstance(meant, str) else meant))
            for said, meant in read.items()}


def nearest(words: Sequence[Run], index: Index) -> list[int]:
    """Ids of articles that hold the rare pairs of units of a search, without order."""
    pairs = list(dict.fromkeys(pair for run in words for pair in itertools.pairwise(run)))[:_MOST_PAIRS]
    holding = {pair: index.candidates([Words(pair, Column.BODY)], _COUNTED) for pair in pairs}
    rare = sorted((pair for pair in pairs if holding[pair]), key=lambda pair: (len(holding[pair]), pair))[:_ANCHORS]
    found: list[int] = []
    for pair in rare:
        found += holding[pair][:_EACH]
    for one, other in itertools.combinations(rare, 2):
        found += index.candidates([Words(one, Column.BODY), Words(other, Column.BODY)], _EACH)
    return found


def by_coverage(known: Sequence[Candidate], words: Sequence[Run]) -> tuple[tuple[int, ...], tuple[Run, ...]]:
    """Those that hold most of the pairs, a rare pair counting more; and the words that the first of them holds."""
    pairs = list(dict.fromkeys(pair for run in words for pair in itertools.pairwise(run)))
    holding = [(each, _held(each, pairs)) for each in known]
    weights = {pair: 18 - sum(pair in body for _, (body, _) in holding).bit_length() for pair in pairs}
    whole = sum(2 * weight for weight in weights.values()) or 1
    ranked = []
    for each, (body, above) in holding:
        covered = sum(weights[pair] * (2 if pair in body else 1) for pair in body | above)
        length = each.units.count(" ") + 1
        points = 1200 * covered // whole + _standing(each) // 2 - (120 if each.old else 0)
        points += min(60, 200 * len(body) // length)
        ranked.append(((-points, each.rank, each.place), each.id, body | above))
    ranked.sort(key=lambda one: one[0])
    best = ranked[0][2] if ranked else frozenset[Pair]()
    return tuple(article for _, article, _ in ranked), _stretches(words, best)


def _held(each: Candidate, pairs: Sequence[Pair]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Which pairs of units stand in the text of an article; which only in its headings and the title."""
    body = f" {each.units} "
    above = "".join(map(in_units, (each.title, *each.headings)))
    inside = frozenset(pair for pair in pairs if f" {pair[0]} {pair[1]} " in body)
    return inside, frozenset(pair for pair in pairs if pair not in inside and f" {pair[0]} {pair[1]} " in above)


def _standing(each: Candidate) -> int:
    """How much weight an article has, whatever is searched."""
    points = _LEVEL_POINTS.get(LawLevel(each.level), 0) + min(110, 16 * each.cited.bit_length())
    points += 100 if each.law in common_laws() else 0
    return points - (150 if each.amendment else 0) - (0 if each.kind == PartKind.ARTICLE else 80)


def _stretches(words: Sequence[Run], pairs: frozenset[Pair]) -> tuple[Run, ...]:
    """The parts of the runs all of whose pairs are there."""
    out: list[Run] = []
    for run in words:
        start = 0
        for place in range(1, len(run) + 1):
            if place == len(run) or (run[place - 1], run[place]) not in pairs:
                if place - start > 1:
                    out.append(run[start:place])
                start = place
    return tuple(dict.fromkeys(out))
