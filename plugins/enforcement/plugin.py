"""The enforcement supervision sub-platform as an ordinary plugin."""

from __future__ import annotations

from core.extension import Demo, Platform, hookimpl
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.enforcement import demo
from plugins.enforcement.officers import MODELS, NAVIGATION, blueprints, step_facts

__all__ = ["platform", "step_facts"]


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="enforcement",
        title=Text("行政执法监督", {"en": "Administrative enforcement supervision"}),
        description=Text("执法主体、执法人员和执法案件的记录、监督和评分。",
                         {"en": "Bodies, officers and enforcement cases recorded, supervised and scored."}),
        order=40,
        rules=(shipped_rules() / "enforcement",),
        models=MODELS,
        blueprints=blueprints,
        navigation=NAVIGATION,
        demo=Demo(demo.generate),
    )
