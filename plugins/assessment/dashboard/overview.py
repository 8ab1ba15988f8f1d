"""The dashboard of a government or a department, and the way down to each result and the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _

from core.ledger.models import CaseRow
from core.organs.authority import Action
from core.organs.codes import ancestors, level_of
from core.organs.models import Organ
from core.organs.visibility import visible_cases, visible_organs
from core.organs.vocabulary import TERRITORIAL_KINDS
from core.rulebook.model import Node
from core.rulebook.schemes import Ladder, leaves_of
from plugins.assessment.dashboard.asking import (
    GOVERNING,
    Asked,
    asked_for,
    find_organ,
    government_of,
    own_organ,
    scored_of,
)
from plugins.assessment.dashboard.drawing import Line, course, radar
from plugins.assessment.dashboard.figures import means, standing, tiles, work_of
from scoring.assessment.distance import Change, to_full_marks
from scoring.assessment.models import OrganScoreRow
from scoring.assessment.queries import By, CaseBehind, cases_behind, is_frozen, trend
from scoring.assessment.receipts import About, organ_receipt
from scoring.assessment.score import OrganScored
from scoring.columns import tuples
from scoring.plain import canonical
from scoring.trace import TraceNode
from web.kit.access import may, page_required, the_actor
from web.kit.language import language, say
from web.kit.paging import Page, asked_page
from web.kit.people import region_names
from web.kit.procedures import openable
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import rule_title

pages = Blueprint("assessment_dashboard", __name__, url_prefix="/assessment", template_folder="templates")
MOST_CHANGES, CASES = 20, 20


@dataclass(frozen=True, slots=True)
class Row:
    """A node as the page of its parent shows it."""

    node: TraceNode
    title: str
    results: int

    @property
    def lost(self) -> Decimal | None:
        """Points not earned; None where nothing is scored."""
        if self.node.earned is None or self.node.weight is None:
            return None
        return self.node.weight - self.node.earned


@pages.get("", endpoint="index")
@page_required(Action.VIEW_RANKING)
def index() -> Any:
    """The dashboard of the reader's own place, or of the government of a region that he looks after."""
    region = request.args.get("region", "")
    own = None if region else own_organ()
    if not region and (own is None or not may(Action.VIEW_SCORE, own.id)):
        return redirect(url_for("assessment_boards.ranking"))
    return _dashboard(asked_for(government_of(region) if region else own))


@pages.get("/organs/<organ>", endpoint="organ")
@page_required(Action.VIEW_SCORE)
def organ(organ: str) -> str:
    """The dashboard of one organ."""
    return _dashboard(asked_for(find_organ(organ)))


def _dashboard(asked: Asked) -> str:
    scored = scored_of(asked)
    title = asked.organ.name
    if scored is None or asked.scheme is None:
        return render_page("assessment/dashboard.html", title, asked=asked, scored=None)
    place = asked.organ
    stands = None if asked.earlier else standing(asked.scheme.id, asked.year, place, scored.score)
    lines = _radar(asked, scored, stands is not None and stands.size > 1)
    wide = place.kind in TERRITORIAL_KINDS and level_of(place.region_id) == place.level
    by: By = request.args.get("by", "month")  # type: ignore[assignment]
    by = by if by in get_args(By) else "month"
    points = () if asked.earlier else trend(asked.scheme.id, asked.year, place.id, by)
    width = {"day": slice(5, 10), "month": slice(0, 7), "year": slice(0, 4)}[by]
    return render_page(
        "assessment/dashboard.html", title, asked=asked, scored=scored, breadcrumb=_above(asked),
        standing=stands, mean=len(lines) > 1, aspects=scored.aspects(), views=scored.views(), by=by,
        radar=radar(str(_("各方面得分率")), [say(part.title) for part in scored.aspects()], lines),
        tiles=tiles(asked.scheme.id, asked.year, place.region_id) if wide and not asked.earlier else (),
        work=work_of(place, wide), wide=wide, frozen=is_frozen(asked.scheme.id, asked.year),
        losses=_losses(scored)[:6], notes=_notes(scored.notes), unscored=_unscored(scored),
        departments=_departments(asked), may_publish=may(Action.PUBLISH_SCORE, place.id),
        course=course(str(_("得分走势")), [point.day.isoformat()[width] for point in points],
                      [Line(title, [point.score for point in points])]) if len(points) > 1 else "",
        points=points)


