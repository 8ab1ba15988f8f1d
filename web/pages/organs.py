"""Organs: list, suggestions for forms, import from CSV or XLSX."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from core.organs.authority import Action
from core.organs.codes import CODE, territory
from core.organs.models import Organ, Region
from core.organs.visibility import visible_organs
from core.organs.vocabulary import KIND_TITLES
from web.kit.access import may, page_required, the_actor
from web.kit.language import say
from web.kit.paging import paginate
from web.kit.people import names_for_inputs, organ_names
from web.kit.regions import region_choices
from web.kit.render import render_page

pages = Blueprint("organs", __name__)
SUGGESTIONS = 20


@pages.get("/organs", endpoint="index")
@page_required(Action.MANAGE_ORGANS)
def index() -> str:
    """The organs below the reader's own."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "region", "kind")}
    query = Organ.select(Organ, Region).join(Region).where(
        Organ.id.in_(visible_organs(the_actor(), Action.MANAGE_ORGANS)))
    if asked["q"]:
        query = query.where(Organ.name.contains(asked["q"]) | (Organ.id == asked["q"]))
    if CODE.fullmatch(asked["region"]):
        low, high = territory(asked["region"])
        query = query.where((Organ.region >= low) & (Organ.region < high))
    if asked["kind"]:
        query = query.where(Organ.kind == asked["kind"])
    page = paginate(query.order_by(Organ.region, Organ.kind, Organ.id))
    uppers = organ_names({one for row in page.items for one in (row.government_id, row.upper_department_id) if one})
    return render_page("pages/organs.html", str(_("机构")), page=page, asked=asked, uppers=uppers,
                       regions=region_choices(the_actor()), may_import=may(Action.IMPORT_PEOPLE),
                       kinds=[(kind.value, say(title)) for kind, title in KIND_TITLES.items()])


@pages.get("/organs/suggest", endpoint="suggest")
@page_required(Action.VIEW_WORKBENCH)
def suggest() -> Any:
    """Organs whose name holds what was typed, for an input that takes ids, or with ``names`` one that takes names."""
    typed = _typed()
    rows: Any = Organ.select(Organ.id, Organ.name).where(
        Organ.active & Organ.name.contains(typed)).order_by(Organ.level, Organ.id).limit(SUGGESTIONS).tuples()
    found: list[tuple[str, str]] = list(rows) if typed else []
    if "names" in request.args:
        shown = names_for_inputs(organ for organ, _name in found)
        found = [(shown[organ], name if shown[organ] == organ else "") for organ, name in found]
    return render_template("kit/suggestions.html", suggestions=found)


def _typed() -> str:
    return request.args.get(request.args.get("from", ""), "").strip()
