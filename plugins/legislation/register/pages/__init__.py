"""Pages of the register: what is in force for everybody; filing, review and clean-up for those who look after it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from peewee import fn
from werkzeug.wrappers import Response

from core.ledger.event import MaterialRef
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_case
from core.organs.authority import Action
from core.organs.codes import CODE, territory
from core.organs.models import Organ, Region
from core.organs.visibility import visible_cases, visible_organs
from core.rulebook.model import Procedure
from plugins.legislation.library.models import Law
from plugins.legislation.library.pages.finding import day_of
from plugins.legislation.register.advice import CYCLE, advise
from plugins.legislation.register.advice import TITLES as ADVICE_TITLES
from plugins.legislation.register.cleaning import cleanup_counts, last_cleanups
from plugins.legislation.register.effects import Effect, effects, missing, usage
from plugins.legislation.register.models import Document, Mention
from plugins.legislation.register.numbers import series_at_fault
from plugins.legislation.register.publishing import key_of
from plugins.legislation.register.rates import IN_TIME, Rates, rates, unfiled, years
from plugins.legislation.register.reconciling import MOST_LINES, Met, reconcile
from plugins.legislation.register.renewing import PROCEDURE, read_mentions, renew
from plugins.legislation.register.reviewers import REVIEWS, candidates, name_reviewers, reviewers_of
from plugins.legislation.register.standing import TITLES, TONES, Standing, standing_of, stands
from scoring.models import VerdictRow
from web.kit.access import current_actor, may, page_required, permit, public_page, target_of, the_actor, today_of
from web.kit.language import say
from web.kit.limits import limited
from web.kit.paging import paginate
from web.kit.people import organ_names, region_names
from web.kit.procedures import recordable
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("normative", __name__, url_prefix="/normative", template_folder="templates")
filings = Blueprint("filings", __name__, url_prefix="/filings", template_folder="templates")
RATE = "120 per minute"
LISTED = 200
"""Most lines of a list of advice or of documents that were not filed."""

NEXT: Mapping[str, str] = {
    "filed": "filing_registered", "resubmitted": "filing_registered", "filed_with_congress": "filing_registered",
    "filing_registered": REVIEWS[0], "first_review": REVIEWS[1], "second_review": REVIEWS[2],
    "third_review": REVIEWS[3],
    "review_returned": REVIEWS[0], "filing_refused": "resubmitted"}
"""The step that a filing waits for, by its latest one."""


@pages.get("", endpoint="index")
@public_page
@limited(RATE)
def index() -> str:
    """Published documents, those in force unless others are asked for."""
    renew(instance())
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "region", "standing", "kind")}
    on = day_of(request.args.get("on"))
    today = on or today_of(instance())
    standing = Standing(asked["standing"]) if asked["standing"] in set(Standing) - {Standing.MAKING} else (
        None if asked["standing"] == "all" else Standing.IN_FORCE)
    asked["standing"] = asked["standing"] or Standing.IN_FORCE.value
    query: Any = Document.select().where(Document.published.is_null(False))
    if standing is not None:
        query = query.where(stands(standing, today))
    if asked["q"]:
        query = query.where(Document.title.contains(asked["q"]) | Document.number.contains(asked["q"]))
    if CODE.fullmatch(asked["region"]):
        low, high = territory(asked["region"])
        query = query.where((Document.region >= low) & (Document.region < high))
    if asked["kind"] in KINDS:
        query = query.where(Document.kind == asked["kind"])
    page = paginate(query.order_by(Document.published.desc(), Document.case))
    return render_page(
        "legislation/documents.html", str(_("规章和规范性文件")), page=page, on=on, asked=asked, regions=_regions(),
        organs=organ_names(row.organ for row in page.items), kinds=[(one, say_kind(one)) for one in KINDS],
        standings=[(one.value, say(TITLES[one])) for one in Standing if one is not Standing.MAKING]
        + [("all", str(_("全部")))], standing=lambda row: _stand(row, today),
        page_lead=str(_("各级行政机关公布的政府规章和行政规范性文件；失效、废止的不列为现行有效。")))


KINDS = ("government", "department", "rule")


def say_kind(kind: str) -> str:
    """政府文件, 部门文件."""
    return {"government": str(_("政府文件")), "department": str(_("部门文件")), "rule": str(_("政府规章")),
            "bill": str(_("法规草案"))}.get(kind, kind)


@pages.get("/<case_id>", endpoint="show")
@public_page
@limited(RATE)
def show(case_id: str) -> str:
    """One published document: how it stands, what was done with it, where it is named."""
    renew(instance())
    row = Document.get_or_none((Document.case == case_id) & Document.published.is_null(False))
    if row is None:
        abort(404)
    today = today_of(instance())
    organ = organ_names([row.organ])[row.organ]
    key = key_of(row.title, organ)
    used: Any = Mention.select(Mention.procedure).where(Mention.number == row.number).tuples()
    by_procedure: dict[str, int] = {}
    for (procedure,) in used if row.number else ():
        by_procedure[procedure] = by_procedure.get(procedure, 0) + 1
    known = instance().bundles.current().procedures
    case = CaseRow.get_or_none(CaseRow.id == row.case)
    return render_page(
        "legislation/document.html", row.title, row=row, organ=organ, standing=_stand(row, today),
        kind=say_kind(row.kind), text=key if Law.get_or_none(Law.key == key) else "",
        uses=[(say(known[one].title) if one in known else one, count) for one, count in sorted(by_procedure.items())],
        replaced=_replaced(row.case), papers=_papers(row.case),
        effect=effects([row.number], today).get(row.number, Effect()),
        may_open=case is not None and current_actor() is not None and may(Action.VIEW_CASE, target_of(case)),
        breadcrumb=(Crumb(str(_("规章和规范性文件")), url_for("normative.index")),))


@pages.get("/<case_id>/files/<any(published, interpreted):step>/<sha256>", endpoint="file")
@public_page
@limited(RATE)
def file(case_id: str, step: str, sha256: str) -> Any:
    """The published text or the policy interpretation, as an attachment; nothing else of the case is public."""
    found = next((one for name, _day, one in _papers(case_id) if name == step and one.sha256 == sha256), None)
    if found is None or not instance().materials.knows(sha256):
        abort(404)
    return send_file(instance().materials.path(sha256), mimetype=found.media_type, as_attachment=True,
                     download_name=found.name, etag=sha256)


PUBLIC_PAPERS = {"published": "text", "interpreted": "interpretation"}


def _papers(case_id: str) -> list[tuple[str, Any, MaterialRef]]:
    """Text and policy interpretations of a published document that everybody may read: step, day, file."""
    row = Document.get_or_none((Document.case == case_id) & Document.published.is_null(False))
    if row is None:
        return []
    case = load_case(case_id, instance().bundles.current())
    return [(step.type, step.date, one) for step in case.steps for one in step.event.materials
            if PUBLIC_PAPERS.get(step.type) == one.requirement]


@filings.get("/rates", endpoint="rates")
@page_required(Action.VIEW_WORKBENCH)
def show_rates() -> str:
    """Rates of filing, timeliness and regularity by organ, for a year."""
    renew(instance())
    organs = visible_organs(the_actor(), Action.VIEW_CASE)
    known = years(organs)
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in known else (known[0] if known else today_of(instance()).year)
    found = rates(year, organs)
    places: Any = Organ.select(Organ.id, Organ.name, Organ.region).where(Organ.id.in_(list(found))).order_by(
        Organ.region, Organ.id).tuples()
    lines = [(organ, name, region, found[organ]) for organ, name, region in places]
    return render_page("legislation/rates.html", str(_("备案与审查")), tab="rates", year=year, years=known, lines=lines,
                       total=sum((one for *_place, one in lines), Rates()),
                       regions=region_names(region for _o, _n, region, _r in lines))


@filings.get("/gaps", endpoint="gaps")
@page_required(Action.VIEW_WORKBENCH)
def gaps() -> str:
    """Published against filed: what is missing (查漏补缺)."""
    renew(instance())
    organs = visible_organs(the_actor(), Action.VIEW_CASE)
    known = years(organs)
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in known else (known[0] if known else today_of(instance()).year)
    rows = list(unfiled(year, organs).limit(LISTED))
    dues: Any = VerdictRow.select(VerdictRow.case, VerdictRow.due_date).where(
        VerdictRow.case.in_([row.case for row in rows]) & VerdictRow.rule.in_(IN_TIME)).tuples()
    faulty = series_at_fault(year, organs)
    return render_page("legislation/gaps.html", str(_("备案与审查")), tab="gaps", series=faulty,
                       regions=region_names(one.region for one in faulty), year=year, years=known, rows=rows,
                       dues=dict(dues), today=today_of(instance()), organs=organ_names(row.organ for row in rows))


@filings.route("/reconcile", methods=["GET", "POST"], endpoint="reconcile")
@page_required(Action.VIEW_WORKBENCH)
def show_reconciled() -> str:
    """A list of published documents against the register."""
    renew(instance())
    given = request.form.get("list", "")
    lines = reconcile(given, visible_organs(the_actor(), Action.VIEW_CASE)) if given.strip() else []
    titles = {Met.ABSENT: (str(_("平台没有这份文件")), "red"),
              Met.UNPUBLISHED: (str(_("已立项，没有记录公布")), "yellow"),
              Met.UNFILED: (str(_("没有备案")), "red"), Met.FILED: (str(_("已备案")), "green")}
    return render_page("legislation/reconcile.html", str(_("按目录核对")), given=given, lines=lines, titles=titles,
                       counts=Counter(one.met for one in lines), most=MOST_LINES,
                       breadcrumb=(Crumb(str(_("漏报核对")), url_for("filings.gaps")),))


@filings.get("/reviews", endpoint="reviews")
@page_required(Action.VIEW_CASE)
def reviews() -> str:
    """Filings that wait for a step of the review, with its clock."""
    renew(instance())
    mine = CaseRow.select(CaseRow.id).where((CaseRow.procedure == PROCEDURE) & visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
    page = paginate(Document.select().where(
        Document.case.in_(mine) & Document.filed.is_null(False) & Document.reviewed.is_null()).order_by(
        Document.filed, Document.case))
    ids = [row.case for row in page.items]
    dues: Any = VerdictRow.select(VerdictRow.case, VerdictRow.due_date).where(
        VerdictRow.case.in_(ids) & (VerdictRow.rule == "legislation.document/reviewed-60-days")).tuples()
    procedure = instance().bundles.current().procedures.get(PROCEDURE)
    nexts = _nexts(ids)
    reviewed = _reviewed(ids, the_actor().person_id)
    mine_done = {case for case in ids if procedure and nexts.get(case) in procedure.events
                 and reviewed[case] & set(procedure.events[nexts[case]].other_person_than)}
    return render_page(
        "legislation/reviews.html", str(_("备案与审查")), tab="reviews", page=page, dues=dict(dues),
        today=today_of(instance()), organs=organ_names(row.organ for row in page.items), nexts=nexts,
        titles={one: say(procedure.events[one].title) for one in (*REVIEWS, "filing_registered", "resubmitted")}
        if procedure else {}, mine=mine_done,
        may_record=_recordable(procedure, {case: nexts[case] for case in ids if case in nexts}) - mine_done)


@filings.get("/reviewers", endpoint="reviewers")
@page_required(Action.VIEW_WORKBENCH)
def reviewers() -> str:
    """Who takes which step of the review in the reader's organ."""
    organ = the_actor().organ
    procedure = instance().bundles.current().procedures.get(PROCEDURE)
    return render_page("legislation/reviewers.html", str(_("备案与审查")), tab="reviewers", people=candidates(organ),
                       named=reviewers_of(organ), organ=the_actor().place.name,
                       may_name=may(Action.MANAGE_PEOPLE, organ),
                       steps=[(one, say(procedure.events[one].title)) for one in REVIEWS] if procedure else [])


