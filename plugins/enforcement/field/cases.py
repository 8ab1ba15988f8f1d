"""Cases as the phone shows them: the officer's own first, and one case with what was recorded and found."""

from __future__ import annotations

from typing import Any

from flask import url_for
from peewee import fn

from core.documents.models import IssuedDocument
from core.ledger.event import Event
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import events_of, load_case
from core.organs.authority import Action, Actor
from core.organs.visibility import visible_cases
from plugins.enforcement.officers.badges import qr_svg
from web.kit.language import say
from web.kit.people import person_names
from web.kit.procedures import recordable
from web.kit.render import instance
from web.kit.rulewords import stage_title, step_title
from web.kit.words import day, minute
from web.pages.finding_list import UNDETERMINED, findings_of_case

Json = dict[str, Any]
SHOWN = 40


def cases_for(actor: Actor, procedures: list[str]) -> list[Json]:
    """Open cases in which the officer may record steps, those that he has worked on first."""
    worked: Any = EventRow.select(EventRow.case).where(EventRow.actor == actor.person_id)
    mine = CaseRow.id.in_(worked)
    rows: Any = (CaseRow.select(CaseRow, fn.MAX(EventRow.recorded_at).alias("latest"))
                 .join(EventRow, on=(EventRow.case == CaseRow.id))
                 .where(CaseRow.closed_at.is_null() & CaseRow.procedure.in_(procedures) & visible_cases(
                     actor, Action.RECORD_STEP, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure))
                 .group_by(CaseRow.id))
    first = list(rows.where(mine).order_by(fn.MAX(EventRow.recorded_at).desc()).limit(SHOWN))
    rest = list(rows.where(~mine).order_by(fn.MAX(EventRow.recorded_at).desc()).limit(SHOWN - len(first)))
    return [_line(row, own) for found, own in ((first, True), (rest, False)) for row in found]


def _line(row: Any, own: bool) -> Json:
    procedure = instance().bundles.current().procedures.get(row.procedure)
    return {"id": row.id, "title": row.title or row.number or row.id, "number": row.number,
            "procedure": row.procedure, "kind": say(procedure.title) if procedure else row.procedure,
            "stage": stage_title(procedure, row.stage), "mine": own, "opened": day(row.opened_at)}


def case_state(row: CaseRow, actor: Actor) -> Json:
    """One case: what was recorded, what may be recorded, what was found.

    Values of fields stay on the server; the phone is told which steps there are and when they happened.
    """
    bundle = instance().bundles.current()
    case = load_case(row.id, bundle)
    procedure = case.procedure
    events = {event.id: event for event in events_of(row.id)}
    names = person_names(step.event.actor for step in case.steps)
    findings = findings_of_case(row.id, actor)
    return {
        **_line(row, True), "seq": row.last_seq, "closed": case.closing is not None,
        "may": sorted(recordable(actor, row, procedure)),
        "steps": [{"id": step.event.id, "type": step.type, "title": step_title(procedure, step.type),
                   "at": _when(step.event), "by": names.get(step.event.actor, step.event.actor),
                   "seq": step.event.seq, "materials": _materials(events[step.event.id])} for step in case.steps],
        "documents": _documents(row.id),
        "findings": [{"id": one.id, "title": one.title, "level": one.level} for one in findings
                     if one.status in UNDETERMINED],
    }


def _materials(event: Event) -> list[Json]:
    return [{"sha256": one.sha256, "name": one.name, "requirement": one.requirement, "type": one.media_type}
            for one in event.materials]


def _documents(case_id: str) -> list[Json]:
    """The documents that the platform wrote, with what the party needs to find them."""
    rows: Any = IssuedDocument.select().where(IssuedDocument.case_id == case_id).order_by(IssuedDocument.issued_at)
    return [{"title": one.title, "number": one.number, "secret": one.secret,
             "qr": qr_svg(one.address) if one.address else "",
             "url": url_for("enforcement_field_api.document", case_id=case_id, sha256=one.sha256)} for one in rows]


def _when(event: Event) -> str:
    return minute(event.occurred_at) if event.precision == "instant" else day(event.occurred_at)
