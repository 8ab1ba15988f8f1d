"""The public service page: what a citizen wants becomes the first step of the right case, and a code to see it move."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from plugins.disputes.questions.codes import code_hash, code_of
from plugins.disputes.questions.desk import CITIZEN, PROCEDURE, competent_organ, hand_out
from plugins.disputes.questions.models import Lawyer, Ticket
from plugins.disputes.questions.pages.common import (
    asking_limit,
    choices,
    cities,
    form_token,
    places,
    procedure,
    refusal,
    trapped,
)
from web.kit.access import public_page
from web.kit.language import local, say
from web.kit.limits import limited
from web.kit.paging import paginate
from web.kit.people import organ_names, region_names
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("service", __name__, url_prefix="/service", template_folder="templates")
READING = "60 per minute"


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that a citizen may ask for.

    Attributes:
        procedure, event: the case that it opens and with which step.
        fixed: values that need no question.
        asked: attributes to choose from.
        personal: personal fields to fill in → required or not.
        unless_refused: field that says that nobody has refused; the form asks, and who was refused gets no case.
    """

    title: Any
    lead: Any
    icon: str
    procedure: str
    event: str
    fixed: Mapping[str, Given]
    asked: tuple[str, ...]
    personal: Mapping[str, bool]
    unless_refused: str = ""


SERVICES: Mapping[str, Service] = {
    "legal-aid": Service(
        _l("求法援"), _l("经济困难或者属于法定情形的，申请免费的法律援助"), "award", "disputes.legal_aid",
        "applied", {}, ("aid_kind", "applicant_group", "matter"), {"applicant_name": True, "phone": True}),
    "mediation": Service(
        _l("约调解"), _l("邻里、家庭、劳动报酬等纠纷，请人民调解"), "people", "disputes.mediation", "applied",
        {"source": "application"}, ("dispute_kind",), {"party_names": True}, "all_agree"),
    "arbitration": Service(
        _l("询仲裁"), _l("劳动人事、农村土地、商事仲裁怎么申请"), "clipboard-check", "disputes.referral", "inquired",
        {"service": "arbitration"}, (), {"matter_text": True, "applicant_name": False, "phone": True}),
    "notary": Service(
        _l("办公证"), _l("由司法行政机关转给公证机构"), "journal-check", "disputes.referral", "inquired",
        {"service": "notary"}, (), {"matter_text": True, "applicant_name": False, "phone": True}),
    "appraisal": Service(
        _l("问鉴定"), _l("由司法行政机关转给司法鉴定机构"), "search", "disputes.referral", "inquired",
        {"service": "appraisal"}, (), {"matter_text": True, "applicant_name": False, "phone": True}),
}


@pages.get("", endpoint="index")
@public_page
def index() -> str:
    """Everything that a citizen may ask for, and the box for a code."""
    return _index("")


@pages.get("/lawyers", endpoint="lawyers")
@public_page
@limited(READING)
def lawyers() -> str:
    """Lawyers by city and field, with their firms; no telephone numbers."""
    asked = {name: request.args.get(name, "").strip()[:20] for name in ("city", "field")}
    query: Any = Lawyer.select().where(Lawyer.active)
    if asked["city"]:
        query = query.where(Lawyer.city == asked["city"])
    if asked["field"]:
        query = query.where(Lawyer.fields.contains(asked["field"]) | (Lawyer.fields == ""))
    page = paginate(query.order_by(Lawyer.city, Lawyer.firm, Lawyer.number))
    return render_page("questions/find_lawyer.html", str(_("找律师")), page=page, asked=asked, cities=cities(),
                       fields=choices("field"), titles=dict(choices("field")),
                       names=region_names(one.city for one in page.items), breadcrumb=_above())


@pages.get("/<any('legal-aid', mediation, arbitration, notary, appraisal):kind>", endpoint="form")
@public_page
def form(kind: str) -> str:
    """The short form."""
    return _form(SERVICES[kind], {}, "")


