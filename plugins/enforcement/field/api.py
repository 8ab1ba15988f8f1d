"""What the phone asks and records: who is working, procedures, cases; steps go through the recorder like any other."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from flask import Blueprint, abort, request, send_file, url_for
from flask_wtf.csrf import generate_csrf
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from werkzeug.datastructures import MultiDict

from core.documents.models import IssuedDocument
from core.errors import FazhiError, Location, fail
from core.ledger.event import MaterialRef
from core.ledger.intake import NewEvent, Recorded
from core.materials.chunks import LARGEST_CHUNK, ChunkedUploads
from core.organs.authority import Action, Actor
from core.organs.models import Organ
from core.rulebook.model import EventType, Procedure
from plugins.enforcement.field.answers import Answer, form_refused, init_answers
from plugins.enforcement.field.cases import case_state, cases_for
from plugins.enforcement.field.description import procedures_for, title_of_case
from plugins.enforcement.officers.badges import qr_svg
from plugins.enforcement.officers.models import Certificate
from plugins.enforcement.officers.register import shown_state
from plugins.enforcement.officers.vocabulary import State
from web.kit.access import find_case, page_required, the_actor, today_of
from web.kit.language import language
from web.kit.people import organ_names
from web.kit.procedures import new_head, openable, procedure_of, recordable
from web.kit.render import instance
from web.kit.step_form import FIELD_PREFIX, OCCURRED, StepForm, read_form

pages = Blueprint("enforcement_field_api", __name__, url_prefix="/field/api")
init_answers(pages)

COLLEAGUES = 300
MOST_MATERIALS = 200
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{16,64}$")]
Upload = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Short = Annotated[str, Field(max_length=200)]


class StepRequest(BaseModel):
    """A step as the phone sends it.

    Attributes:
        occurred_at: the device's time of the act.
        values: what was typed, as a form would send it.
        materials: requirement to finished uploads.
        documents: materials that the platform writes itself.
        key: drawn once for this step; the same key records once, however often it is sent.
        seen: ``seq`` of the case as the officer saw it.
    """

    model_config = ConfigDict(extra="forbid")

    step: Short
    occurred_at: AwareDatetime
    values: dict[str, str | list[str]] = {}
    materials: dict[str, Annotated[list[Upload], Field(max_length=MOST_MATERIALS)]] = {}
    documents: Annotated[list[Short], Field(max_length=20)] = []
    key: Key
    seen: int | None = None


class OpenRequest(StepRequest):
    """The first step of a new case."""

    procedure: Short
    title: Short = ""


@pages.get("/start", endpoint="start")
@page_required(Action.RECORD_STEP)
def start() -> dict[str, Any]:
    """Everything that the phone keeps to work without network: the officer, his badge, colleagues, procedures."""
    actor, today = the_actor(), today_of(instance())
    procedures = procedures_for(actor, today)
    return {
        "account": actor.person_id, "name": actor.name, "organ": organ_names([actor.organ])[actor.organ],
        "organId": actor.organ, "csrf": generate_csrf(), "now": int(instance().now().timestamp() * 1000),
        "language": language(), "largestChunk": LARGEST_CHUNK, "badges": _badges(actor),
        "colleagues": _colleagues(actor), "procedures": procedures,
        "cases": cases_for(actor, [one["id"] for one in procedures]),
    }


def _badges(actor: Actor) -> list[dict[str, Any]]:
    today = today_of(instance())
    rows: Any = Certificate.select(Certificate, Organ).join(Organ).where(Certificate.account == actor.person_id)
    found = []
    for row in rows:
        if shown_state(row, today) is State.VALID:
            address = url_for("badges.show", code=row.code, _external=True)
            found.append({"number": row.number, "name": row.name, "organ": row.organ.name, "address": address,
                          "until": row.valid_until.isoformat(), "qr": qr_svg(address)})
    return found


def _colleagues(actor: Actor) -> list[list[str]]:
    """Certificates of the officer's organ that are valid today: number and name."""
    today = today_of(instance())
    rows: Any = Certificate.select(Certificate.number, Certificate.name).where(
        (Certificate.organ == actor.organ) & (Certificate.state == State.VALID.value)
        & (Certificate.valid_until >= today)).order_by(Certificate.number).limit(COLLEAGUES)
    return [list(row) for row in rows.tuples()]


@pages.get("/cases/<case_id>", endpoint="case")
@page_required(Action.RECORD_STEP)
def case(case_id: str) -> dict[str, Any]:
    """One case as it stands."""
    return case_state(find_case(case_id, Action.RECORD_STEP), the_actor())


