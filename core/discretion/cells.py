"""Cells of a discretion table: FEEL-style conditions on one input, read strictly.

``-`` anything · ``10000`` · ``[0..10000)`` ``(5..]`` · ``>= 3`` · ``一般`` · ``>= 一般`` · ``not(…)`` · lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.discretion.inputs import Input, InputType, Value
from core.discretion.intervals import Interval, complement
from core.language.suggest import listing, nearest

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_INTERVAL = re.compile(r"([\[(])\s*([^.,()\[\]]*(?:\.\d+)?)\s*\.\.\s*([^,()\[\]]*?)\s*([\])])")
_COMPARISON = re.compile(r"(>=|<=|>|<|=)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_SPOKEN = re.compile(r"(\d+(?:\.\d+)?)\s*(万|千|百|亿)?\s*(元|个月|日|天|年|倍|次|人|件)?")
_SCALE = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_FULL_WIDTH = {"，": ",", "（": "(", "）": ")", "［": "[", "］": "]", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=",
               "。": ".", "【": "[", "】": "]", "～": "..", "—": "..", "…": ".."}

Written = bool | int | Decimal | str


class CellError(ValueError):
    """A cell that cannot be read: a message code with its details."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition on one input: intervals of numbers, or values of an enumeration.

    Attributes:
        text: as the author wrote it.
    """

    text: str
    intervals: tuple[Interval, ...] = ()
    values: frozenset[Value] = frozenset()

    def test(self, value: Value) -> bool:
        """Whether a value of the input meets the condition."""
        if not self.intervals:
            return value in self.values
        number: Any = value
        return any(number in interval for interval in self.intervals)


def read_cell(parts: Sequence[Written], declared: Input) -> Cell | None:
    """The condition that a cell holds, written as one part or as a list; None for ``-``, which is true of anything.

    Raises:
        CellError: it cannot be read, names no value of the input, or no value can ever meet it.
    """
    text = ", ".join(_shown(part) for part in parts)
    if text == "-":
        return None
    if not declared.type.numeric:
        return Cell(text, values=_values(parts, declared, text))
    intervals = _numbers(parts, text)
    possible = [both for each in intervals if (both := each.meet(declared.domain)) is not None]
    if not any(each.whole() if declared.integer else each for each in possible):
        raise CellError("discretion-cell-outside-domain", cell=text, input=declared.title, domain=str(declared.domain))
    return Cell(text, intervals=tuple(intervals))


def read_interval(text: str) -> Interval:
    """A single interval, ``[0..10000)`` or ``[0..)``.

    Raises:
        CellError: it is none.
    """
    _refuse_full_width(text)
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        raise CellError("discretion-interval-form", found=text)
    low, high = (_number(end, text) if end.strip() else None for end in (match[2], match[3]))
    found = Interval(low, high, low is None or match[1] == "[", high is None or match[4] == "]")
    if found.empty:
        raise CellError("discretion-interval-empty", found=text)
    return found


def _shown(part: Written) -> str:
    return str(part).lower() if isinstance(part, bool) else str(part).strip()


def _split(text: str) -> list[str]:
    """The parts between commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    return [*parts, text[start:].strip()]


def _numbers(parts: Iterable[Written], text: str) -> list[Interval]:
    found: list[Interval] = []
    for part in parts:
        if isinstance(part, bool):
            raise CellError("discretion-cell-number", cell=text)
        if isinstance(part, (int, Decimal)):
            found.append(Interval(Decimal(part), Decimal(part)))
            continue
        _refuse_full_width(part)
        negation = _NOT.fullmatch(part.strip())
        if negation:
            found += complement(_numbers(_split(negation[1]), text))
            continue
        pieces = _split(part)
        found += _numbers(pieces, text) if len(pieces) > 1 else [_one(pieces[0], text)]
    return found


def _one(part: str, text: str) -> Interval:
    if ".." in part:
        return read_interval(part)
    comparison = _COMPARISON.fullmatch(part)
    if comparison is None:
        number = _number(part, text)
        return Interval(number, number)
    number = _number(comparison[2], text)
    return {">": Interval(number, None, False), ">=": Interval(number), "<": Interval(None, number, True, False),
            "<=": Interval(None, number), "=": Interval(number, number)}[comparison[1]]


def _number(part: str, text: str) -> Decimal:
    part = part.strip()
    if _NUMBER.fullmatch(part):
        return Decimal(part)
    spoken = _SPOKEN.fullmatch(part)
    if spoken:
        raise CellError("discretion-number-in-words", cell=text, found=part,
                        write=format(Decimal(spoken[1]) * _SCALE.get(spoken[2] or "", 1), "f"))
    raise CellError("discretion-cell-number", cell=text)


def _refuse_full_width(text: str) -> None:
    for sign, ascii_sign in _FULL_WIDTH.items():
        if sign in text:
            raise CellError("discretion-full-width", cell=text, sign=sign, ascii=ascii_sign)


def _values(parts: Sequence[Written], declared: Input, text: str) -> frozenset[Value]:
    found: set[Value] = set()
    for part in parts:
        if isinstance(part, bool) or declared.type is InputType.BOOL:
            if not isinstance(part, bool) or declared.type is not InputType.BOOL:
                raise CellError("discretion-cell-bool" if declared.type is InputType.BOOL else "discretion-cell-value",
                                cell=text, input=declared.title, values=listing(declared.values))
            found.add(part)
            continue
        found |= _named(str(part).strip(), declared, text)
    if not found:
        raise CellError("discretion-cell-never", cell=text, input=declared.title)
    return frozenset(found)


def _named(part: str, declared: Input, text: str) -> set[Value]:
    negation = _NOT.fullmatch(part)
    if negation:
        excluded = {value for each in _split(negation[1]) for value in _named(each, declared, text)}
        return {value for value in declared.values if value not in excluded}
    pieces = _split(part)
    if len(pieces) > 1:
        return {value for each in pieces for value in _named(each, declared, text)}
    order = list(declared.values)
    between = _INTERVAL.fullmatch(part)
    comparison = _COMPARISON.fullmatch(part)
    if (between or comparison) and not declared.ordered:
        raise CellError("discretion-cell-unordered", cell=text, input=declared.title)
    if between:
        low = order.index(_value(between[2].strip(), declared)) + (between[1] == "(") if between[2].strip() else 0
        high = order.index(_value(between[3].strip(), declared)) + (between[4] == "]") if between[3].strip() \
            else len(order)
        return {*order[low:high]}
    if comparison:
        at = order.index(_value(comparison[2].strip(), declared))
        chosen = {">": order[at + 1:], ">=": order[at:], "<": order[:at], "<=": order[:at + 1],
                  "=": order[at:at + 1]}[comparison[1]]
        return {*chosen}
    return {_value(part, declared)}


def _value(name: str, declared: Input) -> str:
    """The value's code; its title will do as well."""
    if name in declared.values:
        return name
    titled = {title.zh: code for code, title in declared.values.items()}
    if name in titled:
        return titled[name]
    _refuse_full_width(name)
    near = nearest(name, declared.values)
    raise CellError("discretion-value-misspelt" if near else "discretion-value-unknown", name=name,
                    input=declared.title, suggestion=near, known=listing(declared.values))


def met(cells: Mapping[str, Cell], facts: Mapping[str, Value]) -> bool | None:
    """Whether all cells hold; False where one fails, None where one that is needed cannot be told (Kleene)."""
    unknown = False
    for name, cell in cells.items():
        value = facts.get(name)
        if value is None:
            unknown = True
        elif not cell.test(value):
            return False
    return None if unknown else True
