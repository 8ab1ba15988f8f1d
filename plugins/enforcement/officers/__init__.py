"""Bodies, officers and their certificates: registers, imports, pages, the public badge, and facts for rules."""

from __future__ import annotations

from flask import Blueprint

from core.extension import NavigationItem
from core.instance import Instance
from core.organs.authority import Action
from core.text import Text
from plugins.enforcement.officers.facts import step_facts
from plugins.enforcement.officers.models import MODELS
from plugins.enforcement.officers.pages import badge, bodies, officers, registers

__all__ = ["MODELS", "NAVIGATION", "blueprints", "step_facts"]

NAVIGATION = (
    NavigationItem("enforcement_bodies.index", Text("执法主体", {"en": "Enforcement bodies"}), "building",
                   (Action.VIEW_WORKBENCH.value,)),
    NavigationItem("enforcement_officers.index", Text("执法人员", {"en": "Officers"}), "award",
                   (Action.VIEW_OFFICERS.value,)),
)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The pages of the registers."""
    return (bodies.pages, officers.pages, registers.pages, badge.pages)
