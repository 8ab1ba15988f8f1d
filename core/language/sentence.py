"""An expression as a sentence, from the titles of facts, values and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.language import ir
from core.language.ir import Node
from core.language.plain import plain
from core.language.types import MOMENTS, Kind
from core.language.words import day, number_of, quoted

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How one language puts the parts of a condition; ``{0}``, ``{1}`` are filled in."""

    numbers: Words
    moments: Words
    others: Words
    steps: Words
    judged_steps: Words
    every_step: Words
    true: str
    false: str
    given: str
    not_given: str
    negated: str
    not_this: str
    both: str
    one_of_two: str
    bracket: str
    comma: str
    one_of: str
    none_of: str
    holds: str
    holds_not: str
    choice: str
    or_else: str


CHINESE = Phrasing(
    numbers={"==": "等于", "!=": "不等于", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不小于"},
    moments={"==": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"},
    others={"==": "为", "!=": "不为"},
    steps={"c": "{0}", "e": "该步骤的{0}", "t": "应答步骤的{0}"},
    judged_steps={"c": "{0}", "e": "该步骤{0}", "t": "应答步骤{0}"},
    every_step={"date": "日期", "actor": "承办人", "organ": "机关"},
    true="恒成立", false="恒不成立", given="已填写{0}", not_given="未填写{0}", negated="非{0}", not_this="并非（{0}）",
    both=" 且 ", one_of_two=" 或者 ", bracket="（{0}）", comma="、", one_of="{0} 为{1}之一",
    none_of="{0} 不是{1}中的任何一个", holds="{0} 包含{1}", holds_not="{0} 不包含{1}",
    choice="若{0}，则{1}，否则{2}", or_else="{0}（未填写的按 {1} 计）",
)
ENGLISH = Phrasing(
    numbers={"==": "equals", "!=": "does not equal", "<": "is less than", "<=": "is at most", ">": "is more than",
             ">=": "is at least"},
    moments={"==": "is", "!=": "is not", "<": "is before", "<=": "is not after", ">": "is after",
             ">=": "is not before"},
    others={"==": "is", "!=": "is not"},
    steps={"c": "{0}", "e": "this step’s {0}", "t": "the answering step’s {0}"},
    judged_steps={"c": "{0}", "e": "{0} at this step", "t": "{0} at the answering step"},
    every_step={"date": "date", "actor": "person", "organ": "organ"},
    true="always", false="never", given="{0} is given", not_given="{0} is not given", negated="not {0}",
    not_this="not ({0})", both=" and ", one_of_two=" or ", bracket="({0})", comma=", ", one_of="{0} is one of {1}",
    none_of="{0} is none of {1}", holds="{0} contains {1}", holds_not="{0} does not contain {1}",
    choice="if {0} then {1}, else {2}", or_else="{0} ({1} where not given)",
)


def sentence(node: Node, language: str = "zh", steps: Words | None = None) -> str:
    """The expression as a reader of ``language`` would say it.

    Args:
        language: ``zh`` or ``en``; others read English.
        steps: phrases for ``e`` and ``t`` in place of "this step", ``{"t": "其{0}"}``.
    """
    return _Printer("zh" if language == "zh" else "en", steps or {}).of(plain(node))


@dataclass(frozen=True, slots=True)
class _Printer:
    language: str
    named_steps: Words

    @property
    def words(self) -> Phrasing:
        return CHINESE if self.language == "zh" else ENGLISH

    def of(self, node: Node) -> str:
        words = self.words
        match node:
            case ir.Constant():
                return self.constant(node)
            case ir.Read() | ir.Derived():
                return self.fact(node)
            case ir.StepRead(root=root, name=name):
                return self.step(root, words.every_step[name], words.steps)
            case ir.Has(subject=subject):
                return words.given.format(self.fact(subject, judged=True))
            case ir.Not(operand=operand):
                return self.negation(operand)
            case ir.All(operands=operands):
                return words.both.join(self.bracketed(part, ir.Some, ir.Choose) for part in operands)
            case ir.Some(operands=operands):
                return words.one_of_two.join(self.bracketed(part, ir.All, ir.Choose) for part in operands)
            case ir.Compare():
                return self.comparison(node)
            case ir.Member():
                return self.membership(node, words.one_of, words.holds, "==")
            case ir.Arithmetic():
                return self.arithmetic(node)
            case ir.Negative(operand=operand):
                return f"-{self.bracketed(operand, ir.Arithmetic, ir.Negative, ir.Choose)}"
            case ir.Choose():
                return self.choice(node)
            case ir.Listing(items=items):
                return words.comma.join(self.of(item) for item in items)
            case ir.Apply(function=function):
                return self.call(node, function.phrase.zh if self.language == "zh" else function.phrase.en)

    def bracketed(self, node: Node, *kinds: type) -> str:
        """A part, in brackets where it would be misread."""
        text = self.of(node)
        return self.words.bracket.format(text) if isinstance(node, kinds) and not _is_default(node) else text

    def operand(self, node: Node) -> str:
        """A side of a comparison, an argument."""
        return self.bracketed(node, ir.All, ir.Some, ir.Choose, ir.Compare, ir.Member, ir.Not)

    def fact(self, node: ir.Read | ir.Derived, judged: bool = False, negated: bool = False) -> str:
        """A fact's title, quoted where it stands as a statement of its own."""
        title = node.title.to(self.language)
        judged = judged or node.type.kind is Kind.BOOL
        if judged:
            title = quoted(title)
        if negated:
            title = self.words.negated.format(title)
        root = node.root if isinstance(node, ir.Read) else "c"
        return self.step(root, title, self.words.judged_steps if judged else self.words.steps)

    def step(self, root: str, title: str, phrases: Words) -> str:
        return self.named_steps.get(root, phrases[root]).format(title)

    def constant(self, node: ir.Constant) -> str:
        value, kind = node.value, node.type.kind
        if kind is Kind.BOOL:
            return self.words.true if value else self.words.false
        if isinstance(value, date):
            return day(value, self.language)
        if kind in (Kind.INT, Kind.DECIMAL):
            return number_of(value, node.type.unit, self.language)
        titles = node.type.values
        return quoted(titles[str(value)].to(self.language) if value in titles else str(value))

    def negation(self, node: Node) -> str:
        """What is left of negations after ``plain``."""
        words, chinese = self.words, self.language == "zh"
        match node:
            case ir.Read() | ir.Derived():
                return self.fact(node, negated=True)
            case ir.Has(subject=subject):
                return words.not_given.format(self.fact(subject, judged=True))
            case ir.Member():
                return self.membership(node, words.none_of, words.holds_not, "!=")
            case ir.Apply(function=function) if function.phrase.zh_negated:
                return self.call(node, function.phrase.zh_negated if chinese else function.phrase.en_negated)
            case _:
                return words.not_this.format(self.of(node))

    def comparison(self, node: ir.Compare) -> str:
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, ir.Constant) and side.type.kind is Kind.BOOL:
                return self.of(plain(other if side.value == (node.operator == "==") else ir.Not(other)))
        left, right = (_with_unit(side, other) for side, other in ((node.left, node.right), (node.right, node.left)))
        kind = node.left.type.kind
        words = self.words.moments if kind in MOMENTS else self.words.numbers if kind in (Kind.INT, Kind.DECIMAL) \
            else self.words.others
        return self.joined(self.operand(left), words[node.operator], self.operand(right))

    def joined(self, left: str, word: str, right: str) -> str:
        """``left word right``; Chinese sets no space before a quotation mark."""
        close = self.language == "zh" and right.startswith("“")
        return f"{left} {word}{'' if close else ' '}{right}"

    def membership(self, node: ir.Member, listed: str, held: str, single: str) -> str:
        item = self.operand(node.item)
        if not isinstance(node.collection, ir.Listing):
            return held.format(self.operand(node.collection), item)
        if len(node.collection.items) == 1:
            return self.comparison(ir.Compare(single, node.item, node.collection.items[0]))  # type: ignore[arg-type]
        items = self.of(node.collection)
        if self.language == "zh" and not items.startswith("“"):
            items = f" {items} "
        return listed.format(item, items)

    def choice(self, node: ir.Choose) -> str:
        if _is_default(node):
            return self.words.or_else.format(self.of(node.yes), self.of(node.no))
        return self.words.choice.format(*(self.operand(part) for part in (node.condition, node.yes, node.no)))

    def call(self, node: ir.Apply, phrase: str) -> str:
        if node.words:
            titles = (word.to(self.language) if word else "" for word in node.words)
            return phrase.format(*titles)
        return phrase.format(*(self.operand(argument) for argument in node.arguments))

    def arithmetic(self, node: ir.Arithmetic) -> str:
        """``a - (b + c) × d``: brackets as in arithmetic."""
        product = node.operator == "*"
        left = self.bracketed(node.left, ir.Choose, *((ir.Arithmetic,) if product and _is_sum(node.left) else ()))
        closed = _is_sum(node.right) and node.operator != "+"
        right = self.bracketed(node.right, ir.Choose, ir.Negative, *((ir.Arithmetic,) if closed else ()))
        return f"{left} {'×' if product else node.operator} {right}"


def _with_unit(side: Node, other: Node) -> Node:
    """A bare number takes the unit of what it is compared with."""
    if isinstance(side, ir.Constant) and side.type.unit == "*":
        return ir.Constant(side.value, other.type)
    return side


def _is_sum(node: Node) -> bool:
    return isinstance(node, ir.Arithmetic) and node.operator != "*"


def _is_default(node: Node) -> bool:
    """``has(c.x) ? c.x : 0``."""
    return (isinstance(node, ir.Choose) and isinstance(node.condition, ir.Has) and node.condition.subject == node.yes
            and isinstance(node.no, ir.Constant))
