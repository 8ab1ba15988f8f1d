"""Sixty conditions on one step of each of a million cases: the batch evaluator beside polars written by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from core.errors import Location
from core.language import Environment, compile_expression
from core.rulebook.model import EventType, Field, FieldType, Pattern, Procedure, Rule, Template
from core.text import Text
from scoring.batch.effective import FIRST_DAY, effective
from scoring.batch.evaluator import Batch
from scoring.batch.steps import Steps
from scoring.batch.values import Sort, column
from scoring.bench.columns import CALENDAR, START, declare_log
from scoring.bench.timing import Ratio, side_by_side
from scoring.verdict import State

CASES, CONDITIONS, AT = 1_000_000, 60, datetime(2027, 1, 1, tzinfo=UTC)
FACTS = {"n": FieldType.INT, "m": FieldType.INT, "flag": FieldType.BOOL, "kind": FieldType.ENUM,
         "fine": FieldType.DECIMAL, "day": FieldType.DATE}
KINDS_OF_CASE = ("plan", "price", "public", "project")
FIELDS = {name: Field(name, Text(name), kind, values={value: Text(value) for value in KINDS_OF_CASE}
                      if kind is FieldType.ENUM else {}) for name, kind in FACTS.items()}


def flat_conditions(count: int) -> list[tuple[str, pl.Expr]]:
    """Conditions in the rule language, and as somebody would write them in polars."""
    dice, found = random.Random(60), []
    n, m, flag, kind = (pl.col(f"{name}|{sort}") for name, sort in
                        (("n", Sort.INT), ("m", Sort.INT), ("flag", Sort.BOOL), ("kind", Sort.TEXT)))
    fine, day = pl.col(column("fine", Sort.DECIMAL)), pl.col(column("day", Sort.DATE))
    for number in range(count):
        a, b = dice.randrange(100), dice.randrange(100)
        since, some = date(2024, 1 + a % 12, 1 + b % 28), list(dice.sample(KINDS_OF_CASE, 2))
        found.append([
            (f"e.n > {a} && e.m < {b}", (n > a) & (m < b)),
            (f"e.flag || e.n + e.m >= {a + b}", flag | (n + m >= a + b)),
            (f"e.kind in {some} && e.n != {a}", kind.is_in(some) & (n != a)),
            (f'e.fine >= decimal("{a}.50") || !e.flag', (fine >= pl.lit(f"{a}.50").cast(pl.Decimal(38, 12))) | ~flag),
            (f'e.day < date("{since}") && e.kind == "{some[0]}"', (day < since) & (kind == some[0])),
            (f"has(e.m) && e.m * 2 > e.n + {a}", m.is_not_null() & (m * 2 > n + a)),
        ][number % 6])
    return found


def flat_log(cases: int) -> pl.DataFrame:
    """One step a case; one value in twelve is missing."""
    log = declare_log(cases, 1)
    numbers = pl.int_range(0, cases, eager=True)

    def scattered(salt: int, below: int) -> pl.Series:
        values = (numbers.hash(salt) % below).cast(pl.Int64)
        return pl.select(pl.when(pl.lit(numbers.hash(salt + 50) % 12 > 0)).then(values)).to_series()

    kinds = pl.Series(KINDS_OF_CASE)
    return log.with_columns(
        pl.Series("case", pl.select(pl.format("case-{}", pl.lit(numbers).cast(pl.String).str.zfill(9))).to_series()),
        scattered(1, 100).alias(column("n", Sort.INT)), scattered(2, 100).alias(column("m", Sort.INT)),
        (scattered(3, 2) == 1).alias(column("flag", Sort.BOOL)),
        kinds.gather(scattered(4, 4)).alias(column("kind", Sort.TEXT)),
        (scattered(5, 10_000).cast(pl.Decimal(38, 12)) / 100).cast(pl.Decimal(38, 12)).alias(
            column("fine", Sort.DECIMAL)),
        (scattered(6, 900) + (START.toordinal() - FIRST_DAY)).cast(pl.Int32).cast(pl.Date).alias(
            column("day", Sort.DATE)))


@dataclass(frozen=True, eq=False)
class Load:
    """The same conditions in both languages, and the cases."""

    rules: tuple[Rule, ...]
    exprs: tuple[pl.Expr, ...]
    frame: pl.DataFrame
    procedure: Procedure

    def evaluate(self, batch: Batch) -> list[int]:
        """For each condition, how many cases break it, by the batch evaluator."""
        counted = batch.evaluate(Steps(self.frame, self.procedure), self.rules, CALENDAR, AT).counts()
        return [counted.get((rule.id, State.VIOLATED), 0) for rule in self.rules]

    def by_hand(self) -> list[int]:
        """The same, written in polars."""
        own = self.frame.filter(pl.col("type") == "k0").select(
            (~expr).alias(str(number)) for number, expr in enumerate(self.exprs))
        return [int(broken or 0) for broken in own.sum().row(0)]


def make_load(cases: int = CASES) -> Load:
    """So many cases under sixty conditions."""
    types = {"k0": EventType("k0", Text("步骤"), fields=FIELDS)}
    procedure = Procedure("p", Text("程序"), types, (), (), (), FIELDS)
    environment = Environment(FIELDS, {}, {"e": FIELDS}, types)
    conditions = flat_conditions(CONDITIONS)
    rules = tuple(Rule(f"p/F{number:02}", Text("规则"), "p", Template.MUST, Pattern(("k0",)), (),
                       condition=compile_expression(source, environment, Location("bench")))
                  for number, (source, _) in enumerate(conditions))
    return Load(rules, tuple(expr for _, expr in conditions), effective(flat_log(cases), procedure.timezone), procedure)


def measure(seconds: float = 1.5) -> list[Ratio]:
    """The batch evaluator beside its peer."""
    load, batch = make_load(), Batch()
    if load.evaluate(batch) != load.by_hand():
        raise AssertionError("the two do not count the same")
    taken = side_by_side({"ours": lambda: load.evaluate(batch), "by hand": load.by_hand}, seconds)
    return [Ratio(f"batch, {CONDITIONS} flat conditions, {load.frame.height:,} cases", "polars written by hand",
                  taken["ours"], taken["by hand"], 0.8, 1)]
