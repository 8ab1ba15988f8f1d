"""When no article holds the words as written: usual sayings in the words of the statutes, then most of the words."""

from __future__ import annotations

import importlib.resources
import itertools
from collections.abc import Mapping, Sequence
from functools import cache

import yaml

from plugins.legislation.library.index import Index, Words
from plugins.legislation.library.postings import Column
from plugins.legislation.library.scoring import Candidate, Pair, held, standing
from plugins.legislation.library.units import units

Run = tuple[str, ...]

_ANCHORS = 5
"""Pairs, the rarest of a search, one or two of which an article must hold to be looked at."""

_MOST_PAIRS = 16
_EACH = 30
_COUNTED = 100
_PERIODS = frozenset(("日", "天", "个工作日", "工作日", "个月", "月", "年", "小时"))


def without_units(words: Sequence[Run]) -> tuple[Run, ...]:
    """七个工作日 as 七: people remember the number of a period better than its unit."""
    return tuple(run[:1] if run[0].isdigit() and "".join(run[1:]) in _PERIODS else run for run in words)


def in_terms(words: Sequence[Run]) -> tuple[Run, ...]:
    """酒驾 as 饮酒后驾驶机动车: what is said every day, as statutes say it."""
    return tuple(dict.fromkeys(other for run in words for other in terms().get(run, (run,))))


@cache
def terms() -> Mapping[Run, tuple[Run, ...]]:
    """Usual sayings, and the words that statutes have for each."""
    read = yaml.safe_load(importlib.resources.files(__package__).joinpath("terms.yaml").read_text(encoding="utf-8"))
    return {tuple(units(said)): tuple(tuple(units(part)) for part in meant.split()) for said, meant in read.items()}


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
    holding = [(each, held(each, pairs)) for each in known]
    weights = {pair: 18 - sum(pair in body for _, (body, _) in holding).bit_length() for pair in pairs}
    whole = sum(2 * weight for weight in weights.values()) or 1
    ranked = []
    for each, (body, above) in holding:
        covered = sum(weights[pair] * (2 if pair in body else 1) for pair in body | above)
        length = each.units.count(" ") + 1
        points = 1200 * covered // whole + standing(each) // 2 - (120 if each.old else 0)
        points += min(60, 200 * len(body) // length)
        ranked.append(((-points, each.rank, each.place), each.id, body | above))
    ranked.sort(key=lambda one: one[0])
    best = ranked[0][2] if ranked else frozenset[Pair]()
    return tuple(article for _, article, _ in ranked), _stretches(words, best)


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
