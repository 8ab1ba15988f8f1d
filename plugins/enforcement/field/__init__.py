"""The officers' field page for phones: guided steps, evidence in chunks, hand signatures, work without network."""

from __future__ import annotations

from flask import Blueprint

from core.extension import NavigationItem
from core.instance import Instance
from core.organs.authority import Action
from core.text import Text
from plugins.enforcement.field import api, media, pages
from plugins.enforcement.field.models import MODELS
from plugins.enforcement.field.recordings import recording_facts

__all__ = ["MODELS", "NAVIGATION", "blueprints", "recording_facts"]

NAVIGATION = (NavigationItem("enforcement_field.shell", Text("现场执法", {"en": "Field page"}), "phone",
                             (Action.ANSWER_FINDING.value,)),)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The page and its interface."""
    return (pages.pages, api.pages, media.pages)
