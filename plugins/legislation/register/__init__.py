"""The register of normative documents: what is in force, filing and its rates, review, clean-up, advice."""

from __future__ import annotations

from core.extension import NavigationItem, Periodic
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY
from core.organs.authority import Action
from core.text import Text
from plugins.legislation.register.models import MODELS
from plugins.legislation.register.numbers import number_facts
from plugins.legislation.register.pages import filings, pages
from plugins.legislation.register.renewing import PROCEDURE, read_mentions, renew

__all__ = ["MODELS", "NAVIGATION", "PERIODIC", "PROCEDURE", "filings", "number_facts", "pages"]

NAVIGATION = (
    NavigationItem("normative.index", Text("规章和规范性文件", {"en": "Rules and normative documents"}),
                   "file-earmark-text"),
    NavigationItem("filings.rates", Text("备案与审查", {"en": "Filing and review"}), "clipboard-check",
                   (Action.VIEW_CASE.value,)),
)


def _renew(instance: Instance) -> None:
    renew(instance)
    read_mentions()


PERIODIC = (Periodic("documents", EVERY_DAY, _renew),)