@filings.post("/reviewers", endpoint="name_reviewers")
@page_required(Action.MANAGE_PEOPLE)
def change_reviewers() -> Response:
    """Name the reviewers of the own organ."""
    organ = the_actor().organ
    permit(Action.MANAGE_PEOPLE, organ)
    name_reviewers(organ, {step: request.form.getlist(step) for step in REVIEWS})
    flash(_("审查分工已保存。"), "success")
    return redirect(url_for("filings.reviewers"))


@filings.get("/advice", endpoint="advice")
@page_required(Action.VIEW_WORKBENCH)
def show_advice() -> str:
    """Documents in force that something speaks against (立改废释), with the reasons."""
    renew(instance())
    read_mentions()
    today = today_of(instance())
    organs = visible_organs(the_actor(), Action.VIEW_CASE)
    listed = list(Document.select().where(
        Document.organ.in_(organs) & (stands(Standing.IN_FORCE, today) | stands(Standing.LAPSED, today))
    ).order_by(Document.published, Document.case))
    found = list(advise(listed, today))
    shown = found[:LISTED]
    procedures = instance().bundles.current().procedures
    topics = missing(organs, instance().bundles.current(), today)
    return render_page("legislation/advice.html", str(_("备案与审查")), tab="advice", found=shown, total=len(found),
                       titles={kind: say(title) for kind, title in ADVICE_TITLES.items()}, topics=topics,
                       sources={one: say(procedures[one].title) for topic in topics for one in topic.counts},
                       usage=usage(listed, today), organs=organ_names(one.document.organ for one in shown))


