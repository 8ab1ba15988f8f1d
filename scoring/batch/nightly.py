"""The nightly comparison: every verdict again in columns; any difference to the live ones is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

from core.errors import FazhiError, Problem
from core.rulebook.store import BundleStore
from scoring.batch.compare import Comparison

MOST_TOLD = 20


def compare_everything(bundles: BundleStore, segments: Path, now: Callable[[], datetime]) -> int:
    """Compare batch and live for every procedure.

    Returns:
        how many verdicts were compared.

    Raises:
        FazhiError: ``batch-alarm`` with the number of differences, then the first of them.
    """
    compared = differences = 0
    told: list[Problem] = []
    for procedure in sorted(bundles.current().procedures):
        comparison = Comparison(bundles, segments, procedure, now())
        found = comparison.differences()
        told += [difference.problem() for difference in islice(found, MOST_TOLD - len(told))]
        for _ in found:
            pass  # the tally counts the rest
        compared += comparison.tally.verdicts
        differences += comparison.tally.differences
    if differences:
        raise FazhiError([Problem("batch-alarm", details={"count": differences}), *told])
    return compared
