"""The words of the demonstration: what departments decide."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import yaml

from web.demo.words import lines

PACKAGE = "plugins.decisions.demo"


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of decision.

    Attributes:
        title: with places to fill in.
        special: special procedure of another law; empty: none.
        features: what makes steps compulsory (``technical``, ``risk``, ``market``, ``group``).
    """

    title: str
    category: str
    special: str
    features: frozenset[str]

    def named(self, place: str, rng: Random) -> str:
        """A title for one decision of ``place``."""
        words = raw_words()
        return self.title.format(place=place, site=rng.choice(words["sites"]), years=rng.choice(words["years"]))


@dataclass(frozen=True, slots=True)
class Department:
    """A line of departments: 教育, 交通运输 …"""

    id: str
    name: str
    matters: tuple[Matter, ...]


@cache
def raw_words() -> dict[str, Any]:
    """``words.yaml`` as read."""
    text = (importlib.resources.files(PACKAGE) / "words.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


@cache
def departments() -> tuple[Department, ...]:
    """Departments in the order in which smaller places do without them, last first."""
    matters = raw_words()["matters"]
    return tuple(
        Department(line.id, line.name, tuple(
            Matter(matter["t"], matter["k"], matter.get("s", ""), frozenset(matter["f"]))
            for matter in matters[line.id]))
        for line in lines())
