"""What clean-ups concluded, as the ledger has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from core.instance import LOCAL_TIME
from core.ledger.models import CaseRow, EventRow

STEP, RESULT = "cleanup_concluded", "cleanup_result"


def last_cleanups(cases: Sequence[str]) -> Mapping[str, str]:
    """The latest conclusion of each document that was cleaned up."""
    query: Any = EventRow.select(EventRow.case, EventRow.payload).where(
        EventRow.case.in_(list(cases)) & (EventRow.type == STEP) & ~EventRow.void).order_by(EventRow.seq).tuples()
    return {case: str(json.loads(payload).get(RESULT, "")) for case, payload in query}


def cleanup_counts(organs: Any, year: int) -> Mapping[str, int]:
    """How often each conclusion was reached in a year.

    Args:
        organs: a select of organ ids that the reader may look at.
    """
    first, after = (datetime.combine(date(number, 1, 1), time(), LOCAL_TIME) for number in (year, year + 1))
    query: Any = EventRow.select(EventRow.payload).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        (EventRow.type == STEP) & ~EventRow.void & CaseRow.organ.in_(organs)
        & (EventRow.occurred_at >= first) & (EventRow.occurred_at < after)).tuples()
    return Counter(str(json.loads(payload).get(RESULT, "")) for (payload,) in query)
