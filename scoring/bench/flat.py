"""Sixty flat conditions on one case, end to end: from the facts as a Python mapping to sixty answers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from core.language import Environment, Expression, Scope, compile_expression
from core.language.closures import closure
from core.language.generated import together
from core.rulebook.model import Field, FieldType
from core.text import Text
from scoring.bench.timing import Ratio, side_by_side

CONDITIONS, CASES = 60, 50
WORDS = ("plan", "price", "project", "asset")
Facts = Mapping[str, Any]
Answer = Callable[[Facts], bool | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in every shape.

    Attributes:
        cel: for us and for CEL libraries.
        zen: for zen-engine.
        careful: a closure written by hand that answers None where a value is missing, as ours do.
        careless: a closure written by hand for complete data; raises where a value is missing.
    """

    cel: str
    zen: str
    careful: Answer
    careless: Answer


def fields() -> dict[str, Field]:
    """The facts of the made-up procedure."""
    kinds = {**{f"n{i}": FieldType.INT for i in range(6)}, **{f"b{i}": FieldType.BOOL for i in range(4)},
             **{f"k{i}": FieldType.ENUM for i in range(3)}, **{f"s{i}": FieldType.SET for i in range(2)}}
    titles = {word: Text(word) for word in WORDS}
    return {name: Field(name, Text(name), kind, values=titles if kind in (FieldType.ENUM, FieldType.SET) else {})
            for name, kind in kinds.items()}


def conditions(rng: random.Random) -> list[Condition]:
    """Sixty conditions of the six shapes that rules have most."""
    return [_SHAPES[number % len(_SHAPES)](rng) for number in range(CONDITIONS)]


def cases(rng: random.Random) -> list[Facts]:
    """Cases with every fact known, since the peers know no unknown values."""
    return [{**{f"n{i}": rng.randrange(100) for i in range(6)}, **{f"b{i}": rng.random() < 0.5 for i in range(4)},
             **{f"k{i}": rng.choice(WORDS) for i in range(3)},
             **{f"s{i}": frozenset(rng.sample(WORDS, 2)) for i in range(2)}} for _ in range(CASES)]


class Ours:
    """Our generated functions, and the closures that define them."""

    def __init__(self, known: Sequence[Condition]) -> None:
        environment = Environment(attributes=fields())
        compiled: list[Expression] = [compile_expression(one.cel, environment) for one in known]
        self.tests = [expression.test for expression in compiled]
        trees = [expression.tree for expression in compiled if expression.tree]
        self.all = together(trees, environment.timezone)
        self.closures = [closure(expression.tree, environment.timezone) for expression in compiled if expression.tree]

    def together(self, facts: Facts) -> list[bool | None]:
        return list(self.all(_scope(facts)))

    def generated(self, facts: Facts) -> list[bool | None]:
        scope = _scope(facts)
        return [test(scope) for test in self.tests]

    def defined(self, facts: Facts) -> list[bool | None]:
        scope = _scope(facts)
        return [run(scope) for run in self.closures]


def _scope(facts: Facts) -> Scope:
    return Scope(facts, {}, {}, _NOTHING, _DAY, _days)


def _days(start: date, end: date) -> int:
    return (end - start).days


_DAY = date(2026, 1, 1)
_NOTHING: Any = None


def _at_least(rng: random.Random) -> Condition:
    n, k = f"n{rng.randrange(6)}", rng.randrange(100)

    def careful(c: Facts) -> bool | None:
        value = c.get(n)
        return None if value is None else value >= k

    return Condition(f"c.{n} >= {k}", f"c.{n} >= {k}", careful, lambda c: c[n] >= k)


def _is(rng: random.Random) -> Condition:
    name, word = f"k{rng.randrange(3)}", rng.choice(WORDS)

    def careful(c: Facts) -> bool | None:
        value = c.get(name)
        return None if value is None else value == word

    return Condition(f"c.{name} == '{word}'", f"c.{name} == '{word}'", careful, lambda c: c[name] == word)


def _flag_and_less(rng: random.Random) -> Condition:
    b, n, k = f"b{rng.randrange(4)}", f"n{rng.randrange(6)}", rng.randrange(100)

    def careful(c: Facts) -> bool | None:
        flag = c.get(b)
        if flag is False:
            return False
        value = c.get(n)
        if value is None:
            return None
        return flag if value < k else False

    return Condition(f"c.{b} && c.{n} < {k}", f"c.{b} and c.{n} < {k}", careful, lambda c: c[b] and c[n] < k)


def _one_of_and_not(rng: random.Random) -> Condition:
    name, words, b = f"k{rng.randrange(3)}", rng.sample(WORDS, 2), f"b{rng.randrange(4)}"
    allowed = frozenset(words)

    def careful(c: Facts) -> bool | None:
        value, flag = c.get(name), c.get(b)
        if flag is True or (value is not None and value not in allowed):
            return False
        return None if value is None or flag is None else True

    return Condition(f"c.{name} in {words} && !c.{b}", f"c.{name} in {words} and not(c.{b})", careful,
                     lambda c: c[name] in allowed and not c[b])


