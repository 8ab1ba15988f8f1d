"""Which of two outcomes is the lighter, as far as that can be said."""

from __future__ import annotations

from core.discretion.hits import Choice
from core.discretion.model import Table


def breaks(table: Table, milder: Choice, graver: Choice) -> str:
    """The message's code where the graver circumstance gets less than the milder one; else empty.

    Fines are compared where both have the same form (amounts, or multiples of one base).
    """
    if table.rank(graver.tier) < table.rank(milder.tier):
        return "discretion-reversed-tier"
    if not graver.penalties <= milder.penalties or milder.fine is None:
        return ""
    if graver.fine is None:
        return "discretion-reversed-fine"
    lighter = graver.fine.not_heavier(milder.fine) and not milder.fine.not_heavier(graver.fine)
    return "discretion-reversed-fine" if lighter else ""
