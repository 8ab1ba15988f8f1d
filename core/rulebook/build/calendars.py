"""Working-day calendars from the yearly notices and from what regions add."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.calendars import Calendar, CalendarYear
from core.rulebook.build.context import Problems, Site
from core.rulebook.kinds.base import dates_of
from core.rulebook.kinds.calendar import CalendarDocument, DaysSpec
from core.rulebook.kinds.overlay import OverlayDocument

MOST_DAYS = 60


def national(documents: Sequence[tuple[CalendarDocument, Site]], problems: Problems) -> Calendar:
    """The calendar of the yearly notices for the whole country."""
    years: dict[int, CalendarYear] = {}
    for document, site in documents:
        if document.region is not None:
            continue
        if document.year in years:
            problems.add("calendar-year-twice", (site / "year").at, year=document.year)
            continue
        years[document.year] = CalendarYear(
            frozenset(days_of(document.holidays, site / "holidays", problems, document.year)),
            frozenset(days_of(document.workdays, site / "workdays", problems, document.year)))
        both = years[document.year].holidays & years[document.year].workdays
        if both:
            problems.add("calendar-both", site.at, days="、".join(str(day) for day in sorted(both)))
    return Calendar.of(years)


def regional(base: Calendar, chain: Sequence[str], documents: Sequence[tuple[CalendarDocument, Site]],
             overlays: Sequence[tuple[OverlayDocument, Site]], problems: Problems) -> Calendar:
    """``base`` with the days that the regions of a chain add, from the top down."""
    calendar = base
    for region in chain:
        for document, site in documents:
            if document.region == region:
                calendar = calendar.plus(days_of(document.holidays, site / "holidays", problems, document.year),
                                         days_of(document.workdays, site / "workdays", problems, document.year))
        for overlay, site in overlays:
            if overlay.region == region and overlay.holidays:
                valid = dates_of(overlay.valid)
                days = days_of(overlay.holidays, site / "holidays", problems)
                calendar = calendar.plus([day for day in days if day in valid])
    return calendar


def days_of(specs: Sequence[DaysSpec], site: Site, problems: Problems, year: int | None = None) -> list[date]:
    """Every day listed; stretches that run backwards, or lie in another year, are reported."""
    found: list[date] = []
    for index, spec in enumerate(specs):
        place = (site / index).at
        if spec.to is not None and (spec.to < spec.from_ or (spec.to - spec.from_).days > MOST_DAYS):
            problems.add("calendar-stretch", place, start=spec.from_, end=spec.to)
            continue
        days = spec.days()
        if year is not None and any(day.year != year for day in days):
            problems.add("calendar-other-year", place, year=year, day=next(d for d in days if d.year != year))
        found += days
    return found
