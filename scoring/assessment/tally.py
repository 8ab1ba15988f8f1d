"""Entries added up for one organ and one leaf, up to a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from scoring.assessment.entries import Entry


@dataclass(frozen=True, slots=True)
class Tally:
    """What a leaf's value is computed from.

    Attributes:
        first: the first day with anything in the numerator; None without.
        months: numerators by month, for frequencies.
    """

    cases: int = 0
    numerator: int = 0
    denominator: int = 0
    then: int = 0
    first: date | None = None
    months: tuple[int, ...] = (0,) * 12

    def __add__(self, other: Tally) -> Tally:
        firsts = [day for day in (self.first, other.first) if day is not None]
        return Tally(self.cases + other.cases, self.numerator + other.numerator, self.denominator + other.denominator,
                     self.then + other.then, min(firsts, default=None),
                     tuple(one + two for one, two in zip(self.months, other.months, strict=True)))

    def corrected(self, numerator: int, denominator: int) -> Tally:
        """The tally with what a granted appeal put in place of what was found."""
        return replace(self, cases=max(1, self.cases), numerator=numerator, denominator=denominator, then=numerator)


NOTHING = Tally()


def counts(entry_year: int, entry_day: date, year: int, day: date, *, rolling: bool) -> bool:
    """True where an entry counts on a day."""
    if rolling:
        return year_before(day) < entry_day <= day
    return entry_year == year and entry_day <= day


def year_before(day: date) -> date:
    """The same day a year before; 28 February where there is none."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def single(entry: Entry, year: int) -> Tally:
    """One entry as a tally."""
    months = [0] * 12
    months[month_in(entry.day, year) - 1] = entry.numerator
    return Tally(entry.cases, entry.numerator, entry.denominator, entry.then,
                 entry.day if entry.numerator else None, tuple(months))


def month_in(day: date, year: int) -> int:
    """The month of the assessment year that a day counts for; days outside it count at its near end."""
    return day.month if day.year == year else 12 if day.year > year else 1
