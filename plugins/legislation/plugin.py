"""The sub-platform 「法律法规应用管理」 as an ordinary plugin."""

from __future__ import annotations

from core.extension import Platform, hookimpl
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.legislation.library import MODELS
from plugins.legislation.library.commands import COMMANDS


@hookimpl
def platform() -> Platform:
    """The sub-platform."""
    return Platform(
        id="legislation",
        title=Text("法律法规应用管理", {"en": "Laws and regulations"}),
        description=Text("法规、规章和规范性文件的制定、备案、审查、清理和检索。", {"en": "Made, filed, reviewed, cleaned up and searched."}),
        order=10,
        rules=(shipped_rules() / "legislation",),
        models=MODELS,
        commands=COMMANDS,
    )
