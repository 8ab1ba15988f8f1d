"""An expression as a sentence, from the titles of facts, values and steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.language import ir
from core.language.ir import Node
from core.language.types import MOMENTS, Kind
from core.language.words import day, number_of, quoted

Words = Mapping[str, str]

_ZH = {"==": "为", "!=": "不为", "<": "小于", "<=": "不超过", ">": "大于", ">=": "不小于"}
_ZH_TIME = {"==": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_ZH_NUMBER = _ZH | {"==": "等于", "!=": "不等于"}
_EN = {"==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_EN_TIME = {"==": "is", "!=": "is not", "<": "is before", "<=": "is not after", ">": "is after",
            ">=": "is not before"}
_INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def sentence(node: Node, language: str = "zh") -> str:
    """The expression as a reader of ``language`` (``zh`` or ``en``) would say it."""
    return _Chinese().of(node) if language == "zh" else _English().of(node)


class _Printer:
    """What the languages share; each names its words."""

    language: str
    numbers: ClassVar[Words]
    times: ClassVar[Words]
    others: ClassVar[Words]
    steps: ClassVar[Words]
    every_step: ClassVar[Words]
    both: str
    one_of: str
    all_open, all_close = "", ""

    def of(self, node: Node) -> str:
        match node:
            case ir.Constant():
                return self.constant(node)
            case ir.Read() | ir.Derived():
                return self.named(node)
            case ir.StepRead(root=root, name=name):
                return self.step(root, self.every_step[name])
            case ir.Has(subject=subject):
                return self.known(subject, yes=True)
            case ir.Not(operand=operand):
                return self.negated(operand)
            case ir.All(operands=operands):
                return self.both.join(self.inside(part, ir.Some, ir.Choose) for part in operands)
            case ir.Some(operands=operands):
                return self.one_of.join(self.inside(part, ir.All, ir.Choose) for part in operands)
            case ir.Compare():
                return self.compare(node)
            case ir.Member():
                return self.member(node, yes=True)
            case ir.Arithmetic():
                return self.arithmetic(node)
            case ir.Negative(operand=operand):
                return f"-{self.inside(operand, ir.Arithmetic, ir.Negative, ir.Choose)}"
            case ir.Choose(condition=condition, yes=yes, no=no):
                return self.choose(condition, yes, no)
            case ir.Listing(items=items):
                return "、".join(self.value(item) for item in items) if self.language == "zh" else ", ".join(
                    self.value(item) for item in items)
            case ir.Apply():
                return self.call(node, node.function.phrase.zh if self.language == "zh" else node.function.phrase.en)

    def inside(self, node: Node, *bracketed: type) -> str:
        """A part, in brackets where it would be misread."""
        text = self.of(node)
        return f"{self.all_open}{text}{self.all_close}" if isinstance(node, bracketed) else text

    def operand(self, node: Node) -> str:
        """A side of a comparison."""
        return self.inside(node, ir.All, ir.Some, ir.Choose, ir.Compare, ir.Member, ir.Not)

    def value(self, node: Node) -> str:
        """A value of a list, quoted where it is a word."""
        return self.of(node)

    def named(self, node: ir.Read | ir.Derived) -> str:
        title = node.title.to(self.language)
        if node.type.kind is Kind.BOOL:
            title = quoted(title)
        return self.step(node.root, title) if isinstance(node, ir.Read) else title

    def step(self, root: str, title: str) -> str:
        return self.steps[root].format(title)

    def constant(self, node: ir.Constant) -> str:
        value, kind = node.value, node.type.kind
        if kind is Kind.BOOL:
            return self.truth(bool(value))
        if kind is Kind.DATE:
            return day(value, self.language)  # type: ignore[arg-type]
        if kind in (Kind.INT, Kind.DECIMAL):
            return number_of(value, node.type.unit, self.language)
        if kind is Kind.ENUM and value in node.type.values:
            return quoted(node.type.values[str(value)].to(self.language))
        return quoted(str(value))

    def truth(self, value: bool) -> str:
        raise NotImplementedError

    def known(self, subject: ir.Read | ir.Derived, yes: bool) -> str:
        raise NotImplementedError

    def negated(self, node: Node) -> str:
        raise NotImplementedError

    def member(self, node: ir.Member, yes: bool) -> str:
        raise NotImplementedError

    def choose(self, condition: Node, yes: Node, no: Node) -> str:
        raise NotImplementedError

    def call(self, node: ir.Apply, phrase: str) -> str:
        if node.words:
            return phrase.format(*(word.to(self.language) if word else "" for word in node.words))
        return phrase.format(*(self.operand(argument) for argument in node.arguments))

    def words_of(self, node: ir.Compare) -> Words:
        kind = node.left.type.kind
        if kind in MOMENTS:
            return self.times
        return self.numbers if kind in (Kind.INT, Kind.DECIMAL) else self.others

    def compare(self, node: ir.Compare) -> str:
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, ir.Constant) and side.type.kind is Kind.BOOL:
                return self.of(other) if side.value == (node.operator == "==") else self.negated(other)
        right = node.right
        if isinstance(right, ir.Constant) and right.type.unit == "*":
            right = ir.Constant(right.value, node.left.type)
        return f"{self.operand(node.left)} {self.words_of(node)[node.operator]} {self.operand(right)}"

    def arithmetic(self, node: ir.Arithmetic) -> str:
        """``a - (b + c) × d``: brackets as in arithmetic."""
        tighter = node.operator == "*"
        left = self.of(node.left)
        right = self.of(node.right)
        if isinstance(node.left, ir.Choose) or (tighter and _is_sum(node.left)):
            left = f"{self.all_open}{left}{self.all_close}"
        if isinstance(node.right, (ir.Choose, ir.Negative)) or (_is_sum(node.right) and node.operator != "+"):
            right = f"{self.all_open}{right}{self.all_close}"
        return f"{left} {'×' if tighter else node.operator} {right}"


def _is_sum(node: Node) -> bool:
    return isinstance(node, ir.Arithmetic) and node.operator != "*"


class _Chinese(_Printer):
    language = "zh"
    numbers, times, others = _ZH_NUMBER, _ZH_TIME, _ZH
    steps: ClassVar[Words] = {"c": "{}", "e": "该步骤的{}", "t": "应答步骤的{}"}
    every_step: ClassVar[Words] = {"date": "日期", "actor": "承办人", "organ": "机关"}
    both, one_of = " 且 ", " 或者 "
    all_open, all_close = "（", "）"

    def truth(self, value: bool) -> str:
        return "恒成立" if value else "恒不成立"

    def known(self, subject: ir.Read | ir.Derived, yes: bool) -> str:
        title = quoted(subject.title.to("zh"))
        named = self.step(subject.root, title) if isinstance(subject, ir.Read) else title
        return f"已填写{named}" if yes else f"未填写{named}"

    def negated(self, node: Node) -> str:
        match node:
            case ir.Not(operand=operand):
                return self.of(operand)
            case ir.Constant(value=value):
                return self.truth(not value)
            case ir.Read() | ir.Derived():
                return f"非{self.named(node)}" if not isinstance(node, ir.Read) or node.root == "c" else \
                    self.step(node.root, f"非{quoted(node.title.to('zh'))}")
            case ir.Has(subject=subject):
                return self.known(subject, yes=False)
            case ir.Compare(operator=operator, left=left, right=right):
                return self.compare(ir.Compare(_INVERSE[operator], left, right))  # type: ignore[arg-type]
            case ir.Member():
                return self.member(node, yes=False)
            case ir.Apply(function=function) if function.phrase.zh_negated:
                return self.call(node, function.phrase.zh_negated)
            case _:
                return f"并非（{self.of(node)}）"

    def member(self, node: ir.Member, yes: bool) -> str:
        item = self.operand(node.item)
        if isinstance(node.collection, ir.Listing):
            items = self.of(node.collection)
            if len(node.collection.items) == 1:
                return f"{item} {'为' if yes else '不为'} {items}"
            return f"{item} 为 {items} 之一" if yes else f"{item} 不是 {items} 中的任何一个"
        return f"{self.operand(node.collection)} {'包含' if yes else '不包含'} {item}"

    def choose(self, condition: Node, yes: Node, no: Node) -> str:
        return f"若{self.operand(condition)}，则{self.operand(yes)}，否则{self.operand(no)}"


class _English(_Printer):
    language = "en"
    numbers, times, others = _EN | {"==": "equals", "!=": "does not equal"}, _EN_TIME, _EN
    steps: ClassVar[Words] = {"c": "{}", "e": "the step’s {}", "t": "the answering step’s {}"}
    every_step: ClassVar[Words] = {"date": "date", "actor": "person", "organ": "organ"}
    both, one_of = " and ", " or "
    all_open, all_close = "(", ")"

    def truth(self, value: bool) -> str:
        return "always" if value else "never"

    def known(self, subject: ir.Read | ir.Derived, yes: bool) -> str:
        title = quoted(subject.title.to("en"))
        named = self.step(subject.root, title) if isinstance(subject, ir.Read) else title
        return f"{named} is given" if yes else f"{named} is not given"

    def negated(self, node: Node) -> str:
        match node:
            case ir.Not(operand=operand):
                return self.of(operand)
            case ir.Constant(value=value):
                return self.truth(not value)
            case ir.Read() | ir.Derived():
                return f"not {self.named(node)}"
            case ir.Has(subject=subject):
                return self.known(subject, yes=False)
            case ir.Compare(operator=operator, left=left, right=right):
                return self.compare(ir.Compare(_INVERSE[operator], left, right))  # type: ignore[arg-type]
            case ir.Member():
                return self.member(node, yes=False)
            case ir.Apply(function=function) if function.phrase.en_negated:
                return self.call(node, function.phrase.en_negated)
            case _:
                return f"not ({self.of(node)})"

    def member(self, node: ir.Member, yes: bool) -> str:
        item = self.operand(node.item)
        if isinstance(node.collection, ir.Listing):
            items = self.of(node.collection)
            if len(node.collection.items) == 1:
                return f"{item} {'is' if yes else 'is not'} {items}"
            return f"{item} is {'one' if yes else 'none'} of {items}"
        return f"{self.operand(node.collection)} {'contains' if yes else 'does not contain'} {item}"

    def choose(self, condition: Node, yes: Node, no: Node) -> str:
        return f"if {self.operand(condition)} then {self.operand(yes)}, else {self.operand(no)}"
