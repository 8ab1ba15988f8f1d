"""The four lists (四张清单): acts that are not punished, punished lighter or less, or not met with coercion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.language.expression import Expression
from core.rulebook.terms import ALWAYS, Citation, DateRange
from core.text import Text


class CaseList(StrEnum):
    """Which list; a first offence may be spared, the others bind."""

    NO_PENALTY = "no_penalty"
    FIRST_OFFENCE = "first_offence"
    LIGHTER = "lighter"
    REDUCED = "reduced"
    NO_COERCION = "no_coercion"

    @property
    def words(self) -> Text:
        """Its name."""
        return TITLES[self]


TITLES: Mapping[CaseList, Text] = {
    CaseList.NO_PENALTY: Text("不予处罚清单", {"en": "no penalty"}),
    CaseList.FIRST_OFFENCE: Text("首违不罚清单", {"en": "first offence not punished"}),
    CaseList.LIGHTER: Text("从轻处罚清单", {"en": "lighter penalty"}),
    CaseList.REDUCED: Text("减轻处罚清单", {"en": "reduced penalty"}),
    CaseList.NO_COERCION: Text("不予实施行政强制措施清单", {"en": "no coercive measure"}),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition.

    Attributes:
        tests: compiled, by procedure; empty where a person has to say whether it holds.
    """

    id: str
    title: Text
    tests: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One act of a list: every condition of ``all_of``, one of ``any_of``, none of ``exclude``.

    Attributes:
        tables: discretion tables of the same violation.
        education: the party is educated where it is not punished (行政处罚法 33(3)).
    """

    id: str
    violation: Text
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    education: bool = False
    basis: tuple[Citation, ...] = ()
    valid: DateRange = ALWAYS

    @property
    def conditions(self) -> tuple[str, ...]:
        """Everything that has to be known, each once."""
        return tuple(dict.fromkeys((*self.all_of, *self.any_of, *self.exclude)))

    def holds(self, known: Mapping[str, bool | None]) -> bool | None:
        """Whether the act is on the list; None while that cannot be told."""
        parts = [known.get(name) for name in self.all_of]
        parts += [None if (value := known.get(name)) is None else not value for name in self.exclude]
        if self.any_of:
            ways = [known.get(name) for name in self.any_of]
            parts.append(True if True in ways else None if None in ways else False)
        return False if False in parts else None if None in parts else True


@dataclass(frozen=True, eq=False)
class ListOfActs:
    """One published list.

    Attributes:
        procedures: in which it is looked at.
        region: code of the region whose list it is; empty for the whole country.
        source: where it was published.
    """

    id: str
    title: Text
    kind: CaseList
    procedures: tuple[str, ...]
    conditions: Mapping[str, Condition]
    items: tuple[Item, ...]
    source: str = ""
    region: str = ""
    valid: DateRange = ALWAYS

    def on(self, day: date) -> tuple[Item, ...]:
        """Items that count on a day."""
        return tuple(item for item in self.items if day in item.valid) if day in self.valid else ()
