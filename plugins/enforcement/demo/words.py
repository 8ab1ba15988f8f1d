"""The words of the demonstration: which departments enforce, and what."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Act:
    """A violation and the range of fines that the demonstration gives it, in yuan.

    Attributes:
        table: the discretion table that is about it, with the fines of its circumstances.
    """

    title: str
    least: int
    most: int
    table: str = ""
    tiers: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trade:
    """What a line of departments enforces; ``name`` is what the names of its organs contain."""

    name: str
    sector: str
    acts: tuple[Act, ...]
    small: tuple[str, ...]
    licences: tuple[str, ...]
    inspections: tuple[str, ...]


@cache
def raw_words() -> dict[str, Any]:
    """``words.yaml`` as read."""
    text = (importlib.resources.files("plugins.enforcement.demo") / "words.yaml").read_text(encoding="utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


@cache
def trades() -> tuple[Trade, ...]:
    """Every line of departments that enforces."""
    return tuple(
        Trade(entry["name"], entry["sector"], tuple(map(_act, entry["acts"])),
              tuple(entry["small"]), tuple(entry["licences"]), tuple(entry["inspections"]))
        for entry in raw_words()["departments"])


def _act(entry: Mapping[str, Any]) -> Act:
    tiers = {name: (least, most) for name, (least, most) in entry.get("tiers", {}).items()}
    return Act(entry["t"], entry["min"], entry["max"], entry.get("table", ""), tiers)
