"""Errors as part of the interface: a stable code, a place, and a way out, in the reader's language.

The words live in ``messages/*.yaml`` of each package (``code: {zh, en, fix_zh, fix_en}``), so that a
translator needs no Python. A code is kebab-case and never changes its meaning.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from core.text import Text

MESSAGE_PACKAGES = ("core.messages", "scoring.messages", "web.messages")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1; ``field`` is a dotted path."""

    file: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place} {self.field}".rstrip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``code`` with ``details`` filled into its message, ``Text`` in its language."""

    code: str
    at: Location | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False

    def message(self, language: str = "zh") -> str:
        """What is wrong, in ``language``, without place or code."""
        return _fill(messages()[self.code], language, self.details)

    def fix(self, language: str = "zh") -> str:
        """What to do about it; empty where the message says it all."""
        return _fill(messages()[self.code], f"fix_{language}", self.details)

    def render(self, language: str = "zh") -> str:
        """``file:line:column field [code] message`` and, on a second line, the way out."""
        place = f"{self.at} " if self.at else ""
        fix = self.fix(language)
        label = {"zh": "怎么改：", "en": "How to mend it: "}.get(language, "")
        return f"{place}[{self.code}] {self.message(language)}" + (f"\n    {label}{fix}" if fix else "")


class FazhiError(Exception):
    """Raised when input cannot be accepted; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.render("zh") for problem in self.problems))

    def render(self, language: str = "zh") -> str:
        """All problems, one after the other, in ``language``."""
        return "\n".join(problem.render(language) for problem in self.problems)


def fail(code: str, at: Location | None = None, **details: Any) -> FazhiError:
    """A ``FazhiError`` with a single problem, for ``raise fail(...)``."""
    return FazhiError([Problem(code, at, details)])


@cache
def messages() -> dict[str, dict[str, str]]:
    """Every message of the installed packages by code."""
    found: dict[str, dict[str, str]] = {}
    for package in MESSAGE_PACKAGES:
        try:
            folder = importlib.resources.files(package)
        except ModuleNotFoundError:
            continue
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".yaml"):
                found.update(yaml.safe_load(entry.read_text(encoding="utf-8")) or {})
    return found


def _fill(message: Mapping[str, str], key: str, details: Mapping[str, Any]) -> str:
    template = message.get(key) or message.get(key.replace("en", "zh"), "")
    language = key.removeprefix("fix_")
    spoken = {name: value.to(language) if isinstance(value, Text) else value for name, value in details.items()}
    return template.format_map(_Details(spoken))


class _Details(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
