"""The type checker: from the expression as written to its typed form, with every problem found on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from core.errors import FazhiError, Location, Problem
from core.language import ir
from core.language.constructors import construct
from core.language.environment import Environment, FactSource
from core.language.functions import FUNCTIONS, Function
from core.language.ir import Node
from core.language.names import Names, hint
from core.language.parser import parse
from core.language.place import place
from core.language.syntax import (
    Binary,
    Call,
    Items,
    Literal,
    Logic,
    Name,
    Select,
    Syntax,
    Ternary,
    Unary,
    start,
    walk,
)
from core.language.types import (
    BOOL,
    COLLECTIONS,
    INT,
    KIND_WORDS,
    MOMENTS,
    NUMBERS,
    STRING,
    TEXTUAL,
    WRONG,
    Kind,
    Type,
    common_unit,
    same_unit,
)
from core.text import Text

MAX_FACTS_DEEP = 20

_WRONG = ir.Constant(False, WRONG)


class Checker:
    """Checks one expression against its environment.

    ``problems`` holds all that is wrong; the tree that :meth:`check` returns means something only while it
    is empty.
    """

    def __init__(self, source: str, environment: Environment, at: Location | None,
                 inside: tuple[str, ...] = ()) -> None:
        self.source = source
        self.environment = environment
        self.at = at
        self.inside = inside
        self.problems: list[Problem] = []
        self.names = Names(environment)
        self.derived: dict[str, Node] = {}

    def wrong(self, offset: int, code: str, **details: Any) -> Node:
        """Note a problem and go on."""
        return self.note(offset, Problem(code, None, details))

    def note(self, offset: int, problem: Problem) -> Node:
        """Note a problem found elsewhere at its place here."""
        self.problems.append(replace(problem, at=place(self.source, offset, self.at)))
        return _WRONG

    def check_all(self, tree: Syntax) -> Node:
        """The typed form of a whole expression, the derived facts that it names first."""
        for node in walk(tree):
            if isinstance(node, Select) and node.root == "c" and node.name in self.environment.facts:
                self.derive(node)
        return self.check(tree)

    def check(self, tree: Syntax) -> Node:
        """The typed form of ``tree``."""
        match tree:
            case Literal(value=bool(value)):
                return ir.Constant(value, BOOL)
            case Literal(value=int(value)):
                return ir.Constant(value, INT)
            case Literal(value=value):
                return ir.Constant(value, STRING)
            case Name(name=name, offset=offset):
                return self.note(offset, self.names.bare(name))
            case Select():
                return self.select(tree)
            case Items(items=items):
                return self.items(items)
            case Unary():
                return self.unary(tree)
            case Logic(operator=operator, operands=operands):
                checked = tuple(self.condition(operand, operator) for operand in operands)
                return ir.All(checked) if operator == "&&" else ir.Some(checked)
            case Binary(operator="in"):
                return self.member(tree)
            case Binary(operator="+" | "-" | "*"):
                return self.arithmetic(tree)
            case Binary():
                return self.compare(tree)
            case Ternary():
                return self.choose(tree)
            case Call():
                return self.call(tree)

    def condition(self, tree: Syntax, operator: str) -> Node:
        node = self.check(tree)
        if node.type.kind in (Kind.BOOL, Kind.WRONG):
            return node
        return self.wrong(start(tree), "expression-not-a-condition", operator=operator, type=KIND_WORDS[node.type.kind],
                          text=self.text(tree))

    def text(self, tree: Syntax) -> str:
        """The name or literal that a message quotes."""
        match tree:
            case Select(root=root, name=name):
                return f"{root}.{name}"
            case Literal(value=value):
                return str(value)
            case Call(name=name):
                return f"{name}(…)"
            case _:
                return self.source[start(tree):][:20]

    def select(self, tree: Select) -> Node:
        if tree.root == "c" and tree.name in self.environment.facts:
            return self.derived.get(tree.name, _WRONG)
        found = self.names.select(tree.root, tree.name)
        if not isinstance(found, Problem):
            return found
        at_root = found.code in ("expression-unknown-root", "expression-no-step", "expression-other-root")
        return self.note(tree.root_offset if at_root else tree.offset, found)

    def derive(self, tree: Select) -> None:
        """Look a derived fact up and check its definition, which reads the case only."""
        name = tree.name
        if name in self.derived:
            return
        fact = self.environment.facts[name]
        self.derived[name] = _WRONG
        if name in self.inside:
            circle = (*self.inside[self.inside.index(name):], name)
            self.wrong(tree.offset, "expression-fact-circle", path=" → ".join(circle))
        elif len(self.inside) >= MAX_FACTS_DEEP:
            self.wrong(tree.offset, "expression-facts-too-deep", most=MAX_FACTS_DEEP)
        else:
            definition = self.environment.checked.get(name) or self.define(tree, fact)
            if definition is not None:
                self.environment.checked[name] = definition
                self.derived[name] = ir.Derived(name, fact.title, definition, definition.type)

    def define(self, tree: Select, fact: FactSource) -> Node | None:
        """The definition of a derived fact; its own errors are reported where it is written."""
        inner = Checker(fact.source, self.environment.with_steps({}), fact.at, (*self.inside, tree.name))
        try:
            definition = inner.check_all(parse(fact.source, fact.at))
        except FazhiError:
            self.wrong(tree.offset, "expression-broken-fact", name=tree.name)
            return None
        if not inner.problems:
            return definition
        first = inner.problems[0]
        if first.code in ("expression-fact-circle", "expression-facts-too-deep"):
            self.note(tree.offset, first)
        else:
            self.wrong(tree.offset, "expression-broken-fact", name=tree.name)
        return None

    def items(self, items: tuple[Syntax, ...]) -> Node:
        nodes = [self.check(item) for item in items]
        if not nodes:
            return ir.Listing((), Type(Kind.LIST, element=WRONG))
        first = next((node for node in nodes if not isinstance(node, ir.Constant)), nodes[0])
        alike = tuple(self.meet(node, first, start(item), "[ ]")[0] for node, item in zip(nodes, items, strict=True))
        if alike[0].type.kind in COLLECTIONS:
            return self.wrong(start(items[0]), "expression-nested-list")
        return ir.Listing(alike, Type(Kind.LIST, element=first.type))

    def unary(self, tree: Unary) -> Node:
        if tree.operator == "!":
            return ir.Not(self.condition(tree.operand, "!"))
        node = self.check(tree.operand)
        if node.type.kind in NUMBERS:
            return ir.Negative(node, node.type)
        if node.type.kind is Kind.WRONG:
            return node
        return self.wrong(start(tree.operand), "expression-not-a-number", operator="-", type=KIND_WORDS[node.type.kind],
                          text=self.text(tree.operand))

    def compare(self, tree: Binary) -> Node:
        left, right = self.check(tree.left), self.check(tree.right)
        operator = cast("Any", tree.operator)
        if WRONG in (left.type, right.type):
            return _WRONG
        for node, side in ((left, tree.left), (right, tree.right)):
            if node.type.kind in COLLECTIONS:
                return self.wrong(start(side), "expression-compares-sets", operator=operator, text=self.text(side))
        before = len(self.problems)
        left, right = self.meet(left, right, tree.offset, operator, start(tree.left), start(tree.right))
        if len(self.problems) == before and operator not in ("==", "!=") and left.type.kind not in NUMBERS | MOMENTS:
            return self.wrong(start(tree.left), "expression-no-order", operator=operator,
                              type=KIND_WORDS[left.type.kind], text=self.text(tree.left))
        return ir.Compare(operator, left, right)

    def arithmetic(self, tree: Binary) -> Node:
        left, right = self.check(tree.left), self.check(tree.right)
        operator = cast("Any", tree.operator)
        for node, side in ((left, tree.left), (right, tree.right)):
            if node.type.kind is Kind.WRONG:
                return _WRONG
            if node.type.kind in MOMENTS:
                return self.wrong(start(side), "expression-date-arithmetic", operator=operator, text=self.text(side))
            if node.type.kind not in NUMBERS:
                return self.wrong(start(side), "expression-not-a-number", operator=operator,
                                  type=KIND_WORDS[node.type.kind], text=self.text(side))
        kind = Kind.DECIMAL if Kind.DECIMAL in (left.type.kind, right.type.kind) else Kind.INT
        units = left.type.unit, right.type.unit
        if operator != "*":
            self.meet(left, right, tree.offset, operator)
            return ir.Arithmetic(operator, left, right, Type(kind, common_unit(*units)))
        pure = [unit for unit in units if unit not in ("*", None)]
        if len(pure) > 1:
            return self.wrong(tree.offset, "expression-multiplies-units", left=units[0], right=units[1])
        unit = pure[0] if pure else (None if None in units else "*")
        return ir.Arithmetic(operator, left, right, Type(kind, unit))

    def member(self, tree: Binary) -> Node:
        item, collection = self.check(tree.left), self.check(tree.right)
        if WRONG in (item.type, collection.type):
            return _WRONG
        if collection.type.kind not in COLLECTIONS:
            return self.wrong(start(tree.right), "expression-not-a-collection", type=KIND_WORDS[collection.type.kind],
                              text=self.text(tree.right))
        if isinstance(collection, ir.Listing) and not collection.items:
            return ir.Member(item, collection)
        if isinstance(collection, ir.Listing):
            sides = cast("Items", tree.right).items
            elements = tuple(self.meet(item, part, tree.offset, "in", start(tree.left), start(side))[1]
                             for part, side in zip(collection.items, sides, strict=True))
            return ir.Member(item, ir.Listing(elements, collection.type))
        inside = ir.Read("c", "", Text(""), collection.type.item)  # stands for whatever the set holds
        item, _ = self.meet(item, inside, tree.offset, "in", start(tree.left))
        return ir.Member(item, collection)

    def choose(self, tree: Ternary) -> Node:
        condition = self.condition(tree.condition, "? :")
        yes, no = self.check(tree.yes), self.check(tree.no)
        if WRONG in (yes.type, no.type):
            return _WRONG
        if yes.type.kind in COLLECTIONS or no.type.kind in COLLECTIONS:
            return self.wrong(start(tree.yes), "expression-compares-sets", operator="? :", text=self.text(tree.yes))
        yes, no = self.meet(yes, no, tree.offset, "? :", start(tree.yes), start(tree.no))
        result = yes.type
        if result.kind in NUMBERS:
            kind = Kind.DECIMAL if Kind.DECIMAL in (yes.type.kind, no.type.kind) else Kind.INT
            result = Type(kind, common_unit(yes.type.unit, no.type.unit))
        elif isinstance(yes, ir.Constant):
            result = no.type
        return ir.Choose(condition, yes, no, result)

    def meet(self, left: Node, right: Node, offset: int, operator: str, left_at: int | None = None,
             right_at: int | None = None) -> tuple[Node, Node]:
        """Check that two values are comparable; string literals take the type of what they meet."""
        kinds = {left.type.kind, right.type.kind}
        if Kind.WRONG in kinds:
            return left, right
        if kinds <= NUMBERS:
            if not same_unit(left.type.unit, right.type.unit):
                self.wrong(offset, "expression-mixed-units", left=left.type.unit or "—",
                           right=right.type.unit or "—", operator=operator)
            return left, right
        if kinds <= TEXTUAL and isinstance(right, ir.Constant):
            return left, self.literal(right, left.type, offset if right_at is None else right_at)
        if kinds <= TEXTUAL and isinstance(left, ir.Constant):
            return self.literal(left, right.type, offset if left_at is None else left_at), right
        if kinds == {Kind.ENUM} and not set(left.type.values) & set(right.type.values):
            self.wrong(offset, "expression-enums-never-equal", operator=operator)
        elif Kind.STRING in kinds and kinds & MOMENTS:
            text, at = (right, right_at) if right.type.kind is Kind.STRING else (left, left_at)
            self.wrong(offset if at is None else at, "expression-date-as-text",
                       text=text.value if isinstance(text, ir.Constant) else "")
        elif len(kinds) > 1:
            self.wrong(offset, "expression-types-differ", left=KIND_WORDS[left.type.kind],
                       right=KIND_WORDS[right.type.kind], operator=operator)
        return left, right

    def literal(self, node: ir.Constant, wanted: Type, offset: int) -> Node:
        """A string literal as the value of an enum, a person or an organ."""
        if wanted.kind is Kind.ENUM and node.value not in wanted.values:
            return self.wrong(offset, "expression-unknown-value", text=node.value,
                              **hint(str(node.value), wanted.values))
        return ir.Constant(node.value, wanted)

    def call(self, tree: Call) -> Node:
        if tree.name == "has":
            return self.has(tree)
        constant = construct(tree, self.wrong)
        if constant is not None:
            return constant
        function = FUNCTIONS.get(tree.name)
        if function is None:
            return self.note(tree.offset, self.names.function(tree.name))
        if len(tree.arguments) != len(function.parameters):
            return self.wrong(tree.offset, "expression-argument-count", name=function.name,
                              wanted=len(function.parameters), found=len(tree.arguments), example=function.example)
        if function.names:
            return self.naming(function, tree)
        nodes = tuple(self.check(argument) for argument in tree.arguments)
        for node, wanted, argument in zip(nodes, function.parameters, tree.arguments, strict=True):
            if node.type.kind is not Kind.WRONG and node.type.kind not in wanted:
                return self.wrong(start(argument), "expression-argument-type", name=function.name,
                                  type=KIND_WORDS[node.type.kind], text=self.text(argument), example=function.example)
        if function.same_items and WRONG not in [node.type for node in nodes]:
            nodes = self.same_items(nodes, tree)
        return ir.Apply(function, nodes, function.result)

    def naming(self, function: Function, tree: Call) -> Node:
        """A call whose arguments name event types or a material of the procedure."""
        named: list[ir.Constant] = []
        titles: list[Text | None] = []
        for argument in tree.arguments:
            if not (isinstance(argument, Literal) and isinstance(argument.value, str)):
                return self.wrong(start(argument), "expression-literal-wanted", name=function.name,
                                  example=function.example)
            title = (self.names.event if function.names == "event" else self.names.material)(argument.value)
            if isinstance(title, Problem):
                return self.note(argument.offset, title)
            named.append(ir.Constant(argument.value, STRING))
            titles.append(title)
        return ir.Apply(function, tuple(named), function.result, tuple(titles))

    def same_items(self, nodes: tuple[Node, ...], tree: Call) -> tuple[Node, ...]:
        """Literals in lists as values of the set that they are compared with."""
        inside = next((node.type.item for node in nodes if node.type.kind is Kind.SET), nodes[0].type.item)
        sample = ir.Read("c", "", Text(""), inside)
        result: list[Node] = []
        for node, argument in zip(nodes, tree.arguments, strict=True):
            if isinstance(node, ir.Listing) and isinstance(argument, Items):
                parts = zip(node.items, argument.items, strict=True)
                items = tuple(self.meet(part, sample, start(side), tree.name, start(side))[0] for part, side in parts)
                result.append(ir.Listing(items, node.type))
            else:
                self.meet(ir.Read("c", "", Text(""), node.type.item), sample, start(argument), tree.name)
                result.append(node)
        return tuple(result)

    def has(self, tree: Call) -> Node:
        if len(tree.arguments) != 1 or not isinstance(tree.arguments[0], Select):
            return self.wrong(tree.offset, "expression-has-what")
        node = self.check(tree.arguments[0])
        if isinstance(node, (ir.Read, ir.Derived)):
            return ir.Has(node)
        return node if node.type == WRONG else self.wrong(tree.offset, "expression-has-what")
