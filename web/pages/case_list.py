"""Cases as the list shows them: findings, next due date and score come with the rows, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from peewee import fn

from core.ledger.models import CaseRow
from core.organs.authority import Action, Actor
from core.organs.codes import CODE, territory
from core.organs.visibility import visible_cases
from scoring.models import CaseScore, FindingRow, VerdictRow
from web.kit.paging import PAGE_SIZE, Page, paginate
from web.kit.people import organ_names
from web.kit.periods import within
from web.kit.render import instance
from web.kit.rulewords import stage_title
from web.pages.finding_list import LEVEL_ORDER, UNDETERMINED


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it."""

    id: str
    title: str
    number: str
    organ_name: str
    stage_title: str
    opened_at: datetime
    closed_at: datetime | None
    open_findings: int
    worst_level: str
    due: date | None
    score: Decimal | None


def visible(actor: Actor) -> Any:
    """Cases that the actor may see, the latest opened first."""
    return CaseRow.select().where(visible_cases(
        actor, Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure)).order_by(
        CaseRow.opened_at.desc(), CaseRow.id.desc())


def narrowed(query: Any, asked: Mapping[str, str]) -> Any:
    """The query narrowed by what a reader chose."""
    if CODE.fullmatch(asked.get("region", "")):
        low, high = territory(asked["region"])
        query = query.where((CaseRow.region >= low) & (CaseRow.region < high))
    for name in ("organ", "procedure", "stage"):
        if asked.get(name):
            query = query.where(getattr(CaseRow, name) == asked[name])
    if asked.get("platform"):
        query = query.where(CaseRow.procedure.startswith(f"{asked['platform']}."))
    if (period := within(CaseRow.opened_at, asked.get("period", ""))) is not None:
        query = query.where(period)
    status = asked.get("status")
    if status in ("open", "closed"):
        query = query.where(CaseRow.closed_at.is_null(status == "open"))
    elif status == "overdue":
        query = query.where(CaseRow.id.in_(VerdictRow.select(VerdictRow.case).where(VerdictRow.duty == "overdue")))
    elif status == "findings":
        query = query.where(CaseRow.id.in_(
            FindingRow.select(FindingRow.case).where(FindingRow.status.in_(UNDETERMINED))))
    if asked.get("q"):
        query = query.where(CaseRow.title.contains(asked["q"]) | CaseRow.number.contains(asked["q"]))
    return query


def case_page(query: Any, size: int = PAGE_SIZE) -> Page[CaseLine]:
    """The page of cases that the request asks for, in five queries however long the list is."""
    page = paginate(query, size)
    return Page(shaped(page.items), page.number, page.size, page.total)


def shaped(rows: Sequence[Any]) -> Sequence[CaseLine]:
    """Rows with what a list shows beside them."""
    ids = [row.id for row in rows]
    names = organ_names(row.organ for row in rows)
    procedures = instance().bundles.current().procedures
    findings, dues, scores = _findings(ids), _dues(ids), _scores(ids)
    return [CaseLine(
        row.id, row.title, row.number, names[row.organ], stage_title(procedures.get(row.procedure), row.stage),
        row.opened_at, row.closed_at, *findings.get(row.id, (0, "grey")), dues.get(row.id), scores.get(row.id))
        for row in rows]


def _findings(ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    rows: Any = FindingRow.select(FindingRow.case, FindingRow.level, fn.COUNT(FindingRow.id)).where(
        FindingRow.case.in_(ids) & FindingRow.status.in_(UNDETERMINED)).group_by(FindingRow.case, FindingRow.level)
    for case_id, level, count in rows.tuples():
        known, worst = found.get(case_id, (0, level))
        found[case_id] = (known + count, min(worst, level, key=LEVEL_ORDER.index))
    return found


def _dues(ids: Sequence[str]) -> dict[str, date]:
    rows: Any = VerdictRow.select(VerdictRow.case, fn.MIN(VerdictRow.due_date)).where(
        VerdictRow.case.in_(ids) & VerdictRow.duty.in_(("pending", "overdue")) & VerdictRow.due_date.is_null(False)
    ).group_by(VerdictRow.case).tuples()
    return {case_id: day if isinstance(day, date) else date.fromisoformat(day) for case_id, day in rows}


def _scores(ids: Sequence[str]) -> dict[str, Decimal | None]:
    rows: Any = CaseScore.select(CaseScore.case, CaseScore.score).where(CaseScore.case.in_(ids)).tuples()
    return dict(rows)
