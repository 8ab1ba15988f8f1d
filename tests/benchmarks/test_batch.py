"""The batch evaluator against what somebody who knows the rules would write by hand in polars for the same log."""

from __future__ import annotations

from types import ModuleType

import pytest

from scoring.batch.evaluator import Batch
from scoring.bench import columns, facts

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("module", [columns, facts], ids=["DECLARE rules", "flat conditions"])
def test_a_million_rows_take_no_longer_than_hand_written_polars(
        module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    for ratio in module.measure(3):
        with capsys.disabled():
            print(f"\n{ratio.work}: {ratio.value:.2f} × {ratio.peer} ({ratio.ours:.3f} s, {ratio.theirs:.3f} s)")
        assert ratio.value >= (ratio.at_least or 0)


def test_the_flat_conditions_are_all_said_in_columns() -> None:
    load = facts.make_load(2000)
    assert load.evaluate(batch := Batch()) == load.by_hand()
    assert batch.evaluate(facts.Steps(load.frame, load.procedure), load.rules, columns.CALENDAR, facts.AT).closures == 0


def test_the_rules_count_what_joins_by_hand_count() -> None:
    load = columns.make_load(20_000)
    assert load.evaluate(Batch()) == columns.by_hand(load)
