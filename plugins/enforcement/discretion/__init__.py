"""Discretion at the step where a penalty is proposed or decided: shown live, recorded, compared over all cases."""

from __future__ import annotations

from flask import Blueprint

from core.extension import NavigationItem, StepPanel
from core.extension.platform import Periodic
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY, EVERY_MINUTE
from core.organs.authority import Action
from core.text import Text
from plugins.enforcement.discretion.facts import discretion_facts
from plugins.enforcement.discretion.models import MODELS
from plugins.enforcement.discretion.pages import deviation, panel
from plugins.enforcement.discretion.renewal import renew, renew_all
from plugins.enforcement.discretion.vocabulary import PLACES

__all__ = ["MODELS", "NAVIGATION", "PANELS", "PERIODIC", "blueprints", "discretion_facts"]

PANELS = tuple(StepPanel(place.procedure, place.step, "enforcement_discretion.panel", place.entered)
               for place in PLACES.values())
PERIODIC = (Periodic("compare-decisions", EVERY_MINUTE, renew), Periodic("compare-all-decisions", EVERY_DAY, renew_all))
NAVIGATION = (
    NavigationItem("enforcement_deviation.index", Text("类案不同罚", {"en": "Like cases compared"}), "graph-up",
                   (Action.VIEW_RANKING.value,)),
)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The pages."""
    return (panel.pages, deviation.deviation_pages)
