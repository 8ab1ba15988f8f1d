"""Columns that hold the same on every database: points as whole hundredths, days as text that sorts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from peewee import CharField, IntegerField

from scoring.points import from_hundredths


class PointsField(IntegerField):
    """Points with two places, stored as hundredths so that sums in SQL are exact."""

    def db_value(self, value: Decimal | int | None) -> int | None:
        """Hundredths; an ``int`` is taken as hundredths already."""
        return int(value * 100) if isinstance(value, Decimal) else value

    def python_value(self, value: int | None) -> Decimal | None:
        """Points with two places."""
        return None if value is None else from_hundredths(int(value))


class DayField(CharField):
    """A local calendar date as ISO text."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=10, **options)

    def db_value(self, value: date | str | None) -> str | None:
        """ISO text."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | date | None) -> date | None:
        """The date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


def tuples(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as plain tuples; the library does not type them."""
    return list(query.tuples())
