"""The language means what CEL means: random typed conditions against the cel-python library."""

from __future__ import annotations

import warnings
from datetime import date
from functools import cache
from typing import Any

import celpy
import pytest
from celpy.adapter import json_to_cel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import FazhiError, Location
from core.language import Environment, Expression, Scope, compile_expression
from core.rulebook.model import Field, FieldType
from core.text import Text

VALUES = ("public", "plan", "price")
BIG = 2**63 - 1
FIELDS = {
    "flag": FieldType.BOOL, "done": FieldType.BOOL, "n": FieldType.INT, "m": FieldType.INT,
    "name": FieldType.STRING, "kind": FieldType.ENUM, "tags": FieldType.SET,
}
ENVIRONMENT = Environment(attributes={
    name: Field(name, Text(name), kind, values={value: Text(value) for value in VALUES}
                if kind in (FieldType.ENUM, FieldType.SET) else {})
    for name, kind in FIELDS.items()
})


class NoHistory:
    def count(self, event_type: str) -> int:
        return 0

    def first(self, event_type: str) -> None:
        return None

    def last(self, event_type: str) -> None:
        return None

    def anew(self, event_type: str, before: str) -> bool:
        return False

    def materials(self) -> frozenset[str]:
        return frozenset()


def scope(values: dict[str, Any]) -> Scope:
    return Scope(values, {}, {}, NoHistory(), date(2026, 1, 1), lambda start, end: (end - start).days)


facts = st.fixed_dictionaries({}, optional={
    "flag": st.booleans(),
    "done": st.booleans(),
    "n": st.integers(-5, 5) | st.sampled_from([BIG, -BIG - 1]),
    "m": st.integers(-5, 5),
    "name": st.sampled_from(["", "a", "甲", "it's"]),
    "kind": st.sampled_from(VALUES),
    "tags": st.frozensets(st.sampled_from(VALUES)),
})

integers = st.recursive(
    st.sampled_from(["c.n", "c.m", "size(c.tags)", str(BIG)]) | st.integers(-4, 4).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    | inner.map(lambda text: f"-({text})"),
    max_leaves=4,
)
words = st.sampled_from(["c.name", "'a'", '"甲"', "''", r"'it\'s'"])
kinds = st.sampled_from(VALUES).map(lambda value: f"'{value}'")
relations = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
equalities = st.sampled_from(["==", "!="])


def spaced(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


leaves = st.one_of(
    st.sampled_from(["true", "false", "c.flag", "c.done"]),
    st.sampled_from(sorted(FIELDS)).map(lambda name: f"has(c.{name})"),
    spaced(integers, relations, integers),
    spaced(words, equalities, words),
    spaced(st.just("c.kind"), equalities, kinds),
    spaced(kinds, st.just("in c.tags")),
    st.lists(kinds, min_size=1, max_size=3).map(lambda items: f"c.kind in [{', '.join(items)}]"),
    st.lists(st.integers(-3, 3).map(str), min_size=1, max_size=3).map(lambda items: f"c.n in [{', '.join(items)}]"),
)
conditions = st.recursive(leaves, lambda inner: st.one_of(
    spaced(inner, st.sampled_from(["&&", "||"]), inner),
    spaced(inner, st.sampled_from(["&&", "||"]), inner).map(lambda text: f"({text})"),
    inner.map(lambda text: f"!({text})"),
    st.tuples(inner, inner, inner).map(lambda p: f"(({p[0]}) ? ({p[1]}) : ({p[2]}))"),
    st.tuples(inner, equalities, inner).map(lambda p: f"(({p[0]}) {p[1]} ({p[2]}))"),
    st.tuples(inner, integers, integers, relations, integers).map(
        lambda p: f"(({p[0]}) ? {p[1]} : {p[2]}) {p[3]} {p[4]}"),
), max_leaves=6)


@cache
def cel() -> celpy.Environment:
    return celpy.Environment()


def oracle(source: str, values: dict[str, Any]) -> bool | None:
    """What cel-python answers; its errors (missing key, overflow) are our unknown."""
    context = {"c": json_to_cel({
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()})}
    program = cel().program(cel().compile(source))
    try:
        return bool(program.evaluate(context))
    except celpy.CELEvalError:
        return None


def ours(source: str, values: dict[str, Any]) -> bool | None:
    return compile_expression(source, ENVIRONMENT).test(scope(values))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=conditions, values=facts)
