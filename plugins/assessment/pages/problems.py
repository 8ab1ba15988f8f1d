"""Problems and rectification: the list with organ, person, timetable and state; the supervisor adds to it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.cases.case import Case, CaseHead
from core.errors import FazhiError
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases
from core.organs.authority import Action
from core.organs.models import Organ
from core.organs.visibility import visible_cases, visible_organs
from core.organs.vocabulary import Role
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.paging import Page, paginate
from web.kit.people import organ_names
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("assessment_problems", __name__, url_prefix="/assessment/problems", template_folder="templates")
PROBLEM = "assessment.problem"
FIELDS = ("organ", "found_by", "problem", "result", "rectify_by", "repeated")
STATES = ("open", "late", "rectified", "closed")
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A problem as the list shows it; ``state`` is one of ``STATES``."""

    case: Case
    state: str
    found: date
    problem: str
    due: date | None
    person: str
    planned: date | None


def state_words() -> Mapping[str, tuple[str, str]]:
    """State of a problem → what the page says, and its colour."""
    return {"open": (_("整改中"), "blue"), "late": (_("逾期"), "red"), "rectified": (_("待核验"), "yellow"),
            "closed": (_("已销号"), "green")}


@pages.get("", endpoint="index")
@page_required(Action.VIEW_CASE)
def index() -> str:
    """The problems that the reader may see, open ones first."""
    query: Any = CaseRow.select().where((CaseRow.procedure == PROBLEM) & visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
    found, closed = query.count(), query.where(CaseRow.closed_at.is_null(False)).count()
    page: Page[Any] = paginate(query.order_by(CaseRow.closed_at.is_null(False), CaseRow.opened_at, CaseRow.id))
    today = today_of(instance())
    lines = [_line(case, today) for case in load_cases([row.id for row in page.items], instance().bundles.current())]
    return render_page("assessment/problems.html", _("问题整改"), page=page, lines=lines, states=state_words(),
                       found=found, closed=closed, organs=organ_names(line.case.head.organ for line in lines),
                       may_add=Role.SUPERVISOR.value in the_actor().roles,
                       page_lead=_("督察和平台发现的问题：责任机关、时间表、路线图、证据和核验；逾期和反复发生的升级处理。"))


@pages.route("/new", methods=["GET", "POST"], endpoint="add")
@page_required(Action.VIEW_WORKBENCH)
def add() -> Any:
    """Put a problem of an organ on the list."""
    actor = the_actor()
    if Role.SUPERVISOR.value not in actor.roles:
        abort(403)
    typed = {name: request.values.get(name, "").strip()[:LONGEST] for name in FIELDS}
    wrong: list[str] = []
    if request.method == "POST":
        wrong, case_id = _record(typed)
        if not wrong:
            flash(_("已列入问题清单，责任机关可在工作台看到。"))
            return redirect(url_for("cases.show", case_id=case_id))
    ways = instance().bundles.current().procedures[PROBLEM].attributes["found_by"].values
    page = render_page("assessment/problem_new.html", _("列入问题"), typed=typed, wrong=wrong,
                       ways=[(name, say(title)) for name, title in ways.items()], today=today_of(instance()),
                       organ_name=_organ_name(typed["organ"]),
                       breadcrumb=(Crumb(_("问题整改"), url_for(".index")),))
    return (page, 422) if wrong else page


def _record(typed: Mapping[str, str]) -> tuple[list[str], str]:
    """Record the problem; what is wrong with it in the reader's language, and the case."""
    actor = the_actor()
    organ: Any = Organ.get_or_none((Organ.id == typed["organ"]) & Organ.id.in_(
        visible_organs(actor, Action.RECORD_STEP, procedure=PROBLEM)))
    if organ is None:
        return [_("请选择责任机关：只能是本机关监督的机关。")], ""
    try:
        rectify_by = date.fromisoformat(typed["rectify_by"])
    except ValueError:
        return [_("请填写整改期限。")], ""
    if not typed["problem"]:
        return [_("请写明问题。")], ""
    payload: dict[str, Any] = {
        "found_by": typed["found_by"], "problem": typed["problem"], "repeated": typed["repeated"] == "true",
        "rectify_by": rectify_by}
    if typed["result"]:
        payload["result"] = typed["result"]
    head = CaseHead(uuid.uuid4().hex, PROBLEM, organ.id, str(organ.region_id), typed["problem"][:80])
    try:
        instance().recorder.open_case(head, NewEvent("problem_found", today_of(instance()), payload,
                                                     actor=actor.person_id, organ=actor.organ),
                                      request_key=request.form.get("request_key"))
    except FazhiError as refused:
        return [f"{problem.message(language())} {problem.fix(language())}".strip() for problem in refused.problems], ""
    return [], head.id


def _line(case: Case, today: date) -> Line:
    due, planned = case.state.get("rectify_by"), case.state.get("timetable_until")
    due = due if isinstance(due, date) else None
    passed = case.state.get("verification") == "passed"
    latest = next((step.type for step in reversed(case.steps) if step.type in ("rectified", "verified")), "")
    state = "closed" if case.closing is not None or passed else "rectified" if latest == "rectified" else \
        "late" if due is not None and due < today else "open"
    return Line(case, state, case.steps[0].date, str(case.steps[0].fields.get("problem") or ""), due,
                str(case.state.get("responsible_person") or ""), planned if isinstance(planned, date) else None)


def _organ_name(organ: str) -> str:
    return organ_names([organ]).get(organ, "") if organ else ""
