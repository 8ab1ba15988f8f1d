"""Batch evaluation of as many events as wanted, in processes of its own so that the peak of memory is its alone.

``python -m tests.soak.batch_volume write FOLDER EVENTS`` fills segments, ``… judge FOLDER EVENTS_AT_ONCE`` evaluates
them range by range and prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from core.calendars import close_of
from core.rulebook.model import EventType, Procedure
from core.text import Text
from scoring.batch.recompute import stream
from scoring.batch.segments import Segments
from scoring.bench.columns import AS_OF_DAY, CALENDAR, KINDS, declare_log, rule_of, specs

IN_A_SEGMENT = 250_000


def procedure() -> Procedure:
    """Twenty kinds of steps."""
    types = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}
    return Procedure("soak", Text("程序"), types, (), (), ())


def write(folder: Path, events: int) -> dict[str, Any]:
    """Fill segments, each with cases of its own."""
    segments = Segments(folder, procedure())
    for number, done in enumerate(range(0, events, IN_A_SEGMENT)):
        log = declare_log(min(IN_A_SEGMENT, events - done), KINDS, first_case=done, seed=number)
        segments.append(log, log.group_by("case").agg(pl.col("seq").max().alias("upto")))
    return {"events": events}


def judge(folder: Path, at_once: int) -> dict[str, Any]:
    """Evaluate thirty rules over everything; peak memory in bytes."""
    begun, own = time.perf_counter(), procedure()
    rules = tuple(map(rule_of, specs()))
    states: Counter[str] = Counter()
    events = 0
    for part, verdicts in stream(Segments(folder, own), own, rules, CALENDAR, close_of(AS_OF_DAY, own.timezone),
                                 at_once):
        events += part.events
        for (_, state), count in verdicts.counts().items():
            states[state] += count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"events": events, "verdicts": states.total(), "violated": states["violated"],
            "seconds": round(time.perf_counter() - begun, 2), "peak": peak}


if __name__ == "__main__":
    print(json.dumps({"write": write, "judge": judge}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
