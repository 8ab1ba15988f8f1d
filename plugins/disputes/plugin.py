"""The sub-platform 「多元化解社会矛盾」 as an ordinary plugin."""

from __future__ import annotations

from pathlib import Path

from core.extension import CaseTool, Demo, NavigationItem, Periodic, Platform, Timed, hookimpl
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY, EVERY_MINUTE
from core.organs.authority import Action
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.disputes import demo, experts, rooms
from plugins.disputes.analysis.models import MODELS
from plugins.disputes.analysis.pages import blueprints
from plugins.disputes.analysis.projection import catch_up
from plugins.disputes.questions import desk
from plugins.disputes.questions.models import MODELS as QUESTIONS
from plugins.disputes.questions.pages import PAGES

WITH_HEARINGS = ("disputes.reconsideration", "disputes.adjudication", "disputes.arbitration", "disputes.mediation",
                 "disputes.admin_mediation")
"""Procedures that have their day in a room."""


def count_disputes(instance: Instance) -> int:
    """Read the cases that changed; what the analysis shows follows."""
    return catch_up(instance.bundles.current())


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="disputes",
        title=Text("多元化解社会矛盾", {"en": "Resolving disputes"}),
        description=Text("行政复议、裁决、仲裁、调解、应诉和法律援助的记录、监督和评分。",
                         {"en": "Reconsideration, adjudication, arbitration, mediation, litigation and legal aid."}),
        order=20,
        rules=(shipped_rules() / "disputes",),
        models=(*MODELS, *rooms.MODELS, *experts.MODELS, *QUESTIONS),
        blueprints=lambda instance: (*blueprints(instance), rooms.pages, experts.pages, *PAGES),
        navigation=(
            NavigationItem("disputes_analysis.index", Text("逆向分析", {"en": "Reverse analysis"}), "graph-up",
                           (Action.VIEW_RANKING.value,)),
            NavigationItem("questions.index", Text("法律咨询", {"en": "Legal questions"}), "chat-left-text",
                           (Action.VIEW_RANKING.value,)),
            NavigationItem("rooms.index", Text("庭室预订", {"en": "Rooms"}), "calendar-event",
                           (Action.VIEW_CASE.value, Action.IMPORT_PEOPLE.value)),
            NavigationItem("experts.index", Text("专家库", {"en": "Experts"}), "people",
                           (Action.VIEW_CASE.value,)),
        ),
        periodic=(Periodic("count-disputes", "%Y-%m-%dT%H:%M", count_disputes),
                  Periodic("route-overdue-questions", EVERY_MINUTE, desk.route_overdue),
                  Periodic("close-silent-questions", EVERY_DAY, desk.close_silent),
                  Periodic("forget-sendings", EVERY_DAY, desk.forget_sendings)),
        timed=(Timed("route-question", desk.route),),
        demo=Demo(demo.generate),
        case_tools=(
            CaseTool("experts.draw", Text("抽取专家", {"en": "Draw experts"}), "people",
                     ("disputes.", "decisions.decision"), Action.RECORD_STEP.value),
            CaseTool("rooms.index", Text("预订庭室", {"en": "Book a room"}), "calendar-event", WITH_HEARINGS,
                     Action.RECORD_STEP.value)),
        translations=Path(__file__).parent / "translations",
    )
