"""What a case of the demonstration is about, and which steps it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from plugins.decisions.demo.words import Matter


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about.

    Attributes:
        catalogue: number of the organ's catalogue of the year; empty where it has none.
        item: its number in the catalogue; empty where it is not listed.
        catalogue_day: when the catalogue was published.
        handling_unit: organ id of the unit that handles it.
    """

    title: str
    matter: Matter
    catalogue: str
    item: str
    catalogue_day: date | None
    handling_unit: str


@dataclass(frozen=True, slots=True)
class Needs:
    """Which steps this decision needs, as the organ sees it."""

    experts: bool
    risk: bool
    market: bool
    group: bool
    units: bool
    public: bool
