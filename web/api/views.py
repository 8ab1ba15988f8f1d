"""The operations of ``/api/v1``."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, request
from peewee import fn

from core.errors import FazhiError, Location, Problem, fail
from core.ledger.intake import NewEvent, Recorded
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.organs.authority import Action, Actor
from core.organs.visibility import visible_cases
from scoring.models import FindingRow
from web.api import shapes, showing
from web.api.openapi import document
from web.api.operation import operation
from web.api.security import authenticate
from web.kit.access import find_case, the_actor
from web.kit.procedures import new_head, openable, procedure_of
from web.kit.render import instance
from web.kit.uploads import keep_token, kept_materials, upload_page

pages = Blueprint("api", __name__, url_prefix="/api/v1")
pages.before_request(lambda: authenticate(current_app._get_current_object()))  # type: ignore[attr-defined]


@pages.get("/openapi.json", endpoint="openapi")
@operation("接口说明（OpenAPI 3.1）", open_to_all=True)
def openapi() -> dict[str, Any]:
    """This document, made from the operations themselves."""
    return document(current_app)


@pages.get("/me", endpoint="me")
@operation("凭证所属的系统账号", answer=shapes.WhoAmI)
def me() -> shapes.WhoAmI:
    """Whose key it is and what it may open."""
    actor = the_actor()
    opened = {procedure.id: procedure.title.zh for procedure, _event in openable(actor)}
    return shapes.WhoAmI(
        account=actor.person_id, name=actor.name, organ=actor.organ, region=actor.place.region,
        procedures=[shapes.ProcedureLine(id=one, title=title) for one, title in opened.items()])


@pages.get("/procedures/<procedure_id>", endpoint="procedure")
@operation("程序的步骤、填写项和材料", answer=shapes.ProcedureShown, refusals=(404,))
def procedure(procedure_id: str) -> shapes.ProcedureShown:
    """What can be recorded, and what each step needs."""
    return showing.procedure(procedure_of(procedure_id), the_actor())


@pages.post("/materials", endpoint="upload")
@upload_page()
@operation("上传材料（请求体即文件）", query=shapes.FileName, answer=shapes.MaterialMade, status=201, raw=True)
def upload(query: shapes.FileName) -> shapes.MaterialMade:
    """Store a file; a step names it by the token, which serves nobody else."""
    stored = instance().materials.store(request.stream, query.name)
    return shapes.MaterialMade(sha256=stored.sha256, size=stored.size, media_type=stored.media_type,
                               name=stored.name, token=keep_token(stored.answers(""), the_actor().person_id))


@pages.get("/cases", endpoint="cases")
@operation("可以查看的事项", query=shapes.CaseListing, answer=shapes.CasePage)
def cases(query: shapes.CaseListing) -> shapes.CasePage:
    """Cases that the account may see, the latest opened first."""
    found = CaseRow.select().where(visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
    if query.procedure:
        found = found.where(CaseRow.procedure == query.procedure)
    if query.status:
        found = found.where(CaseRow.closed_at.is_null(query.status == "open"))
    rows = found.order_by(CaseRow.opened_at.desc(), CaseRow.id.desc()).paginate(query.page, query.size)
    return shapes.CasePage(total=found.count(), page=query.page, items=showing.cases(list(rows)))


@pages.post("/cases", endpoint="open_case")
@operation("新建事项并记录第一个步骤", body=shapes.CaseSent, answer=shapes.RecordedShown, status=201, keyed=True,
           refusals=(403, 404, 409))
def open_case(body: shapes.CaseSent, key: str) -> shapes.RecordedShown:
    """Open a case for the account's organ."""
    actor = the_actor()
    found = procedure_of(body.procedure)
    if found.id not in {one.id for one, _event in openable(actor)}:
        abort(404)
    new = _new(body.step, actor, "step.")
    try:
        recorded = instance().recorder.open_case(
            new_head(actor, found, uuid.uuid4().hex, body.title, body.number), new, request_key=key)
    except FazhiError as refused:
        raise _placed(refused, "step.", found.events.get(body.step.type)) from None
    return _shown(recorded)