@pages.post("/<any('legal-aid', mediation, arbitration, notary, appraisal):kind>", endpoint="send")
@public_page
@limited(asking_limit)
def send(kind: str) -> Any:
    """Open the case; the code is shown this once."""
    service = SERVICES[kind]
    if trapped():
        abort(400)
    names = ("region", *service.asked, *service.personal, *(("refused",) if service.unless_refused else ()))
    typed = {name: request.form.get(name, "").strip()[:1000] for name in names}
    wrong = typed["region"] not in dict(places()) or any(
        typed[name] not in dict(choices(name, service.procedure)) for name in service.asked) or any(
        needed and not typed[name] for name, needed in service.personal.items()) or (
        typed.get("refused", "no") not in dict(_refusals()))
    if wrong:
        return _form(service, typed, str(_("请把必填的几项填完整。"))), 422
    if typed.get("refused") == "yes":
        problem = _("对方明确拒绝的，不能调解（人民调解法第十七条）。可以问律师，走别的途径。")
        return _form(service, typed, str(problem)), 422
    try:
        code = _open(service, typed, form_token())
    except FazhiError as refused:
        return _form(service, typed, refusal(refused)), 422
    return redirect(url_for("service.progress", code=code))


@pages.post("/progress", endpoint="find")
@public_page
@limited("20 per minute")
def find() -> Any:
    """To the progress of a case, or to a question, by its code."""
    code = request.form.get("code", "").strip()[:40]
    if not Ticket.select().where(Ticket.code_hash == code_hash(code)).exists():
        return _index(str(_("没有这个查询码，请核对。"))), 404
    return redirect(url_for("service.progress", code=code))


@pages.get("/progress/<code>", endpoint="progress")
@public_page
@limited(READING)
def progress(code: str) -> Any:
    """How far a case is: names of stages and dates, nothing else."""
    ticket = Ticket.get_or_none(Ticket.code_hash == code_hash(code[:40]))
    row = CaseRow.get_or_none(CaseRow.id == ticket.case) if ticket else None
    if row is None:
        abort(404)
    if row.procedure == PROCEDURE:
        return redirect(url_for("ask.show", code=code))
    known = procedure(row.procedure)
    reached: dict[str, datetime] = {}
    for step in load_case(row.id, instance().bundles.current()).steps:
        for stage in known.stages:
            if step.event.type in stage.events:
                reached.setdefault(stage.id, local(step.event.occurred_at))
    return render_page("questions/progress.html", say(known.title), code=code, number=row.number,
                       organ=organ_names([row.organ])[row.organ], closed=row.closed_at is not None,
                       stages=[(say(stage.title), reached.get(stage.id)) for stage in known.stages],
                       breadcrumb=_above())


def _open(service: Service, typed: Mapping[str, str], form: str) -> str:
    """Open the case; the same form with the same words opens it once."""
    organ, case, now = competent_organ(typed["region"]), f"s-{uuid.uuid4().hex}", instance().now()
    code = code_of(instance().settings.secret_key(), form, service.procedure, *typed.values())
    known = procedure(service.procedure)
    given: dict[str, Given] = {**service.fixed, **{name: typed[name] for name in (*service.asked, *service.personal)
                                                   if typed[name]}}
    if service.unless_refused:
        given[service.unless_refused] = typed["refused"] == "no"
    moment = now if known.events[service.event].precision == "instant" else local(now).date()
    with database.atomic():
        if hand_out(code, case, now) != case:
            return code
        instance().recorder.permitting(AnyoneMayRecord()).open_case(
            CaseHead(case, service.procedure, organ, typed["region"], f"群众在线提出：{service.title}"),
            NewEvent(service.event, moment, given, actor=CITIZEN, organ=organ))
    return code


def _refusals() -> Sequence[tuple[str, str]]:
    return (("no", str(_("没有明确拒绝"))), ("yes", str(_("已经明确拒绝"))))


def _index(problem: str) -> str:
    return render_page("questions/service.html", str(_("公共法律服务")), services=SERVICES, problem=problem,
                       page_lead=str(_("不用登录。提交后得到查询码，凭码看进度。")))


def _form(service: Service, typed: Mapping[str, str], problem: str) -> str:
    known = procedure(service.procedure)
    fields = known.events[service.event].fields
    return render_page(
        "questions/service_form.html", str(service.title), page_lead=str(service.lead), typed=typed, problem=problem,
        places=places(), asked=[(name, say(known.attributes[name].title), choices(name, service.procedure))
                                for name in service.asked],
        refusals=_refusals() if service.unless_refused else (),
        personal=[(name, say(fields[name].title), needed) for name, needed in service.personal.items()],
        breadcrumb=_above())


def _above() -> tuple[Crumb, ...]:
    return (Crumb(str(_("公共法律服务")), url_for("service.index")),)
