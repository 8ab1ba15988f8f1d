"""Catalogue of the year, and post-evaluations compared between regions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for

from core.instance import Instance
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_case, load_cases
from core.organs.authority import Action
from core.organs.codes import CODE, contains, level_of, territory
from core.organs.visibility import visible_cases
from core.organs.vocabulary import RegionLevel
from plugins.decisions.catalogue import CATALOGUE, CatalogueView, catalogue_view, decided_items, decision_ids
from plugins.decisions.evaluation import ADVICE, Compared, compare, evaluated_ids, issued_by_region
from plugins.decisions.pages.words import word
from web.kit.access import may, page_required, target_of, the_actor
from web.kit.paging import Page, paginate
from web.kit.people import organ_names, region_names
from web.kit.regions import region_choices
from web.kit.render import Crumb, here, instance, render_page

catalogue_pages = Blueprint("decision_catalogues", __name__, url_prefix="/decisions/catalogues",
                            template_folder="templates")
evaluation_pages = Blueprint("decision_evaluations", __name__, url_prefix="/decisions/evaluations",
                             template_folder="templates")


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The blueprints of the sub-platform."""
    return (catalogue_pages, evaluation_pages)


@catalogue_pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def catalogues() -> str:
    """Published catalogues, and those that the reader may see anyway."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "region")}
    query: Any = CaseRow.select().where(_readable())
    if asked["q"]:
        query = query.where(CaseRow.title.contains(asked["q"]) | CaseRow.number.contains(asked["q"]))
    if CODE.fullmatch(asked["region"]):
        low, high = territory(asked["region"])
        query = query.where((CaseRow.region >= low) & (CaseRow.region < high))
    page: Page[Any] = paginate(query.order_by(CaseRow.opened_at.desc(), CaseRow.region, CaseRow.id))
    bundle = instance().bundles.current()
    decided = decided_items(load_cases(decision_ids({row.organ for row in page.items}), bundle))
    views = {case.head.id: catalogue_view(case, decided.get(str(case.state.get("catalogue_number")), {}))
             for case in load_cases([row.id for row in page.items], bundle)}
    return render_page("decisions/catalogues.html", word("年度目录"), w=word, page=page, views=views, asked=asked,
                       organs=organ_names(row.organ for row in page.items), regions=region_choices(the_actor()),
                       page_lead=word("各机关公布的重大行政决策事项年度目录及其办理情况。"))


@catalogue_pages.get("/<case_id>", endpoint="show")
@page_required(Action.VIEW_WORKBENCH)
def catalogue(case_id: str) -> str:
    """One catalogue with its items."""
    row = CaseRow.get_or_none((CaseRow.id == case_id) & _readable())
    if row is None:
        abort(404)
    bundle = instance().bundles.current()
    case = load_case(case_id, bundle)
    decided = decided_items(load_cases(decision_ids([case.head.organ]), bundle))
    view: CatalogueView = catalogue_view(case, decided.get(str(case.state.get("catalogue_number")), {}))
    return render_page("decisions/catalogue.html", str(row.title), w=word, view=view,
                       may_open=may(Action.VIEW_CASE, target_of(row)),
                       organ=organ_names([case.head.organ])[case.head.organ],
                       breadcrumb=[Crumb(word("年度目录"), url_for("decision_catalogues.index"))])


@evaluation_pages.get("", endpoint="index")
@page_required(Action.VIEW_RANKING)
def evaluations() -> str:
    """Post-evaluations of the regions below one."""
    top = the_actor().place.region[:2] + "0000"
    asked = request.args.get("region", "")
    parent = asked if CODE.fullmatch(asked) and contains(top, asked) else top
    lines = compare(issued_by_region(parent), load_cases(evaluated_ids(parent), instance().bundles.current()), parent)
    names = region_names([parent, *(line.region for line in lines)])
    shown = [line for line in lines if line.effect is not None]
    chart = {"title": word("平均效果评分"), "categories": [_name(line, parent, names) for line in shown], "max": 100,
             "series": [{"name": word("平均效果评分"), "data": [float(line.effect or 0) for line in shown]}]}
    return render_page("decisions/evaluations.html", word("决策后评估"), w=word, lines=lines, chart=chart,
                       parent=parent, top=top, advice=ADVICE, name=lambda line: _name(line, parent, names),
                       link=lambda line: _link(line, parent), parent_name=names[parent],
                       page_lead=word("按地区比较决策后评估的开展情况和实施效果。"))


def _readable() -> Any:
    """Catalogues that are published (条例 3(3): 向社会公布), or that the reader may see as cases."""
    voided = EventRow.select(EventRow.corrects).where(EventRow.void & EventRow.corrects.is_null(False))
    published = EventRow.select(EventRow.case).where(
        (EventRow.type == "catalogue_published") & ~EventRow.void & EventRow.id.not_in(voided))
    own = visible_cases(the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id,
                        procedure=CaseRow.procedure)
    return (CaseRow.procedure == CATALOGUE) & (CaseRow.id.in_(published) | own)


def _name(line: Compared, parent: str, names: Any) -> str:
    return f"{names[parent]}{word('本级')}" if line.region == parent else str(names[line.region])


def _link(line: Compared, parent: str) -> str:
    """Where a line leads: to the regions below it; nowhere at the lowest level."""
    if line.region == parent or level_of(line.region).rank >= RegionLevel.COUNTY.rank:
        return ""
    return here(region=line.region)
