"""Search: cases, findings, organs and rules in one page, each within what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, request
from flask_babel import gettext as _

from core.extension import Hit
from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.models import Organ
from core.organs.visibility import visible_organs
from scoring.models import FindingRow
from web.kit.access import page_required, the_actor
from web.kit.language import say
from web.kit.render import instance, render_page
from web.pages import case_list, finding_list

pages = Blueprint("search", __name__)
SHOWN = 10


@pages.get("/search", endpoint="results")
@page_required(Action.VIEW_WORKBENCH)
def results() -> str:
    """What holds the words asked for."""
    asked = request.args.get("q", "").strip()[:80]
    actor = the_actor()
    cases = case_list.visible(actor).where(CaseRow.title.contains(asked) | CaseRow.number.contains(asked))
    findings = finding_list.visible_findings(actor).where(
        CaseRow.title.contains(asked) | FindingRow.code.contains(asked.upper()))
    organs = Organ.select().where(Organ.id.in_(visible_organs(actor, Action.VIEW_CASE)) & (
        Organ.name.contains(asked) | (Organ.id == asked))).order_by(Organ.level, Organ.id)
    return render_page(
        "pages/search.html", str(_("搜索：%(asked)s", asked=asked)) if asked else str(_("搜索")), searched=asked,
        cases=case_list.shaped(list(cases.limit(SHOWN))) if asked else (), case_count=cases.count() if asked else 0,
        findings=finding_list.shaped(findings.limit(SHOWN)) if asked else (),
        finding_count=findings.count() if asked else 0, organs=list(organs.limit(SHOWN)) if asked else (),
        rules=_rules(asked) if asked else (), others=_others(asked) if asked else ())


def _others(asked: str) -> list[tuple[str, Sequence[Hit], str]]:
    """What plugins find: heading, hits, and the address of their own search."""
    finders = [platform.finder for platform in instance().plugins.platforms if platform.finder is not None]
    found = [(say(finder.title), finder.find(asked, SHOWN), finder.more(asked)) for finder in finders]
    return [part for part in found if part[1]]


def _rules(asked: str) -> list[tuple[str, str, str]]:
    bundle = instance().bundles.current()
    region = the_actor().place.region
    found = {}
    for procedure in bundle.procedures:
        for rule in bundle.rules(procedure, region):
            text = f"{rule.title.zh} {rule.title.to('en')} {rule.code} {rule.id}".lower()
            if asked.lower() in text:
                found[rule.id] = (rule.id, say(rule.title), rule.code)
    return list(found.values())[:SHOWN]
