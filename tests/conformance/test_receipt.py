"""The real log of 1,434 permit cases gives exactly the verdicts that several independent tools agree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from core.calendars import Calendar, close_of
from core.ledger.event import Event
from core.rulebook.load import load_rules
from core.rulebook.model import Procedure, Rule
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import Evaluator, Verdict
from tests.conformance import receipt_log

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not receipt_log.available(), reason=f"the receipt log is not at {receipt_log.LOG}; "
                       "set FAZHI_SHARED to the folder that holds conformance/receipt"),
]
RULES = tuple(f"WR{number:02}" for number in range(1, 21))
DAYS = (date(2011, 3, 31), date(2011, 9, 15), date(2012, 1, 23))
EVALUATORS = {"reference": Reference, "live": Live}


@dataclass(frozen=True)
class Log:
    """The log under our rules."""

    procedure: Procedure
    rules: tuple[Rule, ...]
    calendar: Calendar
    events: Mapping[str, Sequence[Event]]

    def judge(self, evaluator: Evaluator, as_of: datetime | None = None) -> dict[str, list[tuple[str, Verdict]]]:
        """Case id and verdict of every activation, by rule."""
        found: dict[str, list[tuple[str, Verdict]]] = {name: [] for name in RULES}
        now = as_of or datetime.now(self.procedure.timezone) + timedelta(days=1)
        for case in receipt_log.folded(self.procedure, self.events, as_of):
            for verdict in evaluator.evaluate(case, self.rules, self.calendar, now):
                found[verdict.rule.rpartition("/")[2]].append((case.head.id, verdict))
        return found


@pytest.fixture(scope="module")
def log() -> Log:
    bundle = load_rules([receipt_log.RULES])
    procedure = bundle.procedures["receipt"]
    events = receipt_log.events_by_case(receipt_log.aliases(procedure))
    return Log(procedure, bundle.rules("receipt"), bundle.calendar(), events)


def cases(verdicts: Sequence[tuple[str, Verdict]], state: str) -> str:
    return receipt_log.digest(case for case, verdict in verdicts if verdict.state == state)


@pytest.fixture(scope="module", params=EVALUATORS)
def closed(request: pytest.FixtureRequest, log: Log) -> dict[str, list[tuple[str, Verdict]]]:
    return log.judge(EVALUATORS[request.param](assume_closed=True))


@pytest.fixture(scope="module", params=[(name, day) for name in EVALUATORS for day in DAYS], ids=str)
def on_a_day(request: pytest.FixtureRequest, log: Log) -> tuple[date, dict[str, list[tuple[str, Verdict]]]]:
    name, day = request.param
    return day, log.judge(EVALUATORS[name](), close_of(day, log.procedure.timezone))


@pytest.mark.parametrize("rule", RULES)
def test_finished_cases_give_the_known_violations(closed: dict[str, list[tuple[str, Verdict]]], rule: str) -> None:
    known, verdicts = receipt_log.expected()[rule], closed[rule]
    states = Counter(verdict.state for _, verdict in verdicts)
    assert len(verdicts) == known["activations"]
    assert states["fulfilled"] == known["fulfilments"]
    assert states["violated"] == known["violations"]
    assert cases(verdicts, "violated") == known["violating_case_ids_sha256"]


@pytest.mark.parametrize("rule", RULES)
def test_running_cases_give_the_known_states(
        on_a_day: tuple[date, dict[str, list[tuple[str, Verdict]]]], rule: str) -> None:
    day, found = on_a_day
    known, verdicts = receipt_log.expected()[rule]["as_of"][day.isoformat()], found[rule]
    states = Counter(verdict.state.value for _, verdict in verdicts)
    assert len(verdicts) == known["activations"]
    assert {state: states[state] for state in ("fulfilled", "violated", "pending", "holding")} == {
        state: known[state] for state in ("fulfilled", "violated", "pending", "holding")}
    assert cases(verdicts, "violated") == known["violating_case_ids_sha256"]
    assert cases(verdicts, "pending") == known["pending_case_ids_sha256"]


def test_both_evaluators_agree_on_every_detail_of_every_verdict(log: Log) -> None:
    as_of = close_of(DAYS[1], log.procedure.timezone)
    assert log.judge(Live(), as_of) == log.judge(Reference(), as_of)
