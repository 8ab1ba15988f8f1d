"""Which row counts where several match: one meaning for the proof and for evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.discretion.fines import Fine
from core.discretion.model import Hit, Row, Table
from core.discretion.penalties import Penalty


class Unchosen(StrEnum):
    """Why the table gives no answer."""

    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the table gives: a tier, with fine and penalties of the rows that count."""

    tier: str
    fine: Fine | None
    penalties: frozenset[Penalty]
    rows: tuple[Row, ...]


def choose(table: Table, matching: Sequence[Row]) -> Choice | Unchosen:
    """The choice among the rows whose conditions hold, by the table's hit policy.

    ``collect`` joins penalties; of several fines the higher counts, never their sum (行政处罚法 29).
    """
    if not matching:
        return Unchosen.GAP
    if len(matching) == 1 or table.hit is Hit.FIRST:
        return _of(matching[0])
    if table.hit is Hit.UNIQUE:
        return Unchosen.OVERLAP
    if table.hit is Hit.COLLECT:
        return _collected(table, matching)
    ranks = [table.rank(row.tier) for row in matching]
    wanted = max(ranks) if table.prefer == "gravest" else min(ranks)
    best = [row for row, rank in zip(matching, ranks, strict=True) if rank == wanted]
    if any((row.fine, row.penalties) != (best[0].fine, best[0].penalties) for row in best):
        return Unchosen.OVERLAP
    return _of(best[0])


def _of(row: Row) -> Choice:
    return Choice(row.tier, row.fine, row.penalties, (row,))


def _collected(table: Table, matching: Sequence[Row]) -> Choice | Unchosen:
    fines = [row.fine for row in matching if row.fine is not None]
    highest = next((fine for fine in fines if all(other.not_heavier(fine) for other in fines)), None)
    if fines and highest is None:
        return Unchosen.OVERLAP
    tier = max((row.tier for row in matching), key=table.rank)
    return Choice(tier, highest, frozenset().union(*(row.penalties for row in matching)), tuple(matching))
