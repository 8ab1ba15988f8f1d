"""Thirty DECLARE rules over a million events: the batch evaluator beside polars written by hand, and pm4py."""

from __future__ import annotations

import importlib
import importlib.util
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from core.calendars import Calendar, close_of
from core.rulebook.model import EventType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.batch.effective import FIRST_DAY, effective
from scoring.batch.evaluator import Batch
from scoring.batch.steps import Steps
from scoring.bench.timing import Ratio, side_by_side
from scoring.verdict import State

EVENTS, KINDS, CALENDAR, AS_OF_DAY = 1_000_000, 20, Calendar.of({}), date(2026, 12, 31)
PM4PY_EVENTS = 200_000
START, DAYS_LONG, STEPS_EACH = date(2024, 1, 1), 900, 10
TEMPLATES = (["followed_by"] * 8 + ["only_after"] * 8 + ["never_after"] * 4 + ["different_person"] * 3
             + ["at_most"] * 4 + ["each_after_a_new"] * 3)


@dataclass(frozen=True)
class Spec:
    """A rule in few words."""

    id: str
    template: str
    on: str
    target: str
    days: int


def specs() -> Sequence[Spec]:
    """Thirty rules of the kinds that laws have most."""
    dice = random.Random(20260301)
    found = []
    for number, template in enumerate(TEMPLATES):
        on, target = dice.sample(range(KINDS), 2)
        timed = template == "followed_by" or (template == "only_after" and number % 2)
        found.append(Spec(f"R{number:02}", template, f"k{on}", f"k{target}", dice.randrange(5, 60) if timed else 0))
    return found


def rule_of(spec: Spec) -> Rule:
    """The rule as the engine takes it."""
    template = Template(spec.template)
    counting = template is Template.AT_MOST
    return Rule(f"p/{spec.id}", Text("规则"), "p", template, Pattern((spec.on,)), (),
                target=None if counting else Pattern((spec.target,)), count=1 if counting else None,
                within=Period(spec.days, Unit.DAYS, roll=False) if spec.days else None)


def declare_log(events: int, kinds: int, first_case: int = 0, seed: int = 7) -> pl.DataFrame:
    """Cases of ten steps on average; the kind and time of each, and who took it, are scattered by hashing."""
    numbers = pl.int_range(0, events, eager=True)

    def scattered(salt: int, below: int) -> pl.Series:
        return (numbers.hash(seed * 31 + salt) % below).cast(pl.Int64)

    case = scattered(1, events // STEPS_EACH).sort() + first_case
    minutes = scattered(2, DAYS_LONG * 1440)
    began = (START.toordinal() - FIRST_DAY) * 86_400_000_000
    return pl.DataFrame({
        "case": pl.select(pl.format("case-{}", pl.lit(case).cast(pl.String).str.zfill(9))).to_series(),
        "region": pl.repeat("150000", events, eager=True),
        "seq": numbers,
        "id": pl.select(pl.format("event-{}-{}", pl.lit(first_case), pl.lit(numbers))).to_series(),
        "type": pl.select(pl.format("k{}", pl.lit(scattered(3, kinds)))).to_series(),
        "at": began + minutes * 60_000_000,
        "recorded": began + minutes * 60_000_000,
        "dated": pl.repeat(False, events, eager=True),
        "actor": pl.select(pl.format("person-{}", pl.lit(scattered(4, 500)))).to_series(),
        "organ": pl.repeat("organ", events, eager=True),
        "corrects": pl.repeat(None, events, dtype=pl.String, eager=True),
        "void": pl.repeat(False, events, eager=True),
        "materials": pl.repeat(None, events, dtype=pl.List(pl.String), eager=True),
    })


@dataclass(frozen=True, eq=False)
class Load:
    """The rules and a log, ready to be evaluated either way."""

    specs: Sequence[Spec]
    rules: tuple[Rule, ...]
    frame: pl.DataFrame
    procedure: Procedure
    as_of: datetime

    def evaluate(self, batch: Batch) -> dict[str, int]:
        """Violations of each rule by the batch evaluator."""
        counted = batch.evaluate(Steps(self.frame, self.procedure), self.rules, CALENDAR, self.as_of).counts()
        return {spec.id: counted.get((f"p/{spec.id}", State.VIOLATED), 0) for spec in self.specs}


def make_load(events: int = EVENTS) -> Load:
    """A log of so many events under thirty rules."""
    types = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}
    procedure = Procedure("p", Text("程序"), types, (), (), ())
    as_of = close_of(AS_OF_DAY, procedure.timezone)
    frame = effective(declare_log(events, KINDS), procedure.timezone, as_of)
    return Load(specs(), tuple(map(rule_of, specs())), frame, procedure, as_of)


def measure(seconds: float = 1.5) -> list[Ratio]:
    """The batch evaluator beside its peers."""
    load, batch = make_load(), Batch()
    if load.evaluate(batch) != by_hand(load):
        raise AssertionError("the two do not count the same violations")
    taken = side_by_side({"ours": lambda: load.evaluate(batch), "by hand": lambda: by_hand(load)}, seconds)
    work = f"batch, {len(load.rules)} DECLARE rules, {load.frame.height:,} events"
    ratios = [Ratio(work, "polars written by hand", taken["ours"], taken["by hand"], 0.8, 1)]
    if importlib.util.find_spec("pm4py"):
        a_check = taken["ours"] / len(load.rules) * PM4PY_EVENTS / load.frame.height
        ratios.append(Ratio("batch, a check", "pm4py", a_check, pm4py_seconds(make_load(PM4PY_EVENTS)), 6))
    return ratios


def by_hand(load: Load) -> dict[str, int]:
    """Violations of each rule as somebody who knows the rules would count them in polars, with joins and windows."""
    rows = load.frame.select("number", "type", "day", "actor").with_row_index("row")
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


def pm4py_seconds(load: Load) -> float:
    """What one DECLARE check takes pm4py, which judges a case where we judge each activation."""
    pm4py: Any = importlib.import_module("pm4py")
    pandas: Any = importlib.import_module("pandas")
    log = pandas.DataFrame({
        "case:concept:name": load.frame["case"].to_list(), "concept:name": load.frame["type"].to_list(),
        "time:timestamp": pandas.to_datetime(load.frame["at"].to_list(), unit="us", utc=True)})
    names = {"followed_by": "response", "only_after": "precedence", "each_after_a_new": "altprecedence"}
    model: dict[str, dict[tuple[str, str], dict[str, float]]] = {}
    for spec in load.specs:
        if spec.template in names:
            pair = (spec.on, spec.target) if spec.template == "followed_by" else (spec.target, spec.on)
            model.setdefault(names[spec.template], {})[pair] = {"support": 1.0, "confidence": 1.0}
    begun = time.perf_counter()
    pm4py.conformance_declare(log, model)
    return (time.perf_counter() - begun) / sum(map(len, model.values()))
