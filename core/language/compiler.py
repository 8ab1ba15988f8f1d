"""Checking and compiling conditions: the way into the language."""

from __future__ import annotations

from core.errors import FazhiError, Location
from core.language import ir
from core.language.checker import Checker
from core.language.environment import Environment
from core.language.expression import Expression
from core.language.generated import generated
from core.language.ir import Node
from core.language.parser import parse
from core.language.place import refuse
from core.language.sentence import sentence
from core.language.types import KIND_WORDS, Kind

MAX_COST = 4_000
MAX_INLINED_DEPTH = 120
LANGUAGES = ("zh", "en")


def compile_expression(source: str, environment: Environment, at: Location | None = None,
                       expect: str | tuple[str, ...] | None = "bool") -> Expression:
    """Check an expression and compile it.

    Args:
        source: CEL text.
        environment: what it may name.
        at: where the text's first character stands (behind the quote where YAML quotes it); errors point
            from there to line and column.
        expect: type name that the value must have, or several; None: any type.

    Raises:
        FazhiError: everything that is wrong with it.
    """
    tree = parse(source, at)
    checker = Checker(source, environment, at)
    node = checker.check_all(tree)
    if checker.problems:
        raise FazhiError(checker.problems)
    wanted = (expect,) if isinstance(expect, str) else expect
    if wanted is not None and node.type.kind not in wanted:
        raise refuse(source, 0, at, "expression-wrong-result", wanted=KIND_WORDS[Kind(wanted[0])],
                     type=KIND_WORDS[node.type.kind])
    cost, depth = _cost(node), _depth(node)
    if cost > MAX_COST or depth > MAX_INLINED_DEPTH:
        raise refuse(source, 0, at, "expression-too-costly", cost=cost, most=MAX_COST)
    return Expression(
        source=source,
        type=str(node.type.kind),
        run=generated(node, environment.timezone),
        reads=ir.reads(node),
        sentences={language: sentence(node, language) for language in LANGUAGES},
        tree=node,
        timezone=environment.timezone,
    )


def _cost(node: Node) -> int:
    """Nodes with derived facts inlined, counted only as far as the limit."""
    count = 0
    for count, _ in enumerate(ir.walk(node), 1):
        if count > MAX_COST:
            break
    return count


def _depth(node: Node) -> int:
    deepest, rest = 0, [(node, 1)]
    seen = 0
    while rest and seen <= MAX_COST:
        part, depth = rest.pop()
        seen += 1
        deepest = max(deepest, depth)
        rest.extend((child, depth + 1) for child in ir.children(part))
    return deepest
