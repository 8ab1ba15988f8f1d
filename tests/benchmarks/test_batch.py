"""The batch evaluator against what somebody who knows the rules would write by hand in polars for the same log."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from core.calendars import close_of
from core.errors import Location
from core.language import Environment, compile_expression
from core.rulebook.model import EventType, Field, FieldType, Pattern, Procedure, Rule, Template
from core.text import Text
from scoring.batch.effective import FIRST_DAY, effective
from scoring.batch.evaluator import Batch
from scoring.batch.steps import Steps
from scoring.batch.values import Sort, column
from scoring.verdict import State
from tests.benchmarks.batch_log import AS_OF_DAY, CALENDAR, KINDS, START, Spec, declare_log, rule_of, specs

pytestmark = pytest.mark.benchmark

EVENTS = 1_000_000


@dataclass(frozen=True)
class Load:
    """The same rules and log in both shapes."""

    specs: Sequence[Spec]
    rules: tuple[Rule, ...]
    events: pl.DataFrame
    procedure: Procedure
    as_of: datetime


@pytest.fixture(scope="module")
def load() -> Load:
    types = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}
    procedure = Procedure("p", Text("程序"), types, (), (), ())
    return Load(specs(), tuple(map(rule_of, specs())), declare_log(EVENTS, KINDS), procedure,
                close_of(AS_OF_DAY, procedure.timezone))


def by_hand(load: Load, frame: pl.DataFrame) -> dict[str, int]:
    """Violations of each rule, with joins and windows over the log sorted by case and place."""
    rows = frame.select("number", "type", "day", "actor").with_row_index("row")
    last_day = AS_OF_DAY.toordinal()
    return {spec.id: HAND_WRITTEN[spec.template](rows, spec, last_day) for spec in load.specs}


def _sides(rows: pl.DataFrame, spec: Spec) -> tuple[pl.DataFrame, pl.DataFrame]:
    return rows.filter(pl.col("type") == spec.on), rows.filter(pl.col("type") == spec.target)


def _response(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    a, t = _sides(rows, spec)
    hit = (a.join(t, on="number", suffix="_t")
           .filter((pl.col("row_t") > pl.col("row")) & (pl.col("day_t") <= pl.col("day") + spec.days)))
    return (a.join(hit.select("row").unique(), on="row", how="anti")
            .filter(pl.col("day") + spec.days <= last_day).height)


def _precedence(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    a, t = _sides(rows, spec)
    hit = a.join(t, on="number", suffix="_t").filter(pl.col("row_t") < pl.col("row"))
    if spec.days:
        hit = hit.filter(pl.col("day") <= pl.col("day_t") + spec.days)
    return a.join(hit.select("row").unique(), on="row", how="anti").height


def _not_response(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    a, t = _sides(rows, spec)
    latest = t.group_by("number").agg(pl.col("row").max().alias("row_t"))
    return a.join(latest, on="number").filter(pl.col("row_t") > pl.col("row")).height


def _four_eyes(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    a, t = _sides(rows, spec)
    return a.join(t.select("number", "actor").unique(), on=["number", "actor"], how="semi").height


def _absence(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    return rows.filter(pl.col("type") == spec.on).group_by("number").len().filter(pl.col("len") > 1).height


def _alternate(rows: pl.DataFrame, spec: Spec, last_day: int) -> int:
    a, t = _sides(rows, spec)
    a = a.with_columns(pl.col("row").shift(1).over("number").alias("previous"))
    hit = a.join(t, on="number", suffix="_t").filter(
        (pl.col("row_t") < pl.col("row")) & (pl.col("previous").is_null() | (pl.col("row_t") > pl.col("previous"))))
    return a.join(hit.select("row").unique(), on="row", how="anti").height


HAND_WRITTEN: dict[str, Callable[[pl.DataFrame, Spec, int], int]] = {
    "followed_by": _response, "only_after": _precedence, "never_after": _not_response,
    "different_person": _four_eyes, "at_most": _absence, "each_after_a_new": _alternate,
}


def best(run: Callable[[], Any], rounds: int = 5) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def test_declare_rules_over_a_million_events_are_as_fast_as_hand_written_polars(
        load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    frame, batch = effective(load.events, load.procedure.timezone, load.as_of), Batch()

    def ours() -> dict[str, int]:
        counted = batch.evaluate(Steps(frame, load.procedure), load.rules, CALENDAR, load.as_of).counts()
        return {spec.id: counted.get((f"p/{spec.id}", State.VIOLATED), 0) for spec in load.specs}

    assert ours() == by_hand(load, frame)
    own, theirs = best(ours), best(lambda: by_hand(load, frame))
    in_full = best(lambda: batch.evaluate(Steps(frame, load.procedure), load.rules, CALENDAR, load.as_of).frame(), 2)
    with capsys.disabled():
        print(f"\n{len(load.rules)} rules, {frame.height:,} events: batch {own:.2f} s, by hand {theirs:.2f} s: "
              f"{theirs / own:.2f} ×; with every verdict laid out {in_full:.2f} s")
    assert theirs / own >= 0.8


# Sixty conditions on one step of each case.

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


def test_sixty_flat_conditions_on_a_million_cases_are_as_fast_as_hand_written_polars(
        capsys: pytest.CaptureFixture[str]) -> None:
    conditions = flat_conditions(60)
    types = {"k0": EventType("k0", Text("步骤"), fields=FIELDS)}
    procedure = Procedure("p", Text("程序"), types, (), (), (), FIELDS)
    environment = Environment(FIELDS, {}, {"e": FIELDS}, types)
    rules = [Rule(f"p/F{number:02}", Text("规则"), "p", Template.MUST, Pattern(("k0",)), (),
                  condition=compile_expression(source, environment, Location("bench")))
             for number, (source, _) in enumerate(conditions)]
    frame = effective(flat_log(1_000_000), procedure.timezone)
    batch, at = Batch(), datetime(2027, 1, 1, tzinfo=UTC)

    def ours() -> list[int]:
        counted = batch.evaluate(Steps(frame, procedure), rules, CALENDAR, at).counts()
        return [counted.get((rule.id, State.VIOLATED), 0) for rule in rules]

    def hand() -> list[int]:
        own = frame.filter(pl.col("type") == "k0").select(
            (~condition).alias(str(number)) for number, (_, condition) in enumerate(conditions))
        return [int(broken or 0) for broken in own.sum().row(0)]

    assert ours() == hand()
    assert batch.evaluate(Steps(frame, procedure), rules, CALENDAR, at).closures == 0
    own, theirs = best(ours, 3), best(hand, 3)
    with capsys.disabled():
        print(f"\n60 conditions, {frame.height:,} cases: batch {own:.2f} s, by hand {theirs:.2f} s: "
              f"{theirs / own:.2f} ×")
    assert theirs / own >= 0.8
