"""Payload values as columns: one column for each name and sort of value, so that every column has one type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from core.rulebook.model import Scalar

DECIMAL_PLACES = 12
"""Places of the decimal columns; the rule language writes no more."""

_MOST = 10 ** (38 - DECIMAL_PLACES)
_MIN_INT, _MAX_INT = -(2**63), 2**63 - 1
_BETWEEN = "|"
_UNREADABLE = "NaN"


class Sort(StrEnum):
    """What a column holds. ``exact`` is the text of numbers too long for the others."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    SET = "set"
    EXACT = "exact"


DTYPES: dict[Sort, Any] = {
    Sort.BOOL: pl.Boolean(),
    Sort.INT: pl.Int64(),
    Sort.DECIMAL: pl.Decimal(38, DECIMAL_PLACES),
    Sort.TEXT: pl.String(),
    Sort.DATE: pl.Date(),
    Sort.DATETIME: pl.Datetime("us"),
    Sort.SET: pl.List(pl.String()),
    Sort.EXACT: pl.String(),
}


def column(name: str, sort: Sort) -> str:
    """The column of a payload field's values of one sort."""
    return f"{name}{_BETWEEN}{sort}"


def field_of(column_name: str) -> tuple[str, Sort] | None:
    """The field and sort that a column holds; None for columns that are no payload."""
    name, between, sort = column_name.rpartition(_BETWEEN)
    return (name, Sort(sort)) if between else None


def stored(value: Scalar, timezone: ZoneInfo) -> tuple[Sort, Any] | None:
    """A typed value as its column holds it; None for what no field can have.

    What no condition can read still hides an earlier value of the case's attribute: it is kept as not a number.

    Args:
        timezone: moments are kept as the local time that conditions compare.
    """
    match value:
        case bool():
            return Sort.BOOL, value
        case int():
            return (Sort.INT, value) if _MIN_INT <= value <= _MAX_INT else (Sort.EXACT, str(value))
        case Decimal():
            return _decimal(value)
        case str():
            return Sort.TEXT, value
        case datetime():
            return _local(value, timezone)
        case date():
            return Sort.DATE, value
        case frozenset():
            return Sort.SET, sorted(value)
    return None


def scalar(sort: Sort, value: Any) -> Scalar:
    """The value that a column holds, typed as a folded case has it."""
    if sort is Sort.EXACT:
        return Decimal(value)
    return frozenset(value) if sort is Sort.SET else value


def _decimal(value: Decimal) -> tuple[Sort, Any]:
    if not value.is_finite():
        return Sort.EXACT, _UNREADABLE
    exponent = value.as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -DECIMAL_PLACES and abs(value) < _MOST
    return (Sort.DECIMAL, value) if fits else (Sort.EXACT, str(value))


def _local(value: datetime, timezone: ZoneInfo) -> tuple[Sort, Any]:
    try:
        return Sort.DATETIME, value if value.tzinfo is None else value.astimezone(timezone).replace(tzinfo=None)
    except OverflowError:  # year 1 or 9999 moved across its end
        return Sort.EXACT, _UNREADABLE
