"""Receipts: every point and every verdict explained down to rule, article and record; replayed on demand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.organs.authority import Action
from scoring.models import ReceiptRow
from scoring.replay import Replayed, stored_body
from web.kit.access import page_required, permit, target_of
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import rule_title, step_title
from web.kit.scoring import replayer, words
from web.kit.words import day
from web.pages.publication import publications

pages = Blueprint("receipts", __name__)


@pages.get("/receipts/<receipt_id>", endpoint="show")
@page_required(Action.VIEW_RECEIPT)
def show(receipt_id: str) -> str:
    """A receipt with its trace."""
    row, case = _find(receipt_id)
    return _page(row, case, None)


@pages.post("/receipts/<receipt_id>/replay", endpoint="replay")
@page_required(Action.VIEW_RECEIPT)
def replay(receipt_id: str) -> str:
    """Compute the receipt again from the ledger and compare it with what was stored."""
    row, case = _find(receipt_id)
    return _page(row, case, replayer().replay(row.id))


def _find(receipt_id: str) -> tuple[Any, CaseRow]:
    row = ReceiptRow.get_or_none(ReceiptRow.id == receipt_id)
    case = CaseRow.get_or_none(CaseRow.id == row.subject.partition("|")[0]) if row else None
    if case is None:
        abort(404)
    permit(Action.VIEW_RECEIPT, target_of(case))
    return row, case


def _page(row: Any, case: CaseRow, replayed: Replayed | None) -> str:
    bundle = instance().bundles.current()
    procedure = bundle.procedures.get(case.procedure)
    body = stored_body(row.id) or (replayed.receipt if replayed else replayer().receipt(row.id)).body
    events = {event.id: event for event in events_of(case.id)}
    published = [one for one in publications(events.values()) if one.receipt == row.id]
    records = {event: f"{step_title(procedure, events[event].type)} {day(events[event].occurred_at)}"
               for event in _events(body["trace"]) if event in events}
    rule = row.subject.split("|")[1] if "|" in row.subject else ""
    title = rule_title(bundle, rule, case.region) if rule else words(body["result"].get("title"))
    case_url = url_for("cases.show", case_id=case.id)
    return render_page(
        "pages/receipt.html", str(_("判定回执")) if rule else str(_("评分回执")), page_lead=title,
        breadcrumb=(Crumb(str(_("事项办理")), url_for("cases.index")), Crumb(case.title or case.number, case_url)),
        row=row, case=case, body=body, records=records, replayed=replayed, rule=rule, published=published)


def _events(nodes: list[dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        found.update(node.get("events", ()))
        for fact in node.get("facts", ()):
            found.update(fact.get("events", ()))
        found |= _events(node.get("children", []))
    return found
