"""From the typed form to one Python function per expression: what ``closures`` defines, twice as fast.

The text that is compiled comes from the closed set of templates below. Nothing that an author typed enters it:
literals are bound as constants under names of our own, and a fact's name stands there only as a quoted key, after
it was found to be a plain identifier. Expressions of one shape share their code whatever their literals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any
from zoneinfo import ZoneInfo

from core.language import ir
from core.language.closures import MAX_INT, MIN_INT, Run, as_decimal, as_local, closure, exact
from core.language.expression import Expression, Scope
from core.language.ir import Node
from core.language.types import Kind

MAX_DEPTH = 60
MAX_LINES = 3_000
AT_ONCE = 8
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ROOTS = frozenset("cet")
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_TEXTUAL = "type({v}) is str or isinstance({v}, str)"
_KNOWN: Mapping[Kind, str] = {
    Kind.BOOL: "({v} is True or {v} is False)",
    Kind.INT: "type({v}) is int and (-999999999 < {v} < 999999999 or LEAST <= {v} <= MOST)",
    Kind.DATE: "type({v}) is date",
    Kind.SET: "(type({v}) is frozenset or isinstance({v}, SETS))",
}
"""When a stored value of a kind counts as known, as ``closures`` has it."""
_GLOBALS: Mapping[str, Any] = {
    "__builtins__": {}, "type": type, "isinstance": isinstance, "int": int, "str": str, "date": date,
    "frozenset": frozenset, "Decimal": Decimal, "SETS": (frozenset, set), "LEAST": MIN_INT, "MOST": MAX_INT,
    "UNCOUNTABLE": (OverflowError, ValueError), "as_decimal": as_decimal, "as_local": as_local, "exact": exact,
}


class _TooLarge(Exception):
    """The function would nest deeper than Python compiles, or be longer than is worth it."""


def generated(node: Node, timezone: ZoneInfo) -> Run:
    """A function from a scope to the node's value, equal to ``closure(node, timezone)`` on any data."""
    writer = _Writer()
    try:
        writer.answer(node)
    except _TooLarge:
        return closure(node, timezone)
    return writer.function(timezone)


def at_once(conditions: Sequence[Expression]) -> Callable[[Scope], Sequence[Any]]:
    """A function from a scope to the answers to several conditions of one procedure."""
    trees = [condition.tree for condition in conditions if condition.tree is not None]
    zones = {condition.timezone for condition in conditions}
    zone = next(iter(zones), None)
    if len(trees) < len(conditions) or len(zones) != 1 or zone is None or len(conditions) == 1:
        tests = tuple(condition.test for condition in conditions)
        return lambda scope: [test(scope) for test in tests]
    return together(trees, zone)


def together(nodes: Sequence[Node], timezone: ZoneInfo) -> Callable[[Scope], tuple[Any, ...]]:
    """A function from a scope to the values of several nodes; what they read in common is read once."""
    writer = _Writer()
    reads = Counter((part.root, part.name) for node in nodes for part in ir.walk(node)
                    if isinstance(part, (ir.Read, ir.StepRead)))
    try:
        for part in (part for node in nodes for part in ir.walk(node) if isinstance(part, ir.Read)):
            if reads[part.root, part.name] > 1:
                writer.work(part)
        names = [writer.value(node) for node in nodes]
    except _TooLarge:
        runs = tuple(generated(node, timezone) for node in nodes)
        return lambda scope: tuple(run(scope) for run in runs)
    writer.line(f"return ({''.join(f'{name}, ' for name in names)})")
    return writer.function(timezone)


