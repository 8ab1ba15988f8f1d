"""Catalogues of the year in the demonstration: which decisions an organ listed, and how it published them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.words import Matter, departments

STEPS = {"technical": "expert_argument", "risk": "risk_assessment", "market": "fair_competition"}


@dataclass(frozen=True, slots=True)
class Item:
    """A matter in a catalogue."""

    number: str
    title: str
    matter: Matter
    planned: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An organ's catalogue of one year; ``published`` is None where the organ has none."""

    year: int
    number: str
    published: date | None
    items: tuple[Item, ...]


def tell_catalogue(pen: Pen, catalogue: Catalogue, added: Sequence[str]) -> None:
    """Write the catalogue's case.

    Args:
        added: numbers of the items that came in during the year.
    """
    if catalogue.published is None:
        return
    consented = pen.calendar.add_working_days(catalogue.published, -pen.rng.randint(3, 12))
    drafted = pen.calendar.add_working_days(consented, -pen.rng.randint(12, 25))
    pen.write("catalogue_drafted", drafted, catalogue_year=catalogue.year, standard_stated=pen.well())
    first = [item for item in catalogue.items if item.number not in added]
    for item in first:
        _list(pen, item, drafted)
    if pen.well(0.3):
        pen.write("party_consented", consented)
    pen.write("catalogue_published", catalogue.published, extra=("screenshot",), catalogue_number=catalogue.number,
              catalogue_url=f"https://demo.invalid/{pen.organ.region}/catalogue/{catalogue.year}")
    day = catalogue.published
    for item in catalogue.items:
        if item.number in added:
            day = pen.after(day, 25, 60)
            pen.write("item_adjusted", day, adjusted_item=item.number, adjustment_kind="added",
                      adjustment_reason="因工作需要增加")
            _list(pen, item, day)
            if pen.well(0.4):
                pen.write("adjustment_consented", pen.after(day, 3, 8))
            if pen.well(0.4):
                pen.write("adjustment_published", pen.after(day, 10, 20), extra=("screenshot",),
                          adjustment_url=f"https://demo.invalid/{pen.organ.region}/catalogue/{catalogue.year}/change")
    pen.write("catalogue_closed", pen.working_day(date(catalogue.year + 1, 1, pen.rng.randint(10, 28))))


def _list(pen: Pen, item: Item, day: date) -> None:
    steps = ["public_participation", *(STEPS[name] for name in sorted(item.matter.features) if name in STEPS)]
    if item.matter.special == "price_setting":
        steps.append("hearing")
    pen.write("item_listed", day, item_number=item.number, item_title=item.title, item_category=item.matter.category,
              item_unit=_unit(item.matter), planned_quarter=item.planned, item_steps=steps)


def _unit(matter: Matter) -> str:
    return next((f"{each.name}部门" for each in departments() if matter in each.matters), "承办部门")
