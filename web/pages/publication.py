"""Publication of a case's score: what will be published, asked once more, then on the ledger with its receipt whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from core.ledger.event import Event
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.organs.authority import Action
from scoring.models import CaseScore
from scoring.publication import PUBLISHED, publish_case
from web.kit.access import find_case, page_required, the_actor
from web.kit.language import language
from web.kit.people import organ_names, person_names
from web.kit.render import Crumb, instance, render_page
from web.kit.scoring import replayer
from web.kit.words import minute

pages = Blueprint("publication", __name__)


@dataclass(frozen=True, slots=True)
class Publication:
    """A published score: when, by whom, for which organ."""

    receipt: str
    score: str
    when: str
    person: str
    organ: str
    provisional: bool


@pages.get("/cases/<case_id>/publish", endpoint="confirm")
@page_required(Action.PUBLISH_SCORE)
def confirm(case_id: str) -> Any:
    """What is about to be published; nothing happens yet."""
    row = find_case(case_id, Action.PUBLISH_SCORE)
    if row.closed_at is None:
        return _not_yet(row)
    score = CaseScore.get_or_none(CaseScore.case == row.id)
    return render_page(
        "pages/publish.html", str(_("公布得分")), row=row, score=score, publications=publications(events_of(row.id)),
        breadcrumb=(Crumb(str(_("事项办理")), url_for("cases.index")),
                    Crumb(row.title or row.number or row.id, url_for("cases.show", case_id=row.id))))


@pages.post("/cases/<case_id>/publish", endpoint="publish")
@page_required(Action.PUBLISH_SCORE)
def publish(case_id: str) -> Any:
    """Publish the score of a closed case as it stands now."""
    row = find_case(case_id, Action.PUBLISH_SCORE)
    if row.closed_at is None:
        return _not_yet(row)
    try:
        receipt = publish_case(instance().recorder, replayer(), row.id, the_actor())
    except FazhiError as refused:
        flash(refused.problems[0].message(language()), "warning")
        return redirect(url_for("cases.show", case_id=row.id))
    flash(_("得分已公布，回执全文已保存。"))
    return redirect(url_for("receipts.show", receipt_id=receipt.key.id))


def publications(events: Iterable[Event]) -> list[Publication]:
    """The publications among some events of a case, the latest first."""
    found = [event for event in events if event.type == PUBLISHED]
    people = person_names({event.actor for event in found})
    organs = organ_names({event.organ for event in found})
    return [Publication(
        str(event.payload["receipt"]), str(event.payload["score"]), minute(event.recorded_at), people[event.actor],
        organs[event.organ], bool(event.payload.get("provisional"))) for event in reversed(found)]


def _not_yet(row: CaseRow) -> Any:
    flash(_("事项办结后才能公布得分。"), "warning")
    return redirect(url_for("cases.show", case_id=row.id))
