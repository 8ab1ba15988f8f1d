"""Statistics over all sub-platforms: counts that open to the lists behind them, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.organs.authority import Action, Relation, granting_roles
from core.organs.codes import CODE, ancestors, contains
from core.organs.visibility import visible_organs
from scoring.overall import Asked, By, Line, all_duties, busiest_organs, gathered, overall, with_duties
from scoring.points import rounded
from web.kit.access import page_required, the_actor
from web.kit.language import say
from web.kit.paging import Page, asked_page
from web.kit.people import organ_names, region_names
from web.kit.regions import region_choices
from web.kit.render import here, instance, render_page
from web.kit.rulewords import rule_title
from web.kit.sheets import spreadsheet
from web.kit.workbook import workbook
from web.kit.years import asked_year, years

pages = Blueprint("statistics", __name__)
LINES = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with its words and the lists that it opens to."""

    line: Line
    title: str
    down: str
    cases: str
    findings: str

    @property
    def share(self) -> Decimal | None:
        """Duties done in time, per cent of those due; None where none was due."""
        known = self.line.on_time + self.line.late
        return rounded(Fraction(self.line.on_time * 100, known)) if known else None


def by_words() -> Mapping[str, str]:
    """What can be counted by."""
    return {"platform": str(_("子平台")), "procedure": str(_("事项类别")), "region": str(_("地区")),
            "organ": str(_("机关")), "rule": str(_("问题原因")), "month": str(_("月份"))}


