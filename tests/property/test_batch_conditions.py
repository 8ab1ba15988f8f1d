"""A condition over columns says what its compiled closure says, step by step, for every type and function."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendars import Calendar, CalendarYear
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.language import Environment, Expression, compile_expression
from core.ledger.event import Event, MaterialRef
from core.rulebook.model import EventType, Field, FieldType, MaterialRequirement, Procedure
from core.text import Text
from scoring.batch.effective import effective
from scoring.batch.events import event_frame
from scoring.batch.periods import Periods
from scoring.batch.sight import Sight
from scoring.batch.steps import Steps
from scoring.engine.scopes import scope_at
from tests.property.test_cel_oracle import conditions as cel_conditions

VALUES = ("public", "plan", "price")
TYPES = {
    "flag": FieldType.BOOL, "done": FieldType.BOOL, "n": FieldType.INT, "m": FieldType.INT, "name": FieldType.STRING,
    "kind": FieldType.ENUM, "tags": FieldType.SET, "fine": FieldType.DECIMAL, "paid": FieldType.DECIMAL,
    "day": FieldType.DATE, "until": FieldType.DATE, "moment": FieldType.DATETIME, "who": FieldType.PERSON,
}
FIELDS = {name: Field(name, Text(name), kind, values={value: Text(value) for value in VALUES}
                      if kind in (FieldType.ENUM, FieldType.SET) else {}) for name, kind in TYPES.items()}
# another step calls something else by the same names: what it says is unknown, or an int among decimals
OTHERWISE = FIELDS | {"n": Field("n", Text("n"), FieldType.STRING), "fine": Field("fine", Text("f"), FieldType.INT)}
EVENTS = {"a": EventType("a", Text("甲"), fields=FIELDS, materials=(MaterialRequirement("file", Text("文件")),)),
          "b": EventType("b", Text("乙"), fields=OTHERWISE), "d": EventType("d", Text("丁"), renews=("n", "name"))}
PROCEDURE = Procedure("p", Text("程序"), EVENTS, (), ("a",), (), FIELDS)
ENVIRONMENT = Environment(FIELDS, {}, {"e": FIELDS, "t": FIELDS}, EVENTS)
CALENDAR = Calendar.of({2026: CalendarYear(frozenset({date(2026, 5, 1)}), frozenset({date(2026, 5, 9)}))})
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
BIG = 2**63 - 1

LEAVES = """
c.flag e.done t.flag has(c.n) has(e.fine) has(t.tags)
c.n>e.m c.n==2 c.n+e.n>3 c.n*e.n==4 -c.m<c.n e.n-c.m>=1 c.n*c.n*c.n>5
c.fine>decimal("10.5") c.fine==e.paid c.fine+e.paid<=decimal("20.25") c.fine*2>e.paid c.fine*e.paid>decimal("100")
c.fine>10 e.fine==decimal("0.000000000001") -c.fine<t.paid (c.flag?c.fine:c.n)>3 (e.flag?1:c.n)>=c.m
c.name=='甲' c.name!=e.name e.name=='' e.kind=='plan' e.kind!=c.kind e.kind_in_['plan','price'] c.name_in_['甲',e.name]
c.n_in_[1,2,e.m] c.fine_in_[1,decimal("10.5")] 'plan'_in_c.tags t.kind_in_e.tags c.n_in_[]
size(c.tags)>=2 size(c.name)==1 sets.contains(c.tags,['plan']) sets.contains(c.tags,['plan','price'])
sets.contains(c.tags,[]) sets.intersects(c.tags,['plan','public']) sets.intersects(e.tags,[])
sets.intersects(c.tags,e.tags) sets.contains(['plan','price'],c.tags)
c.day<date("2026-05-02") c.day==e.date e.date>=date("2026-05-01") t.date>c.until date(c.moment)==c.day c.moment<e.moment
days_between(c.day,e.date)<3 working_days_between(c.day,e.date)>=1 working_days_between(e.date,c.until)<0
happened('b') anew('a','b') !anew('b','a') anew('d','a')
times('a')>1 times('a')*times('b')==2 first_date('b')<e.date last_date('a')==e.date material('a/file')
days_between(first_date('a'),last_date('a'))>1 e.actor=='p1' t.actor!='p2' e.organ=='o1' c.who==e.actor
c.moment==e.moment
""".split()
WEIRD = {
    "n": [BIG, -BIG - 1, BIG + 1, 3037000500], "m": [BIG, -1],
    "fine": ["99999999999999999999999999", "1e40", "0.0000000000001", "NaN", "0.000000000001", "-7"],
    "paid": ["12345678901234567890.123456789012", "0", "-0.5"],
}


@cache
def compiled(source: str) -> Expression:
    return compile_expression(source.replace("_in_", " in "), ENVIRONMENT)


def payload(dice: random.Random) -> Mapping[str, Any]:
    day = date(2026, 4, 28)
    plain: dict[str, Any] = {
        "flag": dice.random() < 0.5, "done": dice.random() < 0.5, "n": dice.randint(-2, 3), "m": dice.randint(-2, 3),
        "name": dice.choice(["", "a", "甲", "甲乙"]), "kind": dice.choice(VALUES),
        "tags": tuple(sorted(dice.sample(VALUES, dice.randint(0, 3)))),
        "fine": dice.choice(["10.5", "10.50", "3", "20", 7]), "paid": dice.choice(["10.5", "2.000000000001", "9.75"]),
        "day": (day + timedelta(days=dice.randint(0, 9))).isoformat(), "until": (day + timedelta(days=4)).isoformat(),
        "moment": dice.choice(["2026-05-01T00:30:00+08:00", "2026-04-30T16:30:00Z", "2026-05-02T09:00:00"]),
        "who": dice.choice(["p1", "p2"]),
    }
    if dice.random() < 0.15:
        name = dice.choice(list(WEIRD))
        plain[name] = dice.choice(WEIRD[name])
    return {name: value for name, value in plain.items() if dice.random() < 0.75}


def log(dice: random.Random, cases: int) -> tuple[list[Case], Sight]:
    folded, every = [], []
    for number in range(cases):
        own, name = [], f"case{number:03}"
        for seq in range(1, dice.randint(1, 6) + 1):
            at = datetime(2026, 4, 28, tzinfo=UTC) + timedelta(hours=dice.randint(0, 200))
            materials = (MaterialRef("file", "0" * 64, "f"),) if dice.random() < 0.3 else ()
            own.append(Event(f"{name}/{seq}", name, seq, dice.choice("aabd"), at, at, dice.choice(["p1", "p2", ""]),
                             dice.choice(["o1", "o2"]), payload(dice), materials))
        folded.append(fold(CaseHead(name, "p", "o", "150000"), PROCEDURE, own, AS_OF))
        every.extend(own)
    frame = event_frame(every, PROCEDURE, {})
    steps = Steps(effective(frame, PROCEDURE.timezone, AS_OF), PROCEDURE)
    return folded, Sight(steps, Periods(CALENDAR, PROCEDURE), AS_OF, False)


def closures_say(cases: list[Case], condition: Expression) -> list[bool | None]:
    return [condition.test(scope_at(case, step, CALENDAR, step)) for case in cases for step in case.steps]


@pytest.mark.parametrize("source", LEAVES)
def test_each_function_and_operator_is_the_same_in_columns(source: str) -> None:
    for seed in range(4):
        cases, sight = log(random.Random(seed), 80)
        found = sight.ask([compiled(source)], sight.steps.rows)[0].to_list()
        assert found == closures_say(cases, compiled(source))
        assert len(set(found)) > 1 or "[]" in source


def test_conditions_on_pairs_see_the_case_at_the_activation_and_the_fields_of_the_answer() -> None:
    dice = random.Random(5)
    cases, sight = log(dice, 60)
    pairs = [(case, a, t) for case in cases for a in case.steps for t in case.steps]
    begins = {case.head.id: int(begin) for case, begin in zip(cases, sight.steps.heads, strict=True)}
    rows = sight.steps.rows
    at = rows.gather([begins[case.head.id] + a.index for case, a, _ in pairs])
    answers = rows.gather([begins[case.head.id] + t.index for case, _, t in pairs])
    for source in ("t.n == e.n", "t.fine > c.fine", "t.date > e.date && t.actor != e.actor", "has(t.tags) || c.flag",
                   "t.kind in e.tags", "times('a') > 1 && t.flag"):
        condition = compiled(source)
        assert sight.ask([condition], at, answers)[0].to_list() == [
            condition.test(scope_at(case, a, CALENDAR, t)) for case, a, t in pairs]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.lists(cel_conditions, min_size=3, max_size=3))
def test_random_conditions_are_the_same_in_columns(seed: int, of_facts: list[str]) -> None:
    dice = random.Random(seed)
    cases, sight = log(dice, 12)
    sources = list(of_facts)
    for _ in range(8):
        one, other, third = (dice.choice([*LEAVES, *of_facts]).replace("_in_", " in ") for _ in range(3))
        sources.append(dice.choice([
            f"({one}) && ({other})", f"({one}) || !({other})", f"({one}) ? ({other}) : ({third})",
            f"!(({one}) && ({other}) || ({third}))", f"({one}) == ({other})"]))
    for source, found in zip(sources, sight.ask(list(map(compiled, sources)), sight.steps.rows), strict=True):
        assert found.to_list() == closures_say(cases, compiled(source)), source


def test_what_columns_cannot_say_exactly_is_asked_of_the_closure_and_counted() -> None:
    cases, sight = log(random.Random(1), 40)
    condition = compiled("sets.intersects(c.tags, e.tags)")
    assert sight.ask([condition], sight.steps.rows)[0].to_list() == closures_say(cases, condition)
    assert sight.closures == sight.steps.size
