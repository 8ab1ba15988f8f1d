"""What rules mean, case by case, in both evaluators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.calendars import Calendar, CalendarYear, close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.language.expression import Expression
from core.ledger.event import Event
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
from scoring.verdict import Evaluator, State, Verdict

CALENDAR = Calendar.of({2026: CalendarYear(holidays=frozenset(date(2026, 10, day) for day in range(1, 8)))})
FIELD = {"n": Field("n", Text("数"), FieldType.INT)}
STEPS = ("decided", "published", "reviewed", "noticed", "paused", "resumed", "extended", "closed", "dropped")
PROCEDURE = Procedure(
    "p", Text("程序"), {name: EventType(name, Text(name), fields=FIELD) for name in STEPS}, (), ("decided",),
    ("closed",), withdraws_with=("dropped",),
)
DECIDED, PUBLISHED, REVIEWED, NOTICED = (Pattern((name,)) for name in ("decided", "published", "reviewed", "noticed"))
TEN_DAYS = Period(10, Unit.DAYS)


@pytest.fixture(params=[Reference, Live])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    built: Evaluator = request.param()
    return built


def rule(template: Template, on: Pattern = DECIDED, target: Pattern | None = PUBLISHED, **more: Any) -> Rule:
    return Rule("p/rule", Text("规则"), "p", template, on, (), target, **more)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def case(*steps: str, actors: Sequence[str] = (), payloads: Sequence[dict[str, Any]] = ()) -> Case:
    """Steps as ``type 09-03`` (only the date is known) or ``type 09-03T10`` (an hour of that day)."""
    events = []
    for number, written in enumerate(steps):
        name, when = written.split()
        at = close_of(day(when[:5]) - timedelta(days=1), PROCEDURE.timezone)
        if "T" in when:
            at += timedelta(hours=int(when[6:]))
        events.append(Event(
            f"e{number}", "case", number + 1, name, at, at, actors[number] if actors else "li", "organ",
            payloads[number] if payloads else {}, precision="instant" if "T" in when else "date",
        ))
    return fold(CaseHead("case", "p", "organ", "150000"), PROCEDURE, events)


@pytest.fixture
def judge(evaluator: Evaluator) -> Callable[..., Verdict]:
    def one(what: Rule, steps: Case, as_of: str = "12-31") -> Verdict:
        moment = close_of(day(as_of[:5]), PROCEDURE.timezone)
        verdict, *others = evaluator.evaluate(steps, [what], CALENDAR, moment)
        assert not others
        return verdict
    return one


Judge = Callable[..., Verdict]


def test_a_duty_is_pending_through_its_last_day_and_violated_at_the_close_of_it(judge: Judge) -> None:
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS)
    assert judge(publish, case("decided 09-04"), "09-13").state is State.PENDING
    verdict = judge(publish, case("decided 09-04"), "09-14")
    assert (verdict.state, verdict.due_date, verdict.notes) == (State.VIOLATED, day("09-14"), ("missing",))
    assert verdict.due == datetime(2026, 9, 14, 16, tzinfo=UTC)


def test_a_last_day_in_the_holiday_moves_behind_it(judge: Judge) -> None:
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS)
    assert judge(publish, case("decided 09-21"), "10-07").due_date == day("10-08")
    exact = rule(Template.FOLLOWED_BY, within=Period(10, Unit.DAYS, roll=False))
    assert judge(exact, case("decided 09-21"), "10-07").due_date == day("10-01")


def test_an_answer_on_the_last_day_fulfils(judge: Judge) -> None:
    verdict = judge(rule(Template.FOLLOWED_BY, within=TEN_DAYS), case("decided 09-04", "published 09-14T23"))
    assert (verdict.state, verdict.answered_by) == (State.FULFILLED, "e1")


def test_a_late_answer_keeps_the_violation_and_says_how_late(judge: Judge) -> None:
    verdict = judge(rule(Template.FOLLOWED_BY, within=TEN_DAYS), case("decided 09-04", "published 09-17"))
    assert verdict.state is State.VIOLATED
    assert (verdict.cured_on, verdict.days_late, verdict.notes) == (day("09-17"), 3, ("too_late",))


def test_any_of_several_answers_fulfils(judge: Judge) -> None:
    either = rule(Template.FOLLOWED_BY, target=Pattern(("published", "reviewed")), within=TEN_DAYS)
    assert judge(either, case("decided 09-04", "reviewed 09-05")).answered_by == "e1"


def test_hours_run_from_the_moment_and_the_last_instant_still_counts(judge: Judge) -> None:
    urgent = rule(Template.FOLLOWED_BY, within=Period(24, Unit.HOURS))
    assert judge(urgent, case("decided 09-04T10", "published 09-05T10")).state is State.FULFILLED
    assert judge(urgent, case("decided 09-04T10", "published 09-05T11")).state is State.VIOLATED


def test_hours_from_a_step_without_time_of_day_run_from_the_close_of_its_day(judge: Judge) -> None:
    urgent = rule(Template.FOLLOWED_BY, within=Period(2, Unit.HOURS))
    assert judge(urgent, case("decided 09-04", "published 09-05T02")).state is State.FULFILLED


def test_suspended_days_are_not_counted(judge: Judge) -> None:
    clock = Clock(suspended_by=("paused",), resumed_by=("resumed",))
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS, clock=clock)
    assert judge(publish, case("decided 09-01", "paused 09-05", "resumed 09-11"), "09-12").due_date == day("09-17")
    verdict = judge(publish, case("decided 09-01", "paused 09-05"))
    assert (verdict.state, verdict.due, verdict.notes) == (State.PENDING, None, ("suspended",))


def test_suspended_working_days_are_given_back_as_working_days(judge: Judge) -> None:
    clock = Clock(suspended_by=("paused",), resumed_by=("resumed",))
    publish = rule(Template.FOLLOWED_BY, within=Period(5, Unit.WORKING_DAYS), clock=clock)
    assert judge(publish, case("decided 09-07", "paused 09-08", "resumed 09-14"), "09-15").due_date == day("09-18")


def test_a_suspension_after_the_time_is_over_changes_nothing(judge: Judge) -> None:
    clock = Clock(suspended_by=("paused",), resumed_by=("resumed",))
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS, clock=clock)
    assert judge(publish, case("decided 09-01", "paused 09-20")).state is State.VIOLATED


def test_an_extension_counts_on_from_the_last_day(judge: Judge) -> None:
    clock = Clock(extended_by={"extended": Period(30, Unit.DAYS)})
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS, clock=clock)
    assert judge(publish, case("decided 09-04", "extended 09-14"), "09-20").due_date == day("10-14")
    assert judge(publish, case("decided 09-04", "extended 09-15")).due_date == day("09-14")


def test_closing_ends_duties_unfulfilled_and_prohibitions_kept(judge: Judge) -> None:
    steps = case("decided 09-04", "closed 09-05")
    assert judge(rule(Template.FOLLOWED_BY, within=TEN_DAYS), steps, "09-05").state is State.VIOLATED
    assert judge(rule(Template.NEVER_AFTER), steps, "09-05").state is State.FULFILLED


def test_a_duty_that_begins_with_the_closing_runs_its_own_time(judge: Judge) -> None:
    archive = rule(Template.FOLLOWED_BY, on=Pattern(("closed",)), within=TEN_DAYS)
    assert judge(archive, case("decided 09-04", "closed 09-07"), "09-08").state is State.PENDING


def test_withdrawing_leaves_duties_without_object_but_not_those_already_violated(judge: Judge) -> None:
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS)
    assert judge(publish, case("decided 09-04", "dropped 09-10")).state is State.VACUOUS
    assert judge(publish, case("decided 09-04", "dropped 09-15")).state is State.VIOLATED


def test_a_releasing_step_ends_the_duty(judge: Judge) -> None:
    publish = rule(Template.FOLLOWED_BY, within=TEN_DAYS, released_by=("reviewed",))
    assert judge(publish, case("decided 09-04", "reviewed 09-10")).notes == ("released",)


def test_steps_of_one_day_count_as_in_order_for_duties_and_say_so(judge: Judge) -> None:
    reviewed_first = rule(Template.ONLY_AFTER, target=REVIEWED)
    assert judge(reviewed_first, case("reviewed 09-04", "decided 09-04")).order_uncertain is False
    verdict = judge(reviewed_first, case("decided 09-04", "reviewed 09-04"))
    assert (verdict.state, verdict.order_uncertain) == (State.FULFILLED, True)


def test_steps_of_one_day_never_break_a_prohibition(judge: Judge) -> None:
    verdict = judge(rule(Template.NEVER_AFTER), case("decided 09-04", "published 09-04"))
    assert (verdict.state, verdict.order_uncertain) == (State.HOLDING, True)
    assert judge(rule(Template.NEVER_AFTER), case("decided 09-04T09", "published 09-04T10")).state is State.VIOLATED


def test_a_step_may_come_too_early_or_too_late_after_what_precedes_it(judge: Judge) -> None:
    heard = rule(Template.ONLY_AFTER, target=NOTICED, not_before=Period(7, Unit.DAYS, False),
                 within=Period(30, Unit.DAYS, False))
    assert judge(heard, case("noticed 09-01", "decided 09-07")).notes == ("too_early",)
    assert judge(heard, case("noticed 09-01", "decided 09-08")).state is State.FULFILLED
    late = judge(heard, case("noticed 09-01", "decided 10-05"))
    assert (late.notes, late.days_late, late.due_date) == (("too_late",), 4, day("10-01"))
    assert judge(heard, case("decided 09-07")).notes == ("missing",)


def test_every_earlier_notice_holds_a_step_back(judge: Judge) -> None:
    wait = rule(Template.NOT_EARLIER_THAN, target=NOTICED, not_before=Period(7, Unit.DAYS, False))
    assert judge(wait, case("noticed 09-01", "noticed 09-06", "decided 09-10")).answered_by == "e1"
    assert judge(wait, case("decided 09-10")).state is State.FULFILLED


def test_each_decision_needs_a_review_of_its_own(evaluator: Evaluator) -> None:
    fresh = rule(Template.EACH_AFTER_A_NEW, target=REVIEWED)
    steps = case("reviewed 09-01", "decided 09-02", "decided 09-03", "reviewed 09-04", "decided 09-05")
    verdicts = evaluator.evaluate(steps, [fresh], CALENDAR, close_of(day("09-30"), PROCEDURE.timezone))
    assert [verdict.state for verdict in verdicts] == [State.FULFILLED, State.VIOLATED, State.FULFILLED]


def test_one_person_may_not_do_both(judge: Judge) -> None:
    four_eyes = rule(Template.DIFFERENT_PERSON, target=REVIEWED)
    assert judge(four_eyes, case("decided 09-04", "reviewed 09-05", actors=["li", "li"])).state is State.VIOLATED
    assert judge(four_eyes, case("decided 09-04", "reviewed 09-05", actors=["li", "wu"])).state is State.HOLDING


def test_an_unknown_condition_cannot_be_assessed_and_never_answers(judge: Judge) -> None:
    known = Expression("n", "bool", lambda scope: scope.e["n"] > 1 if "n" in scope.e else None, frozenset({"e.n"}), {})
    answer = Expression("n", "bool", lambda scope: scope.t["n"] > 1 if "n" in scope.t else None, frozenset({"t.n"}), {})
    asked = rule(Template.FOLLOWED_BY, on=replace(DECIDED, when=known), target=replace(PUBLISHED, when=answer))
    assert judge(asked, case("decided 09-04")).state is State.NOT_ASSESSABLE
    steps = case("decided 09-04", "published 09-05", "published 09-06", payloads=[{"n": 2}, {}, {"n": 2}])
    assert judge(asked, steps).answered_by == "e2"


def test_a_count_that_turns_on_an_unknown_cannot_be_assessed(judge: Judge) -> None:
    known = Expression("n", "bool", lambda scope: scope.e["n"] > 1 if "n" in scope.e else None, frozenset({"e.n"}), {})
    once = rule(Template.AT_MOST, on=replace(DECIDED, when=known), target=None, count=1)
    assert judge(once, case("decided 09-04", "decided 09-05", payloads=[{"n": 2}, {}])).state is State.NOT_ASSESSABLE
    assert judge(once, case("decided 09-04", payloads=[{"n": 2}])).state is State.HOLDING


def test_the_version_in_force_on_the_day_judges(judge: Judge) -> None:
    old = rule(Template.FOLLOWED_BY, within=TEN_DAYS, valid=DateRange(None, day("09-30")))
    assert judge(old, case("decided 09-04", "decided 10-08"), "09-05").activation == "e0"


def test_a_correction_changes_the_verdict_but_not_what_it_is_about(judge: Judge) -> None:
    first = case("decided 09-04").steps[0].event
    earlier = close_of(day("08-31"), PROCEDURE.timezone)
    correction = replace(first, id="e9", seq=2, occurred_at=earlier, corrects="e0")
    corrected = fold(CaseHead("case", "p", "organ", "150000"), PROCEDURE, [first, correction])
    verdict = judge(rule(Template.FOLLOWED_BY, within=TEN_DAYS), corrected, "09-10")
    assert (verdict.activation, verdict.due_date) == ("e0", day("09-11"))


def test_a_rule_that_nothing_activates_says_nothing(evaluator: Evaluator) -> None:
    silent = [rule(Template.FOLLOWED_BY), rule(Template.NOT_BOTH, on=REVIEWED)]
    assert evaluator.evaluate(case("noticed 09-01"), silent, CALENDAR, datetime.now(UTC)) == ()
