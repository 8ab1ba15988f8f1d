"""Issuing a document of supervision, from a finding or for a matter of its own (行政执法监督条例 27 to 29)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from core.cases.case import CaseHead
from core.errors import FazhiError
from core.ledger.intake import Given, NewEvent
from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.models import Organ
from plugins.enforcement.supervision.pages.words import word
from scoring.models import FindingRow
from web.kit.access import page_required, permit, the_actor, today_of
from web.kit.language import language
from web.kit.people import person_names
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import rule_title

pages = Blueprint("enforcement_letters", __name__, url_prefix="/enforcement/letters", template_folder="templates")

KINDS = {"urging_issued": "督办函", "opinion_issued": "监督意见书", "decision_proposed": "提请作出监督决定书"}
GROUNDS = {"inaction": "不履行、怠于履行职责", "illegal": "违法", "improper": "明显不当", "major": "重大监督事项",
           "not_corrected": "未按监督文书整改"}
OF_SUPERVISORS = ("SUP-OBJ-2", "SUP-VER-1", "SUP-VER-2", "SUP-DOC-", "SUP-CHK-", "ENF-BAK-2", "REV-", "DRAW-")
"""Codes (or how they begin) of what supervisors themselves owe: no document goes to the body about them."""

REPLY_DAYS = 30
"""内蒙古自治区行政执法监督条例 28; the State Council's regulation leaves the days to the document."""

FIELDS = ("kind", "ground", "letter_about", "requirement", "reply_by", "responsible_person")


@pages.route("/from/<finding_id>", methods=["GET", "POST"], endpoint="issue")
@page_required(Action.DETERMINE_FINDING)
def issue(finding_id: str) -> Any:
    """The form, filled in from the finding; sent, it opens the case of the document."""
    finding: Any = FindingRow.get_or_none(FindingRow.id == finding_id)
    if finding is None or not concerns_the_body(finding):
        abort(404)
    permit(Action.DETERMINE_FINDING, finding.organ)
    case_id = f"letter-{finding.id}"
    if CaseRow.get_or_none(CaseRow.id == case_id) is not None:
        return redirect(url_for("cases.show", case_id=case_id))
    typed = {name: request.form.get(name, "").strip() for name in FIELDS} if request.method == "POST" \
        else _prefilled(finding)
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _issue(finding, case_id, typed)
        if not wrong:
            flash(word("监督文书已发出并存证，被监督机关可在工作台看到。"))
            return redirect(url_for("cases.show", case_id=case_id))
    source = CaseRow.get(CaseRow.id == finding.case)
    organ: Any = Organ.get(Organ.id == finding.organ)
    page = render_page(
        "supervision/letter.html", word("开具监督文书"), w=word, finding=finding, typed=typed, wrong=wrong, kinds=KINDS,
        grounds=GROUNDS, source=source, organ=organ, today=today_of(instance()),
        title=rule_title(instance().bundles.current(), finding.rule, finding.region),
        names=person_names([finding.person]),
        breadcrumb=(Crumb(word("执法监督"), url_for("enforcement_supervision.index")),))
    return (page, 422) if wrong else page


def concerns_the_body(finding: Any) -> bool:
    """Whether the body that owns the case answers for a finding, and not whoever supervises it."""
    return finding.procedure.startswith("enforcement.") and not finding.code.startswith(OF_SUPERVISORS)


def _prefilled(finding: Any) -> dict[str, str]:
    """What the finding says already: an omission is urged, an act is criticised."""
    bundle, today = instance().bundles.current(), today_of(instance())
    rule = next((one for one in bundle.rules(finding.procedure, finding.region) if one.id == finding.rule), None)
    omitted = finding.due is not None
    remedy = rule.remedy.zh if rule and rule.remedy else ""
    return {"kind": "urging_issued" if omitted else "opinion_issued", "ground": "inaction" if omitted else "illegal",
            "letter_about": rule.title.zh if rule else finding.code, "requirement": remedy,
            "reply_by": (today + timedelta(days=REPLY_DAYS)).isoformat(), "responsible_person": finding.person}


def _issue(finding: Any, case_id: str, typed: dict[str, str]) -> list[str]:
    """Record the document; what is wrong with it, in the reader's language."""
    if typed["kind"] not in KINDS or typed["ground"] not in GROUNDS:
        abort(400)
    if not all(typed[name] for name in ("letter_about", "requirement", "reply_by")):
        return [word("请填写监督事由、要求和反馈期限。")]
    try:
        reply_by = date.fromisoformat(typed["reply_by"])
    except ValueError:
        return [word("请填写监督事由、要求和反馈期限。")]
    today, actor = today_of(instance()), the_actor()
    if reply_by < today:
        return [word("反馈期限不能早于今天。")]
    organ: Any = Organ.get(Organ.id == finding.organ)
    payload: dict[str, Given] = {
        "letter_about": typed["letter_about"][:500], "ground": typed["ground"], "requirement": typed["requirement"],
        "case_about": finding.case, "finding_about": finding.id,
        "in_dispute": request.form.get("in_dispute") == "true"}
    if typed["kind"] == "decision_proposed":
        if organ.government_id is None:
            return [word("被监督机关没有登记所属人民政府，不能提请监督决定。")]
        payload["government"] = organ.government_id
    else:
        payload |= {"reply_by": reply_by, "responsible_person": typed["responsible_person"] or finding.person}
    head = CaseHead(case_id, "enforcement.letter", organ.id, str(organ.region_id),
                    f"{KINDS[typed['kind']]}：{typed['letter_about']}"[:200])
    try:
        instance().recorder.open_case(head, NewEvent(typed["kind"], today, payload, actor=actor.person_id,
                                                     organ=actor.organ))
    except FazhiError as refused:
        return [f"{problem.message(language())} {problem.fix(language())}".strip() for problem in refused.problems]
    return []
