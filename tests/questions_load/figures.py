"""What was measured, in lines to print."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tests.questions_load.found import Lag
from tests.questions_load.people import World

RUSH = 30
"""Seconds after a start in which all those come at once whose line broke; twice that at first: all lawyers enter."""


def spread(values: Iterable[float], digits: int = 2) -> str:
    """Median, 99 of 100, longest."""
    ordered = sorted(values)
    if not ordered:
        return "—"
    at = [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]]
    return f"median {at[0]:.{digits}f} s, 99 % {at[1]:.{digits}f} s, longest {at[2]:.{digits}f} s ({len(ordered)})"


def report(world: World, lags: Sequence[Lag]) -> str:
    """Everything measured."""
    server = world.server
    later = [lag for lag in lags if lag.step != "pushed_local"]
    lines = [f"later steps, the server up all the while: {spread(lag.seconds for lag in later if not lag.down)}",
             f"later steps, all: {spread(lag.seconds for lag in later)}"]
    for outage in server.outages:
        missed = [lag for lag in later if outage.killed <= lag.due <= outage.ready]
        after = max((lag.due + lag.seconds - outage.ready for lag in missed), default=0.0)
        lines.append(f"killed, back after {outage.ready - outage.killed:.1f} s; {len(missed)} steps fell due "
                     f"meanwhile, the last was taken {max(after, 0.0):.1f} s after the first page")
    calm, rush = defaultdict(list), defaultdict(list)
    for visit in world.visits:
        if visit.status:
            near = visit.begun < server.began + 2 * RUSH or any(
                outage.killed - 5 < visit.begun < outage.ready + RUSH for outage in server.outages)
            (rush if near else calm)[visit.page].append(visit.seconds)
    for title, pages in (("calm", calm), (f"until {RUSH} s after a start", rush)):
        lines.append(f"{title}: {spread(one for seconds in pages.values() for one in seconds)}")
        lines += [f"  {page}: {spread(seconds, 3)}" for page, seconds in sorted(pages.items())]
    lost = sum(not visit.status for visit in world.visits)
    again = ", ".join(f"{many} {why}" for why, many in Counter(world.again.values()).items())
    lines.append(f"{len(world.visits)} requests, {lost} without answer; questions sent again: {again}")
    if server.uses:
        lines.append(f"server: {sum(use.processor for use in server.uses) / len(server.uses):.0%} of one processor on "
                     f"average, at most {max(use.processor for use in server.uses):.0%}; memory at most "
                     f"{max(use.memory for use in server.uses) / 2**20:.0f} MiB")
    lines.append(f"load of the machine {os.getloadavg()} on {os.cpu_count()} processors")
    return "\n".join(lines)
