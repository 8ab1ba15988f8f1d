"""One case, one code (一案一码): the page where a party reads its document, learns why, and rates the work."""

from __future__ import annotations

from flask import Blueprint

from core.extension import NavigationItem
from core.instance import Instance
from core.organs.authority import Action
from core.text import Text
from plugins.enforcement.casecode import party_page, ratings
from plugins.enforcement.casecode.models import MODELS

__all__ = ["MODELS", "NAVIGATION", "blueprints"]

NAVIGATION = (
    NavigationItem("enforcement_ratings.index", Text("当事人评价", {"en": "Ratings by parties"}), "chat-left-text",
                   (Action.VIEW_CASE.value,)),
)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The public page and the list for officials."""
    return (party_page.pages, ratings.pages)
