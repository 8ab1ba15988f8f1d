"""An expression in the shape in which it reads best.

Negation moves inward (``!(a || b)`` reads "neither …"), and ``has(c.x) && c.x == 1`` reads as ``c.x == 1``:
to a reader a value that was not given is no 1 anyway.
"""

from __future__ import annotations

from dataclasses import replace

from core.language import ir
from core.language.ir import Node

INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def plain(node: Node) -> Node:
    """The expression to print in place of ``node``."""
    match node:
        case ir.Not(operand=operand):
            return _negation(operand)
        case ir.All(operands=operands):
            return _all([plain(part) for part in operands])
        case ir.Some(operands=operands):
            return _some([plain(part) for part in operands])
        case ir.Compare(left=left, right=right):
            return replace(node, left=plain(left), right=plain(right))
        case ir.Choose(condition=condition, yes=yes, no=no):
            return replace(node, condition=plain(condition), yes=plain(yes), no=plain(no))
        case _:
            return node


def _negation(node: Node) -> Node:
    match node:
        case ir.Not(operand=operand):
            return plain(operand)
        case ir.Constant(value=value):
            return replace(node, value=not value)
        case ir.All(operands=operands):
            return _some([_negation(part) for part in operands])
        case ir.Some(operands=operands):
            return _all([_negation(part) for part in operands])
        case ir.Compare(operator=operator, left=left, right=right):
            return ir.Compare(INVERSE[operator], plain(left), plain(right))  # type: ignore[arg-type]
        case ir.Choose(condition=condition, yes=yes, no=no):
            return replace(node, condition=plain(condition), yes=_negation(yes), no=_negation(no))
        case _:
            return ir.Not(node)


def _some(parts: list[Node]) -> ir.Some:
    return ir.Some(tuple(leaf for part in parts for leaf in (part.operands if isinstance(part, ir.Some) else (part,))))


def _all(parts: list[Node]) -> Node:
    flat = [leaf for part in parts for leaf in (part.operands if isinstance(part, ir.All) else (part,))]
    asked = {_name(subject) for part in flat if not isinstance(part, ir.Has) for subject in _needs(part)}
    kept = tuple(part for part in flat if not (isinstance(part, ir.Has) and _name(part.subject) in asked))
    return kept[0] if len(kept) == 1 else ir.All(kept)


def _needs(node: Node) -> tuple[Node, ...]:
    """Facts without which the condition cannot be true."""
    match node:
        case ir.Read() | ir.Derived():
            return (node,)
        case ir.Not() | ir.Compare() | ir.Member() | ir.Apply() | ir.Arithmetic() | ir.Negative():
            return tuple(need for part in ir.children(node) for need in _needs(part))
        case _:
            return ()


def _name(node: Node) -> str:
    match node:
        case ir.Read(root=root, name=name):
            return f"{root}.{name}"
        case ir.Derived(name=name):
            return f"c.{name}"
        case _:
            return ""
