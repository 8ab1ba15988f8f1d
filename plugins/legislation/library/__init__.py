"""The public library of laws: texts with their editions and articles, search, pages, and where they are cited."""

from __future__ import annotations

from flask import Blueprint

from core.extension import Finder, NavigationItem, Periodic, Timed
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY
from core.text import Text
from plugins.legislation.library import uploading
from plugins.legislation.library.commands import COMMANDS
from plugins.legislation.library.index import IndexedPairs, IndexedRun
from plugins.legislation.library.links import citation_url
from plugins.legislation.library.models import Article, Edition, Ending, Law, Refusal
from plugins.legislation.library.pages import pages
from plugins.legislation.library.pages.elsewhere import find_articles, search_address
from plugins.legislation.library.pages.uploads import uploads

__all__ = ["COMMANDS", "FINDER", "LATER_MODELS", "MODELS", "NAVIGATION", "PERIODIC", "TIMED", "blueprints",
           "citation_url"]

MODELS = (Law, Edition, Article, Refusal, IndexedPairs, IndexedRun)

FINDER = Finder(Text("法规条文", {"en": "Articles of laws"}), find_articles, search_address)

NAVIGATION = (NavigationItem("laws.home", Text("法规库", {"en": "Laws"}), "book"),)

LATER_MODELS = (*uploading.MODELS, Ending)

TIMED = (Timed("read-uploads", uploading.read_on),)

PERIODIC = (Periodic("forget-uploads", EVERY_DAY, uploading.forget),)


def blueprints(_: Instance) -> tuple[Blueprint, ...]:
    """The pages of the library."""
    return (pages, uploads)
