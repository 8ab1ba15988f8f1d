"""What a search looks at: its words, taken in one way, and the articles that may be meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from plugins.legislation.library.units import units

Run = tuple[str, ...]
"""Units written without a blank."""


class Way(IntEnum):
    """How the words of a search were taken."""

    WRITTEN = 0
    TERMS = 1
    """In the words of the statutes."""
    SPLIT = 2
    """Cut in two where no blank was typed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a search, taken in one way."""

    words: tuple[Run, ...]
    way: Way = Way.WRITTEN


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be meant; columns as in the tables."""

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
    number: int
    branch: int
    slug: str

    @property
    def old(self) -> bool:
        """Replaced by a later edition, or repealed."""
        return not self.latest or bool(self.repealed)


@lru_cache(maxsize=8192)
def in_units(line: str) -> str:
    """A title or a heading as the units of an article are written, a blank before and after each."""
    return spaced(units(line))


def spaced(run: Run | list[str]) -> str:
    """Units with a blank before and after each, so that one is never found inside another."""
    return f" {' '.join(run)} "
