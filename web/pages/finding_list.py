"""Findings as lists show them, cut into pages by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Case

from core.ledger.models import CaseRow
from core.organs.authority import Action, Actor
from core.organs.codes import CODE, territory
from core.organs.visibility import visible_cases
from scoring.life import Life
from scoring.models import FindingRow
from web.kit.paging import Page, paginate
from web.kit.people import organ_names
from web.kit.periods import within
from web.kit.render import instance
from web.kit.rulewords import rule_title

UNDETERMINED = (Life.RAISED.value, Life.ANSWERED.value)
SHOWN = tuple(life.value for life in Life if life is not Life.WITHDRAWN)
LEVEL_ORDER = ("red", "orange", "yellow", "blue")


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a list shows it."""

    id: str
    code: str
    level: str
    status: str
    title: str
    case_id: str
    case_title: str
    organ: str
    raised_at: datetime


def visible_findings(actor: Actor, action: Action = Action.VIEW_FINDING) -> Any:
    """Findings on which the actor may perform an action, the latest first."""
    return _findings().where(visible_cases(
        actor, action, organ=FindingRow.organ, case_id=FindingRow.case, procedure=FindingRow.procedure))


def narrowed(query: Any, asked: dict[str, str]) -> Any:
    """The query narrowed by what a reader chose: level, status, cause, place, period, text."""
    if asked.get("level"):
        query = query.where(FindingRow.level == asked["level"])
    if asked.get("status") == "open":
        query = query.where(FindingRow.status.in_(UNDETERMINED))
    elif asked.get("status"):
        query = query.where(FindingRow.status == asked["status"])
    else:
        query = query.where(FindingRow.status.in_(SHOWN))
    if asked.get("organ"):
        query = query.where(FindingRow.organ == asked["organ"])
    if CODE.fullmatch(asked.get("region", "")):
        low, high = territory(asked["region"])
        query = query.where((FindingRow.region >= low) & (FindingRow.region < high))
    if asked.get("rule"):
        query = query.where(FindingRow.rule == asked["rule"])
    if asked.get("procedure"):
        query = query.where(FindingRow.procedure == asked["procedure"])
    if asked.get("platform"):
        query = query.where(FindingRow.procedure.startswith(f"{asked['platform']}."))
    if (period := within(FindingRow.raised_at, asked.get("period", ""))) is not None:
        query = query.where(period)
    if asked.get("q"):
        query = query.where(CaseRow.title.contains(asked["q"]) | FindingRow.code.contains(asked["q"].upper()))
    return query


def gravest_first(query: Any) -> Any:
    """The query with red findings before orange, yellow and blue ones, the latest first among equals."""
    rank = Case(FindingRow.level, [(level, number) for number, level in enumerate(LEVEL_ORDER)])
    return query.order_by(rank, FindingRow.raised_at.desc(), FindingRow.id)


def finding_page(query: Any, size: int = 20) -> Page[FindingLine]:
    """The page of findings that the request asks for."""
    page = paginate(query, size)
    return Page(shaped(page.items), page.number, page.size, page.total)


def findings_of_case(case_id: str, actor: Actor) -> Sequence[FindingLine]:
    """Findings of one case that the actor may see, withdrawn ones left out.

    What another organ answers for, such as a late reviewer, is not the business of the case's own.
    """
    return shaped(visible_findings(actor).where((FindingRow.case == case_id) & FindingRow.status.in_(SHOWN)))


def shaped(rows: Any) -> Sequence[FindingLine]:
    """Rows with the words that a list needs, two queries for all of them."""
    rows = list(rows)
    bundle = instance().bundles.current()
    names = organ_names(row.organ for row in rows)
    return [FindingLine(row.id, row.code, row.level, row.status, rule_title(bundle, row.rule, row.region), row.case,
                        row.case_title or row.case_number or row.case, names[row.organ], row.raised_at)
            for row in rows]


def _findings() -> Any:
    return (FindingRow.select(FindingRow, CaseRow.title.alias("case_title"), CaseRow.number.alias("case_number"))
            .join(CaseRow, on=(CaseRow.id == FindingRow.case))
            .order_by(FindingRow.raised_at.desc(), FindingRow.id).objects())
