"""Which law a name means: its title, a usual short name, or the part of the title that officials say."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from typing import Any

import yaml

from core.citations.corpus import law_key
from core.database import database
from plugins.legislation.library.models import Law
from plugins.legislation.library.vocabulary import LawLevel

_LEVELS = tuple(LawLevel)
_SHORTEST_PART = 3
_BRACKETS = str.maketrans("", "", "()")
"""刑法修正案（十二） is typed without its brackets as often as with them."""


class Likeness(IntEnum):
    """How well a name fits a title, best first."""

    EXACT = 0
    ALIAS = 1
    ENDING = 2
    PART = 3
    LETTERS = 4
    """All signs of the name stand in the title, in order (优化营商条例)."""


@dataclass(frozen=True, slots=True)
class KnownLaw:
    """A law as names are compared with it."""

    key: str
    title: str
    level: str
    amendment: bool
    cited: int
    repealed: bool

    @property
    def order(self) -> tuple[bool, bool, int, int, int, str]:
        """Of two that fit a name equally well, the lower one is meant."""
        level = _LEVELS.index(LawLevel(self.level))
        return (self.repealed, self.amendment, len(self.key), level, -self.cited, self.key)


@dataclass(frozen=True)
class Catalogue:
    """All laws of the library."""

    laws: Sequence[KnownLaw]

    @cached_property
    def _by_key(self) -> Mapping[str, KnownLaw]:
        bare = {law.key.translate(_BRACKETS): law for law in self.laws}
        return bare | {law.key: law for law in self.laws}

    def exact(self, name: str) -> KnownLaw | None:
        """The law of exactly that title or usual short name."""
        key = law_key(name)
        return self._by_key.get(key) or self._by_key.get(law_key(aliases().get(key, "")))

    def find(self, name: str) -> list[tuple[Likeness, KnownLaw]]:
        """Laws that a name may mean, those alone that fit best, most likely first."""
        key = law_key(name)
        law = self._by_key.get(key)
        if law is not None:
            return [(Likeness.EXACT, law)]
        law = self._by_key.get(law_key(aliases().get(key, "")))
        if law is not None:
            return [(Likeness.ALIAS, law)]
        if len(key) < _SHORTEST_PART:
            return []
        for likeness, fits in ((Likeness.ENDING, str.endswith), (Likeness.PART, str.__contains__)):
            found = [law for law in self.laws if fits(law.key, key)]
            if found:
                return [(likeness, law) for law in sorted(found, key=lambda law: law.order)]
        found = [law for law in self.laws if law.key[-1] == key[-1] and _in_order(key, law.key)]
        return [(Likeness.LETTERS, law) for law in sorted(found, key=lambda law: law.order)]

    def titled(self, words: Sequence[str]) -> list[KnownLaw]:
        """Laws whose title holds all these words, most likely first."""
        keys = [law_key(word) for word in words]
        found = [law for law in self.laws if all(key and key in law.key for key in keys)]
        return sorted(found, key=lambda law: law.order)


def _in_order(signs: str, title: str) -> bool:
    rest = iter(title)
    return all(sign in rest for sign in signs)


def open_catalogue() -> Catalogue:
    """The catalogue as the library stands now."""
    query: Any = Law.select(Law.key, Law.title, Law.level, Law.amendment, Law.cited, Law.repealed_by)
    rows = database.execute(query).fetchall()  # a thousand rows for each search: as the driver gives them
    return Catalogue([KnownLaw(key, title, level, bool(amendment), cited, bool(repealed))
                      for key, title, level, amendment, cited, repealed in rows])


@cache
def aliases() -> Mapping[str, str]:
    """Usual short names to titles."""
    loaded: dict[str, str] = _data("aliases.yaml")
    return loaded


@cache
def common_laws() -> frozenset[str]:
    """Keys of the laws that every organ applies, whatever its field."""
    return frozenset(law_key(title) for title in _data("common.yaml"))


def _data(name: str) -> Any:
    return yaml.safe_load(importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))

