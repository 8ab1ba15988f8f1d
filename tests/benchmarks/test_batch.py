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

from core.calendars import Calendar, close_of
from core.errors import Location
from core.language import Environment, compile_expression
from core.rulebook.model import EventType, Field, FieldType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.batch.effective import FIRST_DAY, effective
from scoring.batch.evaluator import Batch
from scoring.batch.steps import Steps
from scoring.batch.values import Sort, column
from scoring.verdict import State
from tests.benchmarks.batch_log import DAYS_LONG, START, declare_log

pytestmark = pytest.mark.benchmark

KINDS, EVENTS, CASES = 20, 1_000_000, 400_000
CALENDAR = Calendar.of({})
AS_OF_DAY = date(2026, 12, 31)
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


@dataclass(frozen=True)
class Load:
    """The same rules and log in both shapes."""

    specs: Sequence[Spec]
    rules: tuple[Rule, ...]
    events: pl.DataFrame
    procedure: Procedure
    as_of: datetime


def rule_of(spec: Spec) -> Rule:
    template = Template(spec.template)
    counting = template is Template.AT_MOST
    return Rule(f"p/{spec.id}", Text("规则"), "p", template, Pattern((spec.on,)), (),
                target=None if counting else Pattern((spec.target,)), count=1 if counting else None,
                within=Period(spec.days, Unit.DAYS, roll=False) if spec.days else None)


@pytest.fixture(scope="module")
def load() -> Load:
    dice = random.Random(20260301)
    specs = [Spec(f"R{number:02}", template, *(f"k{kind}" for kind in dice.sample(range(KINDS), 2)),
                  dice.randrange(5, 60) if template == "followed_by" or (template == "only_after" and number % 2) else 0)
             for number, template in enumerate(TEMPLATES)]
    procedure = Procedure("p", Text("程序"), {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}, (), (), ())
    return Load(specs, tuple(map(rule_of, specs)), declare_log(EVENTS, KINDS), procedure,
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
