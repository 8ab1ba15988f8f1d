"""Patterns across cases, resolved: what is counted for whom, and the rule that judges the count.

The count is recorded as a step of the organ's supervision case, and a rule of that case's procedure judges it.
So a finding about many cases has what every finding has: a record, a life, a receipt and a replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.language.expression import Scope
from core.rulebook.model import Field, FieldType, Level, Period, Rule
from core.text import Text

SUPERVISION = "platform.supervision"
"""The procedure of supervision cases, one case for each organ."""
COUNTED = "counted"
"""Its step: findings were counted."""


def _number(name: str, zh: str, en: str) -> Field:
    return Field(name, Text(zh, {"en": en}), FieldType.INT)


NUMBERS: Mapping[str, Field] = {field.id: field for field in (
    _number("count", "问题个数", "findings"), _number("red", "红色问题个数", "red findings"),
    _number("orange", "橙色问题个数", "orange findings"), _number("yellow", "黄色问题个数", "yellow findings"),
    _number("blue", "蓝色问题个数", "blue findings"), _number("confirmed", "已确认问题个数", "confirmed findings"),
    _number("cases", "涉及事项数", "cases concerned"), _number("rules", "涉及规则数", "rules concerned"),
    _number("people", "涉及人数", "people concerned"))}
"""What a pattern's condition may ask, as ``k.…``."""

_PATTERN = Field("pattern", Text("规律", {"en": "pattern"}), FieldType.STRING)
FIELDS: Mapping[str, Field] = {**NUMBERS, _PATTERN.id: _PATTERN}
"""What the condition reads of the recorded count."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings count; an empty tuple does not restrict. ``patterns`` holds rule ids of other patterns."""

    rules: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossPattern:
    """One version of a pattern for a region.

    Attributes:
        rule: what judges a recorded count; its id is ``platform.supervision/<pattern>``.
        within: the longest stretch that counted findings may span; None: any.
        same_rule: only findings of one rule add up.
    """

    rule: Rule
    keyed_by: Literal["organ", "person"]
    selection: Selection
    within: Period | None = None
    same_rule: bool = False

    @property
    def local_id(self) -> str:
        """The id that the file gives it."""
        return self.rule.local_id

    def met(self, numbers: Mapping[str, int]) -> bool:
        """Whether a count of findings meets the pattern."""
        assert self.rule.condition is not None
        return self.rule.condition.test(scope_of(numbers)) is False


class _NoHistory:
    """A history without steps: the conditions of patterns look at numbers alone."""

    def count(self, event_type: str) -> int:
        return 0

    def first(self, event_type: str) -> None:
        return None

    def last(self, event_type: str) -> None:
        return None

    def anew(self, event_type: str, before: str) -> bool:
        return False

    def materials(self) -> frozenset[str]:
        return frozenset()


def scope_of(numbers: Mapping[str, int]) -> Scope:
    """What a pattern's condition sees of a count."""
    return Scope({}, numbers, {}, _NoHistory(), date.min, lambda start, end: (end - start).days)
