"""The columns that conditions read, laid out for the steps at which they are asked."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any, Literal

import polars as pl

from scoring.batch.effective import FIRST_DAY
from scoring.batch.periods import Periods
from scoring.batch.series import place, where
from scoring.batch.steps import Steps, as_dates
from scoring.batch.values import DTYPES, Sort

Root = Literal["c", "e", "t"]
_FEW, _SAMPLE = 255, 1000


class Sheet:
    """Columns by name, each gathered once however many conditions read it.

    Attributes:
        at: rows of the steps at which conditions are asked (``c`` and ``e``).
        answers: rows of the answering steps (``t``); the same steps where a condition looks at one step alone.
    """

    def __init__(self, steps: Steps, periods: Periods, at: pl.Series, answers: pl.Series | None = None) -> None:
        self.steps, self.periods = steps, periods
        self.at, self.answers = at, at if answers is None else answers
        self._whole = len(at) == steps.size and answers is None
        self._columns: dict[str, pl.Series] = {"row": at}
        self._most: dict[str, int] = {}
        self._numbers: dict[str, dict[str, int]] = {}

    def select(self, conditions: Sequence[pl.Expr]) -> list[pl.Series]:
        """What each condition is at each step; null where it cannot be assessed."""
        frame = pl.DataFrame({name: values.alias(name) for name, values in self._columns.items()})
        named = [condition.alias(f"condition {number}") for number, condition in enumerate(conditions)]
        found = frame.with_columns(named) if frame.height else frame.with_columns(
            pl.lit(None, pl.Boolean).alias(f"condition {number}") for number in range(len(conditions)))
        return [found[f"condition {number}"] for number in range(len(conditions))]

    def value(self, root: Root, name: str, sort: Sort) -> pl.Expr:
        """A fact of the case or a field of a step."""
        label = f"{self._side(root)} {name} {sort}"
        if label not in self._columns:
            self._columns[label] = self._value(root, name, sort)
        return pl.col(label)

    def one_of(self, root: Root, name: str, texts: Sequence[str]) -> pl.Expr:
        """True where a text is one of some; null where it is not known.

        A column of few texts is numbered once, because conditions compare it again and again.
        """
        value = self.value(root, name, Sort.TEXT)
        label = f"{self._side(root)} {name} {Sort.TEXT}"
        if label not in self._numbers:
            self._numbers[label] = self._numbered(self._columns[label], f"{label} number")
        numbers = self._numbers[label]
        if not numbers:
            return value.is_in(list(texts))
        value = pl.col(f"{label} number")
        wanted = [value == pl.lit(numbers[text], pl.UInt8) for text in texts if text in numbers]
        return reduce(operator.or_, wanted) if wanted else pl.when(value.is_not_null()).then(pl.lit(False))

    def _numbered(self, values: pl.Series, label: str) -> dict[str, int]:
        if values.head(_SAMPLE).n_unique() > _FEW:
            return {}
        texts = values.drop_nulls().unique()
        if not 0 < len(texts) <= _FEW:
            return {}
        self._columns[label] = values.cast(pl.Enum(texts)).to_physical()
        return {text: number for number, text in enumerate(texts.to_list())}

    def has(self, root: Root, name: str, sort: Sort) -> bool:
        """True where any step has a value of that sort."""
        found = self.steps.value(name, sort)
        return found is not None and found.null_count() < len(found)

    def most(self, root: Root, name: str, sort: Sort) -> int:
        """The largest absolute value (of decimals: as scaled)."""
        label = f"{self._side(root)} {name} {sort}"
        if label not in self._most:
            self.value(root, name, sort)
            values = self._columns[label]
            bounds: list[Any] = [values.min(), values.max()]
            self._most[label] = max((abs(int(bound)) for bound in bounds if bound is not None), default=0)
        return self._most[label]

    def of_step(self, root: Root, name: Literal["date", "actor", "organ"]) -> pl.Expr:
        """What every step has."""
        label = f"{self._side(root)} step {name}"
        if label not in self._columns:
            rows = self._rows(root)
            self._columns[label] = (as_dates(self.steps.day.gather(rows)) if name == "date"
                                    else self.steps.frame[name].gather(rows))
        return pl.col(label)

    def times(self, name: str, material: bool = False) -> pl.Expr:
        """How often a step, or a step with a material, was recorded up to each step."""
        label = f"times {name}"
        if label not in self._columns:
            _, upto, before = self._history(name, material)
            self._columns[label] = upto - before
        return pl.col(label)

    def date_of(self, name: str, latest: bool) -> pl.Expr:
        """The date of the first or the latest step of a type up to each step."""
        label = f"date {latest} {name}"
        if label not in self._columns:
            of_type, upto, before = self._history(name, False)
            padded = pl.concat([pl.Series([None], dtype=pl.Int64), of_type])
            place = where(upto > before, upto if latest else before + 1)
            self._columns[label] = as_dates(self.steps.day.gather(padded.gather(place)))
        return pl.col(label)

    def anew(self, name: str, before: str) -> pl.Expr:
        """How often a step was recorded between the last two steps of another type, up to each step."""
        label = f"anew {name} {before}"
        if label not in self._columns:
            ends, upto, earlier = self._history(before, False)
            padded = pl.concat([pl.Series([None, None], dtype=pl.Int64), ends])
            end = padded.gather(upto + 1).zip_with(upto > earlier, self.at + 1)
            begin = padded.gather(upto).zip_with(upto > earlier + 1, self.steps.start.gather(self.at) - 1)
            of_type = self.steps.of_types((name,))
            self._columns[label] = place(of_type, end, "left") - place(of_type, begin, "right")
        return pl.col(label)

    def working_days_until(self, dates: pl.Expr) -> pl.Expr:
        """Working days up to and including each date, counted from a fixed one."""
        return dates.map_batches(
            lambda days: self.periods.working_days_until(days.cast(pl.Int32).cast(pl.Int64) + FIRST_DAY),
            return_dtype=pl.Int64)

    def _history(self, name: str, material: bool) -> tuple[pl.Series, pl.Series, pl.Series]:
        of_type = self.steps.with_material(name) if material else self.steps.of_types((name,))
        upto = place(of_type, self.at, "right")
        before = place(of_type, self.steps.start.gather(self.at), "left")
        return of_type, upto, before

    def _side(self, root: Root) -> str:
        return "e" if root == "t" and self.answers is self.at else root

    def _rows(self, root: Root) -> pl.Series:
        return self.answers if root == "t" else self.at

    def _value(self, root: Root, name: str, sort: Sort) -> pl.Series:
        values = self.steps.value(name, sort)
        if values is None:
            dtype = pl.Int128 if sort is Sort.DECIMAL else DTYPES[sort]
            return pl.repeat(None, len(self.at), dtype=dtype, eager=True)
        if root == "c":
            values = values.gather(self.steps.folded(name).gather(self.at))
        elif not self._whole:
            values = values.gather(self._rows(root))
        return values.to_physical() if sort is Sort.DECIMAL else values
