"""How fast steps are recorded and verified; the bounds leave room for a slow machine."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.database import connect, database
from core.ledger.guards import install_guards
from core.ledger.models import MODELS
from core.ledger.verify import verify
from tests.ledger_kit import head, recorder, step

CASES, STEPS = 1500, 10


@pytest.mark.benchmark
def test_a_batch_is_recorded_and_verified_at_thousands_of_events_a_second(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.connection_context():
        database.create_tables(list(MODELS))
        install_guards()
        batch = [(head(f"c{number}"), [step("filed", party="张三", kind="a"), *(
            step("noted", date(2026, 5, 4) + timedelta(days=day), amount="1.50", tags=["x"], urgent=True)
            for day in range(STEPS - 1))]) for number in range(CASES)]
        begun = time.perf_counter()
        result = recorder().record_many(batch)
        recorded = time.perf_counter()
        assert verify().ok
        verified = time.perf_counter()

    rate, checked = result.events / (recorded - begun), result.events / (verified - recorded)
    print(f"\nrecorded {rate:,.0f} events/s, verified {checked:,.0f} events/s")
    assert rate > 2500
    assert checked > 2500
