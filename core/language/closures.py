"""From the typed form to Python closures over a scope, in Kleene logic: None is *unknown*.

Leaves hand out only values of their declared type (anything else, and what was never recorded, is unknown),
so that nothing above a leaf can fail on any data. Overflow of 64-bit integers and decimals beyond 60 digits
are unknown too. This defines what an expression means; ``generated`` computes the same in one function.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import Any
from zoneinfo import ZoneInfo

from core.language import ir
from core.language.expression import Scope
from core.language.ir import Node
from core.language.types import Kind

Run = Callable[[Scope], Any]

MIN_INT, MAX_INT = -(2**63), 2**63 - 1
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])
_EXACTLY = {"+": _EXACT.add, "-": _EXACT.subtract, "*": _EXACT.multiply}

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}


def closure(node: Node, timezone: ZoneInfo) -> Run:
    """A function from a scope to the node's value."""
    match node:
        case ir.Constant(value=value):
            return lambda scope: value
        case ir.StepRead(root="e", name="date"):
            return lambda scope: scope.date
        case ir.Read() | ir.StepRead():
            return _read(node, timezone)
        case ir.Derived(definition=definition):
            return closure(definition, timezone)
        case ir.Has(subject=subject):
            known = closure(subject, timezone)
            return lambda scope: known(scope) is not None
        case ir.Not(operand=operand):
            return _not(closure(operand, timezone))
        case ir.All(operands=operands):
            return _all(tuple(closure(part, timezone) for part in operands))
        case ir.Some(operands=operands):
            return _some(tuple(closure(part, timezone) for part in operands))
        case ir.Compare():
            return _compare(node, timezone)
        case ir.Member():
            return _member(node, timezone)
        case ir.Arithmetic() | ir.Negative():
            return _arithmetic(node, timezone)
        case ir.Choose():
            return _choose(node, timezone)
        case ir.Listing(items=items):
            return _listing(tuple(closure(item, timezone) for item in items))
        case ir.Apply():
            return _apply(node, timezone)


def _guard(kind: Kind, timezone: ZoneInfo) -> Callable[[Any], Any]:
    """Hands a stored value of the right type on, anything else as unknown."""
    match kind:
        case Kind.BOOL:
            return lambda value: value if type(value) is bool else None
        case Kind.INT:
            return lambda value: value if type(value) is int and MIN_INT <= value <= MAX_INT else None
        case Kind.DECIMAL:
            return as_decimal
        case Kind.DATE:
            return lambda value: value if type(value) is date else None
        case Kind.DATETIME:
            return lambda value: as_local(value, timezone)
        case Kind.SET:
            return lambda value: value if isinstance(value, (frozenset, set)) else None
        case _:
            return lambda value: value if isinstance(value, str) else None


def as_decimal(value: Any) -> Decimal | None:
    """A stored number as a decimal; anything else is unknown."""
    if type(value) is Decimal:
        return value if value.is_finite() else None
    return Decimal(value) if type(value) is int else None


def as_local(value: Any, timezone: ZoneInfo) -> datetime | None:
    """A stored moment in a time zone; anything else is unknown."""
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=timezone) if value.tzinfo is None else value.astimezone(timezone)
    except OverflowError:  # year 1 or 9999 moved across its end
        return None


def _read(node: ir.Read | ir.StepRead, timezone: ZoneInfo) -> Run:
    name, guard = node.name, _guard(node.type.kind, timezone)
    if node.root == "c":
        return lambda scope: guard(scope.c.get(name))
    if node.root == "e":
        return lambda scope: guard(scope.e.get(name))
    return lambda scope: guard(scope.t.get(name))


def _not(run: Run) -> Run:
    def negated(scope: Scope) -> bool | None:
        value = run(scope)
        return None if value is None else not value

    return negated


def _all(runs: tuple[Run, ...]) -> Run:
    def conjunction(scope: Scope) -> bool | None:
        unknown = False
        for run in runs:
            value = run(scope)
            if value is False:
                return False
            if value is None:
                unknown = True
        return None if unknown else True

    return conjunction


