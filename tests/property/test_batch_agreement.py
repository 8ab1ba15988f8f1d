"""The batch evaluator says exactly what the reference and the live evaluator say, on whole logs nobody thought of."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendars import close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event, MaterialRef
from core.rulebook.build.vocabulary import FROM_ACTIVATION
from core.rulebook.model import Clock, DateRange, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.batch.effective import effective
from scoring.batch.evaluator import Batch
from scoring.batch.events import event_frame
from scoring.batch.steps import Steps
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import Verdict
from tests.property.test_engine_agreement import (
    AT_A_STEP,
    AT_AN_ANSWER,
    CALENDAR,
    EVENTS,
    FIELDS,
    FIRST_DAY,
    TYPES,
    payloads,
    rare_events,
    rules,
)


@dataclass(frozen=True)
class Log:
    """A log of several cases and what of it is looked at."""

    procedure: Procedure
    events: Mapping[str, Sequence[Event]]
    as_of: datetime
    recorded_by: datetime | None

    def cases(self) -> list[Case]:
        folded = (fold(CaseHead(name, "p", "o1", "150000"), self.procedure, own, self.as_of, self.recorded_by)
                  for name, own in self.events.items())
        return [case for case in folded if case.steps]

    def steps(self) -> Steps:
        every = (event for own in self.events.values() for event in own)
        frame = event_frame(every, self.procedure, {})
        return Steps(effective(frame, self.procedure.timezone, self.as_of, self.recorded_by), self.procedure)


@st.composite
def case_events(draw: st.DrawFn, case: str, zone: Procedure) -> list[Event]:
    dates_only = draw(st.sampled_from(["date", "instant", "either"]))
    events: list[Event] = []
    for seq in range(1, draw(st.integers(1, 8)) + 1):
        day = FIRST_DAY + timedelta(days=draw(st.integers(0, 9)))
        precision = draw(st.sampled_from(["date", "instant"])) if dates_only == "either" else dates_only
        moment = close_of(day - timedelta(days=1), zone.timezone)
        if precision == "instant":
            moment += timedelta(hours=draw(st.sampled_from([0, 1, 9, 9, 15, 23])))
        corrects = draw(st.sampled_from([None, None, None, *(event.id for event in events)]))
        events.append(Event(
            f"{case}/{seq}", case, seq, draw(st.sampled_from(EVENTS)), moment,
            moment + timedelta(days=draw(st.integers(0, 4))), draw(st.sampled_from(["p1", "p2", ""])),
            draw(st.sampled_from(["o1", "o2"])), draw(payloads),
            materials=draw(st.sampled_from([(), (), (MaterialRef("m", "0" * 64, "m"),)])), precision=precision,
            corrects=corrects, void=corrects is not None and draw(st.booleans())))
    return events


@st.composite
def logs(draw: st.DrawFn) -> Log:
    procedure = Procedure("p", Text("程序"), TYPES, (), EVENTS, draw(rare_events), FIELDS,
                          withdraws_with=draw(rare_events))
    count = draw(st.integers(1, 6))
    events = {f"case{number}": draw(case_events(f"case{number}", procedure)) for number in range(count)}
    as_of = close_of(FIRST_DAY + timedelta(days=draw(st.integers(0, 15))), procedure.timezone)
    as_of += timedelta(hours=draw(st.sampled_from([0, 0, 0, -7])))
    recorded_by = draw(st.sampled_from([None, None, as_of, as_of - timedelta(days=3)]))
    return Log(procedure, events, as_of.astimezone(UTC), recorded_by)


def ordered(found: Sequence[tuple[str, Verdict]], some_rules: Sequence[Rule]) -> list[tuple[str, Verdict]]:
    number = {rule.id: place for place, rule in enumerate(some_rules)}
    return sorted(found, key=lambda one: (one[0], number[one[1].rule], one[1].activation_index or 0))


def assert_agreement(log: Log, some_rules: Sequence[Rule], assume_closed: bool) -> int:
    """Reference, live and batch say the same; how many verdicts they gave."""
    reference, live = Reference(assume_closed), Live(assume_closed)
    expected: list[tuple[str, Verdict]] = []
    for case in log.cases():
        verdicts = reference.evaluate(case, some_rules, CALENDAR, log.as_of)
        assert live.evaluate(case, some_rules, CALENDAR, log.as_of) == verdicts
        expected.extend((case.head.id, verdict) for verdict in verdicts)
    found = Batch(assume_closed).evaluate(log.steps(), some_rules, CALENDAR, log.as_of)
    assert ordered(list(found.by_case()), some_rules) == ordered(expected, some_rules)
    return len(expected)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4).flatmap(lambda count: st.tuples(*(rules(number) for number in range(count)))),
    logs(),
    st.booleans(),
)
def test_batch_evaluation_equals_the_reference_and_the_live_one(
        some_rules: tuple[Rule, ...], log: Log, assume_closed: bool) -> None:
    assert_agreement(log, some_rules, assume_closed)


# Drawing each choice separately makes small examples; crowded logs need plain dice.


class Dice:
    """Rules and logs in which a lot happens on few days."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def events(self, most: int = 2) -> tuple[str, ...]:
        return tuple(self.random.sample(EVENTS, self.random.randint(1, most)))

    def period(self, longest: int = 6) -> Period:
        unit = self.some(Unit.DAYS, Unit.DAYS, Unit.WORKING_DAYS, Unit.HOURS, Unit.MONTHS)
        return Period(self.random.randint(0, longest), unit, self.some(True, False))

    def within(self, template: Template) -> Period | None:
        if template in FROM_ACTIVATION and self.random.random() < 0.3:
            return Period(0, Unit.DAYS, self.some(True, False), self.some("e.until", "c.until"))
        return self.some(None, self.period(), self.period())

    def rule(self, number: int) -> Rule:
        template = list(Template)[number % len(Template)]
        not_both = template is Template.NOT_BOTH
        paired = not_both or not (template.per_case or template is Template.MUST)
        answers = AT_AN_ANSWER[:3] if not_both else AT_AN_ANSWER
        clock = Clock(self.events(1), self.events(1), {self.some(*EVENTS): self.period(3)})
        return Rule(
            id=f"p/r{number}", title=Text("规则"), procedure="p", template=template, basis=(),
            on=Pattern(self.events(), self.some(None, None, *AT_A_STEP)),
            target=Pattern(self.events(), self.some(*[None] * 6, *answers)) if paired else None,
            not_before=self.some(None, None, self.period(3)) if paired else None,
            within=self.within(template),
            count=self.random.randint(0, 3) if template in (Template.AT_MOST, Template.AT_LEAST, Template.EXACTLY)
            else None,
            same=self.some((), (), ("actor",), ("n",), ("organ", "name")) if paired else (),
            different=self.some((), (), (), ("actor",), ("n",)) if paired else (),
            condition=self.some(*AT_A_STEP) if template is Template.MUST else None,
            released_by=self.some((), (), self.events(1)),
            clock=self.some(None, None, None, clock),
            valid=self.some(DateRange(), DateRange(), DateRange(FIRST_DAY + timedelta(days=2))),
        )

    def event(self, case: str, seq: int, before: Sequence[Event], zone: Procedure, precision: str) -> Event:
        moment = close_of(FIRST_DAY + timedelta(days=self.random.randint(-1, 4)), zone.timezone)
        exact = precision == "instant" or (precision == "either" and self.some(True, False))
        if exact:
            moment += timedelta(hours=self.some(0, 1, 9, 9, 15, 23))
        corrects = self.some(*before).id if before and self.random.random() < 0.15 else None
        payload = {name: value for name, value in (
            ("n", self.random.randint(0, 3)), ("flag", self.some(True, False)), ("name", self.some("x", "y")),
            ("until", (FIRST_DAY + timedelta(days=self.random.randint(-1, 9))).isoformat()))
            if self.random.random() < 0.6}
        return Event(
            f"{case}/{seq}", case, seq, self.some(*EVENTS), moment, moment + timedelta(days=self.random.randint(0, 4)),
            self.some("p1", "p1", "p2", ""), self.some("o1", "o2"), payload, precision="instant" if exact else "date",
            corrects=corrects, void=corrects is not None and self.random.random() < 0.3)

    def log(self, cases: int) -> Log:
        procedure = Procedure("p", Text("程序"), TYPES, (), EVENTS, self.some((), self.events(1)), FIELDS,
                              withdraws_with=self.some((), (), self.events(1)))
        precision = self.some("date", "instant", "either", "by case")
        found: dict[str, list[Event]] = {}
        for number in range(cases):
            own = found.setdefault(f"case{number:03}", [])
            for seq in range(1, self.random.randint(1, 9) + 1):
                each = self.some("date", "instant", "either") if precision == "by case" else precision
                own.append(self.event(f"case{number:03}", seq, own, procedure, each))
        as_of = close_of(FIRST_DAY + timedelta(days=self.random.randint(2, 12)), procedure.timezone)
        as_of += timedelta(hours=self.some(0, 0, -7))
        return Log(procedure, found, as_of.astimezone(UTC), self.some(None, None, as_of))


@pytest.mark.parametrize("seed", range(60))
def test_crowded_logs_get_the_same_verdicts_from_all_three(seed: int) -> None:
    dice = Dice(seed)
    some_rules = [dice.rule(number) for number in range(2 * len(Template))]
    assert assert_agreement(dice.log(180), some_rules, dice.some(True, False, False)) > 500
