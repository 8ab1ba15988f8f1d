"""Findings: the list, one finding with its rule, law and record, and what people do about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from core.language.rule_sentence import rule_sentence
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.organs.authority import Action, Target, case_target
from scoring.awaiting import awaiting
from scoring.models import FindingRow, ReceiptRow
from web.kit.access import may, page_required, permit, the_actor, today_of
from web.kit.language import language, local
from web.kit.people import organ_names, person_names
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import rule_for, rule_title, step_title
from web.kit.scoring import findings
from web.kit.words import FINDING_STATUSES, LEVELS
from web.pages import finding_list
from web.pages.timeline import entries_of

pages = Blueprint("findings", __name__)
FILTERS = ("q", "region", "organ", "level", "status", "rule", "procedure", "platform", "period")


@pages.get("/findings", endpoint="index")
@page_required(Action.VIEW_FINDING)
def index() -> str:
    """Findings that the reader may see."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = finding_list.finding_page(finding_list.narrowed(finding_list.visible_findings(the_actor()), asked))
    return render_page(
        "pages/findings.html", str(_("问题处置")), page=page, asked=asked, regions=region_choices(the_actor()),
        page_lead=str(_("疑似问题由规则自动提示，由监督人员确认或者排除。")),
        levels=[(value, one.title) for value, one in LEVELS.items()],
        statuses=[("open", _("待认定")), *((value, one.title) for value, one in FINDING_STATUSES.items()
                                       if value != "withdrawn")])


@pages.get("/findings/<finding_id>", endpoint="show")
@page_required(Action.VIEW_FINDING)
def show(finding_id: str) -> str:
    """One finding: rule, law, the record it rests on, and its life."""
    row, case = _find(finding_id)
    return _page(row, case)


@pages.post("/findings/<finding_id>/answer", endpoint="answer")
@page_required(Action.ANSWER_FINDING)
def answer(finding_id: str) -> Any:
    """The organ concerned answers."""
    return _act(finding_id, Action.ANSWER_FINDING, lambda row: findings().answer(row.id, the_actor(), _reason()),
                str(_("申辩已提交。")))


@pages.post("/findings/<finding_id>/confirm", endpoint="confirm")
@page_required(Action.DETERMINE_FINDING)
def confirm(finding_id: str) -> Any:
    """A supervisor determines that it is so."""
    return _act(finding_id, Action.DETERMINE_FINDING, lambda row: findings().confirm(row.id, the_actor(), _reason()),
                str(_("已确认该问题，相关得分已重新计算。")))


@pages.post("/findings/<finding_id>/dismiss", endpoint="dismiss")
@page_required(Action.DETERMINE_FINDING)
def dismiss(finding_id: str) -> Any:
    """A supervisor determines that it is not so."""
    return _act(finding_id, Action.DETERMINE_FINDING, lambda row: findings().dismiss(row.id, the_actor(), _reason()),
                str(_("已排除该问题。")))


@pages.post("/findings/<finding_id>/report-cure", endpoint="report_cure")
@page_required(Action.REPORT_CURE)
def report_cure(finding_id: str) -> Any:
    """The organ reports how it put things right."""
    return _act(finding_id, Action.REPORT_CURE, lambda row: findings().report_cure(row.id, the_actor(), _reason()),
                str(_("整改情况已提交，待监督人员核验。")))


@pages.post("/findings/<finding_id>/cured", endpoint="cured")
@page_required(Action.VERIFY_CURE)
def cured(finding_id: str) -> Any:
    """A supervisor accepts that it was put right."""
    return _act(finding_id, Action.VERIFY_CURE,
                lambda row: findings().mark_cured(row.id, the_actor(), _reason(), _day()), str(_("已认定整改完成。")))


def _find(finding_id: str, action: Action = Action.VIEW_FINDING) -> tuple[Any, CaseRow]:
    row: Any = FindingRow.get_or_none(FindingRow.id == finding_id)
    case = CaseRow.get_or_none(CaseRow.id == row.case) if row else None
    if case is None:
        abort(404)
    permit(Action.VIEW_FINDING, _target(row))
    permit(action, _target(row, row.person))
    return row, case


def _target(row: Any, person: str | None = None) -> Target:
    """A finding belongs to the organ that answers for it, which need not be the one whose case it is."""
    return case_target(row.case, row.organ, row.procedure, person)


def _act(finding_id: str, action: Action, act: Any, done: str) -> Any:
    row, case = _find(finding_id, action)
    try:
        act(row)
    except FazhiError as refused:
        problem = refused.problems[0]
        if problem.code.startswith("authority-"):
            raise
        return _page(row, case, problem.message(language())), 422
    flash(done)
    return redirect(url_for("findings.show", finding_id=row.id))


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        return today_of(instance())  # type: ignore[no-any-return]


def _page(row: Any, case: CaseRow, problem: str = "") -> str:
    bundle = instance().bundles.current()
    procedure = bundle.procedures.get(row.procedure)
    events = events_of(row.case)
    cause = next((event for event in events if event.id == row.activation), None)
    rule = rule_for(bundle, row.rule, row.region, local(cause.occurred_at if cause else row.raised_at).date())
    life = [event for event in events if event.type.startswith("finding.") and event.payload.get("finding") == row.id]
    receipt = ReceiptRow.select(ReceiptRow.id).where(
        ReceiptRow.subject == f"{row.case}|{row.rule}|{row.activation}").order_by(ReceiptRow.seq.desc()).first()
    people = person_names({*(event.actor for event in life), row.person})
    waiting = awaiting(row.case)
    target = _target(row, row.person)
    undetermined = row.status in finding_list.UNDETERMINED
    other_organ = the_actor().organ != row.acting_organ
    return render_page(
        "pages/finding.html", rule_title(bundle, row.rule, row.region),
        breadcrumb=(Crumb(str(_("问题处置")), url_for("findings.index")),), row=row, case=case, rule=rule,
        sentence=rule_sentence(rule, procedure, language()) if rule and procedure else "",
        record=entries_of(procedure, [cause])[0] if cause and procedure else None, life=life, people=people,
        organs=organ_names({row.organ, row.acting_organ, *(event.organ for event in life)}), receipt=receipt,
        waiting=[event for event in events if row.id in waiting.get(event.id, ())] if procedure else [],
        title_of=lambda event: step_title(procedure, event.type) if procedure else event.type,
        problem=problem, reason=_reason() if problem else "", today=today_of(instance()),
        may_answer=undetermined and may(Action.ANSWER_FINDING, target),
        may_determine=undetermined and other_organ and may(Action.DETERMINE_FINDING, target),
        may_report=row.status == "confirmed" and may(Action.REPORT_CURE, target),
        may_verify=row.status == "confirmed" and other_organ and may(Action.VERIFY_CURE, target),
        may_see_receipt=may(Action.VIEW_RECEIPT, target))
