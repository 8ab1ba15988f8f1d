"""One more step on a long case: what it costs grows with the steps of the case, not with their square."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.database import database
from core.instance import Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from tests.instance_kit import add_organ, add_region, make_instance
from tests.penalty_kit import open_penalty

SHORT, LONG = 250, 2000
"""The long case has eight times the steps: its square would cost sixty-four times as much."""


def _step(number: int, day: date) -> NewEvent:
    """Execution suspended and resumed by turns: each asks for the other."""
    if number % 2:
        return NewEvent("execution_resumed", day, {}, actor="handler", organ="gov-c1")
    return NewEvent("execution_suspended", day, {"no_harm_unable": False}, actor="handler", organ="gov-c1")


def _one_more(instance: Instance, case_id: str, steps: int) -> float:
    """Processor seconds of one recording, the least of five."""
    head = open_penalty(instance, case_id, date(2025, 1, 1)).case.head
    instance.recorder.record_many([(head, [
        _step(number, date(2025, 1, 2) + timedelta(days=number * 300 // steps)) for number in range(steps)])])
    taken = []
    for number in range(5):
        begun = time.process_time()
        instance.recorder.record(case_id, _step(number, date(2025, 12, 1)))
        taken.append(time.process_time() - begun)
    return min(taken)


@pytest.mark.benchmark
def test_a_step_on_a_case_of_two_thousand_costs_in_proportion(tmp_path: Path) -> None:
    made = make_instance(tmp_path)
    instance = replace(made, recorder=made.recorder.permitting(AnyoneMayRecord()))
    with database.connection_context():
        for code, name, level, parent in (("990000", "区", "region", None), ("990100", "盟", "league", "990000"),
                                          ("990121", "县", "county", "990100")):
            add_region(code, name, level, parent)
        add_organ("gov-c1", "某县人民政府", "990121", "county")
        short, long = _one_more(instance, "case-short", SHORT), _one_more(instance, "case-long", LONG)

    print(f"\n{SHORT} steps: {short * 1000:.0f} ms, {LONG} steps: {long * 1000:.0f} ms, {long / short:.1f} x")
    assert long < 8 * short
