"""Cases of thousands of steps: judged like any other, in a time that grows with the steps and not with their square."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from core.calendars import Calendar, close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.model import EventType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import State, Verdict

FIRST = date(2026, 1, 1)
PROCEDURE = Procedure("p", Text("程序"), {name: EventType(name, Text(name)) for name in ("ask", "reply")}, (), ("ask",),
                      ())
AS_OF = close_of(FIRST + timedelta(days=700), PROCEDURE.timezone).astimezone(UTC)


def rule(name: str, template: Template, on: str, target: str, days: int | None, same: tuple[str, ...] = ()) -> Rule:
    return Rule(id=f"p/{name}", title=Text(name), procedure="p", template=template, basis=(), on=Pattern((on,)),
                target=Pattern((target,)), within=None if days is None else Period(days, Unit.DAYS), same=same)


RULES = (
    rule("replied", Template.FOLLOWED_BY, "ask", "reply", 1),
    rule("asked", Template.ONLY_AFTER, "reply", "ask", 1, ("actor",)),
    rule("each", Template.EACH_AFTER_A_NEW, "reply", "ask", None),
    rule("next", Template.ANSWERED_BEFORE_NEXT, "ask", "reply", None),
    rule("other", Template.DIFFERENT_PERSON, "ask", "reply", None),
    rule("never", Template.NEVER_AFTER, "reply", "ask", 2),
)


def long_case(steps: int, unanswered: int) -> Case:
    """Questions and replies by turns, eight a day; the last ``unanswered`` steps are all questions."""
    events = []
    for number in range(steps):
        kind = "reply" if number % 2 and number < steps - unanswered else "ask"
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=3 * number)
        events.append(Event(f"e{number}", "c", number + 1, kind, moment, moment, f"p{number // 2 % 2}", "o", {}))
    return fold(CaseHead("c", "p", "o", "150000"), PROCEDURE, events)


def judged(case: Case) -> tuple[Verdict, ...]:
    return Live().evaluate(case, RULES, Calendar.of({}), AS_OF)


def test_a_case_of_five_thousand_steps_is_judged_without_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reference, "evaluate", lambda *_: pytest.fail("thousands of steps, by the reference"))

    found = judged(long_case(5000, unanswered=10))

    states = Counter((verdict.rule, verdict.state) for verdict in found)
    assert (states["p/replied", State.FULFILLED], states["p/replied", State.VIOLATED]) == (2495, 10)
    assert states["p/asked", State.FULFILLED] == 2495
    assert states["p/next", State.FULFILLED] == 2495
    assert states["p/other", State.VIOLATED] == 2495 + 10
    assert all(verdict.answered_by == f"e{verdict.activation_index - 1}" for verdict in found
               if verdict.rule == "p/asked" and verdict.activation_index is not None)


def test_a_case_with_too_many_pairs_for_the_engine_is_judged_as_the_reference_judges_it() -> None:
    case = long_case(160, unanswered=6)
    assert judged(case) == Reference().evaluate(case, RULES, Calendar.of({}), AS_OF)
