"""A discretion table, resolved: inputs, tiers, the statute's ranges by edition, rows, declared faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from core.discretion.cells import Cell
from core.discretion.fines import Fine
from core.discretion.inputs import Input
from core.discretion.penalties import Penalty
from core.rulebook.terms import ALWAYS, Citation, DateRange
from core.text import Text

Cells = Mapping[str, Cell]


class Hit(StrEnum):
    """What counts where several rows match (DMN hit policies)."""

    UNIQUE = "unique"
    FIRST = "first"
    COLLECT = "collect"
    PRIORITY = "priority"


class FaultKind(StrEnum):
    """What a published table may really have wrong."""

    GAP = "gap"
    OVERLAP = "overlap"
    OUTSIDE = "outside"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Statute:
    """What the law provides for some facts.

    Attributes:
        fine: None where the law provides no fine.
        optional: whether the law leaves it open to fine at all (可以处、可以并处).
        must: what goes with it in any case.
        may: what may be imposed in addition.
        lawful: the act is no longer unlawful under this edition (不认为是违法).
        valid: dates on which this edition is in force.
    """

    cells: Cells
    fine: Fine | None = None
    optional: bool = False
    must: frozenset[Penalty] = frozenset()
    may: frozenset[Penalty] = frozenset()
    lawful: bool = False
    basis: tuple[Citation, ...] = ()
    valid: DateRange = ALWAYS


@dataclass(frozen=True, slots=True)
class Row:
    """One row: when it applies, the tier, and what it gives.

    Attributes:
        number: from 1, as in the file.
        penalties: beside the fine and beside what the statute commands anyway.
    """

    number: int
    tier: str
    cells: Cells
    fine: Fine | None = None
    penalties: frozenset[Penalty] = frozenset()
    note: Text | None = None
    basis: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that the published table really has, in words of its own conditions."""

    kind: FaultKind
    cells: Cells
    note: Text


@dataclass(frozen=True, slots=True)
class Limitation:
    """A limitation period of its own (行政处罚法 36: 法律另有规定的除外)."""

    months: int
    basis: tuple[Citation, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """A discretion table for a region and a stretch of time.

    Attributes:
        tiers: id to title, from the lightest to the heaviest.
        applies: conditions under which the table is meant to be used at all.
        prefer: with the hit policy ``priority``, which of several tiers counts.
        source: where the table was published.
        region: code of the region whose table it is; empty for the whole country.
    """

    id: str
    title: Text
    inputs: Mapping[str, Input]
    tiers: Mapping[str, Text]
    statutes: tuple[Statute, ...]
    rows: tuple[Row, ...]
    hit: Hit = Hit.UNIQUE
    prefer: Literal["gravest", "lightest"] = "gravest"
    applies: Cells = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    limitation: Limitation | None = None
    basis: tuple[Citation, ...] = ()
    source: str = ""
    region: str = ""
    valid: DateRange = ALWAYS
    origin: Mapping[str, str] = field(default_factory=dict)

    def rank(self, tier: str) -> int:
        """Position of a tier, the lightest first."""
        return list(self.tiers).index(tier)

    def statutes_on(self, day: date) -> tuple[tuple[int, Statute], ...]:
        """The statute's entries in force on a day, with their positions."""
        return tuple((index, each) for index, each in enumerate(self.statutes) if day in each.valid)
