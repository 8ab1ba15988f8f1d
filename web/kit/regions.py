"""Regions as a reader may choose from: the own one and those below it."""

from __future__ import annotations

from typing import Any

from core.organs.authority import Actor
from core.organs.codes import territory
from core.organs.models import Region
from core.organs.vocabulary import RegionLevel
from web.kit.language import language

MARKS = {RegionLevel.LEAGUE.value: "　", RegionLevel.COUNTY.value: "　　", RegionLevel.TOWNSHIP.value: "　　　"}


def region_choices(actor: Actor, *, down_to: RegionLevel = RegionLevel.COUNTY) -> list[tuple[str, str]]:
    """Code and name of the actor's region and those below it, indented by level.

    Args:
        down_to: the lowest level to offer.
    """
    low, high = territory(actor.place.region)
    levels = [level.value for level in RegionLevel if level.rank <= down_to.rank]
    rows: Any = Region.select(Region.code, Region.name, Region.english, Region.level).where(
        (Region.code >= low) & (Region.code < high) & Region.level.in_(levels)).order_by(Region.code).tuples()
    english = language() != "zh"
    return [(code, MARKS.get(level, "") + ((other or name) if english else name)) for code, name, other, level in rows]
