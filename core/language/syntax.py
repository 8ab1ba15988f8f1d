"""What the parser builds: the expression as written, each part with its offset in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """``true``, ``30`` or ``'text'``."""

    value: bool | int | str
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """A bare identifier."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Select:
    """``root.name``; ``offset`` is where the name begins."""

    root: str
    name: str
    offset: int
    root_offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """``name(arguments)``, also of a dotted name such as ``sets.contains``."""

    name: str
    arguments: tuple[Syntax, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Unary:
    """``!x`` or ``-x``."""

    operator: str
    operand: Syntax
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and an operator; ``offset`` is where the operator stands."""

    operator: str
    left: Syntax
    right: Syntax
    offset: int


@dataclass(frozen=True, slots=True)
class Logic:
    """``a && b && …`` or ``a || b || …``: a chain is one node, so that long lists of conditions stay flat."""

    operator: str
    operands: tuple[Syntax, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Ternary:
    """``condition ? yes : no``."""

    condition: Syntax
    yes: Syntax
    no: Syntax
    offset: int


@dataclass(frozen=True, slots=True)
class Items:
    """``[a, b, …]``."""

    items: tuple[Syntax, ...]
    offset: int


Syntax = Literal | Name | Select | Call | Unary | Binary | Logic | Ternary | Items


def walk(tree: Syntax) -> Iterator[Syntax]:
    """The node and all its parts, from left to right."""
    rest: list[Syntax] = [tree]
    while rest:
        node = rest.pop()
        yield node
        match node:
            case Call(arguments=parts) | Logic(operands=parts) | Items(items=parts):
                rest.extend(reversed(parts))
            case Unary(operand=operand):
                rest.append(operand)
            case Binary(left=left, right=right):
                rest.extend((right, left))
            case Ternary(condition=condition, yes=yes, no=no):
                rest.extend((no, yes, condition))


def start(node: Syntax) -> int:
    """Where the text of a node begins."""
    match node:
        case Binary(left=left):
            return start(left)
        case Logic(operands=(first, *_)):
            return start(first)
        case Ternary(condition=condition):
            return start(condition)
        case Select(root_offset=offset):
            return offset
        case _:
            return node.offset
