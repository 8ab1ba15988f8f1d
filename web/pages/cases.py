"""Cases: the list and the page of one case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.cases.case import Case
from core.judge import PlatformEvent
from core.ledger.event import Event
from core.ledger.models import CaseRow
from core.ledger.reader import events_of, load_case
from core.organs.authority import Action, Target
from core.organs.models import Organ
from core.organs.visibility import visible_organs
from core.rulebook.bundle import Bundle
from core.rulebook.model import Procedure
from scoring.awaiting import awaiting
from scoring.guides import Guide, guides
from scoring.models import CaseScore
from web.kit.access import find_case, may, page_required, target_of, the_actor, today_of
from web.kit.language import say
from web.kit.ledgerwords import VIEWED
from web.kit.people import organ_names, region_names
from web.kit.procedures import barred, choices, procedure_of, progress, recordable
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.rulewords import rule_title
from web.kit.scoring import replayer
from web.pages import case_list
from web.pages.duties import duties_of_case
from web.pages.finding_list import findings_of_case
from web.pages.opening import opening_links
from web.pages.publication import publications
from web.pages.related import offers, related_cases
from web.pages.timeline import entries_of

pages = Blueprint("cases", __name__)
FILTERS = ("q", "region", "organ", "procedure", "stage", "status", "platform", "period")
ORGANS_OFFERED = 200
ENTRIES_SHOWN = 12
"""Records of a case that show at once; earlier ones open with a click."""


@pages.get("/cases", endpoint="index")
@page_required(Action.VIEW_CASE)
def index() -> str:
    """Cases that the reader may see."""
    actor = the_actor()
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = case_list.case_page(case_list.narrowed(case_list.visible(actor), asked))
    procedures = instance().bundles.current().procedures
    chosen = [procedures[asked["procedure"]]] if asked["procedure"] in procedures else list(procedures.values())
    return render_page(
        "pages/cases.html", str(_("事项办理")), page=page, asked=asked, openable=opening_links(),
        regions=region_choices(actor), organs=_organ_choices(asked), today=today_of(instance()),
        procedures=[(one.id, say(one.title)) for one in procedures.values()],
        stages=[(stage.id, say(stage.title)) for one in chosen[:1] for stage in one.stages],
        statuses=[("open", _("办理中")), ("closed", _("已办结")), ("overdue", _("有逾期")),
                  ("findings", _("有疑似问题"))])


def _organ_choices(asked: dict[str, str]) -> list[tuple[str, str]]:
    """Organs of the chosen region, or the one asked for; the whole tree would be too long to choose from."""
    mine: Any = Organ.select(Organ.id, Organ.name).where(Organ.id.in_(visible_organs(the_actor(), Action.VIEW_CASE)))
    narrowed = Organ.id == asked["organ"] if asked["organ"] else (
        Organ.region == (asked["region"] or the_actor().place.region))
    return list(mine.where(narrowed).order_by(Organ.kind, Organ.id).limit(ORGANS_OFFERED).tuples())


@pages.get("/cases/<case_id>", endpoint="show")
@page_required(Action.VIEW_CASE)
def show(case_id: str) -> str:
    """One case: progress, duties, findings, score, and everything that was recorded."""
    return _page(find_case(case_id), ())


@pages.post("/cases/<case_id>/events/<event_id>/personal", endpoint="personal")
@page_required(Action.VIEW_PERSONAL)
def personal(case_id: str, event_id: str) -> Any:
    """Show the personal values of a record once; who looked and why goes to the ledger."""
    row = find_case(case_id, Action.VIEW_PERSONAL)
    reason = request.form.get("reason", "").strip()
    if not reason:
        flash(_("查看个人信息须填写理由。"), "warning")
        return redirect(url_for("cases.show", case_id=row.id))
    actor = the_actor()
    instance().recorder.record_platform(row.id, PlatformEvent(VIEWED, {
        "event": event_id, "reason": reason}), actor.person_id, actor.organ)
    return _page(find_case(case_id), (event_id,))


def _page(row: CaseRow, revealed: tuple[str, ...]) -> str:
    procedure = procedure_of(row.procedure)
    bundle = instance().bundles.current()
    case = load_case(row.id, bundle)
    events = events_of(row.id)
    target = target_of(row)
    actor = the_actor()
    allowed = recordable(actor, row, procedure)
    found = findings_of_case(row.id, actor)
    score = CaseScore.get_or_none(CaseScore.case == row.id) if may(Action.VIEW_SCORE, target) else None
    return render_page(
        "pages/case.html", row.title or row.number or row.id,
        breadcrumb=(Crumb(str(_("事项办理")), url_for("cases.index")),), row=row, procedure=procedure, case=case,
        organ=organ_names([row.organ])[row.organ], region=region_names([row.region])[row.region],
        stages=progress(case), today=today_of(instance()), duties=duties_of_case(row.id),
        findings=found, score=score,
        trace=_trace(score), revealed=revealed, guides=_guides(row, case, bundle), shown=ENTRIES_SHOWN,
        published=next(iter(publications(events)), None),
        may_publish=row.closed_at is not None and score is not None and score.score is not None
        and may(Action.PUBLISH_SCORE, target),
        may_seal=any(_personal(procedure, event) for event in events) and may(Action.SEAL_PERSONAL, target),
        may_download=may(Action.DOWNLOAD_MATERIAL, target),
        recordable=allowed, may_record=bool(choices(case, allowed - barred(case, actor.person_id), {})),
        may_reveal=may(Action.VIEW_PERSONAL, target),
        tools=_tools(row, target), related=related_cases(events), offers=offers(case, events, actor),
        entries=list(reversed(entries_of(
            procedure, events, correctable=allowed if may(Action.CORRECT_STEP, target) else (),
            downloads=may(Action.DOWNLOAD_MATERIAL, target), revealed=revealed,
            readable={each.id for each in found},
            signer=actor.person_id if may(Action.APPROVE_STEP, target) else None, awaited=awaiting(row.id),
            title_of_rule=lambda rule: rule_title(bundle, rule, row.region)))))


def _tools(row: CaseRow, target: Target) -> list[tuple[str, str, str]]:
    """Address, title and icon of pages that plugins have about this case; for its own organ while it is open."""
    if row.closed_at is not None or row.organ != the_actor().organ:
        return []
    return [(url_for(tool.endpoint, case_id=row.id), say(tool.title), tool.icon)
            for platform in instance().plugins.platforms for tool in platform.case_tools
            if tool.about(row.procedure) and may(Action(tool.action), target)]


def _guides(row: CaseRow, case: Case, bundle: Bundle) -> tuple[Guide, ...]:
    """Review points that apply to the case; none once it is closed."""
    if row.closed_at is not None:
        return ()
    checklists = bundle.checklists(row.procedure, row.region)
    return guides(case, checklists, bundle.calendar(row.region), today_of(instance()))


def _personal(procedure: Procedure, event: Event) -> bool:
    """Whether an event holds personal values that are still there."""
    known = procedure.events.get(event.type)
    return known is not None and any(field.personal and name not in event.sealed and event.payload.get(name) is not None
                                     for name, field in known.fields.items())


def _trace(score: Any) -> Any:
    """The tree of points behind a score, from its receipt."""
    if score is None or not score.receipt:
        return None
    return replayer().receipt(score.receipt).body
