"""Discretion at the step where a penalty is proposed or decided: shown live, recorded, compared over all cases."""

from __future__ import annotations

from flask import Blueprint

from core.extension import StepPanel
from core.instance import Instance
from plugins.enforcement.discretion.facts import discretion_facts
from plugins.enforcement.discretion.pages import panel
from plugins.enforcement.discretion.vocabulary import PLACES

__all__ = ["PANELS", "blueprints", "discretion_facts"]

PANELS = tuple(StepPanel(place.procedure, place.step, "enforcement_discretion.panel", place.entered)
               for place in PLACES.values())


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The pages."""
    return (panel.pages,)
