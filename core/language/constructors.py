"""Constants that CEL has no literal for: ``date("2026-01-01")`` and ``decimal("12.5", "yuan")``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from re import fullmatch

from core.language import ir
from core.language.ir import Node
from core.language.syntax import Call, Literal
from core.language.types import ANY_UNIT, DATE, Kind, Type

CONSTRUCTORS = ("date", "decimal")
_NUMBER = r"-?\d{1,24}(\.\d{1,12})?"


def construct(call: Call, wrong: Callable[..., Node]) -> Node | None:
    """The constant that ``call`` writes, or None where it is no constructor of a literal."""
    values = [argument.value if isinstance(argument, Literal) else None for argument in call.arguments]
    if call.name == "date" and (len(values) != 1 or isinstance(values[0], (str, int))):
        return _date(call, values, wrong)
    if call.name == "decimal":
        return _decimal(call, values, wrong)
    return None


def _date(call: Call, values: list[bool | int | str | None], wrong: Callable[..., Node]) -> Node:
    text = values[0] if len(values) == 1 else None
    if isinstance(text, str) and fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return ir.Constant(date.fromisoformat(text), DATE)
        except ValueError:
            return wrong(call.arguments[0].offset, "expression-no-such-day", text=text)
    return wrong(call.offset, "expression-bad-date", text="" if text is None else text)


def _decimal(call: Call, values: list[bool | int | str | None], wrong: Callable[..., Node]) -> Node:
    text = values[0] if values else None
    unit = values[1] if len(values) == 2 else ANY_UNIT
    if len(values) in (1, 2) and isinstance(text, str) and isinstance(unit, str) and fullmatch(_NUMBER, text):
        try:
            return ir.Constant(Decimal(text), Type(Kind.DECIMAL, unit))
        except InvalidOperation:
            return wrong(call.offset, "expression-bad-decimal", text=text)
    return wrong(call.offset, "expression-bad-decimal", text="" if text is None else text)
