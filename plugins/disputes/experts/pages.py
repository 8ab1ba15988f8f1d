"""The pool, its import, and the draw for a case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.draws.holding import Draws
from core.errors import FazhiError
from core.ledger.reader import load_case
from core.organs.authority import Action
from plugins.disputes.experts.models import Expert
from plugins.disputes.experts.pool import COLUMNS, all_fields, import_experts, plan_for
from plugins.disputes.tables import listed, take
from web.kit.access import find_case, may, page_required, the_actor
from web.kit.language import language
from web.kit.paging import paginate
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("experts", __name__, url_prefix="/experts", template_folder="templates")
MOST = 30


@pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def index() -> str:
    """The pool of the reader's region."""
    return _pool("")


@pages.post("", endpoint="load")
@page_required(Action.IMPORT_OFFICERS)
def load() -> Any:
    """Take the pool from a table."""
    region = the_actor().place.region
    count, problem = take(lambda data, name: import_experts(data, name, region))
    if problem:
        return _pool(problem), 422
    flash(_("已载入 %(count)s 名专家。", count=count))
    return redirect(url_for("experts.index"))


@pages.post("/<int:expert_id>/state", endpoint="state")
@page_required(Action.IMPORT_OFFICERS)
def state(expert_id: int) -> Response:
    """Take an expert out of the pool, or back."""
    row = Expert.get_or_none((Expert.id == expert_id) & (Expert.region == the_actor().place.region))
    if row is None:
        abort(404)
    Expert.update(active=not row.active).where(Expert.id == expert_id).execute()
    return redirect(url_for("experts.index"))


@pages.route("/draw/<case_id>", methods=["GET", "POST"], endpoint="draw")
@page_required(Action.RECORD_STEP)
def draw(case_id: str) -> Any:
    """Draw experts for a case; the list is fixed in the ledger first, the seed is opened afterwards."""
    row = find_case(case_id, Action.RECORD_STEP)
    actor = the_actor()
    draws = Draws.of(instance())
    region = actor.place.region
    typed = {name: request.form.get(name, "").strip() for name in ("field", "pick", "spares")}
    problem = ""
    if request.method == "POST":
        case = load_case(row.id, instance().bundles.current())
        recused = {one.id: reason for one in Expert.select().where(Expert.region == region)
                   if (reason := request.form.get(f"recused.{one.id}", "").strip()[:200])}
        try:
            plan = plan_for(case, region, typed["field"], _number(typed["pick"], 3), _number(typed["spares"], 1),
                            recused)
            draw_id = draws.commit(plan, actor.person_id, actor.organ)
            return redirect(url_for("draws.show", draw_id=draw_id))
        except (FazhiError, ValueError) as refused:
            problem = " ".join(f"{one.message(language())} {one.fix(language())}" for one in refused.problems) \
                if isinstance(refused, FazhiError) else str(_("该领域没有可以抽取的专家。"))
    held = [draws.find(one) for one in draws.about(row.id)]
    page = render_page(
        "disputes/expert_draw.html", str(_("抽取专家")), row=row, typed=typed, problem=problem, held=held,
        fields=all_fields(region), fields_of=listed,
        experts=list(Expert.select().where((Expert.region == region) & Expert.active).order_by(Expert.number)),
        breadcrumb=(Crumb(row.title or row.number, url_for("cases.show", case_id=row.id)),))
    return (page, 422) if problem else page


def _pool(problem: str) -> str:
    region = the_actor().place.region
    asked = {name: request.args.get(name, "").strip()[:50] for name in ("q", "field")}
    query: Any = Expert.select().where(Expert.region == region)
    if asked["q"]:
        query = query.where(Expert.name.contains(asked["q"]) | Expert.employer.contains(asked["q"]))
    if asked["field"]:
        query = query.where(Expert.fields.contains(asked["field"]))
    return render_page("disputes/experts.html", str(_("专家库")), page=paginate(query.order_by(Expert.number)),
                       asked=asked, fields=[(one, one) for one in all_fields(region)], fields_of=listed,
                       problem=problem, columns=COLUMNS, may_load=may(Action.IMPORT_OFFICERS))


def _number(text: str, default: int) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 4 else default