def test_a_condition_is_true_exactly_when_cel_says_so(source: str, values: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = oracle(source, values)
    assert ours(source, values) is expected, source


@pytest.mark.parametrize("source", [
    "1 + 2 * 3 == 7", "1 - 2 - 3 == -4", "true || false && false", "!true || true", "!(true || true)",
    "1 < 2 == true", "true ? false : true || true", "false ? true : true ? false : true", "-c.n + 3 == 1",
    "2 - -2 == 4", "1 in [1, 2] == true", "c.n * -1 < 0 && c.n in [2]", "- c.n == -2",
])
def test_operators_bind_as_in_cel(source: str) -> None:
    assert ours(source, {"n": 2}) is oracle(source, {"n": 2})


def compiled(source: str) -> Expression:
    return compile_expression(source, ENVIRONMENT)


@settings(max_examples=150, deadline=None)
@given(a=conditions, b=conditions, values=facts)
def test_kleene_laws_hold_on_unknown_data(a: str, b: str, values: dict[str, Any]) -> None:
    case = scope(values)

    def value(source: str) -> bool | None:
        return compiled(source).test(case)

    assert value(f"!(!({a}))") is value(a)
    assert value(f"!(({a}) && ({b}))") is value(f"!({a}) || !({b})")
    assert value(f"({a}) && ({b})") is value(f"({b}) && ({a})")
    assert value(f"({a}) || false") is value(f"({a}) && true") is value(a)
    assert value(f"({a}) && false") is False
    assert value(f"({a}) || true") is True


@settings(max_examples=150, deadline=None)
@given(source=conditions.filter(lambda text: "has(" not in text), values=facts, more=facts)
def test_learning_a_value_never_turns_an_answer_round(source: str, values: dict[str, Any],
                                                      more: dict[str, Any]) -> None:
    expression = compiled(source)
    before, after = expression.test(scope(values)), expression.test(scope({**more, **values}))
    assert before is None or after is before


junk = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=3), st.dates(),
                 st.datetimes(), st.lists(st.integers(), max_size=2), st.frozensets(st.text(max_size=2), max_size=2))


@settings(max_examples=200, deadline=None)
@given(source=conditions, values=st.dictionaries(st.sampled_from(sorted(FIELDS)), junk))
def test_no_data_whatever_makes_a_condition_fail(source: str, values: dict[str, Any]) -> None:
    assert compiled(source).test(scope(values)) in (True, False, None)


@settings(max_examples=300, deadline=None)
@given(source=conditions)
def test_every_condition_reads_as_a_sentence(source: str) -> None:
    expression = compiled(source)
    for language in ("zh", "en"):
        text = expression.sentence(language)
        assert text
        assert text.count("（") == text.count("）")
        assert text.count("(") == text.count(")")


scraps = st.lists(st.sampled_from([
    "c.n", "c.flag", "c.tags", "c.kind", "c.", "e.x", "c", "'plan'", "'", '"', "1", "9223372036854775808", "-", "!",
    "&&", "||", "==", "<", "in", "?", ":", "(", ")", "[", "]", ",", "+", "*", ".", "has", "size", "sets.contains",
    "date", "decimal", "happened", "true", "null", "and", "（", "，", "\\", "\n", "//", "0x", "1.5", "甲",
]) | st.text(max_size=3), max_size=14).map(" ".join)


@settings(max_examples=600, deadline=None)
@given(source=scraps | st.text(max_size=40))
def test_whatever_an_author_types_is_compiled_or_refused_with_words(source: str) -> None:
    try:
        compile_expression(source, ENVIRONMENT, Location("a.yaml", 3, 5))
    except FazhiError as error:
        for problem in error.problems:
            assert problem.at is not None
            assert problem.at.line >= 3
            assert problem.message("zh")
            assert problem.message("en")
