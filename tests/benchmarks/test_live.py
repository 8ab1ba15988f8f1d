"""The live evaluator against durable-rules itself: 60 rules with joins, 15 steps, the same violations found."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.calendars import Calendar, close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.model import EventType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import State
from tests.benchmarks.bare_productions import Bare, seconds_per_case

pytestmark = pytest.mark.benchmark

KINDS, STEPS, CASES = 20, 15, 150
TEMPLATES = (["followed_by"] * 20 + ["only_after"] * 20 + ["never_after"] * 8 + ["different_person"] * 6
             + ["at_most"] * 6)
START = date(2026, 3, 2)
CALENDAR = Calendar.of({})


@dataclass(frozen=True)
class Load:
    """The same rules and cases in both shapes."""

    specs: list[dict[str, Any]]
    rules: tuple[Rule, ...]
    facts: list[list[dict[str, Any]]]
    today: list[int]
    cases: list[Case]
    as_of: list[datetime]


@pytest.fixture(scope="module")
def load() -> Load:
    rng = random.Random(20260302)
    specs = [
        {"id": f"R{number}", "template": template, "on": f"k{rng.randrange(KINDS)}",
         "target": f"k{rng.randrange(KINDS)}", "days": rng.randrange(5, 60) if number < 25 else 0}
        for number, template in enumerate(TEMPLATES)
    ]
    kinds = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}
    procedure = Procedure("p", Text("程序"), kinds, (), (), ())
    facts, cases, today, as_of = [], [], [], []
    for number in range(CASES):
        own, events, day = [], [], START
        for seq in range(STEPS):
            day += timedelta(days=rng.randrange(0, 12))
            kind, actor = f"k{rng.randrange(KINDS)}", rng.randrange(4)
            at = datetime(day.year, day.month, day.day, 1, seq, tzinfo=UTC)
            own.append({"kind": kind, "seq": seq, "day": day.toordinal(), "actor": actor})
            events.append(Event(f"e{seq}", f"c{number}", seq + 1, kind, at, at, f"person{actor}", "organ"))
        facts.append(own)
        cases.append(fold(CaseHead(f"c{number}", "p", "organ", "150000"), procedure, events))
        today.append(day.toordinal() + 11)
        as_of.append(close_of(day + timedelta(days=10), procedure.timezone))
    return Load(specs, tuple(map(_rule, specs)), facts, today, cases, as_of)


def _rule(spec: dict[str, Any]) -> Rule:
    template = Template(spec["template"])
    return Rule(
        f"p/{spec['id']}", Text("规则"), "p", template, Pattern((spec["on"],)), (),
        target=None if template is Template.AT_MOST else Pattern((spec["target"],)),
        within=Period(spec["days"], Unit.DAYS, roll=False) if spec["days"] else (
            Period(0, Unit.DAYS, roll=False) if template is Template.FOLLOWED_BY else None),
        count=1 if template is Template.AT_MOST else None,
    )


def live_violations(load: Load, live: Live, number: int) -> set[tuple[str, str]]:
    """Rule and activating step, as the hand-written productions name them."""
    found = set()
    for verdict in live.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number]):
        if verdict.state is State.VIOLATED:
            rule = verdict.rule.rpartition("/")[2]
            found.add((rule, str((verdict.activation_index or 0) + 2) if verdict.activation else ""))
    return found


def comparable(violations: Any, specs: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """A production for counting fires for each pair, our verdict is one per case: keep the rule."""
    counting = {spec["id"] for spec in specs if spec["template"] == "at_most"}
    return {(rule, "" if rule in counting else step) for rule, step in violations}


@pytest.fixture(scope="module")
def hosted(load: Load) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bare_productions"], check=True, capture_output=True, text=True,
        input=json.dumps({"specs": load.specs, "cases": load.facts[:40], "today": load.today[:40]}),
        cwd=Path(__file__).resolve().parents[2], timeout=120)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def test_live_evaluation_of_a_case(benchmark: Any, load: Load) -> None:
    live, numbers = Live(), iter(range(10**9))
    benchmark(lambda: live_violations(load, live, next(numbers) % CASES))


def test_hand_written_productions_on_a_case(benchmark: Any, load: Load) -> None:
    bare, numbers = Bare(load.specs), iter(range(10**9))

    def run() -> set[tuple[str, str]]:
        number = next(numbers) % CASES
        return bare.violations(load.facts[number], load.today[number])

    benchmark(run)


def test_reference_evaluation_of_a_case(benchmark: Any, load: Load) -> None:
    reference, numbers = Reference(), iter(range(10**9))

    def run() -> object:
        number = next(numbers) % CASES
        return reference.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number])

    benchmark(run)


def test_live_finds_what_hand_written_productions_find(load: Load) -> None:
    live, bare = Live(), Bare(load.specs)
    for number in range(CASES):
        assert live_violations(load, live, number) == comparable(
            bare.violations(load.facts[number], load.today[number]), load.specs)


def test_live_is_nearly_as_fast_as_bare_durable_rules_and_faster_than_its_host(
        load: Load, hosted: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    live, bare = Live(), Bare(load.specs)
    ours = seconds_per_case(
        lambda number: live.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number]), CASES)
    theirs = seconds_per_case(lambda number: bare.violations(load.facts[number], load.today[number]), CASES)
    ratio, host_ratio = theirs / ours, hosted["seconds"] / ours
    with capsys.disabled():
        print(f"\nlive {ours * 1e6:.0f} µs a case, bare durable-rules {theirs * 1e6:.0f} µs, "
              f"its Host {hosted['seconds'] * 1e6:.0f} µs: {ratio:.2f} × bare, {host_ratio:.1f} × Host")
    assert ratio >= 0.7
    assert host_ratio >= 2
    found = [comparable(map(tuple, violations), load.specs) for violations in hosted["violations"]]
    assert found == [live_violations(load, live, number) for number in range(len(found))]