def _radar(asked: Asked, scored: OrganScored, compared: bool) -> list[Line]:
    parts = scored.aspects()
    lines = [Line(asked.organ.name, [part.score for part in parts])]
    if compared and asked.scheme:
        league = ancestors(asked.organ.region_id)[:2][-1] if asked.organ.kind not in GOVERNING else ""
        mean = means(asked.scheme.id, asked.year, asked.organ.level, asked.organ.kind, league)
        lines.append(Line(str(_("同类平均")), [mean.get(("aspect", part.id)) for part in parts]))
    return lines


def _losses(scored: OrganScored) -> list[Row]:
    """Results that lost points, the most first."""
    rows = [Row(part, say(part.title), 1) for node in scored.nodes for part in node.walk() if part.kind == "leaf"]
    return sorted((row for row in rows if row.lost), key=lambda row: (-(row.lost or 0), row.node.id))


def _unscored(scored: OrganScored) -> int:
    return sum(outcome.status == "unscored" for outcome in scored.outcomes.values())


def _notes(notes: Sequence[Any]) -> list[str]:
    return [note.text(language()) for note in notes]


def _departments(asked: Asked) -> list[dict[str, Any]]:
    """The organs that a government answers for, with their scores, worst first."""
    if asked.organ.kind not in GOVERNING or asked.earlier or asked.scheme is None:
        return []
    rows = tuples(Organ.select(Organ.id, Organ.name, OrganScoreRow.score).join(
        OrganScoreRow, on=((OrganScoreRow.organ == Organ.id) & (OrganScoreRow.scheme == asked.scheme.id)
                           & (OrganScoreRow.year == asked.year))).where(
            (Organ.government == asked.organ.id) & Organ.active).order_by(OrganScoreRow.score.desc(), Organ.id))
    seen = {row[0] for row in tuples(visible_organs(the_actor(), Action.VIEW_SCORE).where(
        Organ.government == asked.organ.id))}
    prefix = region_names([asked.organ.region_id])[asked.organ.region_id]
    return [{"id": row[0], "name": row[1].removeprefix(prefix), "score": row[2]} for row in rows if row[0] in seen]


def _above(asked: Asked) -> list[Crumb]:
    """The governments above, as far as the reader may see them."""
    crumbs = [Crumb(str(_("考核总览")), url_for(".index", **asked.kept))]
    place = asked.organ
    codes = [code for code in ancestors(place.region_id) if code != place.region_id or place.kind not in GOVERNING]
    names = region_names(codes)
    for code in codes:
        government = government_of(code)
        if government is not None and government.id != place.id and may(Action.VIEW_SCORE, government.id):
            crumbs.append(Crumb(names[code], url_for(".organ", organ=government.id, **asked.kept)))
    return crumbs


@pages.get("/organs/<organ>/nodes/<node>", endpoint="node")
@page_required(Action.VIEW_SCORE)
def node(organ: str, node: str) -> str:
    """An aspect, a measure or a result of an organ: what lies below it, or the numbers and the cases behind it."""
    asked = asked_for(find_organ(organ))
    scored = scored_of(asked)
    found = next((hit for top in scored.nodes if (hit := top.find(node)) is not None), None) if scored else None
    if scored is None or found is None or asked.scheme is None:
        abort(404)
    path = _path(asked.scheme.nodes, node)
    crumbs = [*_above(asked), Crumb(asked.organ.name, url_for(".organ", organ=organ, **asked.kept)),
              *(Crumb(say(each.title), url_for(".node", organ=organ, node=each.id, **asked.kept))
                for each in path[:-1])]
    declared = path[-1] if path else None
    common: dict[str, Any] = {
        "asked": asked, "found": found, "declared": declared, "breadcrumb": crumbs,
        "notes": _notes(found.notes)}
    if found.kind != "leaf" or declared is None or declared.leaf is None:
        rows = [Row(child, say(child.title), sum(part.kind == "leaf" for part in child.walk()))
                for child in found.children]
        return render_page("assessment/node.html", say(found.title), rows=rows, **common)
    return _leaf(asked, scored, found, declared, common)


