"""Numbers of cases (案号): counted without gaps for each procedure, region and year."""

from __future__ import annotations

import re
from typing import Any

from core.cases.case import CaseHead
from core.ledger.models import CaseRow, SerialRow

PLACEHOLDER = re.compile(r"\{(region|year|serial)(?::0([1-9]))?\}")


def next_number(pattern: str, head: CaseHead, year: int) -> str:
    """The next number after ``pattern``, taken inside the transaction that opens the case.

    Args:
        pattern: text with ``{region}``, ``{year}`` and ``{serial}`` or ``{serial:04}`` (at least so many digits).

    A transaction that fails gives its number back. A number that somebody typed before is left out.
    """
    while True:
        number = _filled(pattern, head.region, year, next_serial(f"{head.procedure}|{head.region}|{year}"))
        if not CaseRow.select().where((CaseRow.procedure == head.procedure) & (CaseRow.number == number)).exists():
            return number


def _filled(pattern: str, region: str, year: int, serial: int) -> str:
    values = {"region": region, "year": str(year), "serial": str(serial)}
    return PLACEHOLDER.sub(lambda found: values[found[1]].zfill(int(found[2] or 0)), pattern)


def next_serial(scope: str) -> int:
    """Counts up in one statement, so that two who open a case at once wait for each other."""
    query: Any = (SerialRow.insert(scope=scope, last=1)
                  .on_conflict(conflict_target=[SerialRow.scope], update={SerialRow.last: SerialRow.last + 1})
                  .returning(SerialRow.last))
    return int(next(iter(query.execute())).last)
