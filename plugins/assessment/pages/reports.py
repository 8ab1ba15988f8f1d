"""Self-reports: what an organ has to report this year; what waits for the supervisor, and the random re-check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.draws.holding import Draws
from core.draws.plan import Candidate, Plan
from core.errors import FazhiError
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases
from core.organs.authority import Action
from core.organs.visibility import visible_cases
from core.organs.vocabulary import OrganKind, RegionLevel, Role
from plugins.assessment.inventory import Result, asked, results_of
from plugins.assessment.pages.asking import schemes_in_use
from plugins.assessment.reports import REPORT, Report, may_be_rechecked, report_of, reported_by, waiting
from web.kit.access import may, page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.paging import Page, paginate
from web.kit.people import organ_names
from web.kit.render import instance, render_page
from web.kit.years import asked_year, years

pages = Blueprint("assessment_reports", __name__, url_prefix="/assessment/reports", template_folder="templates")
RECORDERS = {Role.CASE_HANDLER.value, Role.OFFICE_HEAD.value}
RECHECK_SHARE = 10
"""Per cent of the verified reports that are re-checked, at least one."""
ANNUAL = "assessment.annual"


@dataclass(frozen=True, slots=True)
class Line:
    """A result that the organ has to report, and how far that is.

    Attributes:
        url: the case, or the prefilled form; empty where the reader may not record.
    """

    result: Result
    report: Report | None
    url: str

    @property
    def state(self) -> str:
        return self.report.state if self.report else "none"


def state_words() -> Mapping[str, tuple[str, str]]:
    """State of a report → what the page says, and its colour."""
    return {"none": (_("未报告"), "grey"), "waiting": (_("待核验"), "blue"), "returned": (_("退回补正"), "orange"),
            "verified": (_("已核验"), "green"), "untrue": (_("复核不实"), "red")}


@pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def index() -> str:
    """Both lists, as far as the reader's roles go."""
    actor, year = the_actor(), asked_year()
    supervises = Role.SUPERVISOR.value in actor.roles
    return render_page(
        "assessment/reports.html", _("成果自行报告"), year=year, years=years(), states=state_words(),
        lines=_own(year), annual=_annual(year), supervises=supervises, appeal=_appeal(year),
        may_compare=may(Action.VIEW_RANKING),
        **(_waiting() if supervises else {}),
        page_lead=_("只报告没有数据来源的成果，同一事实只报一次；报告经核验，并随机抽取复核。"))


@pages.post("/draw", endpoint="draw")
@page_required(Action.VIEW_WORKBENCH)
def draw() -> Response:
    """Draw verified reports for a re-check: the list is fixed before the seed is opened, and anybody can check it."""
    actor, year = the_actor(), asked_year()
    if Role.SUPERVISOR.value not in actor.roles:
        abort(403)
    recorder, bundle = instance().recorder, instance().bundles.current()
    found = may_be_rechecked(_visible(Action.RECORD_STEP), year, bundle)
    if not found:
        flash(_("没有可以抽取的报告：%(year)s 年度已核验的报告都已抽取过，或者还没有。", year=year), "warning")
        return redirect(url_for(".index", year=year))
    plan = Plan(
        _("%(year)s 年度自行报告随机复核", year=year),
        tuple(Candidate(one.case.head.id, one.case.head.title or one.case.head.number) for one in found),
        pick=math.ceil(len(found) * RECHECK_SHARE / 100), about=f"{REPORT}:{year}:{actor.organ}",
        rules={_("范围"): _("已核验且未抽取过的报告"), _("比例"): f"{RECHECK_SHARE}%"})
    held = Draws.of(instance()).hold(plan, actor.person_id, actor.organ)
    try:
        for chosen in held.chosen:
            recorder.record(chosen, NewEvent("drawn_for_recheck", today_of(instance()), {"draw_number": held.id},
                                             actor=actor.person_id, organ=actor.organ))
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
    return redirect(url_for("draws.show", draw_id=held.id))


def _own(year: int) -> list[Line]:
    """What the reader's own organ has to report."""
    actor, bundle = the_actor(), instance().bundles.current()
    place = actor.place
    wanted = asked(schemes_in_use(place.region, year), place.kind, place.level)
    done = reported_by(actor.organ, year, bundle) if wanted else {}
    may_record = bool(actor.roles & RECORDERS)
    return [Line(result, report := done.get(result.key), _url(result, report, year, may_record))
            for result in wanted]


def _url(result: Result, report: Report | None, year: int, may_record: bool) -> str:
    if report is not None:
        return url_for("cases.show", case_id=report.case.head.id)
    if not may_record:
        return ""
    scheme, leaf = result.key
    return _form(REPORT, "reported", title=say(result.title), scheme=scheme, year=year, result=leaf)


def _form(procedure: str, event_type: str, *, title: str = "", occurred: str = "", **fields: str | int) -> str:
    """The address of the form that opens a case, with these values filled in."""
    given: dict[str, Any] = {f"field.{name}": value for name, value in fields.items()}
    given |= {name: value for name, value in (("title", title), ("occurred", occurred)) if value}
    return url_for("steps.open_case", procedure_id=procedure, event_type=event_type, **given)


def _annual(year: int) -> str:
    """Where the organ's yearly reports are: the case, or the prefilled form that opens it."""
    actor = the_actor()
    row = CaseRow.select().where((CaseRow.procedure == ANNUAL) & (CaseRow.organ == actor.organ)
                                 & CaseRow.opened_at.between(*_around(year))).first()
    if row is not None:
        return url_for("cases.show", case_id=row.id)
    if not actor.roles & RECORDERS:
        return ""
    government = actor.place.kind in (OrganKind.GOVERNMENT, OrganKind.DISPATCHED_OFFICE)
    reporter = "department" if not government else \
        "province" if actor.place.level == RegionLevel.REGION else "government"
    return _form(ANNUAL, "year_begun", title=_("%(year)s 年各项年度报告", year=year),
                 occurred=date(year, 1, 1).isoformat(), year=year, reporter=reporter)


def _around(year: int) -> tuple[Any, Any]:
    """Moments between which 1 January of the year begins, in any time zone."""
    from_day = instance().now().replace(year=year - 1, month=12, day=30, hour=0, minute=0, second=0, microsecond=0)
    return from_day, from_day.replace(year=year, month=1, day=3)


def _appeal(year: int) -> str:
    if not the_actor().roles & RECORDERS:
        return ""
    scheme = next((each.id for each in schemes_in_use(the_actor().place.region, year)), "")
    return _form("assessment.appeal", "appealed", scheme=scheme, year=year) if scheme else ""


def _waiting() -> dict[str, Any]:
    """Reports that wait for the reader."""
    page: Page[Any] = paginate(waiting(_visible(Action.VIEW_CASE)))
    bundle = instance().bundles.current()
    reports = [report_of(case) for case in load_cases([row.id for row in page.items], bundle)]
    return {"page": page, "reports": reports, "titles": _titles(),
            "organs": organ_names(report.case.head.organ for report in reports)}


def _titles() -> Mapping[tuple[str, str], Result]:
    """Every result that is reported, by scheme and id, of the schemes that any region may use."""
    return {(scheme.id, result.id): result for scheme in instance().bundles.current().schemes.values()
            if scheme.per == "organ" for result in results_of(scheme)}


def _visible(action: Action) -> Any:
    return visible_cases(the_actor(), action, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure)
