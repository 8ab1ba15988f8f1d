"""Whether two bundles judge alike: content compared by what it means, not by how or where it is written."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
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
    if dataclasses.is_dataclass(value):
        return (type(value).__name__, *((field.name, meaning(getattr(value, field.name)))
                                        for field in dataclasses.fields(value) if field.name not in SILENT))
    return repr(value)


def digest(value: Any) -> str:
    """SHA-256 of what a piece of content means."""
    return hashlib.sha256(repr(meaning(value)).encode()).hexdigest()


class Alike:
    """Says for a procedure and region whether two bundles judge its cases alike.

    What two regions share is one object in a bundle, so each different content is compared once.
    """

    def __init__(self, current: Bundle, candidate: Bundle) -> None:
        self._bundles = (current, candidate)
        self._digests: dict[tuple[int, str, object], str] = {}

    def __call__(self, procedure: str, region: str) -> bool:
        """True where rules, checklists, calendar, scheme and the procedure itself decide alike there."""
        one, other = (self._of(number, procedure, region) for number in range(2))
        return one == other

    def _of(self, number: int, procedure: str, region: str) -> tuple[str, ...]:
        bundle = self._bundles[number]
        schemes = tuple(each for each in bundle.all_schemes if each.per == "case" and each.procedure == procedure)
        parts = {
            "procedure": bundle.procedures.get(procedure),
            "rules": bundle.rules(procedure, region),
            "checklists": bundle.checklists(procedure, region),
            "calendar": bundle.calendar(region).years,
        }
        return (*(self._digest(number, (name, id(part)), part) for name, part in parts.items()),
                self._digest(number, ("schemes", procedure), schemes))

    def _digest(self, number: int, key: tuple[str, object], part: object) -> str:
        # the bundle holds the part, so that its id is not used again while this comparison lives
        known = self._digests.get((number, *key))
        if known is None:
            known = self._digests[number, *key] = digest(part)
        return known
