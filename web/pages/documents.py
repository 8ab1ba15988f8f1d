"""Documents of steps: a preview from what is typed, and the document as DOCX once it is issued."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Blueprint, abort, request, send_file
from flask_babel import gettext as _

from core.documents.models import IssuedDocument
from core.errors import FazhiError
from core.ledger.event import MaterialRef
from core.ledger.intake import NewEvent
from core.ledger.reader import load_case
from core.organs.authority import Action
from core.rulebook.model import EventType, Procedure
from web.documents.casefile import case_file
from web.documents.step import docx_of, render_for_step
from web.kit.access import find_case, page_required, the_actor
from web.kit.language import language
from web.kit.materials import store_materials
from web.kit.procedures import event_type_of, new_head, openable, procedure_of, recordable
from web.kit.render import instance, render_page
from web.kit.step_form import StepForm, read_form
from web.kit.uploads import upload_page

pages = Blueprint("documents", __name__)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIGNATURES = 8 << 20


@pages.post("/cases/new/<procedure_id>/<event_type>/documents/<material>", endpoint="preview_opening")
@page_required(Action.RECORD_STEP)
@upload_page(SIGNATURES)
def preview_opening(procedure_id: str, event_type: str, material: str) -> Any:
    """The document of a step that would open a case."""
    procedure = procedure_of(procedure_id)
    if (procedure_id, event_type) not in {(opened.id, event.id) for opened, event in openable(the_actor())}:
        abort(404)
    head = new_head(the_actor(), procedure, uuid.uuid4().hex, request.form.get("title", "")[:200],
                    request.form.get("number", "")[:100])
    return _preview(procedure, event_type_of(procedure, event_type), material, head=head)


@pages.post("/cases/<case_id>/steps/<event_type>/documents/<material>", endpoint="preview")
@page_required(Action.RECORD_STEP)
@upload_page(SIGNATURES)
def preview(case_id: str, event_type: str, material: str) -> Any:
    """The document of the next step of a case."""
    row = find_case(case_id, Action.RECORD_STEP)
    procedure = procedure_of(row.procedure)
    if event_type not in recordable(the_actor(), row, procedure):
        abort(404)
    return _preview(procedure, event_type_of(procedure, event_type), material, case_id=row.id)


@pages.get("/documents/<document_id>.docx", endpoint="docx")
@page_required(Action.DOWNLOAD_MATERIAL)
def docx(document_id: str) -> Any:
    """An issued document for a word processor; personal values make it a material like the PDF."""
    row: Any = IssuedDocument.get_or_none(IssuedDocument.id == document_id)
    if row is None:
        abort(404)
    find_case(row.case_id, Action.DOWNLOAD_MATERIAL)
    name = f"{row.title}（{row.number}）.docx" if row.number else f"{row.title}.docx"
    try:
        content = docx_of(row)
    except FazhiError as refused:
        return _refused(refused)
    return send_file(io.BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=name)


@pages.get("/cases/<case_id>/file.pdf", endpoint="case_file")
@page_required(Action.DOWNLOAD_MATERIAL)
def show_case_file(case_id: str) -> Any:
    """The whole case as one PDF with index, page numbers and hashes."""
    row = find_case(case_id, Action.DOWNLOAD_MATERIAL)
    bundle = instance().bundles.current()
    try:
        content = case_file(load_case(row.id, bundle))
    except FazhiError as refused:
        return _refused(refused)
    return send_file(io.BytesIO(content), mimetype="application/pdf", as_attachment=True,
                     download_name=f"{_('电子卷宗')}（{row.number or row.id}）.pdf")


def _preview(procedure: Procedure, event_type: EventType, material: str, **case: Any) -> Any:
    actor = the_actor()
    form = read_form(event_type, request.form, procedure.timezone)
    new = NewEvent(event_type.id, form.occurred_at or instance().now(), form.payload, _pictures(event_type, form),
                   actor=actor.person_id, organ=actor.organ)
    try:
        pdf = render_for_step(new, material, **case)
    except FazhiError as refused:
        return _refused(refused)
    return send_file(io.BytesIO(pdf), mimetype="application/pdf", download_name=f"{material}.pdf")


def _refused(refused: FazhiError) -> Any:
    return render_page("pages/document_refused.html", str(_("文书")), problems=[
        (problem.message(language()), problem.fix(language())) for problem in refused.problems]), 422


def _pictures(event_type: EventType, form: StepForm) -> tuple[MaterialRef, ...]:
    """Hand signatures that were given with the form; other files are not looked at before the step is saved."""
    signatures = {requirement.id for requirement in event_type.materials if requirement.signature}
    stored = store_materials(event_type, the_actor().person_id, form, only=signatures)
    return tuple(one for one in stored if one.requirement in signatures)
