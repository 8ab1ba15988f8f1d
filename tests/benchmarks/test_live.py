"""The live evaluator against durable-rules itself: 60 rules with joins, 15 steps, the same violations found."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.bench.bare import Bare, seconds_per_case
from scoring.bench.joins import CALENDAR, CASES, Load, comparable, hosted, live_violations, make_load
from scoring.engine.live import Live
from scoring.engine.reference import Reference

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def load() -> Load:
    return make_load()


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
        load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    live, bare, host = Live(), Bare(load.specs), hosted(load)
    ours = seconds_per_case(
        lambda number: live.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number]), CASES)
    theirs = seconds_per_case(lambda number: bare.violations(load.facts[number], load.today[number]), CASES)
    ratio, host_ratio = theirs / ours, host["seconds"] / ours
    with capsys.disabled():
        print(f"\nlive {ours * 1e6:.0f} µs a case, bare durable-rules {theirs * 1e6:.0f} µs, "
              f"its Host {host['seconds'] * 1e6:.0f} µs: {ratio:.2f} × bare, {host_ratio:.1f} × Host")
    assert ratio >= 0.7
    assert host_ratio >= 2
    found = [comparable(map(tuple, violations), load.specs) for violations in host["violations"]]
    assert found == [live_violations(load, live, number) for number in range(len(found))]
