"""Text in several languages: Chinese first, any other language as a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Text:
    """A title or sentence in Chinese with optional translations.

    Attributes:
        zh: the Chinese text, always present.
        others: language tag (``en``, ``mn-Mong`` …) to translation.
    """

    zh: str
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: str | Mapping[str, str] | Text) -> Text:
        """Build from what YAML holds: a Chinese string or a language map with ``zh``."""
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls(value)
        return cls(value["zh"], {tag: text for tag, text in value.items() if tag != "zh"})

    def to(self, language: str) -> str:
        """The text in ``language``; Chinese where no translation exists."""
        return self.zh if language == DEFAULT_LANGUAGE else self.others.get(language, self.zh)

    def __str__(self) -> str:
        return self.zh
