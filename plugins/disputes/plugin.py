"""The sub-platform 「多元化解社会矛盾」 as an ordinary plugin."""

from __future__ import annotations

from core.extension import Platform, hookimpl
from core.rulebook.paths import shipped_rules
from core.text import Text


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="disputes",
        title=Text("多元化解社会矛盾", {"en": "Resolving disputes"}),
        description=Text("行政复议、裁决、仲裁、调解、应诉和法律援助的记录、监督和评分。",
                         {"en": "Reconsideration, adjudication, arbitration, mediation, litigation and legal aid."}),
        order=20,
        rules=(shipped_rules() / "disputes",),
    )
