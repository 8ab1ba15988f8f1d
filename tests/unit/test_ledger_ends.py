"""The end of a case: what still may be recorded, and where no correction may put a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.database import connect, database
from core.errors import FazhiError
from core.ledger.models import MODELS, CaseRow
from core.ledger.recorder import Recorder
from tests.ledger_kit import Clock, head, recorder, step


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Recorder]:
    """A recorder with one open case, ``case-1``."""
    connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    with database.connection_context():
        database.create_tables(list(MODELS))
        ledger = recorder(Clock())
        ledger.open_case(head(), step("filed", party="张三", kind="a"))
        yield ledger


def codes(refused: pytest.ExceptionInfo[FazhiError]) -> dict[str, str]:
    """Code of each problem by the field that it names."""
    return {problem.at.field if problem.at else "": problem.code for problem in refused.value.problems}


def test_a_closed_case_takes_only_what_happened_before_or_is_meant_for_afterwards(opened: Recorder) -> None:
    opened.record("case-1", step("closed", date(2026, 5, 10)))
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", step("noted", date(2026, 5, 11)))
    assert codes(refused) == {"type": "case-closed"}
    opened.record("case-1", step("evaluated", date(2026, 5, 20)))
    opened.record("case-1", step("noted", date(2026, 5, 9)))
    row = CaseRow.get_by_id("case-1")
    assert row.closed_at == datetime(2026, 5, 9, 16, 0, tzinfo=UTC)
    assert row.stage == "end"


def test_a_forgotten_step_of_the_closing_day_is_taken_where_only_the_dates_are_known(opened: Recorder) -> None:
    opened.record("case-1", step("closed", date(2026, 5, 10)))
    opened.record("case-1", step("noted", date(2026, 5, 10)))


def test_no_correction_puts_a_step_behind_the_end_or_the_end_before_a_step(opened: Recorder) -> None:
    noted = opened.record("case-1", step("noted", date(2026, 5, 5))).events[0]
    with pytest.raises(FazhiError, match="closes-before-step"):
        opened.record("case-1", step("closed", date(2026, 5, 4)))
    closed = opened.record("case-1", step("closed", date(2026, 5, 10))).events[0]
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", replace(step("noted", date(2026, 5, 11)), corrects=noted.id, reason="日期"))
    assert codes(refused) == {"type": "case-closed"}
    with pytest.raises(FazhiError) as refused:
        opened.record("case-1", replace(step("closed", date(2026, 5, 4)), corrects=closed.id, reason="日期"))
    assert codes(refused) == {"occurred_at": "closes-before-step"}
    opened.record("case-1", replace(step("noted", date(2026, 5, 3)), corrects=noted.id, reason="日期"))
    opened.record("case-1", replace(step("closed", date(2026, 5, 4)), corrects=closed.id, reason="日期"))
