"""Reverse analysis (逆向分析) and the rates: pages, the cases behind each figure, and workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.instance import Instance
from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.codes import CODE, contains
from core.organs.visibility import visible_cases
from core.rulebook.model import Procedure
from plugins.disputes.analysis.figures import LEAST_CASES, SAME_GROUND, Analysis, Asked, analyse, case_ids, rates_of
from plugins.disputes.analysis.projection import LITIGATION, RECONSIDERATION, catch_up
from plugins.disputes.analysis.rates import all_rates
from plugins.disputes.analysis.sheets import analysis_book, rates_book
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import say
from web.kit.paging import Page, paginate
from web.kit.people import organ_names, region_names
from web.kit.procedures import openable, procedure_of
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.sheets import spreadsheet

pages = Blueprint("disputes_analysis", __name__, url_prefix="/disputes", template_folder="templates")
READ_AT_ONCE = 300
"""Changed cases that a page reads by itself; more are left to the periodic work."""

SHOWN = 15
"""Lines of a table on the page; the workbook has all."""

MOST_ARTICLES = 12


def blueprints(_instance: Instance) -> Sequence[Blueprint]:
    """The blueprints of the analysis."""
    return (pages,)


@pages.get("/analysis", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> str:
    """Corrections by organ, kind of act, ground, article and outcome."""
    asked, found, names = _found()
    procedure = procedure_of(asked.procedure)
    lines = found.organs[:SHOWN]
    trend = {"title": str(_("趋势")), "categories": [line.key for line in found.months], "series": [
        {"name": str(_("审结")), "data": [line.base for line in found.months]},
        {"name": str(_("纠错")), "data": [line.corrected for line in found.months]}]}
    return render_page(
        "disputes/analysis.html", str(_("逆向分析")), asked=asked, found=found, names=names, lines=lines,
        title_of=_titles(procedure), pareto=_pareto(found, procedure), trend=trend,
        articles=[name for name, _number in found.articles[:MOST_ARTICLES]], letter=_letter(asked, procedure),
        procedures=[(name, say(procedure_of(name).title)) for name in (RECONSIDERATION, LITIGATION)
                    if name in instance().bundles.current().procedures],
        regions=region_choices(the_actor()), region_name=region_names([asked.region])[asked.region],
        least=LEAST_CASES, same_ground=SAME_GROUND, drill=_drill,
        page_lead=str(_("从行政复议、行政应诉的结果看各机关依法行政的问题。")))


@pages.get("/analysis/cases", endpoint="cases")
@page_required(Action.VIEW_RANKING)
def cases() -> str:
    """The cases behind a figure, as far as the reader may see them."""
    asked = _asked()
    chosen = case_ids(asked, **{name: request.args.get(name, "") for name in ("outcome", "kind", "ground", "breached")})
    query = CaseRow.select().where(CaseRow.id.in_(chosen) & visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
    page: Page[Any] = paginate(query.order_by(CaseRow.opened_at.desc(), CaseRow.id))
    return render_page("disputes/analysis_cases.html", str(_("案件")), page=page,
                       breadcrumb=[Crumb(str(_("逆向分析")), url_for("disputes_analysis.index", **_kept()))],
                       organs=organ_names(row.organ for row in page.items))


@pages.get("/analysis.xlsx", endpoint="workbook")
@page_required(Action.VIEW_RANKING)
def workbook() -> Response:
    """The whole analysis as a workbook."""
    asked, found, names = _found()
    return spreadsheet(analysis_book(found, names, _titles(procedure_of(asked.procedure)), _base(asked),
                                     lawsuits=asked.procedure == LITIGATION),
                       "disputes-analysis")


@pages.get("/rates", endpoint="rates")
@page_required(Action.VIEW_RANKING)
def rates() -> str:
    """The rates of each procedure, with their bases."""
    catch_up(instance().bundles.current(), READ_AT_ONCE)
    groups = _rates()
    return render_page("disputes/rates.html", str(_("争议化解指标")), groups=groups, asked=_asked(),
                       regions=region_choices(the_actor()),
                       page_lead=str(_("每项指标写明分母和分子，由案件记录实时计算。")))


@pages.get("/rates.xlsx", endpoint="rates_workbook")
@page_required(Action.VIEW_RANKING)
def rates_workbook() -> Response:
    """The rates as a workbook."""
    catch_up(instance().bundles.current(), READ_AT_ONCE)
    return spreadsheet(rates_book(_rates()), "disputes-rates")


def _rates() -> list[tuple[Procedure, list[Any]]]:
    procedures = instance().bundles.current().procedures
    names = list(dict.fromkeys(rate.procedure for rate in all_rates() if rate.procedure in procedures))
    return [(procedures[name], rates_of(_asked(name))) for name in names]



def _asked(procedure: str = "") -> Asked:
    given = {name: request.args.get(name, "").strip() for name in (
        "procedure", "region", "since", "until", "base", "respondent", "act_kind")}
    top = the_actor().place.region
    region = given["region"] if CODE.fullmatch(given["region"]) and contains(top, given["region"]) else top
    chosen = procedure or (LITIGATION if given["procedure"] == LITIGATION else RECONSIDERATION)
    since = _month(given["since"]) if "since" in request.args else _a_year_ago()
    return Asked(chosen, region, since, _month(given["until"]),
                 "decided" if given["base"] == "decided" else "concluded", given["respondent"], given["act_kind"])


def _a_year_ago() -> str:
    """The month from which the last twelve months are counted; emptying the field shows everything."""
    today = today_of(instance())
    return f"{today.year - 1 + today.month // 12}-{today.month % 12 + 1:02d}"


def _month(text: str) -> str:
    return text if len(text) == 7 and text[4] == "-" and (text[:4] + text[5:]).isdigit() else ""


def _found() -> tuple[Asked, Analysis, dict[str, str]]:
    asked = _asked()
    catch_up(instance().bundles.current(), READ_AT_ONCE)
    found = analyse(asked)
    return asked, found, dict(organ_names(line.key for line in found.organs))


def _titles(procedure: Procedure) -> Any:
    """Says what a value of a field is called."""
    titles = {(event_field.id, key): title for event in procedure.events.values() for event_field in
              event.fields.values() for key, title in event_field.values.items()}
    others = {"mediated": _("调解书"), "terminated": _("终止"), "not_accepted": _("不予受理"), "": _("未填写")}

    def title_of(name: str, value: str) -> str:
        known = titles.get((name, value))
        return say(known) if known else str(others.get(value, value))

    return title_of


def _pareto(found: Analysis, procedure: Procedure) -> dict[str, Any]:
    """Grounds, most first, with their share running up to the whole."""
    title_of = _titles(procedure)
    total = sum(number for _ground, number in found.grounds) or 1
    running, shares = 0, []
    for _ground, number in found.grounds:
        running += number
        shares.append(f"{running * 100 / total:.0f}%")
    names = [f"{title_of('grounds', ground)}  {share}"
             for (ground, _number), share in zip(found.grounds, shares, strict=True)]
    return {"title": str(_("违法、不当情形")), "total": total, "categories": names,
            "series": [{"name": str(_("案件")), "data": [number for _ground, number in found.grounds]}]}


def _base(asked: Asked) -> str:
    return str(_("基数：复议决定")) if asked.base == "decided" else str(_("基数：全部审结案件"))


def _kept() -> dict[str, Any]:
    return {name: value for name in ("procedure", "region", "since", "until", "base", "respondent", "act_kind")
            if (value := request.args.get(name, "")) or name in request.args}


def _drill(**changes: str) -> str:
    values: dict[str, Any] = {**_kept(), **changes}
    return url_for("disputes_analysis.cases", **values)


def _letter(asked: Asked, procedure: Procedure) -> Any:
    """Gives the address of a recommendation filled in from a line; empty where the reader may not open one."""
    if ("disputes.recommendation", "issued") not in {(one.id, event.id) for one, event in openable(the_actor())}:
        return lambda line, found, names: ""
    title_of = _titles(procedure)

    def letter(line: Any, found: Analysis, names: dict[str, str]) -> str:
        grounds = [title_of("grounds", ground) for organ, ground in found.hot_grounds if organ == line.key]
        name = names.get(line.key, line.key)
        numbers = {"since": asked.since or str(_("有记录以来")), "until": asked.until or str(_("今")), "organ": name,
                   "base": line.base, "corrected": line.corrected, "rate": f"{(line.rate or 0) * 100:.1f}%"}
        words = str(_("%(since)s至%(until)s，以%(organ)s为被告的行政诉讼案件审结 %(base)s 件，败诉 %(corrected)s 件，"
                      "败诉率 %(rate)s。", **numbers) if asked.procedure == LITIGATION else
                    _("%(since)s至%(until)s，以%(organ)s为被申请人审结案件 %(base)s 件，"
                      "纠错 %(corrected)s 件，纠错率 %(rate)s。", **numbers))
        if grounds:
            words += str(_("同类问题：%(grounds)s。", grounds="、".join(grounds)))
        return url_for("steps.open_case", procedure_id="disputes.recommendation", event_type="issued", **{
            "title": str(_("行政复议建议书：%(organ)s", organ=name)), "field.letter_kind": "advice",
            "field.addressee": line.key, "field.ground": "、".join(grounds), "field.cases_counted": line.corrected,
            "field.advice_text": words})

    return letter
