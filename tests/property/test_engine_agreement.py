"""The live evaluator says exactly what the reference says, on procedures, rules and records nobody thought of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendars import Calendar, CalendarYear, close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.errors import Location
from core.language import Environment, compile_expression
from core.language.expression import Expression
from core.ledger.event import Event
from core.rulebook.build.vocabulary import FROM_ACTIVATION
from core.rulebook.model import (
    Clock,
    DateRange,
    EventType,
    Field,
    FieldType,
    Pattern,
    Period,
    Procedure,
    Rule,
    Template,
    Unit,
)
from core.text import Text
from scoring.engine.live import Live
from scoring.engine.reference import Reference

FIRST_DAY = date(2026, 9, 26)  # the Mid-Autumn and National Day holidays with their make-up days follow
EVENTS = ("a", "b", "c", "d")
FIELDS = {
    "n": Field("n", Text("数"), FieldType.INT),
    "flag": Field("flag", Text("标记"), FieldType.BOOL),
    "name": Field("name", Text("名称"), FieldType.STRING),
    "until": Field("until", Text("至何日"), FieldType.DATE),
}
CALENDAR = Calendar.of({2026: CalendarYear(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 27), date(2026, 10, 10)}),
)})
TYPES = {name: EventType(name, Text(name), fields=FIELDS, renews=("n", "until") if name == "d" else ())
         for name in EVENTS}
ENVIRONMENT = Environment(FIELDS, {}, {"e": FIELDS, "t": FIELDS}, TYPES)


def condition(source: str) -> Expression:
    return compile_expression(source, ENVIRONMENT, Location("test"))


AT_A_STEP = [condition(source) for source in (
    "e.n > 0", "e.n > 1", "e.flag", "!e.flag || c.n == 2", "c.n != e.n", "happened('b')", "times('a') > 1",
    "e.actor == 'p1'", "anew('a', 'b')",
)]
AT_AN_ANSWER = [condition(source) for source in (
    "t.n > 0", "t.flag", "t.name == 'x' || t.flag", "t.n == e.n", "t.actor != e.actor && t.flag", "c.flag || t.n == 1",
)]
few = st.integers(0, 9)
some_events = st.lists(st.sampled_from(EVENTS), min_size=1, max_size=2, unique=True).map(tuple)
rare_events = st.one_of(st.just(()), st.just(()), some_events)
periods = st.builds(
    Period,
    length=st.integers(0, 6),
    unit=st.sampled_from([Unit.DAYS, Unit.DAYS, Unit.WORKING_DAYS, Unit.HOURS, Unit.MONTHS]),
    roll=st.booleans(),
)
named_dates = st.builds(
    Period, st.just(0), st.just(Unit.DAYS), st.booleans(), st.sampled_from(["e.until", "e.until", "c.until"]))
extensions = st.builds(
    Period, st.integers(1, 4), st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.HOURS]), st.booleans())
clocks = st.none() | st.none() | st.builds(
    Clock, some_events, rare_events, st.dictionaries(st.sampled_from(EVENTS), extensions, max_size=1))
correlations = st.sampled_from([(), (), (), ("actor",), ("n",), ("organ", "name")])
validity = st.sampled_from([
    DateRange(), DateRange(), DateRange(), DateRange(FIRST_DAY + timedelta(days=3)),
    DateRange(None, FIRST_DAY + timedelta(days=4)),
])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def rules(draw: st.DrawFn, number: int) -> Rule:
    template = draw(st.sampled_from(list(Template)))
    not_both = template is Template.NOT_BOTH
    paired = not_both or not (template.per_case or template is Template.MUST)
    counting = template in (Template.AT_MOST, Template.AT_LEAST, Template.EXACTLY)
    answer = maybe(st.sampled_from(AT_AN_ANSWER[:3] if not_both else AT_AN_ANSWER))
    return Rule(
        id=f"p/r{number}", title=Text("规则"), procedure="p", template=template, basis=(),
        on=Pattern(draw(some_events), draw(maybe(st.sampled_from(AT_A_STEP)))),
        target=Pattern(draw(some_events), draw(answer)) if paired else None,
        not_before=draw(maybe(periods)) if paired else None,
        within=draw(maybe(periods | named_dates if template in FROM_ACTIVATION else periods)),
        count=draw(st.integers(0, 3)) if counting else None,
        same=draw(correlations) if paired else (),
        different=draw(correlations) if paired else (),
        condition=draw(st.sampled_from(AT_A_STEP)) if template is Template.MUST else None,
        released_by=draw(rare_events),
        clock=draw(clocks),
        valid=draw(validity),
    )


payloads: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries({}, optional={
    "n": st.integers(0, 3), "flag": st.booleans(), "name": st.sampled_from(["x", "y"]),
    "until": st.integers(-1, 12).map(lambda days: (FIRST_DAY + timedelta(days=days)).isoformat()),
})


@st.composite
def cases(draw: st.DrawFn) -> tuple[Case, datetime]:
    procedure = Procedure("p", Text("程序"), TYPES, (), EVENTS, draw(rare_events), FIELDS,
                          withdraws_with=draw(rare_events))
    dates_only = draw(st.sampled_from(["date", "instant", "either"]))
    events = []
    for seq in range(1, draw(st.integers(1, 9)) + 1):
        day = FIRST_DAY + timedelta(days=draw(few))
        precision = draw(st.sampled_from(["date", "instant"])) if dates_only == "either" else dates_only
        moment = close_of(day - timedelta(days=1), procedure.timezone)
        if precision == "instant":
            moment += timedelta(hours=draw(st.sampled_from([0, 1, 9, 9, 15, 23])))
        events.append(Event(
            f"e{seq}", "case", seq, draw(st.sampled_from(EVENTS)), moment, moment,
            draw(st.sampled_from(["p1", "p2", ""])), draw(st.sampled_from(["o1", "o2"])), draw(payloads),
            precision=precision,
        ))
    as_of = close_of(FIRST_DAY + timedelta(days=draw(st.integers(0, 15))), procedure.timezone)
    as_of += timedelta(hours=draw(st.sampled_from([0, 0, 0, -7])))
    return fold(CaseHead("case", "p", "o1", "150000"), procedure, events, as_of), as_of.astimezone(UTC)


@settings(max_examples=2500, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4).flatmap(lambda count: st.tuples(*(rules(number) for number in range(count)))),
    cases(),
    st.booleans(),
    st.sampled_from([0, 2, 6]),
)
def test_live_evaluation_equals_the_reference(
        some_rules: tuple[Rule, ...], case_at: tuple[Case, datetime], assume_closed: bool, most_pairs: int) -> None:
    case, as_of = case_at
    expected = Reference(assume_closed).evaluate(case, some_rules, CALENDAR, as_of)
    assert Live(assume_closed).evaluate(case, some_rules, CALENDAR, as_of) == expected
    looked_up = Live(assume_closed, most_pairs).evaluate(case, some_rules, CALENDAR, as_of)
    assert looked_up == expected
