"""The major administrative decisions sub-platform as an ordinary plugin."""

from __future__ import annotations

from collections.abc import Sequence

from core.extension import Demo, NavigationItem, Platform, hookimpl
from core.instance import Instance
from core.organs.authority import Action
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.decisions import demo
from plugins.decisions.pages.views import blueprints


def fill_demo(instance: Instance, seed: int, cases: int) -> Sequence[str]:
    """Fill the demonstration region; the lines to print."""
    return tuple(demo.generate(instance, seed, cases).lines())


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="decisions",
        title=Text("重大行政决策管理", {"en": "Major administrative decisions"}),
        description=Text("重大行政决策全过程的记录、监督和评分：7个监督点、15项指标、26个考核模板。",
                         {"en": "Recorded, supervised and scored throughout: 7 points, 15 indicators, 26 templates."}),
        order=30,
        rules=(shipped_rules() / "decisions",),
        blueprints=blueprints,
        navigation=(
            NavigationItem("decision_catalogues.index", Text("年度目录", {"en": "Catalogues"}), "journal-check",
                           (Action.VIEW_WORKBENCH.value,)),
            NavigationItem("decision_evaluations.index", Text("决策后评估", {"en": "Post-evaluation"}),
                           "clipboard-check", (Action.VIEW_RANKING.value,)),
        ),
        demo=Demo(fill_demo),
    )
