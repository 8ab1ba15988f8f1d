"""Ranking of units that can be compared: same procedure, year, level and kind; equal scores share a rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from peewee import fn

from core.organs.codes import territory
from core.organs.models import Organ, Region
from scoring.aggregate import ORGAN, REGION, unit_of
from scoring.models import UnitScore
from scoring.units import Unit


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a ranking; ``rank`` is None for units without a score, which come last."""

    rank: int | None
    name: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Group:
    """Units that are compared with each other, and how many there are."""

    unit: str
    level: str
    kind: str
    size: int


def ranking(procedure: str, year: int, level: str, kind: str = "", *, unit: Literal["organ", "region"] = "region",
            parent: str = "") -> tuple[Ranked, ...]:
    """The units of a comparable group, best first.

    Args:
        level: of the units: ``county``, ``league`` …
        kind: of organs; empty for regions.
        parent: region code; only units in its territory.
    """
    chosen = ((UnitScore.procedure == procedure) & (UnitScore.year == year) & (UnitScore.unit == unit)
              & (UnitScore.level == level) & (UnitScore.kind == kind) & (UnitScore.cases > 0))
    if parent:
        chosen &= UnitScore.region.between(*territory(parent))
    rows: Any = UnitScore.select().where(chosen)
    units = [unit_of(row) for row in rows]
    return ranked(units, names_of(units))


def ranked(units: Iterable[Unit], names: dict[str, str]) -> tuple[Ranked, ...]:
    """Units in order with their ranks: 1, 2, 2, 4."""
    ordered = sorted(units, key=lambda unit: (unit.score is None, -(unit.score or Decimal(0)), unit.subject))
    lines: list[Ranked] = []
    for place, unit in enumerate(ordered, 1):
        tied = lines and unit.score is not None and lines[-1].unit.score == unit.score
        rank = None if unit.score is None else lines[-1].rank if tied else place
        lines.append(Ranked(rank, names.get(unit.subject, unit.subject), unit))
    return tuple(lines)


def groups(procedure: str, year: int) -> tuple[Group, ...]:
    """The comparable groups of a year that have any unit."""
    rows: Any = (UnitScore.select(UnitScore.unit, UnitScore.level, UnitScore.kind, fn.COUNT(UnitScore.subject))
            .where((UnitScore.procedure == procedure) & (UnitScore.year == year) & (UnitScore.cases > 0))
            .group_by(UnitScore.unit, UnitScore.level, UnitScore.kind)
            .order_by(UnitScore.unit.desc(), UnitScore.level, UnitScore.kind).tuples())
    return tuple(Group(*row) for row in rows)


def years(procedure: str) -> tuple[int, ...]:
    """Years with scores, latest first."""
    rows: Any = UnitScore.select(UnitScore.year).where(UnitScore.procedure == procedure).distinct().order_by(
        UnitScore.year.desc()).tuples()
    return tuple(year for (year,) in rows)


def names_of(units: Iterable[Unit]) -> dict[str, str]:
    """Names of organs and regions by id."""
    found = list(units)
    organs = [unit.subject for unit in found if unit.unit == ORGAN]
    regions = [unit.subject for unit in found if unit.unit == REGION]
    rows: Any = Organ.select(Organ.id, Organ.name).where(Organ.id.in_(organs)).tuples()
    places: Any = Region.select(Region.code, Region.name).where(Region.code.in_(regions)).tuples()
    return dict(rows) | dict(places)
