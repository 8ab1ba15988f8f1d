"""The desk: what the reader's organ, and those below it, have under way in supervision, with the next clock of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request

from core.ledger.models import CaseRow, EventRow
from core.organs.authority import Action
from core.organs.visibility import visible_cases
from plugins.enforcement.supervision.pages.letters import concerns_the_body
from plugins.enforcement.supervision.pages.words import word
from scoring.models import FindingRow, VerdictRow
from web.kit.access import may, page_required, the_actor, today_of
from web.kit.language import say
from web.kit.paging import Page, paginate
from web.kit.people import organ_names, person_names
from web.kit.procedures import openable
from web.kit.render import instance, render_page
from web.kit.rulewords import rule_title

pages = Blueprint("enforcement_supervision", __name__, url_prefix="/enforcement/supervision",
                  template_folder="templates")

TABS: Mapping[str, tuple[str, str]] = {
    "letters": ("监督文书", "enforcement.letter"),
    "filings": ("重大执法备案", "enforcement.filing"),
    "reviews": ("案卷评查", "enforcement.file_review"),
    "inspections": ("双随机抽查", "enforcement.random_inspection"),
    "transfers": ("两法衔接", "enforcement.penalty"),
    "publicity": ("谁执法谁普法", "enforcement.publicity"),
}
FINDINGS = "findings"
OPEN_TO_ANSWER = ("raised", "answered", "confirmed")


@dataclass(frozen=True, slots=True)
class Duty:
    """The next thing to be done in a case, and by when."""

    title: str
    due: date | None


@pages.get("", endpoint="index")
@page_required(Action.VIEW_CASE)
def index() -> str:
    """One tab of the desk."""
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS or tab == FINDINGS else FINDINGS
    shown = _findings() if tab == FINDINGS else _cases(*TABS[tab])
    return render_page("supervision/desk.html", word("执法监督"), w=word, tab=tab, today=today_of(instance()),
                       tabs=[(FINDINGS, word("疑似问题")), *((name, word(title)) for name, (title, _) in TABS.items())],
                       **shown, page_lead=word(
                           "监督文书、重大执法备案、案卷评查、双随机抽查、两法衔接和普法责任，一处办理；每一项都有期限和责任人。"))


def _findings() -> dict[str, Any]:
    query: Any = FindingRow.select().where(
        FindingRow.procedure.startswith("enforcement.") & FindingRow.status.in_(OPEN_TO_ANSWER)
        & (FindingRow.procedure != "enforcement.letter")
        & visible_cases(the_actor(), Action.VIEW_FINDING, organ=FindingRow.organ, case_id=FindingRow.case,
                        procedure=FindingRow.procedure)).order_by(FindingRow.raised_at.desc(), FindingRow.id)
    page: Page[Any] = paginate(query)
    bundle = instance().bundles.current()
    return {"page": page, "titles": {row.id: rule_title(bundle, row.rule, row.region) for row in page.items},
            "organs": organ_names(row.organ for row in page.items),
            "people": person_names(row.person for row in page.items),
            "lettered": _lettered(row.id for row in page.items),
            "may_issue": {row.id for row in page.items
                          if concerns_the_body(row) and may(Action.DETERMINE_FINDING, row.organ)}}


def _lettered(findings: Iterable[str]) -> Mapping[str, str]:
    """Finding → the case of the document that was issued about it."""
    query: Any = CaseRow.select(CaseRow.id).where(CaseRow.id.in_([f"letter-{one}" for one in findings])).tuples()
    return {case.removeprefix("letter-"): case for (case,) in query}


def _cases(_title: str, procedure: str) -> dict[str, Any]:
    query: Any = CaseRow.select().where((CaseRow.procedure == procedure) & visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
    if procedure == "enforcement.penalty":
        query = query.where(CaseRow.id.in_(EventRow.select(EventRow.case).where(EventRow.type.in_(
            ("transfer_proposed", "transfer_sent", "police_answered")))))
    page: Page[Any] = paginate(query.order_by(CaseRow.closed_at.is_null(False), CaseRow.opened_at.desc(), CaseRow.id))
    ids = [row.id for row in page.items]
    latest = _latest(ids)
    found = instance().bundles.current().procedures.get(procedure)
    stages = {stage.id: say(stage.title) for stage in found.stages} if found else {}
    opening = [one for one, event in openable(the_actor()) if one.id == procedure]
    return {"page": page, "duties": _duties(page.items), "latest": latest, "stages": stages, "procedure": procedure,
            "organs": organ_names(row.organ for row in page.items), "people": person_names(latest.values()),
            "opens": bool(opening) and procedure in ("enforcement.random_inspection", "enforcement.publicity"),
            "plans_review": procedure == "enforcement.file_review" and "supervisor" in the_actor().roles}


def _duties(rows: Sequence[Any]) -> Mapping[str, Duty]:
    """The most urgent duty of each case."""
    regions = {row.id: row.region for row in rows}
    query: Any = VerdictRow.select().where(
        VerdictRow.case.in_(list(regions)) & (VerdictRow.duty != "")).order_by(VerdictRow.due.desc())
    bundle = instance().bundles.current()
    return {row.case: Duty(rule_title(bundle, row.rule, regions[row.case]), row.due_date) for row in query}


def _latest(case_ids: Sequence[str]) -> Mapping[str, str]:
    """Who recorded the latest step of each case."""
    query: Any = EventRow.select(EventRow.case, EventRow.actor).where(
        EventRow.case.in_(list(case_ids)) & ~EventRow.type.contains(".")).order_by(EventRow.seq).tuples()
    return dict(query)