@pages.get("/statistics", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """Counts by one thing, the most cases or findings first."""
    by, asked = _asked_by()
    lines = busiest_organs(asked) if by == "organ" else _counted(by, asked)
    number = min(asked_page(), max(1, -(-len(lines) // LINES)))
    total = next(iter(gathered(lines, lambda _key: "")), Line(""))
    lines_here = lines[(number - 1) * LINES : number * LINES]
    if by == "organ":
        lines_here = with_duties(asked, lines_here)
        total += all_duties(asked)
    shown = _shown(by, asked, lines_here)
    procedures = instance().bundles.current().procedures
    return render_page(
        "pages/statistics.html", str(_("统计查询")), by=by, by_words=by_words(), asked=asked, years=years(),
        page=Page(shown, number, LINES, len(lines)), total=Shown(total, "", "", "", ""),
        regions=region_choices(the_actor()), platform=request.args.get("platform", ""),
        procedure=request.args.get("procedure", ""), platforms=sorted(_platforms().items()),
        procedures=[(name, say(procedures[name].title)) for name in sorted(procedures)],
        page_lead=str(_("各子平台的事项、问题和义务按地区、机关、原因和月份统计；点数字打开清单。")))


@pages.get("/statistics.xlsx", endpoint="book")
@page_required(Action.VIEW_RANKING)
def book() -> Response:
    """All lines as a workbook."""
    by, asked = _asked_by()
    lines = _counted(by, asked)
    head = [by_words()[by], str(_("事项")), str(_("已办结")), str(_("待认定问题")), str(_("已确认问题")),
            str(_("已排除问题")), str(_("待履行义务")), str(_("逾期义务")), str(_("按期")),
            str(_("未按期")), str(_("按期率（%）"))]
    rows = [[one.title, one.line.cases, one.line.closed, one.line.open, one.line.confirmed, one.line.dismissed,
             one.line.pending, one.line.overdue, one.line.on_time, one.line.late, one.share]
            for one in _shown(by, asked, lines)]
    return spreadsheet(workbook({by_words()[by]: [head, *rows]}), f"statistics-{asked.year}")


def _asked_by() -> tuple[str, Asked]:
    wanted = request.args.get("by", "")
    by = wanted if wanted in by_words() else "platform"
    platform, procedure = request.args.get("platform", ""), request.args.get("procedure", "")
    known = instance().bundles.current().procedures
    chosen = (procedure,) if procedure in known else tuple(
        name for name in known if platform and _platform_of(name) == platform)
    return by, _asked(_region_asked(), chosen)


def _counted(by: str, asked: Asked) -> Sequence[Line]:
    column: By = by if by in get_args(By) else "procedure"  # type: ignore[assignment]
    lines: Sequence[Line] = overall(column, asked)
    if by == "platform":
        lines = gathered(lines, _platform_of)
    elif by == "region":
        lines = gathered(lines, _region_below(_region_asked() or the_actor().place.region))
    if by != "month":
        lines = sorted(lines, key=lambda line: (
            -line.cases, -(line.open + line.confirmed), -(line.overdue if by == "organ" else line.late), line.key))
    return lines


def _region_asked() -> str:
    region = request.args.get("region", "")
    return region if CODE.fullmatch(region) else ""


def _asked(region: str, procedures: tuple[str, ...]) -> Asked:
    """The reader's organs; those who look after a whole territory are asked for by its range of codes alone."""
    actor = the_actor()
    whole = actor.place.has_territory and bool(
        actor.roles_for(None) & granting_roles(Action.VIEW_SCORE, [Relation.SUBORDINATE]))
    if whole and (not region or contains(actor.place.region, region)):
        return Asked(None, asked_year(), region or actor.place.region, procedures)
    return Asked(visible_organs(actor, Action.VIEW_SCORE), asked_year(), region, procedures)


def _region_below(parent: str) -> Callable[[str], str]:
    """The region directly below another in which a code lies; the code itself where it lies elsewhere."""
    depth = len(ancestors(parent))

    def below(code: str) -> str:
        line = ancestors(code)
        return line[min(depth, len(line) - 1)] if parent in line else code

    return below


def _platform_of(procedure: str) -> str:
    return procedure.partition(".")[0]


def _platforms() -> dict[str, str]:
    """Titles of the sub-platforms whose procedures are loaded, by the first part of a procedure's id."""
    titles = {platform.id: say(platform.title) for platform in instance().plugins.platforms}
    prefixes = {_platform_of(name) for name in instance().bundles.current().procedures}
    own = {"platform": str(_("平台管理")), "supervision": str(_("执法监督"))}
    return {name: titles.get(name) or own.get(name, name) for name in prefixes}


def _shown(by: str, asked: Asked, lines: Sequence[Line]) -> list[Shown]:
    title_of = _titles(by, lines)
    kept = {"year": str(asked.year)}
    found = []
    for line in lines:
        where: dict[str, str] = {"region": asked.region} if asked.region else {}
        if by in ("region", "organ", "procedure"):
            where[by] = line.key
        if "procedure" not in where and len(asked.procedures) == 1:
            where["procedure"] = asked.procedures[0]
        down = {"platform": {"by": "procedure", "platform": line.key}, "region": {"by": "region", "region": line.key},
                "procedure": {"by": "rule", "procedure": line.key}}.get(by)
        if by == "region" and line.key == (asked.region or the_actor().place.region):
            down = {"by": "organ", "region": line.key}
        if "procedure" not in where and by != "platform" and request.args.get("platform"):
            where["platform"] = request.args["platform"]
        if by == "platform":
            where["platform"] = line.key
        if by in ("rule", "month"):
            where["period"] = line.key if by == "month" else str(asked.year)
        if by == "rule":
            where["rule"] = line.key
        found.append(Shown(
            line, title_of(line.key), here(page=None, **kept, **down) if down else "",
            url_for("cases.index", **where) if by != "rule" else "",  # type: ignore[arg-type]
            url_for("findings.index", **where)))  # type: ignore[arg-type]
    return found


def _titles(by: str, lines: Sequence[Line]) -> Callable[[str], str]:
    keys = [line.key for line in lines]
    bundle = instance().bundles.current()
    if by == "platform":
        platforms = _platforms()
        return lambda key: platforms.get(key, key)
    if by == "procedure":
        return lambda key: say(bundle.procedures[key].title) if key in bundle.procedures else key
    if by == "rule":
        region = the_actor().place.region
        return lambda key: rule_title(bundle, key, region)
    if by in ("organ", "region"):
        names = organ_names(keys) if by == "organ" else region_names(keys)
        return lambda key: names[key]
    return lambda key: key
