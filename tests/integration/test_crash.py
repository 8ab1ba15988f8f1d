"""A process that dies while it records leaves all of a step or nothing of it."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.database import connect, database
from core.ledger.guards import install_guards
from core.ledger.models import MODELS, CaseRow, EventRow, OutboxRow, PersonalValue, RequestRow
from core.ledger.reader import events_of
from core.ledger.verify import verify
from tests.ledger_kit import head, recorder, step

KILLS = 50
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def ledger_url(tmp_path: Path) -> Iterator[str]:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    connect(url)
    with database.connection_context():
        database.create_tables(list(MODELS))
        install_guards()
    yield url
    if not database.is_closed():
        database.close()


def start(url: str, run: int) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-m", "tests.integration.recording_process", url, str(run)],
                               stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed_at_random(url: str, run: int, chance: random.Random) -> list[list[str]]:
    """Let a process record, kill it with SIGKILL, and return what it had acknowledged."""
    process = start(url, run)
    time.sleep(chance.uniform(0.005, 0.35))
    process.kill()
    out, _ = process.communicate()
    return [line.split() for line in out.splitlines() if line.startswith("done") and len(line.split()) == 4]


def test_fifty_kills_lose_double_and_halve_nothing(ledger_url: str) -> None:
    chance = random.Random(7)
    acknowledged = [line for run in range(KILLS) for line in killed_at_random(ledger_url, run, chance)]

    with database.connection_context():
        found = {(row.case_id, row.seq): row.id for row in EventRow.select()}
        assert len(acknowledged) > KILLS
        for _, case_id, seq, event_id in acknowledged:
            assert found[case_id, int(seq)] == event_id
        assert verify().ok
        assert len(found) == len(set(found.values()))
        # At most the one step that was being answered when the process died was recorded without being acknowledged.
        assert len(acknowledged) <= len(found) <= len(acknowledged) + KILLS
        assert OutboxRow.select().count() == RequestRow.select().count() == len(found)
        assert PersonalValue.select().count() == len(found)
        assert {row.id for row in CaseRow.select()} == {case_id for case_id, _ in found}


def test_a_step_sent_again_after_a_crash_is_recorded_once(ledger_url: str) -> None:
    with database.connection_context():
        first = recorder().open_case(head(), step("filed"), request_key="7f")
        again = recorder().open_case(head("another-id"), step("filed"), request_key="7f")
        assert again.case_id == first.case_id
        assert again.events == first.events
        assert CaseRow.select().count() == 1


def test_two_threads_may_record_to_one_case(ledger_url: str) -> None:
    with database.connection_context():
        recorder().open_case(head(), step("filed"))
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with database.connection_context():
                for number in range(25):
                    recorder().record("case-1", step("noted", count=number), request_key=f"{name}{number}")
        except BaseException as reason:
            failures.append(reason)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.connection_context():
        assert not failures
        assert [event.seq for event in events_of("case-1")] == list(range(1, 52))
        assert verify().ok


def test_a_judge_that_fails_leaves_nothing_behind(ledger_url: str) -> None:
    class Failing:
        def judge(self, cases: object, now: datetime) -> dict[str, list[object]]:
            raise RuntimeError("the engine died")

    with database.connection_context():
        with pytest.raises(RuntimeError):
            recorder(judge=Failing()).open_case(head(), step("filed", party="张三"))  # type: ignore[arg-type]
        assert [model.select().count() for model in MODELS] == [0] * len(MODELS)
