"""What articles are usually called, where their text does not say it: 追诉时效, 表见代理, 交通肇事罪."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from core.citations.corpus import law_key
from core.citations.numerals import to_int
from core.rulebook.strict_yaml import load_yaml
from plugins.legislation.library.units import units

Place = tuple[str, str, int, int]
"""Key of the law, year of the edition, number and branch of the article."""

FOLDER = "captions"
"""One file for a field of law."""

_MOST = 24


def captions_of(law: str, slug: str, number: int, branch: int) -> str:
    """The names of an article, each between bars; units between blanks. Empty where it has none."""
    return names_of_articles().get((law, slug[:4], number, branch), "")


def called(words: Sequence[tuple[str, ...]]) -> list[Place]:
    """The articles whose name holds one of the words, those first of whose name the words are the greatest part."""
    names = names_of_articles()
    shares: dict[Place, int] = {}
    for run in words:
        for place in _with_units(run) if len(run) > 1 else ():
            shares[place] = max(shares.get(place, 0), share(f" {' '.join(run)} ", names[place]))
    found = [(-most, place) for place, most in shares.items() if most]
    return [place for _, place in sorted(found)[:_MOST]]


def share(needle: str, names: str) -> int:
    """How much of the shortest name that holds it a needle is, in hundredths."""
    if needle not in names:
        return 0
    shortest = min(len(name) for name in names.split("|") if needle in name)
    return 100 * len(needle) // shortest


def _with_units(run: Sequence[str]) -> frozenset[Place]:
    """The articles in whose names all the units stand, in whatever order."""
    known = _by_unit()
    return frozenset.intersection(*sorted((known.get(unit, frozenset()) for unit in set(run)), key=len))


@cache
def _by_unit() -> Mapping[str, frozenset[Place]]:
    out: dict[str, set[Place]] = {}
    for place, names in names_of_articles().items():
        for unit in names.split():
            out.setdefault(unit, set()).add(place)
    return {unit: frozenset(places) for unit, places in out.items()}


@cache
def names_of_articles() -> Mapping[Place, str]:
    """All names; units between blanks, names between bars.

    Raises:
        FazhiError: a file is no good YAML, or writes a law or an article twice.
        ValueError: two files have names for the same law.
    """
    out: dict[Place, str] = {}
    laws: dict[str, str] = {}
    for file in sorted(importlib.resources.files(__package__).joinpath(FOLDER).iterdir(), key=lambda each: each.name):
        read: Any = load_yaml(file.read_bytes(), file.name).root.plain()
        for heading, articles in read.items():
            if laws.setdefault(heading, file.name) != file.name:
                raise ValueError(f"{file.name}: {heading} stands in {laws[heading]} already")
            title, year = heading.rsplit(" ", 1)
            for label, names in articles.items():
                number, _, branch = str(label).partition("之")
                place = (law_key(title), year, int(number), (to_int(branch) or 0) if branch else 0)
                out[place] = "|".join(f" {' '.join(units(name))} " for name in names.split())
    return out