@pages.get("/cases/<case_id>", endpoint="case")
@operation("事项的步骤、应办事项和问题", answer=shapes.CaseWhole, refusals=(404,))
def case(case_id: str) -> shapes.CaseWhole:
    """A case whole."""
    row = find_case(case_id, Action.VIEW_CASE)
    known = instance().bundles.current().procedures.get(row.procedure)
    return shapes.CaseWhole(case=showing.case(row.id), steps=showing.steps(events_of(row.id), known),
                            duties=showing.duties_of(row.id), findings=showing.findings_of(row.id))


@pages.post("/cases/<case_id>/steps", endpoint="record")
@operation("记录（或者更正）一个步骤", body=shapes.StepSent, answer=shapes.RecordedShown, status=201, keyed=True,
           refusals=(403, 404, 409))
def record(case_id: str, body: shapes.StepSent, key: str) -> shapes.RecordedShown:
    """Record a step of a case that the account may record on."""
    row = find_case(case_id, Action.CORRECT_STEP if body.corrects else Action.RECORD_STEP)
    new = _new(body, the_actor(), "")
    try:
        recorded = instance().recorder.record(row.id, new, expected_seq=body.expected_seq, request_key=key)
    except FazhiError as refused:
        known = instance().bundles.current().procedures.get(row.procedure)
        raise _placed(refused, "", known.events.get(body.type) if known else None) from None
    return _shown(recorded)


@pages.get("/findings", endpoint="findings")
@operation("可以查看的问题", query=shapes.FindingListing, answer=shapes.FindingPage)
def findings(query: shapes.FindingListing) -> shapes.FindingPage:
    """Findings on cases that the account may see, the latest first."""
    found: Any = FindingRow.select().where(visible_cases(
        the_actor(), Action.VIEW_FINDING, organ=FindingRow.organ, case_id=FindingRow.case,
        procedure=FindingRow.procedure))
    if query.raised_since is not None:
        if query.raised_since.tzinfo is None:
            raise fail("api-time-zone", Location("request", field="raised_since"))
        found = found.where(FindingRow.raised_at >= query.raised_since)
    if query.status:
        found = found.where(fn.LOWER(FindingRow.status) == query.status.lower())
    rows = found.order_by(FindingRow.raised_at.desc(), FindingRow.id).paginate(query.page, query.size)
    return shapes.FindingPage(total=found.count(), page=query.page, items=showing.findings(rows))


def _new(sent: shapes.StepSent, actor: Actor, prefix: str) -> NewEvent:
    materials = []
    for index, one in enumerate(sent.materials):
        kept = kept_materials([one.token], actor.person_id)
        if not kept:
            raise fail("api-material-token", Location("request", field=f"{prefix}materials.{index}.token"))
        file = kept[0]
        materials.append(type(file)(one.requirement, file.sha256, file.name, file.size, file.media_type))
    return NewEvent(sent.type, _moment(sent.occurred_at, f"{prefix}occurred_at"), sent.fields, tuple(materials),
                    corrects=sent.corrects, void=sent.void, actor=actor.person_id, organ=actor.organ,
                    reason=sent.reason)


def _moment(text: str, place: str) -> datetime | date:
    at = Location("request", field=place)
    try:
        if len(text) == len("2026-03-02"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise fail("api-moment", at, value=text[:40]) from None
    if moment.tzinfo is None:
        raise fail("api-time-zone", at)
    return moment


def _placed(refused: FazhiError, prefix: str, kind: Any) -> FazhiError:
    """The ledger's problems at the places of the request that they speak of."""
    def place(problem: Problem) -> Problem:
        name = problem.at.field if problem.at else ""
        inside = f"fields.{name}" if kind is not None and name in kind.fields else name
        known = {"title": "title", "number": "number"}
        where = known.get(name, f"{prefix}{inside}") if name else ""
        return Problem(problem.code, Location("request", field=where), problem.details)

    return FazhiError(place(problem) for problem in refused.problems)


def _shown(recorded: Recorded) -> shapes.RecordedShown:
    first = recorded.events[0]
    return shapes.RecordedShown(
        case=showing.case(recorded.case_id), step=showing.step(first, recorded.case.procedure),
        duties=showing.duties_of(recorded.case_id), findings=showing.findings_of(recorded.case_id),
        repeated=recorded.repeated)
