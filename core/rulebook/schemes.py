"""Scoring schemes: an indicator tree with caps, vetoes and deductions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from core.rulebook.terms import ALWAYS, Citation, DateRange
from core.text import Text


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a leaf of an indicator tree is measured; ``arguments`` are the metric's own, typed by it."""

    metric: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    missing: Literal["zero", "unscored", "block"] = "unscored"


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the indicator tree; its weight is in points of the whole."""

    id: str
    title: Text
    weight: Decimal
    children: tuple[Node, ...] = ()
    leaf: Leaf | None = None
    basis: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """Limits what a node can earn while a rule is violated (``of`` its weight: 0 … weight)."""

    node: str
    most: Decimal
    rules: tuple[str, ...]
    title: Text


@dataclass(frozen=True, slots=True)
class Veto:
    """Sets the whole score to 0 while one of the rules is violated (一票否决)."""

    rules: tuple[str, ...]
    title: Text


@dataclass(frozen=True, slots=True)
class Deduction:
    """Takes ``points`` off for each violated activation of the rules; the score never falls below 0."""

    rules: tuple[str, ...]
    points: Decimal
    title: Text


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme: an indicator tree over one case (``per: case``) or one organ (``per: organ``).

    Attributes:
        counts: which findings caps, vetoes and deductions read: ``confirmed`` (default) or ``raised``.
        scored_from: a case has a score from the first of these steps on; empty: from its beginning.
    """

    id: str
    title: Text
    per: Literal["case", "organ"]
    nodes: tuple[Node, ...]
    procedure: str | None = None
    caps: tuple[Cap, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    counts: Literal["confirmed", "raised"] = "confirmed"
    scored_from: tuple[str, ...] = ()
    note: Text | None = None
    basis: tuple[Citation, ...] = ()
    valid: DateRange = ALWAYS
