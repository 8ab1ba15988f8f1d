"""The course of the year in the demonstration: month by month, as the ledger gives it for the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.instance import Instance
from core.organs.vocabulary import RegionLevel
from plugins.assessment.demo.places import Assessed
from plugins.assessment.inventory import GOVERNING
from scoring.assessment.history import days_of_months, organ_as_of
from scoring.assessment.keeping import World
from scoring.assessment.models import ScoreDayRow

COUNTIES = 2
"""Counties beside the region and its leagues: each month of each organ is computed from its cases."""


def past_scores(instance: Instance, places: Sequence[Assessed], today: date) -> None:
    """Note what the scores of some governments were at the end of each month of the running year."""
    bundle = instance.bundles.current()
    for assessed in _governments(places):
        world = World.around([assessed.organ])
        place = world.places[assessed.organ]
        for scheme in bundle.organ_schemes(today.year, place.region):
            for day in days_of_months(today.year, today):
                found = organ_as_of(bundle, scheme.id, today.year, place, world, day) if day < today else None
                if found is not None:
                    ScoreDayRow.insert(scheme=scheme.id, year=today.year, organ=place.organ, day=day,
                                       score=found[0].score, earned=found[0].earned,
                                       due=found[0].due).on_conflict_ignore().execute()


def _governments(places: Sequence[Assessed]) -> Iterator[Assessed]:
    governing = [place for place in places if place.kind in GOVERNING]
    yield from (place for place in governing if place.level in (RegionLevel.REGION, RegionLevel.LEAGUE))
    yield from [place for place in governing if place.level == RegionLevel.COUNTY][:COUNTIES]
