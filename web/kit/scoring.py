"""The services of scoring that pages use, for the instance that is served."""

from __future__ import annotations

from typing import Any

from core.errors import Problem, messages
from scoring.findings import Findings
from scoring.replay import Replayer
from web.kit.language import language
from web.kit.render import instance


def replayer() -> Replayer:
    """Computes receipts again."""
    served = instance()
    return Replayer(served.bundles, served.judge.evaluator)  # type: ignore[attr-defined]


def findings() -> Findings:
    """Takes people's acts on findings to the ledger."""
    return Findings(instance().recorder, replayer())


def words(value: Any) -> str:
    """A text of a stored receipt (language map) in the reader's language."""
    if isinstance(value, dict):
        return str(value.get(language(), value.get("zh", "")))
    return "" if value is None else str(value)


def note_words(note: dict[str, Any]) -> str:
    """A remark of a stored receipt as a sentence."""
    code = note["code"]
    if code not in messages():
        return str(code)
    details = {name: words(value) for name, value in note.get("details", {}).items()}
    return Problem(code, details=details).message(language())