def _leaf(asked: Asked, scored: OrganScored, found: TraceNode, declared: Node, common: dict[str, Any]) -> str:
    measure = declared.leaf.measure if declared.leaf else None
    only: Any = "lost" if request.args.get("only") == "lost" else "all"
    behind = cases_behind(scored, found.id, asked_page(), CASES, only)
    outcome = scored.outcomes.get(found.id)
    ladder = measure.score.rungs if measure and isinstance(measure.score, Ladder) else ()
    rungs = [(rung.bound, rung.earn, outcome is not None and outcome.rung == number)
             for number, rung in enumerate(ladder)]
    procedures = instance().bundles.current().procedures
    return render_page(
        "assessment/result.html", f"{found.id} {say(found.title)}", measure=measure, outcome=outcome, rungs=rungs,
        page=Page(behind.items, behind.page, behind.size, behind.total), only=only, seen=_seen(behind.items),
        rules=[(rule, rule_title(instance().bundles.current(), rule, asked.organ.region_id))
               for rule in (measure.findings if measure else ())],
        procedure=procedures.get(measure.procedure or "") if measure else None,
        appeal=_appeal(asked, found), linear=measure.score if measure and not rungs else None, **common)


def _path(nodes: Sequence[Node], wanted: str) -> list[Node]:
    for each in nodes:
        if each.id == wanted:
            return [each]
        if below := _path(each.children, wanted):
            return [each, *below]
    return []


def _seen(items: Sequence[CaseBehind]) -> set[str]:
    """Of these cases the ones that the reader may open; of the others no title is shown."""
    rows: Any = CaseRow.select(CaseRow.id).where(CaseRow.id.in_([item.case for item in items]) & visible_cases(
        the_actor(), Action.VIEW_CASE, organ=CaseRow.organ, case_id=CaseRow.id, procedure=CaseRow.procedure)).tuples()
    return {row[0] for row in rows}


def _appeal(asked: Asked, found: TraceNode) -> str:
    """The form of an appeal filled in, for those who may record one for this organ."""
    own = the_actor().organ == asked.organ.id
    if not own or ("assessment.appeal", "appealed") not in {(one.id, event.id) for one, event in openable(the_actor())}:
        return ""
    values: dict[str, Any] = {
        "title": str(_("%(year)s 年度“%(result)s”评分申诉", year=asked.year, result=say(found.title))),
        "field.scheme": asked.scheme.id if asked.scheme else "", "field.year": asked.year, "field.result": found.id}
    return url_for("steps.open_case", procedure_id="assessment.appeal", event_type="appealed", **values)


@pages.get("/organs/<organ>/distance", endpoint="distance")
@page_required(Action.VIEW_SCORE)
def distance(organ: str) -> str:
    """The smallest changes that earn the most."""
    asked = asked_for(find_organ(organ))
    scored = scored_of(asked)
    if scored is None:
        abort(404)
    changes = to_full_marks(scored, MOST_CHANGES)
    return render_page("assessment/distance.html", str(_("离满分还差多少")), asked=asked, scored=scored,
                       changes=changes, measures=_measures(scored), seen=_seen(_cases(changes)),
                       titles={duty.rule: rule_title(instance().bundles.current(), duty.rule, asked.organ.region_id)
                               for change in changes for duty in change.duties},
                       breadcrumb=[*_above(asked),
                                   Crumb(asked.organ.name, url_for(".organ", organ=organ, **asked.kept))],
                       page_lead=str(_("按现在的权重，最小的改变能多得多少分；从得分最多的排起。")))


def _cases(changes: Sequence[Change]) -> list[CaseBehind]:
    return [case for change in changes for case in change.cases]


def _measures(scored: OrganScored) -> dict[str, Any]:
    return {each.id: each.leaf.measure for each in leaves_of(scored.scheme.nodes) if each.leaf}


@pages.get("/organs/<organ>/receipt.json", endpoint="receipt")
@page_required(Action.VIEW_RECEIPT)
def receipt(organ: str) -> Response:
    """The receipt of the score as the ledger gives it at this moment: the whole tree, its cases, its digest."""
    asked = asked_for(find_organ(organ))
    if asked.scheme is None:
        abort(404)
    made = organ_receipt(instance().bundles.current(), About(asked.scheme.id, asked.year, organ), instance().now())
    text = canonical({"receipt": made.key.id, "digest": made.digest, "body": made.body})
    return Response(text, mimetype="application/json", headers={
        "Content-Disposition": f"attachment; filename=assessment-{asked.year}-{made.key.id}.json"})
