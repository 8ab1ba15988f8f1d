"""The real log of 1,434 permit cases in columns: the known verdicts, and those of live evaluation, in one batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from core.calendars import Calendar, close_of
from core.rulebook.load import load_rules
from core.rulebook.model import Procedure, Rule
from scoring.batch.effective import effective
from scoring.batch.evaluator import Batch
from scoring.batch.events import event_frame
from scoring.batch.steps import Steps
from scoring.engine.live import Live
from scoring.verdict import Verdict
from tests.conformance import receipt_log

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not receipt_log.available(), reason=f"the receipt log is not at {receipt_log.LOG}; "
                       "set FAZHI_SHARED to the folder that holds conformance/receipt"),
]
RULES = tuple(f"WR{number:02}" for number in range(1, 21))
DAYS = (date(2011, 3, 31), date(2011, 9, 15), date(2012, 1, 23))
Found = dict[str, list[tuple[str, Verdict]]]


@dataclass(frozen=True)
class Log:
    """The log in columns, under our rules."""

    procedure: Procedure
    rules: tuple[Rule, ...]
    calendar: Calendar
    events: pl.DataFrame

    def judge(self, batch: Batch, as_of: datetime | None = None) -> Found:
        """Case id and verdict of every activation, by rule."""
        now = as_of or datetime.now(self.procedure.timezone) + timedelta(days=1)
        steps = Steps(effective(self.events, self.procedure.timezone, as_of), self.procedure)
        found: Found = defaultdict(list)
        for case, verdict in batch.evaluate(steps, self.rules, self.calendar, now).by_case():
            found[verdict.rule.rpartition("/")[2]].append((case, verdict))
        return found


@pytest.fixture(scope="module")
def log() -> Log:
    bundle = load_rules([receipt_log.RULES])
    procedure = bundle.procedures["receipt"]
    events = receipt_log.events_by_case(receipt_log.aliases(procedure))
    frame = event_frame((event for own in events.values() for event in own), procedure, {})
    return Log(procedure, bundle.rules("receipt"), bundle.calendar(), frame)


@pytest.fixture(scope="module")
def closed(log: Log) -> Found:
    return log.judge(Batch(assume_closed=True))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def on_a_day(request: pytest.FixtureRequest, log: Log) -> tuple[date, Found]:
    return request.param, log.judge(Batch(), close_of(request.param, log.procedure.timezone))


def cases(verdicts: list[tuple[str, Verdict]], state: str) -> str:
    return receipt_log.digest(case for case, verdict in verdicts if verdict.state == state)


@pytest.mark.parametrize("rule", RULES)
def test_finished_cases_give_the_known_violations(closed: Found, rule: str) -> None:
    known, verdicts = receipt_log.expected()[rule], closed[rule]
    states = Counter(verdict.state for _, verdict in verdicts)
    assert len(verdicts) == known["activations"]
    assert states["fulfilled"] == known["fulfilments"]
    assert states["violated"] == known["violations"]
    assert cases(verdicts, "violated") == known["violating_case_ids_sha256"]


@pytest.mark.parametrize("rule", RULES)
def test_running_cases_give_the_known_states(on_a_day: tuple[date, Found], rule: str) -> None:
    day, found = on_a_day
    known, verdicts = receipt_log.expected()[rule]["as_of"][day.isoformat()], found[rule]
    states = Counter(verdict.state.value for _, verdict in verdicts)
    assert len(verdicts) == known["activations"]
    assert {state: states[state] for state in ("fulfilled", "violated", "pending", "holding")} == {
        state: known[state] for state in ("fulfilled", "violated", "pending", "holding")}
    assert cases(verdicts, "violated") == known["violating_case_ids_sha256"]
    assert cases(verdicts, "pending") == known["pending_case_ids_sha256"]


def test_live_evaluation_day_by_day_ends_where_batch_does(log: Log) -> None:
    """A case is judged live on the days on which a step was recorded or one of its due dates ran out, as in use."""
    zone, live, batch = log.procedure.timezone, Live(), Batch()
    events = receipt_log.events_by_case(receipt_log.aliases(log.procedure))
    moves: dict[date, set[str]] = defaultdict(set)
    for name, own in events.items():
        for event in own:
            moves[event.occurred_at.astimezone(zone).date()].add(name)
    standing: dict[str, tuple[Verdict, ...]] = {}
    waiting: dict[date, set[str]] = defaultdict(set)
    today = min(moves)
    while today <= DAYS[-1]:
        now = close_of(today, zone)
        moved = moves[today] | waiting[today]
        for case in receipt_log.folded(log.procedure, {name: events[name] for name in sorted(moved)}, now):
            standing[case.head.id] = live.evaluate(case, log.rules, log.calendar, now)
            for verdict in standing[case.head.id]:
                if verdict.due_date is not None and verdict.state in ("pending", "holding"):
                    waiting[verdict.due_date].add(case.head.id)
                    waiting[verdict.due_date + timedelta(days=1)].add(case.head.id)
        if today in DAYS:
            assert by_case(log, log.judge(batch, now)) == standing
        today += timedelta(days=1)


def by_case(log: Log, found: Found) -> dict[str, tuple[Verdict, ...]]:
    place = {rule.id: number for number, rule in enumerate(log.rules)}
    sorted_by_case: dict[str, list[Verdict]] = defaultdict(list)
    for verdicts in found.values():
        for name, verdict in verdicts:
            sorted_by_case[name].append(verdict)
    return {name: tuple(sorted(own, key=lambda v: (place[v.rule], v.activation_index or 0)))
            for name, own in sorted_by_case.items()}
