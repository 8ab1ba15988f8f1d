"""Remarks in receipts: a code with details, so that a stored receipt reads in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import Problem
from core.text import Text

Detail = str | int | Text


@dataclass(frozen=True, slots=True)
class Note:
    """A remark; its words are in ``messages/scoring.yaml`` under ``code``."""

    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        """The remark as a sentence in ``language``."""
        shown = {name: value.to(language) if isinstance(value, Text) else str(value)
                 for name, value in self.details.items()}
        return Problem(self.code, details=shown).message(language)


def joined(texts: list[Text]) -> Text:
    """A list of titles as one text: 、 in Chinese, a comma elsewhere."""
    languages = {tag for text in texts for tag in text.others}
    return Text("、".join(text.zh for text in texts),
                {tag: ", ".join(text.to(tag) for text in texts) for tag in sorted(languages)})
