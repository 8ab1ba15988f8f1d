"""Recording: open a case, record the next step, correct one. The recorder decides; pages only ask and show."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from core.extension import StepPanel
from core.ledger.event import Event, MaterialRef
from core.ledger.intake import NewEvent, Recorded
from core.ledger.models import CaseRow
from core.ledger.reader import events_of, load_case
from core.materials.kinds import ALLOWED
from core.organs.authority import Action
from core.rulebook.model import EventType, Procedure
from web.documents.step import offered_documents
from web.kit.access import find_case, page_required, the_actor, today_of
from web.kit.errors import status_of
from web.kit.language import language, local, say
from web.kit.materials import store_materials
from web.kit.procedures import barred, choices, event_type_of, new_head, openable, procedure_of, recordable
from web.kit.render import Crumb, instance, render_page
from web.kit.step_form import StepForm, blank_form, filled_form, place_problems, read_form
from web.kit.uploads import UPLOAD_LIMIT, keep_token, upload_page
from web.pages.duties import answers_due
from web.pages.related import source_of

pages = Blueprint("steps", __name__)
MAX_TITLE = 200
WRITTEN = "written"
"""Materials that the platform shall write."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form page needs beside the form itself."""

    procedure: Procedure
    event_type: EventType
    heading: str
    breadcrumb: tuple[Crumb, ...]
    case: CaseRow | None = None
    target: Event | None = None
    head: Mapping[str, str] | None = None


@pages.get("/cases/new/<procedure_id>")
@page_required(Action.RECORD_STEP)
def choose_opening(procedure_id: str) -> Response:
    """Go to the opening step of a procedure."""
    procedure = procedure_of(procedure_id)
    first = next((event for opened, event in openable(the_actor()) if opened.id == procedure.id), None)
    if first is None:
        abort(404)
    return redirect(url_for("steps.open_case", procedure_id=procedure.id, event_type=first.id))


@pages.route("/cases/new/<procedure_id>/<event_type>", methods=["GET", "POST"])
@page_required(Action.RECORD_STEP)
@upload_page()
def open_case(procedure_id: str, event_type: str) -> Any:
    """Open a case with its first step."""
    actor = the_actor()
    procedure = procedure_of(procedure_id)
    if (procedure_id, event_type) not in {(opened.id, event.id) for opened, event in openable(actor)}:
        abort(404)
    kind = event_type_of(procedure, event_type)
    given = request.form if request.method == "POST" else request.args
    head = {name: given.get(name, "").strip()[:MAX_TITLE] for name in ("title", "number")}
    sheet = Sheet(procedure, kind, str(_("新建：%(title)s", title=say(procedure.title))),
                  (Crumb(str(_("事项办理")), url_for("cases.index")),), head=head)
    source = source_of(given.get("after", "")[:140], procedure, kind, actor)
    if request.method == "GET":
        if source is not None:
            head["title"] = head["title"] or source.title
        return _show(sheet, blank_form(kind, today_of(instance()), source.given if source else request.args))

    def record(new: NewEvent) -> Recorded:
        return instance().recorder.open_case(
            new_head(actor, procedure, uuid.uuid4().hex, head["title"], head["number"]), new,
            request_key=request.form.get("request_key"), after=(source.case, source.event) if source else None)

    return _take(sheet, record)


@pages.get("/cases/<case_id>/steps")
@page_required(Action.RECORD_STEP)
def choose(case_id: str) -> str:
    """Which step to record next; sensible ones first."""
    row = find_case(case_id, Action.RECORD_STEP)
    procedure = procedure_of(row.procedure)
    allowed = recordable(the_actor(), row, procedure)
    if not allowed:
        abort(404)
    case = load_case(row.id, instance().bundles.current())
    offered = choices(case, allowed - barred(case, the_actor().person_id), answers_due(case))
    return render_page("pages/choose_step.html", str(_("记录下一步")), breadcrumb=_crumbs(row), row=row,
                       procedure=procedure, first=[one for one in offered if one.sensible],
                       others=[one for one in offered if not one.sensible], today=today_of(instance()))


@pages.route("/cases/<case_id>/steps/<event_type>", methods=["GET", "POST"])
@page_required(Action.RECORD_STEP)
@upload_page()
def record_step(case_id: str, event_type: str) -> Any:
    """Record the next step of a case."""
    row = find_case(case_id, Action.RECORD_STEP)
    procedure = procedure_of(row.procedure)
    kind = event_type_of(procedure, event_type)
    if event_type not in recordable(the_actor(), row, procedure):
        abort(404)
    sheet = Sheet(procedure, kind, say(kind.title), _crumbs(row), row)
    if request.method == "GET":
        return _show(sheet, blank_form(kind, today_of(instance()), request.args))

    def record(new: NewEvent) -> Recorded:
        return instance().recorder.record(row.id, new, expected_seq=_seen(),
                                          request_key=request.form.get("request_key"))

    return _take(sheet, record)


@pages.route("/cases/<case_id>/events/<event_id>/correct", methods=["GET", "POST"])
@page_required(Action.CORRECT_STEP)
@upload_page()
def correct(case_id: str, event_id: str) -> Any:
    """Correct a step, or declare that it did not happen; both stay visible."""
    row = find_case(case_id, Action.CORRECT_STEP)
    procedure = procedure_of(row.procedure)
    target = next((event for event in events_of(row.id) if event.id == event_id), None)
    if target is None or target.is_platform or target.type not in recordable(the_actor(), row, procedure):
        abort(404)
    kind = event_type_of(procedure, target.type)
    sheet = Sheet(procedure, kind, str(_("更正：%(title)s", title=say(kind.title))), _crumbs(row), row, target)
    if request.method == "GET":
        return _show(sheet, filled_form(kind, target, procedure.timezone))

    def record(new: NewEvent) -> Recorded:
        return instance().recorder.record(row.id, new, expected_seq=_seen(),
                                          request_key=request.form.get("request_key"))

    return _take(sheet, record)


