"""Late answers that wait for a second person: without one the finding that they answer stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from scoring.life import Life
from scoring.models import FindingRow, VerdictRow
from scoring.verdict import State

OPEN = (Life.RAISED.value, Life.ANSWERED.value, Life.CONFIRMED.value)


def awaiting(case_id: str) -> Mapping[str, tuple[str, ...]]:
    """Ids of the steps that answer an open finding of a case once somebody vouches for them, with the findings.

    A duty that is fulfilled while its finding is open is fulfilled by a step that nobody has vouched for yet.
    """
    query: Any = FindingRow.select(VerdictRow.answered_by, FindingRow.id).join(VerdictRow, on=(
        (VerdictRow.case == FindingRow.case) & (VerdictRow.rule == FindingRow.rule)
        & (VerdictRow.activation == FindingRow.activation))).where(
            (FindingRow.case == case_id) & (FindingRow.status.in_(OPEN))
            & (VerdictRow.state == State.FULFILLED.value) & VerdictRow.answered_by.is_null(False)).tuples()
    found: dict[str, list[str]] = defaultdict(list)
    for event, finding in query:
        found[event].append(finding)
    return {event: tuple(findings) for event, findings in found.items()}
