"""The small words of the rulebook: types of facts, levels, units, periods, dates of effect, citations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from core.citations.address import parse_address

Scalar = bool | int | Decimal | str | date | datetime | timedelta | frozenset[str]
"""A fact's value at run time; *unknown* is the absence of a key."""


class FieldType(StrEnum):
    """Types of facts (DESIGN glossary: fact 事实)."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    STRING = "string"
    TEXT = "text"
    ENUM = "enum"
    SET = "set"
    DATE = "date"
    DATETIME = "datetime"
    PERSON = "person"
    ORGAN = "organ"


class Level(StrEnum):
    """Severity of a finding, mildest first."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Unit(StrEnum):
    """Units of a period. Day units are local calendar dates, hour units elapsed time."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"

    @property
    def elapsed(self) -> bool:
        """True where the period runs by the clock rather than by calendar dates."""
        return self in (Unit.HOURS, Unit.MINUTES, Unit.SECONDS)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates of effect, both ends inclusive; None is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


ALWAYS = DateRange()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from: law, edition passed, article; ``quote`` is checked against a corpus."""

    law: str
    article: str
    edition: date | None = None
    quote: str | None = None
    confidence: Literal["verified", "unverified"] = "verified"
    note: str | None = None

    def to(self, language: str) -> str:
        """《法》第15条第1款第(二)项, or 《法》 Art. 15(1)(ii); an article that is no address stays as it is written."""
        address = parse_address(self.article)
        if address is None:
            return f"《{self.law}》{self.article}" if language == "zh" else f"《{self.law}》 {self.article}"
        return f"《{self.law}》{'' if language == 'zh' else ' '}{address.text(language)}"

    def __str__(self) -> str:
        return self.to("zh")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of law. Defaults are 民法典 201-204: the first day is not counted, the end rolls over.

    Attributes:
        roll: a last day on a statutory holiday moves to the next working day (民法典 203).
        until: the fact that names the last day, ``e.field`` or ``c.attribute`` as they are at the first step;
            ``length`` is then 0.
    """

    length: int
    unit: Unit
    roll: bool = True
    until: str | None = None
