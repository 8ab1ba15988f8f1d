"""Reading the ledger: events of a case, the case as it stood at a moment, pages of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.errors import fail
from core.instants import instant_text
from core.ledger.event import Event
from core.ledger.intake import ProcedureBundle
from core.ledger.models import CaseRow, EventRow
from core.ledger.rows import IN_ONE_QUERY, events_of_cases
from core.ledger.writing import head_of


def events_of(case_id: str, *, recorded_by: datetime | None = None) -> list[Event]:
    """Every event of a case in intake order, corrected ones and the platform's own included.

    Args:
        recorded_by: only what was recorded before this moment.
    """
    until = None if recorded_by is None else instant_text(recorded_by)
    return events_of_cases([case_id], until)[case_id]


def row_of(case_id: str) -> Any:
    """The row of a case.

    Raises:
        FazhiError: ``case-unknown``.
    """
    row = CaseRow.get_or_none(CaseRow.id == case_id)
    if row is None:
        raise fail("case-unknown", case=case_id)
    return row


def load_case(case_id: str, bundle: ProcedureBundle, as_of: datetime | None = None,
              recorded_by: datetime | None = None) -> Case:
    """The case as it stood.

    Args:
        as_of: only what happened before this moment (the close of a day is the next local midnight).
        recorded_by: only what was recorded before this moment.

    Raises:
        FazhiError: ``case-unknown``; ``case-procedure-unknown``.
    """
    head = head_of(row_of(case_id))
    return _folded(head, bundle, events_of(case_id, recorded_by=recorded_by), as_of, recorded_by)


def load_cases(case_ids: Iterable[str], bundle: ProcedureBundle, as_of: datetime | None = None,
               recorded_by: datetime | None = None) -> Iterator[Case]:
    """Many cases, a few hundred in memory at a time; unknown ids are left out."""
    ids = list(case_ids)
    until = None if recorded_by is None else instant_text(recorded_by)
    for start in range(0, len(ids), IN_ONE_QUERY):
        part = ids[start : start + IN_ONE_QUERY]
        rows: dict[str, Any] = {row.id: row for row in CaseRow.select().where(CaseRow.id.in_(part))}
        events = events_of_cases(list(rows), until)
        for case_id in part:
            if case_id in rows:
                yield _folded(head_of(rows[case_id]), bundle, events[case_id], as_of, recorded_by)


def event_by_id(event_id: str) -> Event:
    """One event.

    Raises:
        FazhiError: ``record-unknown``.
    """
    row: Any = EventRow.get_or_none(EventRow.id == event_id)
    if row is None:
        raise fail("record-unknown", event=event_id)
    return next(event for event in events_of(row.case_id) if event.id == event_id)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; what is left empty does not narrow.

    Attributes:
        organs: organ ids; None means any, an empty tuple none.
        region: a code; cases of regions below it are included (GB/T 2260 prefixes).
        text: part of the title or number.
        open: True for open cases, False for closed ones.
    """

    organs: Sequence[str] | None = None
    region: str = ""
    procedures: Sequence[str] | None = None
    stage: str = ""
    text: str = ""
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list of cases, and how many there are in all."""

    rows: tuple[Any, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))


def find_cases(wanted: CaseFilter = CaseFilter(), page: int = 1, size: int = 20) -> CasePage:
    """A page of cases, the latest opened first."""
    query: Any = CaseRow.select().where(*_conditions(wanted))
    rows = query.order_by(CaseRow.opened_at.desc(), CaseRow.id.desc()).paginate(max(1, page), size)
    return CasePage(tuple(rows), query.count(), max(1, page), size)


def case_ids(wanted: CaseFilter = CaseFilter()) -> list[str]:
    """Ids of all cases that fit, in the order of their ids."""
    query: Any = CaseRow.select(CaseRow.id).where(*_conditions(wanted)).order_by(CaseRow.id).tuples()
    return [case_id for (case_id,) in query]


def _conditions(wanted: CaseFilter) -> list[Any]:
    found: list[Any] = [CaseRow.last_seq > 0]
    if wanted.organs is not None:
        found.append(CaseRow.organ.in_(list(wanted.organs)))
    if wanted.procedures is not None:
        found.append(CaseRow.procedure.in_(list(wanted.procedures)))
    if wanted.region:
        prefix = wanted.region
        while len(prefix) > 2 and prefix.endswith("00"):
            prefix = prefix[:-2]
        found.append(CaseRow.region.startswith(prefix))
    if wanted.stage:
        found.append(CaseRow.stage == wanted.stage)
    if wanted.text:
        found.append(CaseRow.title.contains(wanted.text) | CaseRow.number.contains(wanted.text))
    if wanted.open is not None:
        found.append(CaseRow.closed_at.is_null(wanted.open))
    return found


def _folded(head: CaseHead, bundle: ProcedureBundle, events: Sequence[Event], as_of: datetime | None,
            recorded_by: datetime | None) -> Case:
    if head.procedure not in bundle.procedures:
        raise fail("case-procedure-unknown", procedure=head.procedure)
    return fold(head, bundle.procedures[head.procedure], events, as_of, recorded_by)


__all__ = ["CaseFilter", "CasePage", "case_ids", "event_by_id", "events_of", "find_cases", "head_of", "load_case",
           "load_cases", "row_of"]
