"""The register of normative documents: what is in force, filing and its rates, review, clean-up, advice."""

from __future__ import annotations

from core.cases.case import Case
from core.extension import NavigationItem, Periodic
from core.instance import Instance
from core.jobs.schedule import EVERY_DAY
from core.ledger.intake import NewEvent, StepFacts
from core.organs.authority import Action
from core.text import Text
from plugins.legislation.register.models import MODELS
from plugins.legislation.register.numbers import number_facts
from plugins.legislation.register.pages import filings, pages
from plugins.legislation.register.renewing import PROCEDURE, read_mentions, renew
from plugins.legislation.register.reviewers import reviewer_facts

__all__ = ["MODELS", "NAVIGATION", "PERIODIC", "PROCEDURE", "filings", "pages", "step_facts"]

NAVIGATION = (
    NavigationItem("normative.index", Text("规章和规范性文件", {"en": "Rules and normative documents"}),
                   "file-earmark-text"),
    NavigationItem("filings.rates", Text("备案与审查", {"en": "Filing and review"}), "clipboard-check",
                   (Action.VIEW_CASE.value,)),
)


def step_facts(case: Case, step: NewEvent) -> StepFacts:
    """What the register says about a step of a document."""
    if case.head.procedure != PROCEDURE:
        return {}
    return {**number_facts(case, step), **reviewer_facts(case, step)}


def _renew(instance: Instance) -> None:
    renew(instance)
    read_mentions()


PERIODIC = (Periodic("documents", EVERY_DAY, _renew),)
