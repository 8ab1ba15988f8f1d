"""Nothing leaks, nothing hangs, nothing crashes: in short on every run, at length with ``-m soak``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.soak.processes import ROOT

MEGABYTE = 1_000_000


def run(work: str, times: int, seconds: float) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-m", "tests.soak.processes", work, str(times)],
                          cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-3000:]}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{work}: {found}")
    return found


def at_length(times: int, seconds: float) -> Any:
    return pytest.param(times, seconds, marks=pytest.mark.soak)


@pytest.mark.parametrize(("times", "seconds"), [(60, 60), at_length(1000, 1200)])
def test_reloading_sixty_rules_does_not_grow(times: int, seconds: float) -> None:
    found = run("reload", times, seconds)
    assert found["wrong"] == 0
    assert found["growth"] < 20 * MEGABYTE


@pytest.mark.parametrize(("times", "seconds"), [(3000, 60), at_length(200_000, 1800)])
def test_eight_threads_get_right_verdicts_from_one_evaluator(times: int, seconds: float) -> None:
    found = run("threads", times, seconds)
    assert found["wrong"] == 0
    assert found["growth"] < 20 * MEGABYTE


@pytest.mark.parametrize(("times", "seconds"), [(40, 60), at_length(5000, 1800)])
def test_damaged_rules_and_absurd_records_are_judged_or_refused(times: int, seconds: float) -> None:
    found = run("fuzz", times, seconds)
    assert found["judged"] >= times
    assert 0 < found["refused"] < times
