"""The supervisor's side: documents of supervision, filings, file reviews, random inspections, legal publicity."""

from __future__ import annotations

from flask import Blueprint

from core.extension import NavigationItem, Periodic
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY, EVERY_MINUTE
from core.organs.authority import Action
from core.text import Text
from plugins.enforcement.supervision.filing import file_major_acts
from plugins.enforcement.supervision.pages import desk, draws, letters
from plugins.enforcement.supervision.reminders import remind
from plugins.enforcement.supervision.repeats import step_facts

__all__ = ["NAVIGATION", "PERIODIC", "blueprints", "step_facts"]

PERIODIC = (Periodic("file-major-acts", EVERY_MINUTE, file_major_acts), Periodic("remind-publicity", EVERY_DAY, remind))

NAVIGATION = (
    NavigationItem("enforcement_supervision.index", Text("执法监督", {"en": "Enforcement supervision"}), "flag",
                   (Action.VIEW_CASE.value,)),
)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The desk, issuing documents, and draws for reviews and inspections."""
    return (desk.pages, letters.pages, draws.pages)
