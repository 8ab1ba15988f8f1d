"""The typed form of an expression: what is compiled, printed and, by other engines, translated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from core.language.types import BOOL, Type
from core.text import Text

if TYPE_CHECKING:
    from core.language.functions import Function

Root = Literal["c", "e", "t"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; ``date("…")`` and ``decimal("…")`` too."""

    value: bool | int | Decimal | str | date
    type: Type


@dataclass(frozen=True, slots=True)
class Read:
    """A fact of the case (``c``), the activating step (``e``) or the answering step (``t``)."""

    root: Root
    name: str
    title: Text
    type: Type


@dataclass(frozen=True, slots=True)
class StepRead:
    """What every step has: ``date``, ``actor``, ``organ``."""

    root: Root
    name: Literal["date", "actor", "organ"]
    type: Type


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact of the case, its definition inlined."""

    name: str
    title: Text
    definition: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a value is known."""

    subject: Read | Derived
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class All:
    """``&&`` of all."""

    operands: tuple[Node, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Some:
    """``||`` of all."""

    operands: tuple[Node, ...]
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Literal["==", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Member:
    """``item in collection``."""

    item: Node
    collection: Node
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Literal["+", "-", "*"]
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Choose:
    """``condition ? yes : no``."""

    condition: Node
    yes: Node
    no: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Listing:
    """``[a, b, …]``."""

    items: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of the registry. ``words`` are titles for arguments that name events or materials."""

    function: Function
    arguments: tuple[Node, ...]
    type: Type
    words: tuple[Text | None, ...] = ()


Node = (Constant | Read | StepRead | Derived | Has | Not | All | Some | Compare | Member | Arithmetic | Negative
        | Choose | Listing | Apply)


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, from left to right; a derived fact's definition is its part."""
    match node:
        case Derived(definition=part) | Not(operand=part) | Negative(operand=part):
            return (part,)
        case Has(subject=subject):
            return (subject,)
        case All(operands=parts) | Some(operands=parts) | Listing(items=parts) | Apply(arguments=parts):
            return parts
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Member(item=item, collection=collection):
            return (item, collection)
        case Choose(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all its parts, from left to right."""
    rest = [node]
    while rest:
        part = rest.pop()
        yield part
        rest.extend(reversed(children(part)))


def reads(node: Node) -> frozenset[str]:
    """What the value depends on: ``c.x``, ``e.x``, ``t.x``, ``event:<type>``, ``material:<event>/<id>``."""
    found: set[str] = set()
    for part in walk(node):
        match part:
            case Read(root=root, name=name) | StepRead(root=root, name=name):
                found.add(f"{root}.{name}")
            case Derived(name=name):
                found.add(f"c.{name}")
            case Apply(function=function, arguments=named) if function.names == "event":
                found |= {f"event:{each.value}" for each in named if isinstance(each, Constant)}
            case Apply(function=function, arguments=(Constant(value=str(value)), *_)) if function.names == "material":
                found |= {f"material:{value}", f"event:{value.partition('/')[0]}"}
    return frozenset(found)
