"""Inputs of a discretion table: what a case is judged by, with the values that are possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from core.discretion.intervals import Interval, plain
from core.language.words import unit_word
from core.text import Text

Value = bool | int | Decimal | str
UNBOUNDED = Interval()


class InputType(StrEnum):
    """Types of inputs."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    ENUM = "enum"

    @property
    def numeric(self) -> bool:
        """True for numbers."""
        return self in (InputType.INT, InputType.DECIMAL)


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    Attributes:
        values: code to title of an enumeration; of an ordered one from the mildest to the gravest.
        ordered: whether values can be compared (``>= 一般``).
        graver: which direction is graver: ``higher``, ``lower``; None where neither is. Along it no tier gets lighter.
        domain: possible numbers.
    """

    id: str
    title: Text
    type: InputType
    unit: str | None = None
    values: Mapping[str, Text] = field(default_factory=dict)
    ordered: bool = False
    graver: Literal["higher", "lower"] | None = None
    domain: Interval = UNBOUNDED

    @property
    def integer(self) -> bool:
        """True where only whole numbers are possible."""
        return self.type is InputType.INT

    def shown(self, value: Value) -> Text:
        """A value as an official reads it, with title and unit."""
        if isinstance(value, bool):
            return Text(f"{self.title.zh}：{'是' if value else '否'}",
                        {"en": f"{self.title.to('en')}: {'yes' if value else 'no'}"})
        if isinstance(value, str):
            title = self.values.get(value, Text(value))
            return Text(f"{self.title.zh}：{title.zh}", {"en": f"{self.title.to('en')}: {title.to('en')}"})
        number = plain(Decimal(value))
        return Text(f"{self.title.zh} {number} {unit_word(self.unit, 'zh')}".rstrip(),
                    {"en": f"{self.title.to('en')} {number} {unit_word(self.unit, 'en')}".rstrip()})

    def accepts(self, value: object) -> bool:
        """Whether a value is possible for this input; floating-point numbers never are."""
        if self.type is InputType.BOOL:
            return isinstance(value, bool)
        if self.type is InputType.ENUM:
            return isinstance(value, str) and value in self.values
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return False
        number = Decimal(value)
        if not number.is_finite() or number not in self.domain:
            return False
        return not self.integer or number == number.to_integral_value()
