"""The enforcement supervision sub-platform as an ordinary plugin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flask import Blueprint

from core.cases.case import Case
from core.extension import Demo, Platform, hookimpl
from core.instance import Instance
from core.ledger.intake import NewEvent, StepFacts
from core.rulebook.bundle import Bundle
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.enforcement import casecode, demo, discretion, field, officers, supervision
from plugins.enforcement.seals import certify_document

__all__ = ["certify_document", "platform", "step_facts"]


def blueprints(instance: Instance) -> Sequence[Blueprint]:
    """All pages of the sub-platform."""
    return (*officers.blueprints(instance), *discretion.blueprints(instance), *field.blueprints(instance),
            *casecode.blueprints(instance), *supervision.blueprints(instance))


@hookimpl
def step_facts(case: Case, step: NewEvent, day: date, rules: Bundle) -> StepFacts:
    """What the registers, the discretion tables and the recordings say about a step."""
    return {**officers.step_facts(case, step, day), **discretion.discretion_facts(case, step, day, rules),
            **field.recording_facts(case, step), **supervision.step_facts(case, step, day)}


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
        models=(*officers.MODELS, *discretion.MODELS, *field.MODELS, *casecode.MODELS),
        blueprints=blueprints,
        periodic=(*supervision.PERIODIC, *discretion.PERIODIC),
        navigation=(*supervision.NAVIGATION, *discretion.NAVIGATION, *officers.NAVIGATION, *field.NAVIGATION,
                    *casecode.NAVIGATION),
        step_panels=discretion.PANELS,
        translations=Path(__file__).parent / "translations",
        demo=Demo(demo.generate),
    )