@filings.get("/cleanups", endpoint="cleanups")
@page_required(Action.VIEW_WORKBENCH)
def cleanups() -> str:
    """Documents in force by the day on which their next clean-up is due, and what earlier ones concluded."""
    renew(instance())
    today = today_of(instance())
    organs = visible_organs(the_actor(), Action.VIEW_CASE)
    page = paginate(Document.select().where(
        Document.organ.in_(organs) & (Document.kind != "rule")
        & (stands(Standing.IN_FORCE, today) | stands(Standing.LAPSED, today))).order_by(
        fn.COALESCE(Document.cleaned, Document.published), Document.case))
    results = last_cleanups([row.case for row in page.items])
    procedure = instance().bundles.current().procedures.get(PROCEDURE)
    values = procedure.attributes["cleanup_result"].values if procedure else {}
    return render_page("legislation/cleanups.html", str(_("备案与审查")), tab="cleanups", page=page, today=today,
                       due={row.case: (row.cleaned or row.published) + CYCLE for row in page.items}, results=results,
                       titles={name: say(title) for name, title in values.items()},
                       counts=cleanup_counts(organs, today.year), year=today.year,
                       may_record=_recordable(procedure, {row.case: "cleanup_concluded" for row in page.items}),
                       organs=organ_names(row.organ for row in page.items))


