"""A year or a month that a list was asked for, as the moments between which it lies."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from core.instance import LOCAL_TIME

_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")


def within(column: Any, period: str) -> Any:
    """The condition that a moment lies in ``2026`` or ``2026-03``, local time; None for any other text."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or 0)
    first = date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    low, high = (datetime.combine(day, time(), LOCAL_TIME) for day in (first, after))
    return (column >= low) & (column < high)
