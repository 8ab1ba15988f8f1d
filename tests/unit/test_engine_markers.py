"""A case whose evaluation ended a process is judged by the reference from then on, and said so."""

from __future__ import annotations

import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Rule
from scoring.engine.guarded import Guarded
from scoring.engine.live import Live
from scoring.engine.markers import Markers
from scoring.engine.reference import Reference
from scoring.verdict import Verdict
from tests.scoring_kit import CLOSE_OF_YEAR, MATTER, full_story, rulebook

DYING = """
import os, signal, sys
from pathlib import Path
from scoring.engine.guarded import Guarded
from scoring.engine.markers import Markers
from tests.scoring_kit import CLOSE_OF_YEAR, MATTER, full_story, rulebook

class Dying:
    def evaluate(self, case, rules, calendar, as_of):
        os.kill(os.getpid(), signal.SIGKILL)

story = full_story()
bundle = rulebook()
guarded = Guarded(Dying(), Markers(Path(sys.argv[1])))
print(len(guarded.evaluate(story.case(), bundle.rules(MATTER, ""), bundle.calendar(""), CLOSE_OF_YEAR)))
"""


class Counting:
    """An engine that says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def evaluate(self, case: Case, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> tuple[Verdict, ...]:
        self.asked += 1
        return ()


def evaluate(guarded: Guarded) -> tuple[Verdict, ...]:
    bundle = rulebook()
    return guarded.evaluate(full_story().case(), bundle.rules(MATTER, ""), bundle.calendar(""), CLOSE_OF_YEAR)


def start(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", DYING, str(folder)], capture_output=True, text=True, timeout=60,
                          cwd=Path(__file__).resolve().parents[2], check=False)


def test_a_case_that_ended_a_process_is_judged_by_the_reference_on_the_next_attempt(
        tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    neighbour, engine = Markers(tmp_path), Counting()
    assert not neighbour.suspected("case-1")  # this process runs all the while, beside the one that dies

    assert start(tmp_path).returncode == -9
    again = start(tmp_path)  # the same deadly engine, and the same case
    assert (again.returncode, again.stdout.strip()) == (0, "3")
    assert "case case-1 ended a process" in again.stderr

    with caplog.at_level(logging.ERROR):
        verdicts = evaluate(Guarded(engine, neighbour))
    bundle = rulebook()
    assert verdicts == Reference().evaluate(full_story().case(), bundle.rules(MATTER, ""), bundle.calendar(""),
                                            CLOSE_OF_YEAR)
    assert engine.asked == 0
    assert "case-1" in caplog.text
    assert list(neighbour.suspects()) == ["case-1"]


def test_a_process_that_lives_notices_the_death_of_a_neighbour_without_a_restart(tmp_path: Path) -> None:
    markers, engine = Markers(tmp_path), Counting()
    evaluate(Guarded(engine, markers))
    assert engine.asked == 1
    start(tmp_path)
    evaluate(Guarded(engine, markers))
    assert engine.asked == 1
    markers.forget("case-1")
    evaluate(Guarded(engine, markers))
    assert engine.asked == 2
    assert Markers(tmp_path).suspects() == {}


def test_a_case_at_work_in_a_neighbour_that_lives_is_no_suspect(tmp_path: Path) -> None:
    one, other = Markers(tmp_path), Markers(tmp_path)
    with one.calling("case-1"):
        assert not other.suspected("case-1")
        with other.calling("case-1"):
            assert not one.suspected("case-1")
    assert other.suspects() == {}


def test_an_engine_that_only_raises_leaves_no_marker(tmp_path: Path) -> None:
    def fails() -> None:
        with Markers(tmp_path).calling("case-1"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert Markers(tmp_path).suspects() == {}


def die_in_a_call(markers: Markers) -> None:
    with markers.calling("case-9"):
        os._exit(1)


def test_a_forked_worker_marks_its_own_calls(tmp_path: Path) -> None:
    markers = Markers(tmp_path)
    with markers.calling("case-1"):
        child = multiprocessing.get_context("fork").Process(target=die_in_a_call, args=(markers,))
        child.start()
        child.join()
        assert list(markers.suspects()) == ["case-9"]  # not what its parent was at work on


def test_more_threads_than_slots_wait_for_one_another(tmp_path: Path) -> None:
    markers, done = Markers(tmp_path), []

    def work(number: int) -> None:
        for _ in range(20):
            with markers.calling(f"case-{number}"):
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2000
    assert Markers(tmp_path).suspects() == {}


def test_marking_costs_a_small_part_of_an_evaluation(tmp_path: Path) -> None:
    markers, live = Markers(tmp_path), Live()
    evaluate(Guarded(live, markers))

    def seconds(times: int, run: Guarded | Live) -> float:
        bundle, case = rulebook(), full_story().case()
        rules, calendar = bundle.rules(MATTER, ""), bundle.calendar("")
        best = 1.0
        for _ in range(5):
            begun = time.perf_counter()
            for _ in range(times):
                run.evaluate(case, rules, calendar, CLOSE_OF_YEAR)
            best = min(best, (time.perf_counter() - begun) / times)
        return best

    assert seconds(300, Guarded(live, markers)) - seconds(300, live) < 60e-6
