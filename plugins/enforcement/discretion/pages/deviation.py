"""Like cases punished differently: distribution, those that lie apart, by body and officer, down to the cases."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from peewee import fn

from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.visibility import visible_organs
from plugins.enforcement.discretion.deviation import Rule
from plugins.enforcement.discretion.models import Decided, Group
from web.kit.access import page_required, the_actor
from web.kit.language import say
from web.kit.paging import Page, paginate
from web.kit.people import organ_names, person_names
from web.kit.render import instance, render_page

deviation_pages = Blueprint("enforcement_deviation", __name__, url_prefix="/enforcement/deviation",
                            template_folder="templates")
MOST_GROUPS, MOST_BODIES = 30, 20


@deviation_pages.get("", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """The comparison, of the organs that the reader looks after; the boxes are of all cases that are alike."""
    asked = {name: request.args.get(name, "").strip() for name in ("table", "tier", "organ", "officer", "apart")}
    seen = Decided.organ.in_(visible_organs(the_actor(), Action.VIEW_OFFICERS))
    chosen = seen
    for name in ("table", "tier", "organ", "officer"):
        if asked[name]:
            chosen &= getattr(Decided, name) == asked[name]
    wanted = chosen & Decided.apart if asked["apart"] != "all" else chosen
    page: Page[Any] = paginate(Decided.select().where(wanted).order_by(Decided.decided_on.desc(), Decided.case))
    groups = _groups(asked)
    titles = {table.id: say(table.title) for table in instance().bundles.current().discretion()}
    bodies = _by(Decided.organ, chosen)
    officers = _by(Decided.officer, chosen)
    return render_page(
        "enforcement/deviation.html", str(_("类案不同罚")), asked=asked, page=page, groups=groups, rule=Rule(),
        titles=titles, tables=sorted(titles.items(), key=lambda item: item[1]), chart=_chart(groups, titles),
        bodies=bodies, officers=officers, cases=_titles([row.case for row in page.items]),
        organs=organ_names({row.organ for row in page.items} | {row[0] for row in bodies}),
        people=person_names({row.officer for row in page.items} | {row[0] for row in officers}),
        page_lead=str(_("违法行为和裁量阶次相同的案件，比较罚款在阶次幅度中的位置。只供核查，不计入任何评分、排名。")))


def _groups(asked: dict[str, str]) -> list[Any]:
    query: Any = Group.select()
    for name in ("table", "tier"):
        if asked[name]:
            query = query.where(getattr(Group, name) == asked[name])
    return list(query.order_by(Group.apart.desc(), Group.cases.desc(), Group.alike).limit(MOST_GROUPS))


def _by(column: Any, chosen: Any) -> list[Any]:
    """Organs or officers by how many of their cases lie apart."""
    apart = fn.SUM(Decided.apart.cast("integer"))
    query: Any = Decided.select(column, fn.COUNT(Decided.case), apart, fn.AVG(Decided.place)).where(chosen).group_by(
        column).having(apart > 0).order_by(apart.desc(), column).limit(MOST_BODIES).tuples()
    return list(query)


def _titles(cases: list[str]) -> dict[str, str]:
    query: Any = CaseRow.select(CaseRow.id, CaseRow.title, CaseRow.number).where(CaseRow.id.in_(cases)).tuples()
    return {case: title or number or case for case, title, number in query}


def _chart(groups: list[Any], titles: dict[str, str]) -> dict[str, Any]:
    """Dots for each group: where the lowest, the quarters, the median and the highest lie, in percent of the range."""
    marks = ((_("最低"), "least"), (_("四分之一位"), "quarter"), (_("中位"), "middle"),
             (_("四分之三位"), "three_quarters"), (_("最高"), "most"))
    return {"title": str(_("罚款在阶次幅度中的位置（百分之几）")),
            "categories": [f"{one.tier}·{titles.get(one.table, one.table)}" for one in groups],
            "links": [url_for("enforcement_deviation.index", table=one.table, tier=one.tier) for one in groups],
            "series": [{"name": str(name), "type": "scatter", "data": [round(100 * getattr(one, field), 1)
                                                                    for one in groups]} for name, field in marks]}
