"""For each activation, its nearest target on either side, found by search in sorted arrays instead of joins.

Everything that bounds an answer in time (order, due dates, endings) is monotone along the steps of a case, so
that the nearest target past a lower bound decides whether any target lies before an upper one. Where some steps
have a time of day and others have not, the two sorts are searched apart: within each, order is monotone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from scoring.batch.series import place, true, where
from scoring.batch.steps import Steps

Order = Literal["plain", "possibly", "surely", "any"]
_DAYS = 1 << 22


class Activations:
    """Steps that make a rule speak.

    Attributes:
        rows: in order.
        key: a number that targets must share; None where the case alone counts.
    """

    def __init__(self, steps: Steps, rows: pl.Series, key: pl.Series | None = None) -> None:
        self.steps, self.rows, self.key = steps, rows, key
        self._gathered: dict[str, pl.Series] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, name: Literal["first", "last", "start", "end", "day", "case", "dated"]) -> pl.Series:
        """What the steps' array ``name`` has for each activation."""
        if name not in self._gathered:
            whole: pl.Series = getattr(self.steps, name)
            self._gathered[name] = whole.gather(self.rows)
        return self._gathered[name]


class _Lane:
    """Targets that are searched together, sorted by key and row."""

    def __init__(self, steps: Steps, rows: pl.Series, key: pl.Series | None) -> None:
        self.steps, self.rows, self.key = steps, rows, key
        nothing = pl.Series([None], dtype=pl.Int64)
        self._padded = pl.concat([nothing, rows, nothing])
        self._padded_key = None if key is None else pl.concat([nothing, key, nothing])
        self._sorted: dict[int, tuple[pl.Series, pl.Series]] = {}

    def index(self, activations: Activations, by: pl.Series, bound: pl.Series, side: Literal["left", "right"],
              days: bool = False) -> pl.Series:
        """Where ``bound`` would lie among the targets' values of ``by``, an array over all steps."""
        width = _DAYS if days else 4 * self.steps.size + 8
        key, wanted = (self.key, activations.key) if self.key is not None else (
            (self.steps.case.gather(self.rows), activations.at("case")) if days else (None, None))
        if id(by) not in self._sorted:  # held with its values, so that no other array gets its id
            own = by.gather(self.rows)
            self._sorted[id(by)] = by, own if key is None else key * width + own
        if wanted is not None:
            bound = (wanted * width + bound).fill_null(-1)
        return place(self._sorted[id(by)][1], bound, side)

    def found(self, activations: Activations, index: pl.Series) -> pl.Series:
        """The targets at these indices, null where they belong to others."""
        rows = self._padded.gather(index + 1)
        if self._padded_key is not None and activations.key is not None:
            return where(self._padded_key.gather(index + 1) == activations.key, rows)
        return where((rows >= activations.at("start")) & (rows < activations.at("end")), rows)

    def skip(self, index: pl.Series, rows: pl.Series, step: Literal[1, -1]) -> pl.Series:
        """One further where the index points at ``rows``."""
        return index + true(self._padded.gather(index + 1) == rows).cast(pl.Int64) * step


class Targets:
    """The targets of a rule.

    Args:
        rows: sorted by ``key``, then by row.
    """

    def __init__(self, steps: Steps, rows: pl.Series, key: pl.Series | None = None) -> None:
        self.steps, self.rows, self.key = steps, rows, key
        if steps.mixed and len(rows):
            dated = steps.dated.gather(rows)
            self._lanes = [_Lane(steps, rows.filter(mask), None if key is None else key.filter(mask))
                           for mask in (~dated, dated)]
        else:
            self._lanes = [_Lane(steps, rows, key)]

    def after(self, a: Activations, order: Order, floor: pl.Series | None = None,
              skip: Sequence[pl.Series] = ()) -> list[pl.Series]:
        """The first target after each activation, lane by lane.

        Args:
            order: ``plain`` by position, ``possibly`` or ``surely`` after it, ``any``: the first in the case.
            floor: the first row that counts.
            skip: steps that are no targets, in order.
        """
        steps, found = self.steps, []
        for lane in self._lanes:
            match order:
                case "plain":
                    index = lane.index(a, steps.rows, a.rows, "right")
                case "possibly":
                    index = lane.index(a, steps.last, a.at("first"), "right")
                case "surely":
                    index = lane.index(a, steps.first, a.at("last"), "right")
                case "any":
                    index = lane.index(a, steps.rows, a.at("start"), "left")
            if floor is not None:
                index = _larger(index, lane.index(a, steps.rows, floor, "left"))
            for rows in (a.rows, *skip) if order in ("possibly", "any") else skip:
                index = lane.skip(index, rows, 1)
            found.append(lane.found(a, index))
        return found

    def before(self, a: Activations, order: Order, ceiling: pl.Series | None = None,
               skip: Sequence[pl.Series] = ()) -> list[pl.Series]:
        """The last target before each activation, lane by lane.

        Args:
            ceiling: for each step, a day that must not lie after the activation's.
            skip: steps that are no targets, the latest first.
        """
        steps, found = self.steps, []
        for lane in self._lanes:
            match order:
                case "possibly":
                    index = lane.index(a, steps.first, a.at("last"), "left") - 1
                case "surely":
                    index = lane.index(a, steps.last, a.at("first"), "left") - 1
                case _:
                    index = lane.index(a, steps.rows, a.rows, "left") - 1
            if ceiling is not None:
                index = _smaller(index, lane.index(a, ceiling, a.at("day"), "right", days=True) - 1)
            for rows in (a.rows, *skip) if order == "possibly" else skip:
                index = lane.skip(index, rows, -1)
            found.append(lane.found(a, index))
        return found


def keyed(steps: Steps, rows: pl.Series, same: tuple[str, ...]) -> Targets:
    """Targets that share the case and the values of ``same`` with their activations."""
    if not same:
        return Targets(steps, rows)
    known = pl.DataFrame({"key": steps.key(same).gather(rows), "row": rows}).drop_nulls("key").sort("key", "row")
    return Targets(steps, known["row"], known["key"])


def _larger(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.zip_with(one >= other, other)


def _smaller(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.zip_with(one <= other, other)
