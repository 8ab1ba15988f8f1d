"""The sub-platform 「法治政府建设考核」 as an ordinary plugin."""

from __future__ import annotations

from core.extension import Platform, hookimpl
from core.rulebook.paths import shipped_rules
from core.text import Text


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="assessment",
        title=Text("法治政府建设考核", {"en": "Assessment"}),
        description=Text("按指标考核各级政府和部门，每一分都能打开。",
                         {"en": "Governments and departments scored by indicators; every point opens."}),
        order=50,
        rules=(shipped_rules() / "assessment",),
    )