def _has_or_more_and_is_not(rng: random.Random) -> Condition:
    s, word, n, k = f"s{rng.randrange(2)}", rng.choice(WORDS), f"n{rng.randrange(6)}", rng.randrange(100)
    name, other = f"k{rng.randrange(3)}", rng.choice(WORDS)

    def careful(c: Facts) -> bool | None:
        whole = c.get(s)
        if whole is not None and word in whole:
            return True
        value, kind = c.get(n), c.get(name)
        if (value is not None and value <= k) or (kind is not None and kind == other):
            return None if whole is None else False
        return None if value is None or kind is None else True

    return Condition(f"'{word}' in c.{s} || c.{n} > {k} && c.{name} != '{other}'",
                     f"'{word}' in c.{s} or (c.{n} > {k} and c.{name} != '{other}')", careful,
                     lambda c: word in c[s] or (c[n] > k and c[name] != other))


def _sum_above(rng: random.Random) -> Condition:
    n, m, k = f"n{rng.randrange(3)}", f"n{rng.randrange(3, 6)}", rng.randrange(200)

    def careful(c: Facts) -> bool | None:
        one, other = c.get(n), c.get(m)
        return None if one is None or other is None else one + other > k

    return Condition(f"c.{n} + c.{m} > {k}", f"c.{n} + c.{m} > {k}", careful, lambda c: c[n] + c[m] > k)


_SHAPES = (_at_least, _is, _flag_and_less, _one_of_and_not, _has_or_more_and_is_not, _sum_above)


def peers(known: Sequence[Condition]) -> dict[str, Callable[[Facts], list[Any]]]:
    """The peers that are installed, each in the shape that suits it best: all conditions in one expression."""
    found: dict[str, Callable[[Facts], list[Any]]] = {}
    cel = "[" + ", ".join(one.cel for one in known) + "]"
    zen = _module("zen")
    if zen is not None:
        found["zen-engine, a decision"] = _decision(zen, known)
        whole = zen.compile_expression("[" + ", ".join(one.zen for one in known) + "]")
        found["zen-engine, one array expression"] = lambda facts: whole.evaluate({"c": _plain(facts)})
        each = [zen.compile_expression(one.zen) for one in known]
        found["zen-engine, one by one"] = lambda facts: _one_by_one(each, facts)
    rust = _module("cel")
    if rust is not None:
        program = rust.compile(cel)
        found["CEL in Rust"] = lambda facts: program.execute({"c": _plain(facts)})
    google = _module("cel_expr_python.cel")
    if google is not None:
        kinds = google.Type
        environment = google.NewEnv(variables={"c": kinds.Map(kinds.STRING, kinds.DYN)})
        compiled = environment.compile(cel)
        found["CEL in C++"] = lambda facts: compiled.eval(data={"c": _plain(facts)}).plain_value()
    return found


def _decision(zen: Any, known: Sequence[Condition]) -> Callable[[Facts], list[Any]]:
    """The way that zen-engine documents: a decision with an expression node."""
    expressions = [{"id": str(n), "key": f"r{n}", "value": one.zen} for n, one in enumerate(known)]
    nodes = [{"id": "in", "name": "in", "type": "inputNode"}, {"id": "out", "name": "out", "type": "outputNode"},
             {"id": "ask", "name": "ask", "type": "expressionNode", "content": {"expressions": expressions}}]
    edges = [{"id": "1", "sourceId": "in", "targetId": "ask", "type": "edge"},
             {"id": "2", "sourceId": "ask", "targetId": "out", "type": "edge"}]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def run(facts: Facts) -> list[Any]:
        result = decision.evaluate({"c": _plain(facts)})["result"]
        return [result[f"r{n}"] for n in range(len(known))]

    return run


def _one_by_one(compiled: Sequence[Any], facts: Facts) -> list[Any]:
    given = {"c": _plain(facts)}
    return [one.evaluate(given) for one in compiled]


def _plain(facts: Facts) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, frozenset) else value for name, value in facts.items()}


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def measure(seconds: float = 1.5) -> list[Ratio]:
    """Ratios against every peer that is installed, and against closures written by hand."""
    rng = random.Random(20260101)
    known, data = conditions(rng), cases(rng)
    ours = Ours(known)
    shapes: dict[str, Callable[[Facts], list[Any]]] = {
        "ours": ours.together, "our functions one by one": ours.generated,
        "the plain closures that define them": ours.defined,
        "closures written by hand": lambda facts: [one(facts) for one in careful],
        "closures written by hand that raise on a missing value": lambda facts: [one(facts) for one in careless],
        **peers(known)}
    careful, careless = [one.careful for one in known], [one.careless for one in known]
    expected = [ours.generated(facts) for facts in data]
    for name, shape in shapes.items():
        if [list(shape(facts)) for facts in data] != expected:
            raise AssertionError(f"{name} answers otherwise")
    taken = side_by_side({name: _over(shape, data) for name, shape in shapes.items()}, seconds)
    targets = {"zen-engine, a decision": (5.0, None), "zen-engine, one array expression": (5.0, None),
               "CEL in Rust": (3.0, None), "closures written by hand": (None, 0.5)}
    return [Ratio("60 flat conditions on a case", name, taken["ours"], theirs, *targets.get(name, (None, None)))
            for name, theirs in taken.items() if name != "ours"]


def _over(shape: Callable[[Facts], list[Any]], data: Sequence[Facts]) -> Callable[[], object]:
    def run() -> None:
        for facts in data:
            shape(facts)

    return run
