"""The sub-platform 「法律法规应用管理」 as an ordinary plugin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.cases.case import Case
from core.extension import Demo, Platform, hookimpl
from core.ledger.intake import NewEvent, StepFacts
from core.rulebook.bundle import Bundle
from core.rulebook.model import Citation
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.legislation import demo, library, register


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="legislation",
        title=Text("法律法规应用管理", {"en": "Laws and regulations"}),
        description=Text("法规、规章和规范性文件的制定、备案、审查、清理和检索。",
                         {"en": "Made, filed, reviewed, cleaned up and searched."}),
        order=10,
        rules=(shipped_rules() / "legislation",),
        models=(*library.MODELS, *library.LATER_MODELS, *register.MODELS),
        blueprints=lambda instance: (*library.blueprints(instance), register.pages, register.filings),
        navigation=(*library.NAVIGATION, *register.NAVIGATION),
        periodic=(*register.PERIODIC, *library.PERIODIC),
        timed=library.TIMED,
        commands=library.COMMANDS,
        finder=library.FINDER,
        demo=Demo(demo.generate),
        translations=Path(__file__).parent / "translations",
    )


@hookimpl
def step_facts(case: Case, step: NewEvent, day: date, rules: Bundle) -> StepFacts:
    """What the register says about the number that a document is given, and about who reviews a filing."""
    return register.step_facts(case, step)


@hookimpl
def resolve_citation(citation: Citation) -> str | None:
    """The cited article in the library."""
    return library.citation_url(citation)
