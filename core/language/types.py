"""Types of the rule language: the types of facts, with units, and what may meet what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from core.text import Text

if TYPE_CHECKING:
    from core.rulebook.model import Field


class Kind(StrEnum):
    """What sort of value an expression yields."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    STRING = "string"
    ENUM = "enum"
    SET = "set"
    LIST = "list"
    DATE = "date"
    DATETIME = "datetime"
    PERSON = "person"
    ORGAN = "organ"
    WRONG = "wrong"  # already reported; agrees with everything so that one slip gives one message


KIND_WORDS: Mapping[Kind, Text] = {
    Kind.BOOL: Text("真假值", {"en": "true or false"}),
    Kind.INT: Text("整数", {"en": "an integer"}),
    Kind.DECIMAL: Text("小数", {"en": "a decimal"}),
    Kind.STRING: Text("文字", {"en": "text"}),
    Kind.ENUM: Text("选项", {"en": "one of several values"}),
    Kind.SET: Text("多选", {"en": "a set of values"}),
    Kind.LIST: Text("列表", {"en": "a list"}),
    Kind.DATE: Text("日期", {"en": "a date"}),
    Kind.DATETIME: Text("时刻", {"en": "a moment"}),
    Kind.PERSON: Text("人员", {"en": "a person"}),
    Kind.ORGAN: Text("机关", {"en": "an organ"}),
}
"""What a message calls a value of this kind."""

NUMBERS = frozenset({Kind.INT, Kind.DECIMAL})
MOMENTS = frozenset({Kind.DATE, Kind.DATETIME})
COLLECTIONS = frozenset({Kind.SET, Kind.LIST})
TEXTUAL = frozenset({Kind.STRING, Kind.ENUM, Kind.PERSON, Kind.ORGAN})

ANY_UNIT = "*"
"""Unit of literals and plain counts: they take the unit of what they meet."""

DAY_UNITS = frozenset({"days", "working_days"})


@dataclass(frozen=True, slots=True)
class Type:
    """The type of an expression.

    Attributes:
        unit: of a number; ``*`` takes any unit, None is a number that declares none.
        values: of an enum or a set with a closed list: id to title.
        element: of a list.
    """

    kind: Kind
    unit: str | None = None
    values: Mapping[str, Text] = field(default_factory=dict, compare=False)
    element: Type | None = None

    @property
    def item(self) -> Type:
        """The type of what a set or list holds."""
        if self.element is not None:
            return self.element
        return Type(Kind.ENUM, values=self.values) if self.values else STRING


BOOL = Type(Kind.BOOL)
INT = Type(Kind.INT, unit=ANY_UNIT)
DECIMAL = Type(Kind.DECIMAL, unit=ANY_UNIT)
STRING = Type(Kind.STRING)
DATE = Type(Kind.DATE)
DATETIME = Type(Kind.DATETIME)
PERSON = Type(Kind.PERSON)
ORGAN = Type(Kind.ORGAN)
WRONG = Type(Kind.WRONG)


def type_of(declared: Field) -> Type:
    """The type of a declared fact."""
    name = str(declared.type)
    kind = Kind.STRING if name == "text" else Kind(name)
    return Type(kind, declared.unit if kind in NUMBERS else None, declared.values)


def same_unit(left: str | None, right: str | None) -> bool:
    """Whether two numbers may be compared or added.

    A field without unit may meet a number of days, because authors rarely write ``unit: days``; otherwise
    a missing unit is a unit of its own.
    """
    if left == right or ANY_UNIT in (left, right):
        return True
    return None in (left, right) and (left in DAY_UNITS or right in DAY_UNITS)


def common_unit(left: str | None, right: str | None) -> str | None:
    """The unit of a sum of two numbers that agree."""
    return right if left == ANY_UNIT else left