@pages.post("/cases/<case_id>/events/<event_id>/countersign")
@page_required(Action.APPROVE_STEP)
def countersign(case_id: str, event_id: str) -> Response:
    """Vouch, as a second person, for a step that was recorded late."""
    row = find_case(case_id, Action.APPROVE_STEP)
    actor = the_actor()
    try:
        instance().recorder.countersign(row.id, event_id, actor.person_id, actor.organ)
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
    else:
        flash(_("已复核该补录步骤。"))
    return redirect(url_for("cases.show", case_id=row.id))


def _take(sheet: Sheet, record: Callable[[NewEvent], Recorded]) -> Any:
    """Read the form, let the recorder decide, and show either the case or the form with what is wrong."""
    actor = the_actor()
    zone = sheet.procedure.timezone
    void = sheet.target is not None and request.form.get("void") == "true"
    form = read_form(sheet.event_type, request.form, zone, void=void)
    papers = () if void else tuple(request.form.getlist(WRITTEN))
    stored = () if void else store_materials(sheet.event_type, actor.person_id, form)
    materials = (*stored, *_standing(sheet)) if not void else ()
    if sheet.head is not None and not sheet.head["title"]:
        form.wrong("title", str(_("请填写事项名称。")))
    reason = request.form.get("reason", "").strip()
    if sheet.target is not None and not reason:
        form.wrong("reason", str(_("请填写更正理由。")))
    if not form.valid or form.occurred_at is None:
        return _show(sheet, form, stored), 422
    try:
        recorded = record(NewEvent(
            sheet.event_type.id, form.occurred_at, {} if void else form.payload, materials,
            corrects=sheet.target.id if sheet.target else None, void=void, actor=actor.person_id, organ=actor.organ,
            reason=reason if sheet.target else "", documents=papers))
    except FazhiError as refused:
        place_problems(form, refused, language())
        status = status_of(refused)
        if status in (403, 404):
            raise
        return _show(sheet, form, stored), 409 if status == 409 else 422
    _tell(recorded)
    return redirect(url_for("cases.show", case_id=recorded.case_id))


def _tell(recorded: Recorded) -> None:
    step = recorded.events[0]
    title = say(recorded.case.procedure.events[step.type].title)
    flash(_("已记录“%(title)s”，存证序号 %(seq)s。", title=title, seq=step.seq))
    raised = sum(event.type == "finding.raised" for event in recorded.events)
    if raised:
        flash(_("本次记录后平台提示 %(count)s 个疑似问题，请在“问题”中查看并处理。", count=raised), "warning")


def _standing(sheet: Sheet) -> tuple[MaterialRef, ...]:
    """Materials of the corrected step that the person keeps."""
    if sheet.target is None:
        return ()
    kept = set(request.form.getlist("standing"))
    return tuple(one for one in sheet.target.materials if f"{one.requirement}:{one.sha256}" in kept)


def _seen() -> int | None:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


def _show(sheet: Sheet, form: StepForm, stored: tuple[MaterialRef, ...] = ()) -> str:
    account = the_actor().person_id
    panels = _panels(sheet)
    offers = offered_documents(sheet.event_type, load_case(sheet.case.id, instance().bundles.current())
                               if sheet.case else None)
    return render_page(
        "pages/record_step.html", sheet.heading, breadcrumb=sheet.breadcrumb, sheet=sheet, form=form,
        seen=request.form.get("seen") or (sheet.case.last_seq if sheet.case else ""),
        request_key=request.form.get("request_key") or uuid.uuid4().hex, after=request.values.get("after", "")[:140],
        panels=[(one, url_for(one.endpoint, case_id=sheet.case.id, step=one.step)) for one in panels if sheet.case],
        elsewhere={name for one in panels for name in one.fields},
        offers={offer.requirement.id: offer for offer in offers},
        asked={one.id for each in offers for one in each.fields},
        written=request.form.getlist(WRITTEN) if request.method == "POST" else [each.requirement.id for each in offers],
        preview=_previews(sheet), stored=[(one, keep_token(one, account)) for one in stored], upload_limit=UPLOAD_LIMIT,
        upload_kinds=",".join(f".{kind}" for kind in ALLOWED),
        reason=request.form.get("reason", ""), latest=local(instance().now()))


def _previews(sheet: Sheet) -> Callable[[str], str]:
    """The address of a document's preview by its material."""
    if (row := sheet.case) is not None:
        return lambda material: url_for("documents.preview", case_id=row.id, event_type=sheet.event_type.id,
                                        material=material)
    return lambda material: url_for("documents.preview_opening", procedure_id=sheet.procedure.id,
                                    event_type=sheet.event_type.id, material=material)


def _panels(sheet: Sheet) -> Sequence[StepPanel]:
    """Parts of the form that plugins show in their own way; only for a case that exists."""
    if sheet.case is None:
        return ()
    return [panel for platform in instance().plugins.platforms for panel in platform.step_panels
            if (panel.procedure, panel.step) == (sheet.procedure.id, sheet.event_type.id)]


def _crumbs(row: CaseRow) -> tuple[Crumb, ...]:
    return (Crumb(str(_("事项办理")), url_for("cases.index")),
            Crumb(row.title or row.number or row.id, url_for("cases.show", case_id=row.id)))
