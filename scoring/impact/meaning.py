"""Whether two bundles judge alike: content compared by what it means, not by how or where it is written."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from core.language.expression import Expression
from core.language.functions import Function
from core.rulebook.bundle import Bundle
from core.text import Text

SILENT = frozenset({"title", "help", "remedy", "note", "flag", "basis", "confidence", "origin", "words"})
"""Fields that a reader sees and that decide nothing."""


def meaning(value: Any) -> Any:
    """Plain nested tuples that are equal exactly where two pieces of content decide alike."""
    match value:
        case None | bool() | int() | str():
            return value.value if isinstance(value, Enum) else value
        case Decimal():
            return ("decimal", str(value.normalize()))
        case Expression():
            return meaning(value.tree) if value.tree is not None else ("source", value.source)
        case Function():
            return ("function", value.name)
        case Text():
            return None
        case date() | ZoneInfo():
            return str(value)
        case Mapping():
            return tuple(sorted((str(key), meaning(each)) for key, each in value.items()))
        case frozenset() | set():
            return tuple(sorted(map(repr, map(meaning, value))))
        case tuple() | list():
            return tuple(meaning(each) for each in value)
    kind: type[object] = type(value)
    if dataclasses.is_dataclass(kind):
        return (kind.__name__, *((name, meaning(getattr(value, name))) for name in _telling(kind)))
    return repr(value)


@cache
def _telling(kind: type[Any]) -> tuple[str, ...]:
    """Fields of a dataclass that decide something."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.name not in SILENT)


def digest(value: Any) -> str:
    """SHA-256 of what a piece of content means."""
    return hashlib.sha256(repr(meaning(value)).encode()).hexdigest()


class Digests:
    """Digests of what bundles hold, each object's once: what regions share is one object in a bundle."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def __call__(self, value: object) -> str:
        """The digest of one object."""
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, digest(value))  # holding it keeps its id from being used again
        return known[1]

    def of_all(self, values: Iterable[object]) -> tuple[str, ...]:
        """The digests of several, in their order."""
        return tuple(map(self, values))


class Alike:
    """Says for a procedure and region whether two bundles judge its cases alike."""

    def __init__(self, current: Bundle, candidate: Bundle) -> None:
        self._bundles = (current, candidate)
        self._digests = Digests()

    def __call__(self, procedure: str, region: str) -> bool:
        """True where rules, checklists, calendar, scheme and the procedure itself decide alike there."""
        one, other = (self._of(bundle, procedure, region) for bundle in self._bundles)
        return one == other

    def _of(self, bundle: Bundle, procedure: str, region: str) -> tuple[object, ...]:
        schemes = (each for each in bundle.all_schemes if each.per == "case" and each.procedure == procedure)
        return (self._digests(bundle.procedures.get(procedure)),
                self._digests.of_all(bundle.rules(procedure, region)),
                self._digests.of_all(bundle.checklists(procedure, region)),
                self._digests(bundle.calendar(region).years), self._digests.of_all(schemes))
