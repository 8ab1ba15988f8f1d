"""Conditions as column expressions: the typed form of an expression in Kleene logic, null is *unknown*.

The same meaning as the compiled closures. What columns cannot say exactly (numbers that might overflow, lists
of values that are not written out) is refused with ``Inexpressible`` and goes to the closure, row by row.
Decimals are scaled whole numbers of 128 bits.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import polars as pl

from core.language import ir
from core.language.ir import Node
from core.language.types import NUMBERS, Kind
from scoring.batch.sheet import Sheet
from scoring.batch.values import DECIMAL_PLACES, Sort

_MOST_INT, _MOST_WIDE = 2**63 - 1, 10**38
_LONGEST = 1 << 32
_ALL_DAYS = 4_000_000

_COMPARISONS: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_SORTS: Mapping[Kind, Sort] = {Kind.BOOL: Sort.BOOL, Kind.INT: Sort.INT, Kind.DATE: Sort.DATE,
                               Kind.DATETIME: Sort.DATETIME, Kind.SET: Sort.SET}


class Inexpressible(Exception):
    """Columns cannot say this exactly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an expression.

    Attributes:
        scale: places of a decimal; None for what is no decimal.
        most: no number is larger in absolute value (of decimals: as scaled).
    """

    expr: pl.Expr
    scale: int | None = None
    most: int = 0


def translate(node: Node, sheet: Sheet) -> pl.Expr:
    """The condition over the columns that ``sheet`` lays out.

    Raises:
        Inexpressible: the closure has to be asked.
    """
    return _piece(node, sheet).expr


def _piece(node: Node, sheet: Sheet) -> Piece:
    match node:
        case ir.Constant(value=value):
            return _constant(value)
        case ir.Read():
            return _read(node, sheet)
        case ir.StepRead(root=root, name=name):
            return Piece(sheet.of_step(root, name))
        case ir.Derived(definition=definition):
            return _piece(definition, sheet)
        case ir.Has(subject=subject):
            return Piece(_piece(subject, sheet).expr.is_not_null())
        case ir.Not(operand=operand):
            return Piece(~_piece(operand, sheet).expr)
        case ir.All(operands=operands):
            return Piece(reduce(operator.and_, (_piece(part, sheet).expr for part in operands)))
        case ir.Some(operands=operands):
            return Piece(reduce(operator.or_, (_piece(part, sheet).expr for part in operands)))
        case ir.Compare(operator="==" | "!=" as name, left=ir.Read() as left, right=ir.Constant(value=str(text))):
            same = sheet.one_of(left.root, left.name, [text])
            return Piece(same if name == "==" else ~same)
        case ir.Compare(operator=name, left=left, right=right):
            return _compared(name, _piece(left, sheet), _piece(right, sheet))
        case ir.Member():
            return _member(node, sheet)
        case ir.Arithmetic(operator=name, left=left, right=right):
            return _computed(name, _piece(left, sheet), _piece(right, sheet))
        case ir.Negative(operand=operand):
            return _computed("-", _constant(0), _piece(operand, sheet))
        case ir.Choose():
            return _chosen(node, sheet)
        case ir.Apply():
            return _applied(node, sheet)
    raise Inexpressible


def _constant(value: bool | int | Decimal | str | date) -> Piece:
    match value:
        case bool() | str() | date():
            return Piece(pl.lit(value))
        case int():
            return Piece(pl.lit(value, pl.Int64), None, abs(value))
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    scaled = int("".join(map(str, digits))) * 10 ** max(0, exponent) * (-1 if sign else 1)
    return Piece(pl.lit(scaled, pl.Int128), scale, abs(scaled))


def _read(node: ir.Read, sheet: Sheet) -> Piece:
    kind = node.type.kind
    if kind is Kind.INT:
        return Piece(sheet.value(node.root, node.name, Sort.INT), None, sheet.most(node.root, node.name, Sort.INT))
    if kind is not Kind.DECIMAL:
        return Piece(sheet.value(node.root, node.name, _SORTS.get(kind, Sort.TEXT)))
    if sheet.has(node.root, node.name, Sort.EXACT):
        raise Inexpressible
    value = sheet.value(node.root, node.name, Sort.DECIMAL)
    most = sheet.most(node.root, node.name, Sort.DECIMAL)
    if sheet.has(node.root, node.name, Sort.INT):
        whole = Piece(sheet.value(node.root, node.name, Sort.INT), None, sheet.most(node.root, node.name, Sort.INT))
        widened = _widen(whole, DECIMAL_PLACES)
        return Piece(pl.coalesce(value, widened.expr), DECIMAL_PLACES, max(most, widened.most))
    return Piece(value, DECIMAL_PLACES, most)


def _widen(piece: Piece, scale: int) -> Piece:
    by = 10 ** (scale - (piece.scale or 0))
    if piece.most * by >= _MOST_WIDE:
        raise Inexpressible
    wide = piece.expr.cast(pl.Int128) if piece.scale is None else piece.expr
    return Piece(wide if by == 1 else wide * pl.lit(by, pl.Int128), scale, piece.most * by)


def _meet(left: Piece, right: Piece) -> tuple[Piece, Piece]:
    """Two numbers of one scale; what is no decimal stays as it is."""
    if left.scale is None and right.scale is None:
        return left, right
    scale = max(left.scale or 0, right.scale or 0)
    return _widen(left, scale), _widen(right, scale)


def _compared(name: str, left: Piece, right: Piece) -> Piece:
    left, right = _meet(left, right)
    return Piece(_COMPARISONS[name](left.expr, right.expr))


def _computed(name: str, left: Piece, right: Piece) -> Piece:
    decimal = left.scale is not None or right.scale is not None
    if name == "*" and decimal:
        left, right = _widen(left, left.scale or 0), _widen(right, right.scale or 0)
        scale: int | None = (left.scale or 0) + (right.scale or 0)
    else:
        left, right = _meet(left, right)
        scale = left.scale
    most = left.most * right.most if name == "*" else left.most + right.most
    if most >= (_MOST_WIDE if decimal else _MOST_INT):
        raise Inexpressible
    return Piece(_ARITHMETIC[name](left.expr, right.expr), scale, most)


def _chosen(node: ir.Choose, sheet: Sheet) -> Piece:
    condition = _piece(node.condition, sheet).expr
    yes, no = _piece(node.yes, sheet), _piece(node.no, sheet)
    if node.type.kind in NUMBERS:
        yes, no = _meet(yes, no)
    chosen = pl.when(condition).then(yes.expr).when(~condition).then(no.expr)
    return Piece(chosen, yes.scale, max(yes.most, no.most))


def _member(node: ir.Member, sheet: Sheet) -> Piece:
    if isinstance(node.collection, ir.Listing) and node.collection.items and isinstance(node.item, ir.Read):
        texts = [part.value for part in node.collection.items
                 if isinstance(part, ir.Constant) and isinstance(part.value, str)]
        if len(texts) == len(node.collection.items):
            return Piece(sheet.one_of(node.item.root, node.item.name, texts))
    item = _piece(node.item, sheet)
    if not isinstance(node.collection, ir.Listing):
        inside = _set(node.collection, sheet).list.contains(item.expr)
        return Piece(pl.when(item.expr.is_not_null()).then(inside))
    parts = node.collection.items
    if not parts:
        return Piece(pl.lit(False))
    return Piece(reduce(operator.or_, (_compared("==", item, _piece(part, sheet)).expr for part in parts)))


def _set(node: Node, sheet: Sheet) -> pl.Expr:
    if isinstance(node, ir.Read) and node.type.kind is Kind.SET:
        return sheet.value(node.root, node.name, Sort.SET)
    raise Inexpressible


def _applied(node: ir.Apply, sheet: Sheet) -> Piece:
    first = node.arguments[0]
    match node.function.name:
        case "happened" | "times" | "material":
            assert isinstance(first, ir.Constant)
            found = sheet.times(str(first.value), node.function.name == "material")
            return Piece(found, None, _LONGEST) if node.function.name == "times" else Piece(found > 0)
        case "anew":
            before = node.arguments[1]
            assert isinstance(first, ir.Constant)
            assert isinstance(before, ir.Constant)
            return Piece(sheet.anew(str(first.value), str(before.value)) > 0)
        case "first_date" | "last_date":
            assert isinstance(first, ir.Constant)
            return Piece(sheet.date_of(str(first.value), node.function.name == "last_date"))
        case "date":
            return Piece(_piece(first, sheet).expr.dt.date())
        case "days_between":
            start, end = (_piece(part, sheet).expr.cast(pl.Int32).cast(pl.Int64) for part in node.arguments)
            return Piece(end - start, None, _ALL_DAYS)
        case "working_days_between":
            start, end = (sheet.working_days_until(_piece(part, sheet).expr) for part in node.arguments)
            return Piece(end - start, None, _ALL_DAYS)
        case "size":
            return _size(first, sheet)
        case "sets.contains" | "sets.intersects":
            return _overlap(node, sheet)
    raise Inexpressible


def _size(node: Node, sheet: Sheet) -> Piece:
    if node.type.kind is Kind.SET:
        return Piece(_set(node, sheet).list.len().cast(pl.Int64), None, _LONGEST)
    if node.type.kind is Kind.LIST:
        raise Inexpressible
    return Piece(_piece(node, sheet).expr.str.len_chars().cast(pl.Int64), None, _LONGEST)


def _overlap(node: ir.Apply, sheet: Sheet) -> Piece:
    whole, part = node.arguments
    all_of = node.function.name == "sets.contains"
    if not all_of and isinstance(whole, ir.Listing):
        whole, part = part, whole
    if not isinstance(part, ir.Listing) or not all(isinstance(item, ir.Constant) for item in part.items):
        raise Inexpressible
    values = _set(whole, sheet)
    known = pl.when(values.is_not_null()).then(pl.lit(all_of))
    each = (values.list.contains(item.value) for item in part.items if isinstance(item, ir.Constant))
    return Piece(reduce(operator.and_ if all_of else operator.or_, each, known))
