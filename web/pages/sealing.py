"""Sealing of personal data on a case: which values are still there, which to erase for good, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.organs.authority import Action
from web.kit.access import find_case, page_required, the_actor
from web.kit.language import language, say
from web.kit.procedures import procedure_of
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import step_title
from web.kit.words import day, joined

pages = Blueprint("sealing", __name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A record with personal fields that still have a value."""

    event: str
    title: str
    fields: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        """The titles of the fields."""
        return joined(title for _name, title in self.fields)


@pages.get("/cases/<case_id>/seal", endpoint="choose")
@page_required(Action.SEAL_PERSONAL)
def choose(case_id: str) -> Any:
    """The personal values of a case that may be sealed, without showing them."""
    return _page(find_case(case_id, Action.SEAL_PERSONAL), "")


@pages.post("/cases/<case_id>/seal", endpoint="seal")
@page_required(Action.SEAL_PERSONAL)
def seal(case_id: str) -> Any:
    """Erase the chosen values for good; who did it and why goes to the ledger."""
    row = find_case(case_id, Action.SEAL_PERSONAL)
    reason = request.form.get("reason", "").strip()
    fields = request.form.getlist("field")
    if not fields:
        return _page(row, str(_("请选择要封存的内容。"))), 422
    if request.form.get("sure") != "true":
        return _page(row, str(_("请确认已核对：封存后内容不能恢复。"))), 422
    actor = the_actor()
    try:
        instance().recorder.seal(row.id, fields, reason=reason, actor=actor.person_id, organ=actor.organ,
                                 event_id=request.form.get("event") or None)
    except FazhiError as refused:
        return _page(row, refused.problems[0].message(language())), 422
    flash(_("个人信息已封存，原内容不能恢复。"))
    return redirect(url_for("cases.show", case_id=row.id))


def held_by(row: CaseRow) -> list[Held]:
    """The records of a case with personal values that are still there, the latest first."""
    procedure = procedure_of(row.procedure)
    found = []
    for event in events_of(row.id):
        known = procedure.events.get(event.type)
        fields = tuple((name, say(field.title)) for name, field in (known.fields.items() if known else ())
                       if field.personal and name not in event.sealed and event.payload.get(name) is not None)
        if fields:
            found.append(Held(event.id, f"{step_title(procedure, event.type)} {day(event.occurred_at)}", fields))
    return found[::-1]


def _page(row: CaseRow, problem: str) -> str:
    held = held_by(row)
    return render_page(
        "pages/seal.html", str(_("封存个人信息")), row=row, held=held, problem=problem,
        fields=dict(pair for one in held for pair in one.fields), chosen=request.form.getlist("field"),
        event=request.form.get("event", ""), reason=request.form.get("reason", ""),
        breadcrumb=(Crumb(str(_("事项办理")), url_for("cases.index")),
                    Crumb(row.title or row.number or row.id, url_for("cases.show", case_id=row.id))))
