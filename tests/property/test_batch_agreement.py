"""The batch evaluator says exactly what the reference and the live evaluator say, on whole logs nobody thought of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.calendars import close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event, MaterialRef
from core.rulebook.model import Procedure, Rule
from core.text import Text
from scoring.batch.effective import effective
from scoring.batch.evaluator import Batch
from scoring.batch.events import event_frame
from scoring.batch.steps import Steps
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import Verdict
from tests.property.test_engine_agreement import (
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


@settings(max_examples=1200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4).flatmap(lambda count: st.tuples(*(rules(number) for number in range(count)))),
    logs(),
    st.booleans(),
)
def test_batch_evaluation_equals_the_reference_and_the_live_one(
        some_rules: tuple[Rule, ...], log: Log, assume_closed: bool) -> None:
    reference, live = Reference(assume_closed), Live(assume_closed)
    expected: list[tuple[str, Verdict]] = []
    for case in log.cases():
        verdicts = reference.evaluate(case, some_rules, CALENDAR, log.as_of)
        assert live.evaluate(case, some_rules, CALENDAR, log.as_of) == verdicts
        expected.extend((case.head.id, verdict) for verdict in verdicts)
    found = Batch(assume_closed).evaluate(log.steps(), some_rules, CALENDAR, log.as_of)
    assert ordered(list(found.by_case()), some_rules) == ordered(expected, some_rules)
