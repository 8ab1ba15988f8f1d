"""Random tables: the proof agrees with looking at every case that matters, evaluation with scanning the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.discretion.cells import read_cell
from core.discretion.fines import Fine, Money
from core.discretion.flaws import Flaw
from core.discretion.inputs import Input, InputType, Value
from core.discretion.intervals import Interval
from core.discretion.model import Hit, Row, Statute, Table
from core.discretion.proof import prove
from core.text import Text
from scoring.discretion.answer import State
from scoring.discretion.evaluate import evaluate

DAY = date(2024, 1, 1)
GRADES, TIERS = ("mild", "plain", "grave"), ("light", "ordinary", "heavy")
CUTS = (0, 5, 10, 20)
INPUTS = {
    "income": Input("income", Text("违法所得"), InputType.DECIMAL, "yuan", domain=Interval(Decimal(0))),
    "times": Input("times", Text("次数"), InputType.INT, graver="higher", domain=Interval(Decimal(1), Decimal(4))),
    "grade": Input("grade", Text("情节"), InputType.ENUM, values={g: Text(g) for g in GRADES}, ordered=True,
                   graver="higher"),
    "repeat": Input("repeat", Text("再犯"), InputType.BOOL),
}
POINTS: dict[str, tuple[Value, ...]] = {
    "income": (*(Decimal(n) + d for n in CUTS for d in (Decimal("-0.01"), Decimal(0), Decimal("0.01")) if n + d >= 0),
               Decimal(15), Decimal(1000), Decimal(10) ** 7),
    "times": (1, 2, 3, 4), "grade": GRADES, "repeat": (False, True),
}


@dataclass(frozen=True)
class Condition:
    """A cell as text, and what it means, written down independently of the reader of cells."""

    text: str | bool
    means: Callable[[Value], bool]


@st.composite
def numbers(draw: st.DrawFn, bounds: tuple[int, ...]) -> Condition:
    low, high = draw(st.sampled_from(bounds)), draw(st.sampled_from(bounds))
    kind = draw(st.sampled_from(["between", "from", "below", "not", "any"]))
    if kind == "any":
        return Condition("-", lambda value: True)
    if kind == "from":
        return Condition(f">= {low}", lambda value: value >= low)  # type: ignore[operator]
    if kind == "below":
        return Condition(f"[{bounds[0]}..{bounds[-1]})", lambda value: bounds[0] <= value < bounds[-1])  # type: ignore[operator]
    if kind == "not":
        return Condition(f"not({low})", lambda value: value != low)
    low, high = min(low, high), max(low, high)
    narrow = high - low < 2  # (1..2) holds no whole number, and the reader refuses what can never be
    left, right = draw(st.booleans()) or narrow, draw(st.booleans()) or narrow

    def inside(value: Value) -> bool:
        number = Decimal(value)
        return (number > low or (left and number == low)) and (number < high or (right and number == high))

    return Condition(f"{'[' if left else '('}{low}..{high}{']' if right else ')'}", inside)


@st.composite
def grades(draw: st.DrawFn) -> Condition:
    at = draw(st.integers(0, 2))
    sign = draw(st.sampled_from(["", ">= ", "<= ", "not"]))
    grade = GRADES[at]
    if sign == "not":
        return Condition(f"not({grade})", lambda value: value != grade)
    means: dict[str, Callable[[Value], bool]] = {
        "": lambda value: value == grade, ">= ": lambda value: GRADES.index(str(value)) >= at,
        "<= ": lambda value: GRADES.index(str(value)) <= at}
    return Condition(sign + grade, means[sign])


def flags() -> st.SearchStrategy[Condition]:
    return st.booleans().map(lambda wanted: Condition(wanted, lambda value: value is wanted))


CELLS: dict[str, st.SearchStrategy[Condition]] = {
    "income": numbers(CUTS), "times": numbers((1, 2, 3, 4)), "grade": grades(), "repeat": flags()}


@st.composite
def fines(draw: st.DrawFn) -> Fine:
    low = draw(st.sampled_from([1, 2, 5]))
    high = low + draw(st.sampled_from([0, 1, 5]))
    closed = draw(st.booleans()) or low == high
    span = Interval(Decimal(low), Decimal(high), closed, True)
    if not draw(st.booleans()):
        return Fine(span)
    floor = draw(st.none() | st.sampled_from([Decimal(1), Decimal(3)]))
    cap = draw(st.none() | st.sampled_from([Decimal(5), Decimal(60)]))
    return Fine(span, "income", floor, cap)


@dataclass(frozen=True)
class Drawn:
    """A table with the meaning of its rows beside it."""

    table: Table
    rows: tuple[dict[str, Condition], ...]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    used = draw(st.lists(st.sampled_from(sorted(INPUTS)), min_size=1, max_size=3, unique=True))
    inputs = {name: INPUTS[name] for name in ("income", *used)}
    rows, meanings = [], []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        chosen = draw(st.lists(st.sampled_from(list(inputs)), max_size=2, unique=True))
        meaning = {name: draw(CELLS[name]) for name in chosen}
        cells = {name: cell for name, condition in meaning.items()
                 if (cell := read_cell([condition.text], inputs[name])) is not None}
        rows.append(Row(number, draw(st.sampled_from(TIERS)), cells, draw(fines())))
        meanings.append(meaning)
    threshold = draw(st.sampled_from(CUTS[1:]))
    below, above = (read_cell([text], inputs["income"]) for text in (f"< {threshold}", f">= {threshold}"))
    assert below is not None
    assert above is not None
    statutes = (Statute({"income": below}, draw(fines())), Statute({"income": above}, draw(fines())))
    table = Table("demo", Text("表"), inputs, {tier: Text(tier) for tier in TIERS}, statutes, tuple(rows),
                  draw(st.sampled_from(list(Hit))))
    return Drawn(table, tuple(meanings))


def cases(table: Table) -> Iterator[dict[str, Value]]:
    """Every bound, both its neighbours, and points far away."""
    for values in product(*(POINTS[name] for name in table.inputs)):
        yield dict(zip(table.inputs, values, strict=True))


def scan(drawn: Drawn, facts: dict[str, Value]) -> tuple[str, str, Money | None]:
    """The table read row by row, as a person would."""
    matching = [row for row, meaning in zip(drawn.table.rows, drawn.rows, strict=True)
                if all(condition.means(facts[name]) for name, condition in meaning.items())]
    income = Decimal(facts["income"])
    if not matching:
        return "gap", "", None
    if len(matching) > 1 and drawn.table.hit is Hit.UNIQUE:
        return "overlap", "", None
    chosen = matching[0]
    if drawn.table.hit is Hit.PRIORITY:
        top = max(TIERS.index(row.tier) for row in matching)
        best = [row for row in matching if TIERS.index(row.tier) == top]
        if any(row.fine != best[0].fine for row in best):
            return "overlap", "", None
        chosen = best[0]
    if drawn.table.hit is Hit.COLLECT and len(matching) > 1:
        return "several", max((row.tier for row in matching), key=TIERS.index), None
    assert chosen.fine is not None
    return "row", chosen.tier, chosen.fine.at(income)


def sorts(found: tuple[Flaw, ...]) -> set[str]:
    return {flaw.code.removeprefix("discretion-") for flaw in found}


def beyond(table: Table, facts: dict[str, Value], given: Money) -> bool:
    statute = next(each for each in table.statutes if each.cells["income"].test(facts["income"]))
    assert statute.fine is not None
    allowed = statute.fine.at(Decimal(facts["income"]))
    return not given.within(allowed)


QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(tables())
def test_the_proof_finds_gaps_and_overlaps_exactly_where_cases_have_them(drawn: Drawn) -> None:
    found = prove(drawn.table)
    seen = {scan(drawn, facts)[0] for facts in cases(drawn.table)}
    assert ("gap" in sorts(found)) is ("gap" in seen)
    if drawn.table.hit is not Hit.COLLECT:
        assert ("overlap" in sorts(found)) is ("overlap" in seen)
    for flaw in found:
        if flaw.code in ("discretion-gap", "discretion-overlap") and drawn.table.hit is not Hit.COLLECT:
            assert scan(drawn, dict(flaw.example))[0] == flaw.code.removeprefix("discretion-")


@QUICK
@given(tables())
def test_what_the_proof_calls_outside_the_statute_is_outside_and_nothing_else(drawn: Drawn) -> None:
    table = drawn.table
    found = [flaw for flaw in prove(table) if flaw.code == "discretion-outside"]
    for flaw in found:
        _, _, given_ = scan(drawn, dict(flaw.example))
        assert given_ is None or beyond(table, dict(flaw.example), given_)
    for facts in cases(table):
        _, _, given_ = scan(drawn, facts)
        if given_ is not None and beyond(table, facts, given_):
            assert found, facts
            break


@QUICK
@given(tables())
def test_reversals_are_real_and_none_is_missed(drawn: Drawn) -> None:
    table = drawn.table
    found = [flaw for flaw in prove(table) if flaw.code == "discretion-reversed-tier"]
    for flaw in found:
        graver = dict(flaw.example)
        milder = {**graver, str(flaw.details["name"]): flaw.details["value"]}
        assert TIERS.index(scan(drawn, graver)[1]) < TIERS.index(scan(drawn, milder)[1])
    if not found:
        for facts in cases(table):
            for name in table.inputs.keys() & {"grade", "times"}:
                tiers = [tier for value in POINTS[name] if (tier := scan(drawn, {**facts, name: value})[1])]
                if drawn.table.hit is not Hit.COLLECT:
                    assert tiers == sorted(tiers, key=TIERS.index)


@QUICK
@given(tables())
def test_evaluation_is_a_scan_of_the_rows(drawn: Drawn) -> None:
    for number, facts in enumerate(cases(drawn.table)):
        if number % 7:
            continue
        answer = evaluate(drawn.table, facts, DAY)
        what, tier, given_ = scan(drawn, facts)
        if what == "several":
            assert answer.tier in (tier, None)
        elif what in ("gap", "overlap"):
            assert answer.state is (State.NO_TIER if what == "gap" else State.AMBIGUOUS)
        else:
            assert (answer.tier, answer.table_fine) == (tier, given_)
            assert given_ is not None
            assert (answer.state is State.TIER) is (answer.fine is not None)
            assert (answer.fine == given_) is not beyond(drawn.table, facts, given_)


@QUICK
@given(tables(), st.data())
def test_a_missing_fact_is_asked_for_exactly_where_it_can_change_the_rows(drawn: Drawn, data: st.DataObject) -> None:
    facts = data.draw(st.sampled_from(list(cases(drawn.table))))
    missing = data.draw(st.sampled_from(list(drawn.table.inputs)))
    known = {name: value for name, value in facts.items() if name != missing}
    answer = evaluate(drawn.table, known, DAY)
    completed = [evaluate(drawn.table, {**known, missing: value}, DAY) for value in POINTS[missing]]
    if answer.state is State.NEEDS_FACT:
        assert answer.missing == (missing,)
        assert {each.tier for each in completed if each.tier} <= set(answer.possible)
    else:
        assert {(each.state, each.tier, each.fine) for each in completed} == {(answer.state, answer.tier, answer.fine)}