def _nexts(case_ids: list[str]) -> Mapping[str, str]:
    """The step that each filing waits for; a review that was returned is done again, and only that one."""
    query: Any = EventRow.select(EventRow.case, EventRow.type).where(
        EventRow.case.in_(case_ids) & EventRow.type.in_(list(NEXT)) & ~EventRow.void).order_by(EventRow.seq).tuples()
    found, review = dict[str, str](), dict[str, str]()
    for case, step in query:
        found[case] = review.get(case, NEXT[step]) if step == "review_returned" else NEXT[step]
        if step in REVIEWS:
            review[case] = step
    return found


def _reviewed(case_ids: list[str], person: str) -> Mapping[str, set[str]]:
    """The reviews that a person recorded, by case."""
    query: Any = EventRow.select(EventRow.case, EventRow.type).where(
        EventRow.case.in_(case_ids) & (EventRow.actor == person) & EventRow.type.in_(REVIEWS) & ~EventRow.void).tuples()
    found: dict[str, set[str]] = defaultdict(set)
    for case, step in query:
        found[case].add(step)
    return found


def _recordable(procedure: Procedure | None, steps: Mapping[str, str]) -> set[str]:
    """The cases whose given step the reader's roles may record."""
    if procedure is None:
        return set()
    mine, named = the_actor().person_id, reviewers_of(the_actor().organ)
    steps = {case: step for case, step in steps.items() if mine in named.get(step, {mine})}
    return {str(row.id) for row in CaseRow.select().where(CaseRow.id.in_(list(steps)))
            if steps[row.id] in recordable(the_actor(), row, procedure)}


def _replaced(case_id: str) -> str:
    event = EventRow.select(EventRow.payload).where(
        (EventRow.case == case_id) & (EventRow.type == "repealed") & ~EventRow.void
    ).order_by(EventRow.seq.desc()).first()
    if event is None:
        return ""
    return str(json.loads(event.payload).get("replaced_by") or "")


def _regions() -> list[tuple[str, str]]:
    actor = current_actor()
    if actor is not None:
        return region_choices(actor)
    rows: Any = Region.select(Region.code, Region.name).where(Region.level.in_(("region", "league"))).order_by(
        Region.code).tuples()
    return list(rows)


def _stand(row: Any, today: Any) -> tuple[str, str]:
    standing = standing_of(row, today)
    return say(TITLES[standing]), TONES[standing]

