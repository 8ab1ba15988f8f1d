"""The sub-platform 「法治政府建设考核」 as an ordinary plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint

from core.extension import Demo, NavigationItem, Platform, hookimpl
from core.instance import Instance
from core.organs.authority import Action
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.assessment import dashboard, demo, pages


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="assessment",
        title=Text("法治政府建设考核", {"en": "Assessment"}),
        description=Text("按指标考核各级政府和部门，每一分都能打开。",
                         {"en": "Governments and departments scored by indicators; every point opens."}),
        order=50,
        rules=(shipped_rules() / "assessment",),
        blueprints=_blueprints,
        navigation=(
            NavigationItem("assessment_dashboard.index", Text("考核总览", {"en": "Dashboard"}), "graph-up",
                           (Action.VIEW_RANKING.value,)),
            NavigationItem("assessment_boards.ranking", Text("考核排名", {"en": "Assessment ranking"}),
                           "bar-chart-line", (Action.VIEW_RANKING.value,)),
            NavigationItem("assessment_reports.index", Text("成果自报", {"en": "Self-reports"}), "clipboard-check",
                           (Action.VIEW_CASE.value,)),
            NavigationItem("assessment_problems.index", Text("问题整改", {"en": "Rectification"}), "journal-check",
                           (Action.VIEW_CASE.value,)),
            NavigationItem("assessment_overview.supply", Text("数据来源", {"en": "Sources of data"}), "diagram-3",
                           (Action.VIEW_RANKING.value,)),
        ),
        jobs={dashboard.releases.JOB: dashboard.releases.publish_in_background},
        demo=Demo(demo.generate),
        translations=Path(__file__).parent / "translations",
    )


def _blueprints(instance: Instance) -> Sequence[Blueprint]:
    return (*dashboard.blueprints(instance), *pages.blueprints(instance))
