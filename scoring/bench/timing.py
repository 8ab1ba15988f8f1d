"""Times, ratios, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ratio:
    """How fast we are beside a peer that does the same work.

    Attributes:
        ours, theirs: seconds for one unit of the work.
        at_least, reach: what the design asks for; None: nothing.
    """

    work: str
    peer: str
    ours: float
    theirs: float
    at_least: float | None = None
    reach: float | None = None

    @property
    def value(self) -> float:
        """How many times as fast as the peer."""
        return self.theirs / self.ours

    @property
    def verdict(self) -> str:
        """``reached``, ``met``, ``missed``, or nothing where the design asks for nothing."""
        if self.reach is not None and self.value >= self.reach:
            return "reached"
        if self.at_least is not None:
            return "met" if self.value >= self.at_least else "missed"
        return "missed" if self.reach is not None else ""


def side_by_side(works: Mapping[str, Callable[[], object]], seconds: float = 1.5) -> dict[str, float]:
    """Seconds that each work takes, measured in turns so that a busy machine slows all of them alike.

    Args:
        seconds: about how long to measure each.
    """
    turns = 7
    times = {name: _loops(work, seconds / turns) for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            begun = time.perf_counter()
            for _ in range(times[name]):
                work()
            found[name].append((time.perf_counter() - begun) / times[name])
    return {name: statistics.median(sorted(values)[: turns // 2 + 1]) for name, values in found.items()}


def _loops(work: Callable[[], object], seconds: float) -> int:
    work()
    begun = time.perf_counter()
    work()
    return max(1, int(seconds / max(time.perf_counter() - begun, 1e-9)))


def machine() -> Sequence[tuple[str, str]]:
    """What the numbers were measured on."""
    return (("date", datetime.now(UTC).date().isoformat()), ("cpu", _cpu()), ("cores", str(os.cpu_count())),
            ("python", platform.python_version()), ("system", f"{platform.system()} {platform.machine()}"))


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "?"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")


def table(ratios: Sequence[Ratio]) -> str:
    """The ratios as a Markdown table."""
    rows = ["| work | against | ratio | at least | reach for | |", "|---|---|---|---|---|---|"]
    rows += [f"| {one.work} | {one.peer} | {one.value:.2f} × | {_asked(one.at_least)} | {_asked(one.reach)} "
             f"| {one.verdict} |" for one in ratios]
    return "\n".join(rows)


def _asked(value: float | None) -> str:
    return "" if value is None else f"{value:g} ×"
