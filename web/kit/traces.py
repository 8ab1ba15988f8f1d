"""Traces of receipts for pages: which parts a reader wants to see at once, and the points in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Node = Mapping[str, Any]

SHORT = frozenset({"partial", "failed", "unknown", "applied", "at_risk", "violated", "unscored", "not_assessable"})
"""Statuses of nodes without points of their own that a reader looks for."""


def lost(node: Node) -> bool:
    """True where a node of a stored trace lost points, wholly or in part, or where something below it did."""
    if node.get("earned") is not None:
        earned, weight = Decimal(node["earned"]), node.get("weight")
        short = earned < Decimal(weight) if weight is not None else earned < 0
    else:
        short = node.get("status") in SHORT
    return short or any(lost(child) for child in node.get("children", ()))


def total(nodes: Sequence[Node], name: str) -> Decimal | None:
    """The sum of ``earned`` or ``weight`` over some nodes; None where none has it."""
    known = [Decimal(node[name]) for node in nodes if node.get(name) is not None]
    return sum(known, Decimal(0)) if known else None