@pages.get("/cases/<case_id>/documents/<sha256>", endpoint="document")
@page_required(Action.DOWNLOAD_MATERIAL)
def document(case_id: str, sha256: str) -> Any:
    """A document that the platform wrote, shown in the browser to be read out or printed."""
    row = find_case(case_id, Action.DOWNLOAD_MATERIAL)
    issued = IssuedDocument.get_or_none((IssuedDocument.case_id == row.id) & (IssuedDocument.sha256 == sha256))
    if issued is None or not instance().materials.knows(sha256):
        abort(404)
    return send_file(instance().materials.path(sha256), mimetype="application/pdf", etag=sha256,
                     download_name=f"{issued.title}.pdf")


@pages.post("/cases", endpoint="open")
@page_required(Action.RECORD_STEP)
def open_case() -> Any:
    """Open a case with its first step."""
    actor = the_actor()
    asked = OpenRequest.model_validate(request.get_json(silent=True))
    procedure = procedure_of(asked.procedure)
    if (procedure.id, asked.step) not in {(opened.id, event.id) for opened, event in openable(actor)}:
        abort(404)
    title = title_of_case(procedure, asked.title.strip())

    def record(new: NewEvent) -> Recorded:
        return instance().recorder.open_case(new_head(actor, procedure, uuid.uuid4().hex, title, ""), new,
                                             request_key=asked.key)

    return _take(asked, procedure, actor, record)


@pages.post("/cases/<case_id>/steps", endpoint="step")
@page_required(Action.RECORD_STEP)
def record_step(case_id: str) -> Any:
    """Record the next step of a case."""
    actor = the_actor()
    row = find_case(case_id, Action.RECORD_STEP)
    procedure = procedure_of(row.procedure)
    asked = StepRequest.model_validate(request.get_json(silent=True))
    if asked.step not in recordable(actor, row, procedure):
        abort(404)

    def record(new: NewEvent) -> Recorded:
        return instance().recorder.record(row.id, new, expected_seq=asked.seen, request_key=asked.key)

    return _take(asked, procedure, actor, record)


def _take(asked: StepRequest, procedure: Procedure, actor: Actor, record: Any) -> dict[str, Any] | Answer:
    """Read the values, let the recorder decide, and answer with the case as it stands then."""
    _refuse_future(asked.occurred_at)
    event_type = procedure.events[asked.step]
    form = _form(asked, event_type, procedure)
    if not form.valid:
        return form_refused(form)
    new = NewEvent(event_type.id, asked.occurred_at.astimezone(UTC), form.payload, _materials(asked.materials, actor),
                   precision="instant", actor=actor.person_id, organ=actor.organ, documents=tuple(asked.documents))
    try:
        recorded: Recorded = record(new)
    except FazhiError as refused:
        codes = {problem.code for problem in refused.problems}
        if codes & {"case-moved-on", "request-key-reused", "authority-object", "step-organ-stranger", "case-unknown"}:
            raise
        return form_refused(form, refused)
    step = recorded.events[0]
    return {"case": recorded.case_id, "event": step.id,
            "state": case_state(find_case(recorded.case_id, Action.RECORD_STEP), actor)}


def _refuse_future(occurred_at: datetime) -> None:
    """The device's clock may be ahead of the platform's; nothing is recorded in the future."""
    ahead = (occurred_at - instance().now()).total_seconds()
    if ahead > 0:
        raise fail("field-clock-ahead", Location("step", field="occurred_at"), seconds=math.ceil(ahead))


def _form(asked: StepRequest, event_type: EventType, procedure: Procedure) -> StepForm:
    sent: MultiDict[str, str] = MultiDict()
    for name, value in asked.values.items():
        for one in [value] if isinstance(value, str) else value:
            sent.add(FIELD_PREFIX + name, one)
    local = asked.occurred_at.astimezone(procedure.timezone).replace(tzinfo=None)
    sent.add(OCCURRED, local.isoformat())
    form = read_form(event_type, sent, procedure.timezone)
    for name in asked.values:
        if name.partition(".")[0] not in event_type.fields:
            raise fail("event-field-unknown", Location("step", field=name), name=name[:80], title=event_type.title.zh,
                       title_en=event_type.title.to("en"), allowed="、".join(event_type.fields) or "—")
    return form


def _materials(asked: Mapping[str, list[str]], actor: Actor) -> tuple[MaterialRef, ...]:
    uploads = ChunkedUploads(instance().materials)
    return tuple(uploads.finished(upload, actor.person_id).stored.answers(requirement)
                 for requirement, given in asked.items() for upload in given)
