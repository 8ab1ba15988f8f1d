"""The workbench: what is due, what is late, which findings wait for the reader, and the latest cases."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from core.organs.authority import Action
from core.organs.visits import visited
from scoring.models import FindingRow
from web.kit.access import page_required, the_actor, today_of
from web.kit.navigation import may_follow
from web.kit.pulse import looked, new_first, waiting_action
from web.kit.render import instance, render_page
from web.pages import case_list, finding_list
from web.pages.duties import OVERDUE, PENDING, visible_duties
from web.pages.opening import opening_links

pages = Blueprint("workbench", __name__)
SHOWN = 8


@pages.get("/", endpoint="home")
@page_required(Action.VIEW_WORKBENCH)
def home() -> str:
    """What waits for the reader, by role."""
    actor = the_actor()
    overdue, overdue_count = visible_duties(actor, OVERDUE, SHOWN)
    pending, pending_count = visible_duties(actor, PENDING, SHOWN)
    now = instance().now()
    since = looked(actor, now)
    visited(actor.person_id, actor.organ, now)
    action = waiting_action(actor)
    waiting = finding_list.visible_findings(actor, action).where(FindingRow.status.in_(finding_list.UNDETERMINED))
    cases = case_list.visible(actor)
    shown, new = new_first(finding_list.gravest_first(waiting), since, SHOWN)
    return render_page(
        "pages/workbench.html", str(_("工作台")), today=today_of(instance()), overdue=overdue,
        overdue_count=overdue_count, pending=pending, pending_count=pending_count, new=new,
        determining=action is Action.DETERMINE_FINDING,
        findings=finding_list.shaped(shown), finding_count=waiting.count(),
        cases=case_list.shaped(list(cases.limit(SHOWN))), case_count=cases.count(), openable=opening_links(),
        sees_cases=may_follow(actor, Action.VIEW_CASE))
