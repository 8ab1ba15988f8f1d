"""Effective steps of many cases as arrays: where each lies, when it may have happened, what it carries.

A row number is a step's position among all steps, sorted by case and place; within a case it orders like
``Step.index``. A step of which only the date is known may have happened anywhere in its day: ``first`` and
``last`` span the places that it may have had (equal where its moment is known), as for the live evaluator.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from core.calendars import close_of
from core.rulebook.model import Procedure
from scoring.batch.effective import FIRST_DAY
from scoring.batch.events import micros
from scoring.batch.series import nowhere, place, rows_where, where
from scoring.batch.values import Sort, column, field_of, scalar

_DAYS = 1 << 22
_TOO_MANY = 1 << 62


class Steps:
    """The steps of a range of cases.

    Attributes:
        frame: see ``scoring.batch.effective``.
        rows: 0, 1, 2, …
        case: number of each step's case.
        heads: rows of the first steps, by case number.
    """

    def __init__(self, frame: pl.DataFrame, procedure: Procedure) -> None:
        self.frame, self.procedure, self.size = frame, procedure, frame.height
        self.rows = pl.int_range(0, frame.height, dtype=pl.Int64, eager=True)
        self.case = frame["number"].cast(pl.Int64)
        self.day: pl.Series = frame["day"]
        self.at: pl.Series = frame["at"]
        self.dated: pl.Series = frame["dated"]
        begins = self.case != self.case.shift(1)
        self.heads = self.rows.filter(begins.fill_null(True))
        self._lengths = pl.concat([self.heads, pl.Series([frame.height], dtype=pl.Int64)]).diff().slice(1)
        self._of_type: dict[tuple[str, ...], pl.Series] = {}
        self._marks: dict[str, pl.Series] = {}
        self._folded: dict[str, pl.Series] = {}
        self._keys: dict[tuple[str, ...], pl.Series] = {}

    @property
    def cases(self) -> int:
        """How many cases."""
        return len(self.heads)

    @cached_property
    def start(self) -> pl.Series:
        """Row of the first step of each step's case."""
        return self.heads.gather(self.case)

    @cached_property
    def tails(self) -> pl.Series:
        """One row beyond the last step of each case."""
        return self.heads + self._lengths

    @cached_property
    def end(self) -> pl.Series:
        """One row beyond the last step of each step's case."""
        return self.tails.gather(self.case)

    @cached_property
    def unordered(self) -> bool:
        """True where the time of day of some step is not known."""
        return bool(self.dated.any())

    @cached_property
    def mixed(self) -> bool:
        """True where only some steps have a time of day."""
        return self.unordered and not bool(self.dated.all())

    @cached_property
    def first(self) -> pl.Series:
        """The earliest place that each step may have had."""
        return self._places[0]

    @cached_property
    def last(self) -> pl.Series:
        """The latest place that each step may have had."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[pl.Series, pl.Series]:
        known = self.rows * 4
        if not self.unordered:
            return known, known
        changes = ((self.case != self.case.shift(1)) | (self.day != self.day.shift(1))).fill_null(True)
        begins = self.rows.filter(changes)
        ends = pl.concat([begins.slice(1), pl.Series([self.size], dtype=pl.Int64)])
        day = changes.cast(pl.Int64).cum_sum() - 1
        return (known.zip_with(~self.dated, begins.gather(day) * 4 - 1),
                known.zip_with(~self.dated, (ends.gather(day) - 1) * 4 + 1))

    @cached_property
    def types(self) -> pl.Series:
        """The step's type as a number, by ``type_names``; null where the procedure knows no such type."""
        return self.frame["type"].cast(pl.Enum(self.type_names), strict=False).to_physical()

    @property
    def type_names(self) -> list[str]:
        """The procedure's types of steps."""
        return list(self.procedure.events)

    @cached_property
    def latest(self) -> pl.Series:
        """The step's moment, or the close of its day where only the date is known (microseconds)."""
        if not self.unordered:
            return self.at
        return self.at.zip_with(~self.dated, self.close(self.day))

    def close(self, days: pl.Series) -> pl.Series:
        """The moments at which days are over (microseconds)."""
        known = days.drop_nulls().unique().sort()
        if not len(known):
            return nowhere(len(days))
        closes = pl.Series([micros(close_of(date.fromordinal(day), self.procedure.timezone)) for day in known],
                           dtype=pl.Int64)
        return closes.gather(known.search_sorted(days.fill_null(known[0]))).zip_with(
            days.is_not_null(), nowhere(len(days)))

    def of_types(self, events: tuple[str, ...]) -> pl.Series:
        """Rows of the steps of some types."""
        found = self._of_type.get(events)
        if found is None:
            numbers = [number for number, name in enumerate(self.type_names) if name in events]
            if len(numbers) == 1:
                mask = self.types == numbers[0]
            else:
                mask = self.types.is_in(pl.Series(numbers, dtype=self.types.dtype).implode())
            found = self._of_type[events] = self.rows.filter(mask)
        return found

    def with_material(self, path: str) -> pl.Series:
        """Rows of the steps that carry a material, as ``event_type/requirement``."""
        if path not in self._marks:
            self._marks[path] = rows_where(self.frame["materials"].list.contains(path).fill_null(False))
        return self._marks[path]

    def next_of(self, stops: pl.Series, rows: pl.Series) -> pl.Series:
        """For each row, the first of ``stops`` after it in its case."""
        padded = pl.concat([stops, pl.Series([None], dtype=pl.Int64)])
        found = padded.gather(place(stops, rows, "right"))
        return where(found < self.end.gather(rows), found)

    def first_of(self, stops: pl.Series) -> pl.Series:
        """For each case, the first of ``stops`` in it."""
        padded = pl.concat([stops, pl.Series([None], dtype=pl.Int64)])
        found = padded.gather(place(stops, self.heads, "left"))
        return where(found < self.tails, found)

    @cached_property
    def _days(self) -> pl.Series:
        return self.case * _DAYS + self.day

    def row_from(self, cases: pl.Series, days: pl.Series) -> pl.Series:
        """The first row of each case on or after a day; beyond the case where there is none."""
        return place(self._days, cases * _DAYS + days, "left")

    def value(self, name: str, sort: Sort) -> pl.Series | None:
        """The payload values of a field that are of one sort; None where there are none."""
        wanted = column(name, sort)
        return self.frame[wanted] if wanted in self.frame.columns else None

    def sorts(self, name: str) -> list[Sort]:
        """The sorts of values that a field has."""
        known = map(field_of, self.frame.columns)
        return [field[1] for field in known if field is not None and field[0] == name]

    def folded(self, name: str) -> pl.Series:
        """For each step, the row of the step that last set the case's attribute, or made it unknown again."""
        if name not in self._folded:
            known = pl.select(pl.any_horizontal(
                *(self.frame[column(name, sort)].is_not_null() for sort in self.sorts(name)))).to_series()
            renewing = [event.id for event in self.procedure.events.values() if name in event.renews]
            if renewing:  # such a step sets the attribute anew, to nothing where it does not say
                known = known | self.frame["type"].is_in(renewing)
            source = where(known, self.rows).forward_fill()
            self._folded[name] = where(source >= self.start, source)
        return self._folded[name]

    def named_days(self, fact: str, rows: pl.Series) -> pl.Series:
        """The dates (counted from the year 1) that ``e.field`` or ``c.attribute`` names at each row."""
        side, _, name = fact.partition(".")
        values = self.value(name, Sort.DATE)
        if values is None:
            return nowhere(len(rows))
        days = values.cast(pl.Int32).cast(pl.Int64) + FIRST_DAY
        return days.gather(self.folded(name).gather(rows) if side == "c" else rows)

    def codes(self, name: str) -> pl.Series:
        """Numbers that are equal where the correlated values are; null where the value is missing or empty."""
        if name in ("actor", "organ"):
            return numbered(where(self.frame[name] != "", self.frame[name]))
        sorts = self.sorts(name)
        if not sorts:
            return nowhere(self.size)
        if sorts == [Sort.TEXT]:
            return numbered(self.frame[column(name, Sort.TEXT)])
        numbers: dict[object, int] = {}
        return pl.Series([None if value is None else numbers.setdefault(value, len(numbers))
                          for value in self.scalars(name)], dtype=pl.Int64)

    def scalars(self, name: str) -> list[Any]:
        """The values of a field as a folded case has them."""
        found: list[Any] = [None] * self.size
        for sort in self.sorts(name):
            for row, value in enumerate(self.frame[column(name, sort)].to_list()):
                if value is not None:
                    found[row] = scalar(sort, value)
        return found

    def key(self, fields: tuple[str, ...]) -> pl.Series:
        """Numbers that are equal where the case and all correlated values are; null where one is missing."""
        if fields not in self._keys:
            key = self.case
            for name in fields:
                codes = self.codes(name)
                highest: Any = codes.max()
                width = int(highest or 0) + 1
                largest: Any = key.max()
                if (int(largest or 0) + 1) * width * max(4 * self.size + 8, _DAYS) >= _TOO_MANY:
                    key = key.rank("dense").cast(pl.Int64)
                    codes = codes.rank("dense").cast(pl.Int64)
                    width = self.size + 1
                key = key * width + codes
            self._keys[fields] = key.rank("dense").cast(pl.Int64) if len(fields) > 1 else key
        return self._keys[fields]

    def ids(self, rows: pl.Series, name: str = "id") -> pl.Series:
        """Ids of the events at ``rows``; ``root`` names the events first recorded there."""
        return self.frame[name].gather(rows)


def numbered(texts: pl.Series) -> pl.Series:
    """Equal texts as equal numbers."""
    return texts.cast(pl.Enum(texts.drop_nulls().unique())).to_physical().cast(pl.Int64)


def as_dates(days: pl.Series) -> pl.Series:
    """Days counted from the year 1 as dates."""
    return (days - FIRST_DAY).cast(pl.Int32).cast(pl.Date)
