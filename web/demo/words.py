"""The words of the demonstration region: what departments there are, how invented people are called."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import yaml

PACKAGE = "web.demo"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of departments: 教育, 交通运输 …"""

    id: str
    name: str


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(read("words.yaml"))
    return words


def read(name: str) -> str:
    """A file of the demonstration region."""
    return (importlib.resources.files(PACKAGE) / name).read_text(encoding="utf-8")


@cache
def lines() -> tuple[Line, ...]:
    """Lines of departments in the order in which smaller places do without them, last first."""
    return tuple(Line(entry["id"], entry["zh"]) for entry in _words()["departments"])


def person_name(rng: Random) -> str:
    """An invented name of two or three characters."""
    words = _words()
    given = "".join(rng.sample(words["given"], rng.choice((1, 2, 2))))
    return str(rng.choice(words["surnames"])) + given
