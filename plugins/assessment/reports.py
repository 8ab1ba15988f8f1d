"""Self-reports as pages see them: what an organ has reported, what waits for verification, what may be re-checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.cases.case import Case
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_cases
from core.rulebook.bundle import Bundle

REPORT = "assessment.report"
GIVEN, TAKEN = ("reported", "resubmitted"), ("verified", "returned")
STAGE_GIVEN, STAGE_CHECKED = "given", "checked"
"""Stages of the procedure: with the supervisor, and back from him."""
STATES = ("none", "waiting", "returned", "verified", "untrue")


@dataclass(frozen=True, slots=True)
class Report:
    """A self-report as it stands; ``state`` is one of ``STATES``."""

    case: Case
    state: str

    @property
    def key(self) -> tuple[str, str]:
        return str(self.case.state.get("scheme") or ""), str(self.case.state.get("result") or "")

    @property
    def year(self) -> int | None:
        year = self.case.state.get("year")
        return year if isinstance(year, int) else None


def report_of(case: Case) -> Report:
    """A case of the procedure as a report."""
    latest = next((step.type for step in reversed(case.steps) if step.type in (*GIVEN, *TAKEN)), "")
    state = {"verified": "verified", "returned": "returned"}.get(latest, "waiting")
    if case.state.get("recheck_result") == "untrue":
        state = "untrue"
    return Report(case, state)


def reported_by(organ: str, year: int, bundle: Bundle) -> Mapping[tuple[str, str], Report]:
    """The reports of an organ for a year by scheme and result; of several the latest, withdrawn ones left out."""
    query: Any = CaseRow.select(CaseRow.id).where(
        (CaseRow.procedure == REPORT) & (CaseRow.organ == organ)).order_by(CaseRow.opened_at, CaseRow.id).tuples()
    found: dict[tuple[str, str], Report] = {}
    for case in load_cases([case for (case,) in query], bundle):
        report = report_of(case)
        if report.year == year and "withdrawn" not in case.positions:
            found[report.key] = report
    return found


def waiting(visible: Any) -> Any:
    """Rows of open reports that wait for verification, oldest first.

    Args:
        visible: condition on ``CaseRow`` of what the reader may see.
    """
    withdrawn = EventRow.select(EventRow.case).where(EventRow.type == "withdrawn")
    return CaseRow.select().where(
        (CaseRow.procedure == REPORT) & (CaseRow.stage == STAGE_GIVEN) & CaseRow.closed_at.is_null() & visible
        & CaseRow.id.not_in(withdrawn)).order_by(CaseRow.opened_at, CaseRow.id)


def may_be_rechecked(visible: Any, year: int, bundle: Bundle) -> Sequence[Report]:
    """Verified reports of a year that no draw has chosen yet."""
    query: Any = CaseRow.select(CaseRow.id).where(
        (CaseRow.procedure == REPORT) & (CaseRow.stage == STAGE_CHECKED) & visible).order_by(CaseRow.id).tuples()
    reports = map(report_of, load_cases([case for (case,) in query], bundle))
    return [report for report in reports if report.year == year and report.state == "verified"]