@lru_cache(maxsize=8192)
def _code(source: str) -> CodeType:
    module = compile(source, "<condition>", "exec", dont_inherit=True, optimize=0)
    return next(part for part in module.co_consts if isinstance(part, CodeType))


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that was worked out.

    Attributes:
        name: the variable or constant that holds it.
        known: condition under which it is known; empty: always. Where it is false the variable may hold anything.
        plain: the variable holds None exactly where the value is unknown.
    """

    name: str
    known: str = ""
    plain: bool = True


@dataclass(slots=True)
class _Writer:
    """Writes the lines that work a node out. Each ``_…`` method is one template."""

    lines: list[str] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)
    seen: dict[tuple[str, str], _Value] = field(default_factory=dict)
    depth: int = 1
    names: int = 0

    def function(self, timezone: ZoneInfo) -> Run:
        """What was written, as a function."""
        source = "\n".join(("def run(scope):", *self.lines, ""))
        return FunctionType(_code(source), {**_GLOBALS, **self.constants, "ZONE": timezone}, "run")

    def answer(self, node: Node) -> None:
        """Write the whole function."""
        match node:
            case ir.Derived(definition=definition):
                self.answer(definition)
            case ir.All(operands=operands):
                self._answer_joined(operands, "False", "True")
            case ir.Some(operands=operands):
                self._answer_joined(operands, "True", "False")
            case _:
                self.line(f"return {self.value(node)}")

    def _answer_joined(self, operands: tuple[Node, ...], decides: str, neutral: str) -> None:
        names = []
        for operand in operands:
            name = self.truth(operand)
            self.line(f"if {name} is {decides}: return {decides}")
            names.append(name)
        self.line(f"return {self.all_are(names, neutral)}")

    def all_are(self, names: list[str], neutral: str) -> str:
        known = " and ".join(f"{name} is {neutral}" for name in names)
        return f"{neutral} if {known} else None" if known else neutral

    def truth(self, node: Node) -> str:
        """Write what works a condition out; the name of what is True or False where it is, else anything."""
        return self.work(node).name

    def value(self, node: Node) -> str:
        """Write what works ``node`` out; the name of what holds its value, or None where it is unknown."""
        found = self.work(node)
        if found.plain:
            return found.name
        target = self.fresh()
        self.line(f"{target} = {found.name} if {found.known} else None")
        return target

    def work(self, node: Node) -> _Value:
        """Write what works ``node`` out; what holds it, and when that counts as known."""
        match node:
            case ir.Constant(value=value):
                return _Value(self.constant(value))
            case ir.StepRead(root="e", name="date"):
                return self.once(("", "date"), "scope.date")
            case ir.Read() | ir.StepRead():
                return self._read(node)
            case ir.Derived(definition=definition, name=name):
                return self._derived(name, definition)
            case ir.Has(subject=subject):
                return self._new(self.work(subject).known or "True", always=True)
            case ir.Not(operand=operand):
                inner = self.work(operand)
                return self._new(f"not {inner.name}", inner)
            case ir.All(operands=operands):
                return self._joined(operands, "False", "True")
            case ir.Some(operands=operands):
                return self._joined(operands, "True", "False")
            case ir.Compare(operator=operator, left=left, right=right):
                return self._compare(operator, left, right)
            case ir.Member():
                return self._member(node)
            case ir.Arithmetic(operator=operator, left=left, right=right):
                return self._arithmetic(operator, left, right, node.type.kind)
            case ir.Negative(operand=operand):
                return self._arithmetic("-", ir.Constant(0, node.type), operand, node.type.kind)
            case ir.Choose():
                return self._choose(node)
            case ir.Listing(items=items):
                parts = [self.work(item) for item in items]
                return self._new(f"({''.join(part.name + ', ' for part in parts)})", *parts)
            case ir.Apply(function=function, arguments=arguments):
                return self._apply(function.run, arguments)

    def _read(self, node: ir.Read | ir.StepRead) -> _Value:
        if node.root not in _ROOTS or not _NAME.fullmatch(node.name):
            raise _TooLarge  # no such name passes the checker
        if (node.root, node.name) in self.seen:
            return self.seen[node.root, node.name]
        values = self.once(("", node.root), f"scope.{node.root}").name
        name, kind = self.fresh(), node.type.kind
        self.line(f"{name} = {values}.get({node.name!r})")
        if kind is Kind.DECIMAL:
            self.line(f"if type({name}) is not Decimal or not {name}.is_finite(): {name} = as_decimal({name})")
            found = _Value(name, f"{name} is not None")
        elif kind is Kind.DATETIME:
            self.line(f"{name} = as_local({name}, ZONE)")
            found = _Value(name, f"{name} is not None")
        else:
            found = _Value(name, _KNOWN.get(kind, f"({_TEXTUAL})").format(v=name), plain=False)
        self.seen[node.root, node.name] = found
        return found

    def _derived(self, name: str, definition: Node) -> _Value:
        if ("fact", name) not in self.seen:
            self.seen["fact", name] = self.work(definition)
        return self.seen["fact", name]

    def _joined(self, operands: tuple[Node, ...], decides: str, neutral: str) -> _Value:
        """``&&`` (False decides) and ``||`` (True decides): unknown unless one decides or all are neutral."""
        if len(operands) > AT_ONCE:
            kind = ir.All if decides == "False" else ir.Some
            return self._joined((kind(operands[:AT_ONCE]), *operands[AT_ONCE:]), decides, neutral)
        target, names, depth, seen = self.fresh(), list[str](), self.depth, dict(self.seen)
        self.line(f"{target} = {decides}")
        for operand in operands:
            name = self.truth(operand)
            self.line(f"if {name} is not {decides}:")
            self.deeper()
            names.append(name)
        self.line(f"{target} = {self.all_are(names, neutral)}")
        self.depth, self.seen = depth, seen
        return _Value(target, f"{target} is not None")

    def _compare(self, operator: str, left: Node, right: Node) -> _Value:
        if operator not in _OPERATORS:
            raise _TooLarge
        first = self.work(left)
        if _cheap(right):
            second = self.work(right)
            return self._new(f"{first.name} {operator} {second.name}", first, second)
        target = self.fresh()
        self.line(f"{target} = None")
        with self.block(f"if {first.known or 'True'}:"):
            second = self.work(right)
            self.line(f"if {second.known or 'True'}: {target} = {first.name} {operator} {second.name}")
        return _Value(target, f"{target} is not None")

    def _member(self, node: ir.Member) -> _Value:
        if not isinstance(node.collection, ir.Listing):
            item, whole = self.work(node.item), self.work(node.collection)
            return self._new(f"{item.name} in {whole.name}", item, whole)
        parts = node.collection.items
        if not all(isinstance(part, ir.Constant) for part in parts):
            return self._joined(tuple(ir.Compare("==", node.item, part) for part in parts), "True", "False")
        values = frozenset(part.value for part in parts if isinstance(part, ir.Constant))
        if not values:
            return _Value(self.constant(False))
        item = self.work(node.item)
        return self._new(f"{item.name} in {self.constant(values)}", item)

    def _arithmetic(self, operator: str, left: Node, right: Node, kind: Kind) -> _Value:
        if operator not in ("+", "-", "*"):
            raise _TooLarge
        first, second = self.work(left), self.work(right)
        if kind is Kind.INT:
            found = self._new(f"{first.name} {operator} {second.name}", first, second)
            self.line(f"if {found.known or 'True'} and not LEAST <= {found.name} <= MOST: {found.name} = None")
        else:
            found = self._new(f"exact({operator!r}, {first.name}, {second.name})", first, second)
        return _Value(found.name, f"{found.name} is not None")

    def _choose(self, node: ir.Choose) -> _Value:
        condition, target = self.value(node.condition), self.fresh()
        self.line(f"{target} = None")
        with self.block(f"if {condition}:"):
            self.line(f"{target} = {self.value(node.yes)}")
        with self.block(f"elif {condition} is not None:"):
            self.line(f"{target} = {self.value(node.no)}")
        return _Value(target, f"{target} is not None")

    def _apply(self, run: Callable[..., Any], arguments: tuple[Node, ...]) -> _Value:
        target = self.fresh()
        self.line(f"{target} = None")
        before = self.depth
        names, seen = [], dict(self.seen)
        for argument in arguments:
            found = self.work(argument)
            names.append(found.name)
            if found.known:
                self.line(f"if {found.known}:")
                self.deeper()
        self.line(f"try: {target} = {self.constant(run)}({', '.join(('scope', *names))})")
        self.line(f"except UNCOUNTABLE: {target} = None")
        self.depth, self.seen = before, seen
        return _Value(target, f"{target} is not None")

    def _new(self, text: str, *parts: _Value, always: bool = False) -> _Value:
        """A variable that holds ``text`` where all ``parts`` are known, else None."""
        target = self.fresh()
        known = " and ".join(dict.fromkeys(part.known for part in parts if part.known))
        self.line(f"{target} = {text} if {known} else None" if known else f"{target} = {text}")
        return _Value(target, f"{target} is not None" if known and not always else "")

    def once(self, key: tuple[str, str], text: str) -> _Value:
        """A variable for something that is read more than once."""
        if key not in self.seen:
            name = self.fresh()
            self.line(f"{name} = {text}")
            self.seen[key] = _Value(name, f"{name} is not None" if key[1] == "date" else "")
        return self.seen[key]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a condition; what they work out is forgotten behind them."""
        seen = dict(self.seen)
        self.line(head)
        self.deeper()
        yield
        self.depth -= 1
        self.seen = seen

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooLarge

    def line(self, text: str) -> None:
        self.lines.append(" " * self.depth + text)
        if len(self.lines) > MAX_LINES:
            raise _TooLarge

    def constant(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def fresh(self) -> str:
        self.names += 1
        return f"v{self.names}"


def _cheap(node: Node) -> bool:
    """Worked out sooner than asked whether it is needed."""
    return isinstance(node, (ir.Constant, ir.Read, ir.StepRead))
