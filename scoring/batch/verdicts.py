"""Verdicts in columns: a block for each rule, laid out in full only when somebody reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import polars as pl

from core.rulebook.model import Level, Rule
from scoring.batch.periods import End
from scoring.batch.series import either, no, nowhere
from scoring.batch.steps import Steps, as_dates
from scoring.verdict import State, Verdict


class Code(IntEnum):
    """States as small numbers, so that the truth of a condition is one."""

    VIOLATED = 0
    FULFILLED = 1
    NOT_ASSESSABLE = 2
    PENDING = 3
    HOLDING = 4
    VACUOUS = 5


class Remark(IntEnum):
    """Notes of verdicts as small numbers."""

    NONE = 0
    MISSING = 1
    TOO_LATE = 2
    TOO_EARLY = 3
    RELEASED = 4
    WITHDRAWN = 5
    SUSPENDED = 6


STATES = [code.name.lower() for code in Code]
REMARKS = [None, *(remark.name.lower() for remark in list(Remark)[1:])]
SCHEMA: Mapping[str, Any] = {
    "case": pl.String(), "rule": pl.String(), "activation": pl.String(), "activation_index": pl.Int64(),
    "state": pl.Enum(STATES), "due": pl.Datetime("us", "UTC"), "due_date": pl.Date(), "answered_by": pl.String(),
    "cured_on": pl.Date(), "days_late": pl.Int64(), "order_uncertain": pl.Boolean(),
    "level": pl.Enum([level.value for level in Level]), "provisional": pl.Boolean(), "note": pl.String(),
}
"""Columns of the verdicts laid out in full; see ``scoring.verdict.Verdict``."""


@dataclass(frozen=True, eq=False)
class Block:
    """Verdicts of one version of a rule; what is None is null, or false, in every one of them.

    Attributes:
        rows: the activating steps; None for rules that are judged once per case.
        cases: numbers of the cases of per-case rules.
        told: states as ``Code``, or where the verdict is no more than a condition, what that is at each step.
        end: of each verdict.
        answers, late: steps that answered (or broke a prohibition), that answered too late.
        notes: ``Remark``.
    """

    rule: Rule
    steps: Steps
    rows: pl.Series | None
    told: pl.Series
    cases: pl.Series | None = None
    end: End | None = None
    answers: pl.Series | None = None
    late: pl.Series | None = None
    days_late: pl.Series | None = None
    uncertain: pl.Series | None = None
    notes: pl.Series | None = None

    def __len__(self) -> int:
        return len(self.told)

    @property
    def states(self) -> pl.Series:
        """``Code`` of each."""
        if self.told.dtype != pl.Boolean:
            return self.told
        return self.told.cast(pl.UInt8).fill_null(int(Code.NOT_ASSESSABLE))

    def counts(self) -> dict[Code, int]:
        """How many verdicts are in each state."""
        if self.told.dtype == pl.Boolean:
            unknown, met = self.told.null_count(), int(self.told.sum() or 0)
            return {Code.FULFILLED: met, Code.VIOLATED: len(self) - met - unknown, Code.NOT_ASSESSABLE: unknown}
        return {code: int((self.told == int(code)).sum()) for code in Code}

    def frame(self) -> pl.DataFrame:
        """The verdicts in full."""
        steps, size = self.steps, len(self)
        if self.rows is not None:
            activation, index = steps.ids(self.rows, "root"), self.rows - steps.start.gather(self.rows)
            case = steps.frame["case"].gather(self.rows)
        else:
            assert self.cases is not None
            activation, index = pl.repeat(None, size, dtype=pl.String, eager=True), nowhere(size)
            case = steps.frame["case"].gather(steps.heads.gather(self.cases))
        answers = self.answers if self.answers is not None else nowhere(size)
        late = self.late if self.late is not None else nowhere(size)
        days_late = self.days_late if self.days_late is not None else (
            self.end.days_late(late) if self.end is not None else nowhere(size))
        columns = [
            case, pl.repeat(self.rule.id, size, dtype=pl.String, eager=True), activation, index, named(self.states),
            (self.end.due if self.end else nowhere(size)).cast(SCHEMA["due"]),
            as_dates(self.end.days if self.end else nowhere(size)), steps.ids(either(answers, late)),
            as_dates(steps.day.gather(late)), days_late,
            self.uncertain if self.uncertain is not None else no(size),
            pl.repeat(self.rule.level.value, size, dtype=SCHEMA["level"], eager=True),
            self.end.provisional if self.end else no(size),
            pl.Series(REMARKS, dtype=pl.String).gather(
                self.notes if self.notes is not None else pl.repeat(0, size, dtype=pl.UInt32, eager=True)),
        ]
        return pl.DataFrame([values.alias(name) for name, values in zip(SCHEMA, columns, strict=True)])


@dataclass(frozen=True, eq=False)
class Asked:
    """Verdicts that the reference gave because columns cannot say them."""

    rule: Rule
    verdicts: tuple[tuple[str, Verdict], ...]

    def __len__(self) -> int:
        return len(self.verdicts)

    def counts(self) -> Counter[Code]:
        """How many verdicts are in each state."""
        return Counter(Code[verdict.state.name] for _, verdict in self.verdicts)

    def frame(self) -> pl.DataFrame:
        """The verdicts in full."""
        rows = [(case, v.rule, v.activation, v.activation_index, v.state.value, v.due, v.due_date, v.answered_by,
                 v.cured_on, v.days_late, v.order_uncertain, v.level.value, v.provisional,
                 v.notes[0] if v.notes else None) for case, v in self.verdicts]
        return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Everything that a batch evaluation found.

    Attributes:
        closures: steps, or pairs of steps, whose condition a compiled closure had to be asked about.
        referred: verdicts that the reference gave.
    """

    blocks: Sequence[Block | Asked]
    closures: int = 0
    referred: int = 0

    def frame(self) -> pl.DataFrame:
        """All verdicts in full, rule by rule; within a rule by case and place."""
        return pl.concat([pl.DataFrame(schema=dict(SCHEMA)), *(block.frame() for block in self.blocks)])

    def counts(self) -> dict[tuple[str, State], int]:
        """How many verdicts of each rule are in each state."""
        found: dict[tuple[str, State], int] = {}
        for block in self.blocks:
            for code, count in block.counts().items():
                if count:
                    key = block.rule.id, State(STATES[code])
                    found[key] = found.get(key, 0) + count
        return found

    def by_case(self) -> Iterator[tuple[str, Verdict]]:
        """Case id and verdict of each."""
        for (case, rule, activation, index, state, due, due_date, answered_by, cured_on, days_late, uncertain, level,
             provisional, note) in self.frame().iter_rows():
            yield case, Verdict(rule, activation, index, State(state), due, due_date, answered_by, cured_on, days_late,
                                uncertain, Level(level), provisional, (note,) if note else ())


def named(states: pl.Series) -> pl.Series:
    """States by name."""
    return pl.Series(STATES, dtype=SCHEMA["state"]).gather(states)


