"""Ten times the events take ten times the time and no more memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.soak.processes import ROOT


def run(work: str, folder: Path, number: int) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "tests.soak.batch_volume", work, str(folder), str(number)], cwd=ROOT,
                          capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(folder: Path, events: int, at_once: int) -> dict[str, Any]:
    run("write", folder, events)
    found = run("judge", folder, at_once)
    assert found["events"] == events
    print(f"\n{found}")
    return found


def test_more_cases_than_fit_at_once_are_judged_range_by_range(tmp_path: Path) -> None:
    run("write", tmp_path, 60_000)
    parts, whole = run("judge", tmp_path, 7_000), run("judge", tmp_path, 60_000)
    assert parts["events"] == whole["events"] == 60_000
    assert (parts["verdicts"], parts["violated"]) == (whole["verdicts"], whole["violated"])
    assert parts["violated"] > 1000


@pytest.mark.soak
def test_ten_million_events_take_no_more_memory_than_one_million_and_ten_times_the_time(tmp_path: Path) -> None:
    one = measured(tmp_path / "one", 1_000_000, 250_000)
    ten = measured(tmp_path / "ten", 10_000_000, 250_000)
    memory, seconds = ten["peak"] / one["peak"], ten["seconds"] / one["seconds"]
    print(f"peak memory {one['peak'] / 1e6:.0f} → {ten['peak'] / 1e6:.0f} MB: {memory:.2f} ×; "
          f"time {one['seconds']} → {ten['seconds']} s: {seconds:.1f} ×")
    assert memory <= 1.2
    assert seconds <= 11
