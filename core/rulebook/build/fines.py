"""行政处罚法 74: amounts and numbers of fines must not count in the assessment of who imposes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.language import Expression, ir
from core.language.types import NUMBERS
from core.rulebook.build.context import Problems, Site
from core.rulebook.model import Procedure, Rule, Template
from core.text import Text

_FINES = re.compile(r"罚款|罚没|没收|(?:^|_)fines?(?:_|\b)|(?:^|_)penalty_amount|confiscat", re.IGNORECASE)
_MORE = {">": ">", ">=": ">", "<": "<", "<=": "<", "==": "=", "!=": "="}
_TURNED = {">": "<", "<": ">", "=": "="}
_COUNTED = frozenset({Template.AT_LEAST, Template.EXACTLY})


def check_value(expression: Expression | None, procedure: Procedure, site: Site, problems: Problems, *,
                counted: bool = False) -> None:
    """Refuse an expression whose value earns points and that reads an amount of fines, directly or through facts.

    Args:
        counted: cases are counted for which it holds: then neither may it tell by the number of fines.
    """
    if expression is None or expression.tree is None:
        return
    for name, title in _amounts(ir.walk(expression.tree)):
        problems.add("indicator-reads-fines", site.at, field=name, title=title)
    if counted:
        for name, title in _occasions(expression.tree, procedure):
            problems.add("indicator-counts-fines", site.at, field=name, title=title)


def check_choice(expression: Expression | None, site: Site, problems: Problems) -> None:
    """Refuse a choice of cases by the amount of fines.

    A declared fact that is true or false may rest on one: that a large fine needs a legal review is law, and whether
    it had one may be assessed.
    """
    if expression is None or expression.tree is None:
        return
    for name, title in _amounts(_outside_facts(expression.tree)):
        problems.add("indicator-reads-fines", site.at, field=name, title=title)


def check_rule(rule: Rule, procedure: Procedure | None, site: Site, problems: Problems) -> None:
    """Refuse a cap, veto or deduction by a rule that demands fines of some amount, or some number of them."""
    if rule.condition is not None and rule.condition.tree is not None:
        for name, title in _demanded(rule.condition.tree, positive=True):
            problems.add("scheme-rule-demands-fines", site.at, rule=rule.local_id, field=name, title=title)
    if rule.template in _COUNTED and procedure is not None:
        for event in rule.on.events:
            declared = procedure.events.get(event)
            if declared is not None and _named(event, declared.title):
                problems.add("scheme-rule-demands-fines", site.at, rule=rule.local_id, field=event,
                             title=declared.title)


def is_amount(part: ir.Node) -> bool:
    """True for a number that is an amount or a number of fines or confiscations."""
    return isinstance(part, (ir.Read, ir.Derived)) and part.type.kind in NUMBERS \
        and _named(part.name, part.title)


def _named(name: str, title: Text) -> bool:
    return bool(_FINES.search(f"{name} {title.zh}"))


def _amounts(parts: Iterator[ir.Node]) -> list[tuple[str, Text]]:
    found = {(part.name, part.title.zh): part.title for part in parts
             if isinstance(part, (ir.Read, ir.Derived)) and is_amount(part)}
    return [(name, title) for (name, _), title in sorted(found.items())]


def _outside_facts(tree: ir.Node) -> Iterator[ir.Node]:
    rest = [tree]
    while rest:
        part = rest.pop()
        if isinstance(part, ir.Derived) and part.type.kind == "bool":
            continue
        yield part
        rest.extend(ir.children(part))


def _occasions(tree: ir.Node, procedure: Procedure) -> Iterator[tuple[str, Text]]:
    """Steps and values by which an expression tells that somebody was fined."""
    for part in ir.walk(tree):
        if isinstance(part, ir.Apply) and part.function.names == "event" and part.arguments:
            first = part.arguments[0]
            declared = procedure.events.get(str(first.value)) if isinstance(first, ir.Constant) else None
            if declared is not None and _named(declared.id, declared.title):
                yield declared.id, declared.title
        if isinstance(part, ir.Compare):
            for one, other in ((part.left, part.right), (part.right, part.left)):
                title = one.type.values.get(str(other.value)) if isinstance(other, ir.Constant) else None
                if title is not None and _named("", title):
                    yield str(getattr(one, "name", "")), title


def _demanded(tree: ir.Node, *, positive: bool) -> Iterator[tuple[str, Text]]:
    """Amounts that have to be above, or equal to, a number that somebody set."""
    if isinstance(tree, ir.Not):
        yield from _demanded(tree.operand, positive=not positive)
        return
    if isinstance(tree, ir.Compare):
        for one, other, operator in ((tree.left, tree.right, _MORE[tree.operator]),
                                     (tree.right, tree.left, _TURNED[_MORE[tree.operator]])):
            wanted = operator if positive else _TURNED[operator]
            number = isinstance(other, ir.Constant) and other.value != 0
            if wanted in (">", "=") and number and isinstance(one, (ir.Read, ir.Derived)) and is_amount(one):
                yield one.name, one.title
        return
    for part in ir.children(tree):
        yield from _demanded(part, positive=positive)