def _some(runs: tuple[Run, ...]) -> Run:
    def disjunction(scope: Scope) -> bool | None:
        unknown = False
        for run in runs:
            value = run(scope)
            if value is True:
                return True
            if value is None:
                unknown = True
        return None if unknown else False

    return disjunction


def _compare(node: ir.Compare, timezone: ZoneInfo) -> Run:
    compare = _COMPARISONS[node.operator]
    left = closure(node.left, timezone)
    if isinstance(node.right, ir.Constant):
        value = node.right.value

        def against_constant(scope: Scope) -> bool | None:
            found = left(scope)
            return None if found is None else compare(found, value)

        return against_constant
    right = closure(node.right, timezone)

    def comparison(scope: Scope) -> bool | None:
        first = left(scope)
        if first is None:
            return None
        second = right(scope)
        return None if second is None else compare(first, second)

    return comparison


def _member(node: ir.Member, timezone: ZoneInfo) -> Run:
    item = closure(node.item, timezone)
    if isinstance(node.collection, ir.Listing):
        parts = node.collection.items
        if all(isinstance(part, ir.Constant) for part in parts):
            values = frozenset(part.value for part in parts if isinstance(part, ir.Constant))

            def in_constants(scope: Scope) -> bool | None:
                found = item(scope)
                return None if found is None else found in values

            return in_constants if values else lambda scope: False
        pairs = tuple(_compare(ir.Compare("==", node.item, part), timezone) for part in parts)
        return _some(pairs)
    collection = closure(node.collection, timezone)

    def in_set(scope: Scope) -> bool | None:
        found, whole = item(scope), collection(scope)
        return None if found is None or whole is None else found in whole

    return in_set


def _arithmetic(node: ir.Arithmetic | ir.Negative, timezone: ZoneInfo) -> Run:
    if isinstance(node, ir.Negative):
        zero = ir.Constant(0, node.type)
        return _arithmetic(ir.Arithmetic("-", zero, node.operand, node.type), timezone)
    left, right = closure(node.left, timezone), closure(node.right, timezone)
    if node.type.kind is Kind.INT:
        compute = {"+": operator.add, "-": operator.sub, "*": operator.mul}[node.operator]

        def integer(scope: Scope) -> int | None:
            first, second = left(scope), right(scope)
            if first is None or second is None:
                return None
            result: int = compute(first, second)
            return result if MIN_INT <= result <= MAX_INT else None

        return integer
    sign = node.operator

    def decimal(scope: Scope) -> Decimal | None:
        first, second = left(scope), right(scope)
        return None if first is None or second is None else exact(sign, first, second)

    return decimal


def exact(operator: str, left: Decimal | int, right: Decimal | int) -> Decimal | None:
    """A sum, difference or product of decimals; unknown where 60 digits do not hold it."""
    try:
        return _EXACTLY[operator](Decimal(left), Decimal(right))
    except ArithmeticError:
        return None


def _choose(node: ir.Choose, timezone: ZoneInfo) -> Run:
    condition, yes, no = (closure(part, timezone) for part in (node.condition, node.yes, node.no))

    def choice(scope: Scope) -> Any:
        chosen = condition(scope)
        if chosen is None:
            return None
        return yes(scope) if chosen else no(scope)

    return choice


def _listing(runs: tuple[Run, ...]) -> Run:
    def items(scope: Scope) -> tuple[Any, ...] | None:
        values = tuple(run(scope) for run in runs)
        return None if None in values else values

    return items


def _apply(node: ir.Apply, timezone: ZoneInfo) -> Run:
    run = node.function.run
    arguments = tuple(closure(argument, timezone) for argument in node.arguments)

    def application(scope: Scope) -> Any:
        values = []
        for argument in arguments:
            value = argument(scope)
            if value is None:
                return None
            values.append(value)
        try:
            return run(scope, *values)
        except (OverflowError, ValueError):  # outside of what a calendar holds
            return None

    return application
