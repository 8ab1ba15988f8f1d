"""Draws of a file review and of a random inspection: fix the list, open the seed, and the result is in the matter."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from core.cases.case import CaseHead
from core.draws.holding import Drawn, Draws
from core.draws.plan import Plan
from core.errors import FazhiError
from core.ledger.intake import Given, NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from core.organs.authority import Action
from core.organs.models import Organ
from plugins.enforcement.supervision.pages.words import word
from plugins.enforcement.supervision.sampling import FileScope, Unreadable, files, objects, officers
from web.kit.access import find_case, may, page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.procedures import procedure_of, recordable
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("enforcement_draws", __name__, url_prefix="/enforcement/draws", template_folder="templates")

REVIEW, INSPECTION = "enforcement.file_review", "enforcement.random_inspection"
STEPS: Mapping[str, Mapping[str, str]] = {
    REVIEW: {"files": "sample_drawn"}, INSPECTION: {"objects": "objects_drawn", "officers": "officers_drawn"}}
TITLES = {"files": "抽取案卷", "objects": "抽取检查对象", "officers": "抽取检查人员"}
PURPOSES = {"files": "抽取评查案卷", "objects": "抽取检查对象", "officers": "抽取检查人员"}
REVIEWED = ("enforcement.penalty", "enforcement.penalty_summary", "enforcement.licence", "enforcement.coercion",
            "enforcement.inspection")


@pages.route("/review/new", methods=["GET", "POST"], endpoint="plan_review")
@page_required(Action.RECORD_STEP)
def plan_review() -> Any:
    """Plan the review of an organ; the case belongs to that organ, so that it sees what is done."""
    actor = the_actor()
    if "supervisor" not in actor.roles:
        abort(404)
    today = today_of(instance())
    typed = {name: request.form.get(name, "").strip() for name in ("organ", "year", "scope")}
    wrong = ""
    if request.method == "POST":
        organ: Any = Organ.get_or_none((Organ.id == typed["organ"]) | (Organ.name == typed["organ"]))
        if organ is None or not may(Action.DETERMINE_FINDING, organ.id):
            wrong = word("请选择范围内的机关。")
        else:
            head = CaseHead(uuid.uuid4().hex, REVIEW, organ.id, str(organ.region_id),
                            f"{organ.name}{typed['year']}年度执法案卷评查"[:200])
            try:
                instance().recorder.open_case(head, NewEvent(
                    "review_planned", today, {"review_year": int(typed["year"] or 0), "review_scope": typed["scope"]},
                    actor=actor.person_id, organ=actor.organ))
                flash(word("评查计划已建立，请抽取案卷。"))
                return redirect(url_for("enforcement_draws.show", case_id=head.id))
            except (FazhiError, ValueError) as refused:
                wrong = refused.problems[0].message(language()) if isinstance(refused, FazhiError) else str(refused)
    page = render_page("supervision/plan_review.html", word("制定评查计划"), w=word, typed=typed, wrong=wrong,
                       year=today.year, breadcrumb=(_desk(),))
    return (page, 422) if wrong else page


@pages.route("/<case_id>", methods=["GET", "POST"], endpoint="show")
@page_required(Action.RECORD_STEP)
def show(case_id: str) -> Any:
    """Fix a list; below, the draws of this matter."""
    row = find_case(case_id)
    kinds = _kinds(row)
    wrong = ""
    if request.method == "POST":
        kind = request.form.get("kind", "")
        if kind not in kinds:
            abort(404)
        try:
            Draws.of(instance()).commit(_plan(kind, row), the_actor().person_id, the_actor().organ)
            return redirect(url_for("enforcement_draws.show", case_id=row.id))
        except Unreadable as line:
            wrong = word("第 {line} 行读不懂：{text}").format(line=line.line, text=line.text)
        except FazhiError as refused:
            wrong = " ".join(f"{one.message(language())}。{one.fix(language())}" for one in refused.problems)
        except ValueError:
            wrong = word("名单为空：没有符合条件的候选。")
    today = today_of(instance())
    draws = Draws.of(instance())
    held = [draws.find(one) for one in draws.about(row.id)]
    page = render_page("supervision/draws.html", row.title or row.number, w=word, row=row, kinds=kinds, titles=TITLES,
                       held=held, taken=_taken(row), wrong=wrong, typed=request.form, year=today.year, today=today,
                       procedures=[(one, say(procedure_of(one).title)) for one in REVIEWED
                                   if one in instance().bundles.current().procedures],
                       breadcrumb=(_desk(), Crumb(row.number or row.title, url_for("cases.show", case_id=row.id))))
    return (page, 422) if wrong else page


@pages.post("/<case_id>/<draw_id>", endpoint="take")
@page_required(Action.RECORD_STEP)
def take(case_id: str, draw_id: str) -> Any:
    """Open the seed and record the choice as a step of the matter; asked twice, it is recorded once."""
    row, actor, draws = find_case(case_id), the_actor(), Draws.of(instance())
    kinds = _kinds(row)
    if draw_id not in draws.about(row.id) or draws.find(draw_id).organ != actor.organ:
        abort(404)
    drawn = draws.find(draw_id)
    kind = next((name for name in kinds if PURPOSES[name] == drawn.plan.purpose), None)
    if kind is None:
        abort(404)
    try:
        drawn = draws.reveal(draw_id, actor.person_id, actor.organ, request.form.get("witness", ""))
        if drawn.id not in _taken(row):
            instance().recorder.record(row.id, NewEvent(
                STEPS[row.procedure][kind], today_of(instance()), _payload(kind, drawn), actor=actor.person_id,
                organ=actor.organ), request_key=f"draw-{drawn.id}")
        flash(word("抽取已存证，结果已写入事项。"))
    except FazhiError as refused:
        flash(f"{refused.problems[0].message(language())} {refused.problems[0].fix(language())}", "warning")
    return redirect(url_for("enforcement_draws.show", case_id=row.id))


def _kinds(row: CaseRow) -> list[str]:
    """What the reader may draw in this matter; 404 where nothing."""
    steps = STEPS.get(row.procedure, {})
    allowed = recordable(the_actor(), row, procedure_of(row.procedure)) if steps else frozenset()
    kinds = [kind for kind, step in steps.items() if step in allowed]
    if not kinds:
        abort(404)
    return kinds


def _plan(kind: str, row: CaseRow) -> Plan:
    form = request.form
    pick = int(form.get("pick") or 0)
    if kind == "objects":
        return objects(form.get("list", ""), pick, row.id)
    if kind == "officers":
        return officers(str(row.organ), today_of(instance()), pick, form.get("list", ""), row.id)
    reviewers = {one.strip() for one in form.get("reviewers", "").replace("，", ",").split(",") if one.strip()}
    scope = FileScope(str(row.organ), tuple(one for one in REVIEWED if one in form.getlist("procedure")),
                      date.fromisoformat(form.get("begins", "")), date.fromisoformat(form.get("ends", "")))
    return files(scope, pick, reviewers, row.id)


def _payload(kind: str, drawn: Drawn) -> dict[str, Given]:
    names = "\n".join(f"{one} {drawn.label(one)}" for one in drawn.chosen)
    count = len(drawn.chosen)
    if kind == "files":
        return {"draw": drawn.id, "sample_size": count, "sampled": names}
    return {"draw": drawn.id, f"{kind}_number": count, kind: names}


def _taken(row: CaseRow) -> frozenset[str]:
    """Draws whose result is in the matter already."""
    case = load_case(str(row.id), instance().bundles.current())
    return frozenset(str(step.fields.get("draw")) for step in case.steps if step.fields.get("draw"))


def _desk() -> Crumb:
    return Crumb(word("执法监督"), url_for("enforcement_supervision.index"))
