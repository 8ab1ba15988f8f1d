"""Ranking: units that can be compared, best first; from a region to its counties, organs and cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from core.organs.authority import Action
from core.organs.codes import CODE, level_of
from core.organs.models import Region
from core.organs.vocabulary import KIND_TITLES, LEVEL_TITLES, OrganKind, RegionLevel
from core.rulebook.model import Scheme
from scoring.ranking import Group, Ranked, groups, ranking, years
from web.kit.access import page_required, today_of
from web.kit.language import say
from web.kit.people import region_names
from web.kit.render import Crumb, here, instance, render_page

pages = Blueprint("ranking", __name__)
ON_CHART = 15
SEPARATOR = "."


@pages.get("/ranking", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """The ranking of one comparable group inside a region."""
    procedures = [one.procedure or "" for one in _scored()]
    procedure = request.args.get("procedure", "")
    procedure = procedure if procedure in procedures else _first(procedures)
    known_years = years(procedure)
    year = _year(known_years)
    offered = sorted(groups(procedure, year), key=_order)
    parent = request.args.get("region", "")
    parent = parent if CODE.fullmatch(parent) else ""
    group = _group(offered, parent)
    titles = instance().bundles.current().procedures
    lines = _lines(procedure, year, group, parent) if group else ()
    return render_page(
        "pages/ranking.html", str(_("评分排名")), breadcrumb=_breadcrumb(parent), lines=lines, group=group,
        groups=[(_value(one), title_of_group(one)) for one in offered], year=year,
        years=[(str(one), str(one)) for one in known_years], procedure=procedure, parent=parent,
        parent_name=region_names([parent])[parent] if parent else "", chart=_chart(lines), link=_link, value=_value,
        procedures=[(name, say(titles[name].title)) for name in procedures if name in titles],
        page_lead=str(_("同级同类之间比较；得分为已评分事项的平均分，点开可逐级查到每一分的依据。")))


def _scored() -> Sequence[Scheme]:
    """Schemes that score cases; a procedure without one has nothing to rank."""
    return [one for one in instance().bundles.current().schemes.values() if one.per == "case" and one.procedure]


def _first(procedures: Sequence[str]) -> str:
    """The first procedure that has scores, else the first of all."""
    return next((name for name in procedures if years(name)), procedures[0] if procedures else "")


def _lines(procedure: str, year: int, group: Group, parent: str) -> tuple[Ranked, ...]:
    unit: Literal["organ", "region"] = "organ" if group.unit == "organ" else "region"
    return ranking(procedure, year, group.level, group.kind, unit=unit, parent=parent)


def _year(known: tuple[int, ...]) -> int:
    asked = request.args.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in known:
        return int(asked)
    return known[0] if known else int(today_of(instance()).year)


def _order(group: Group) -> tuple[bool, int, str]:
    return group.unit != "region", RegionLevel(group.level).rank, group.kind


def _value(group: Group) -> str:
    return SEPARATOR.join((group.unit, group.level, group.kind))


def title_of_group(group: Group) -> str:
    """旗县级 · 地区, 盟市级 · 政府部门."""
    kind = say(KIND_TITLES[OrganKind(group.kind)]) if group.kind in set(OrganKind) else str(_("地区"))
    return f"{say(LEVEL_TITLES[RegionLevel(group.level)])} · {kind}"


def _group(offered: list[Group], parent: str) -> Group | None:
    """The group asked for; else the regions one level below the parent, else the organs at its level."""
    asked = request.args.get("group", "")
    chosen = next((one for one in offered if _value(one) == asked), None)
    level = level_of(parent).rank if parent else RegionLevel.REGION.rank
    fitting = next((one for one in offered if RegionLevel(one.level).rank >= level + (one.unit == "region")), None)
    return chosen or fitting or (offered[0] if offered else None)


def _link(line: Ranked) -> str:
    """One level down: a region to what lies in it, an organ to its cases."""
    if line.unit.unit == "region":
        return here(region=line.unit.subject, group=None)
    return url_for("cases.index", organ=line.unit.subject)


def _chart(lines: tuple[Ranked, ...]) -> dict[str, Any]:
    shown = [line for line in lines if line.unit.score is not None][:ON_CHART]
    return {"title": str(_("得分")), "categories": [line.name for line in shown], "max": 100,
            "series": [{"name": str(_("得分")), "data": [float(line.unit.score or 0) for line in shown]}],
            "links": [_link(line) for line in shown]}


def _breadcrumb(parent: str) -> tuple[Crumb, ...]:
    if not parent:
        return ()
    row = Region.get_or_none(Region.code == parent)
    crumbs: list[Crumb] = []
    while row is not None:
        if row.code != parent:
            crumbs.insert(0, Crumb(region_names([row.code])[row.code], here(region=row.code, group=None)))
        row = row.parent
    return (Crumb(str(_("评分排名")), url_for("ranking.index")), *crumbs)
