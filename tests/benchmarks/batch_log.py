"""Synthetic logs in columns, as large as wanted, and rules for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from core.calendars import Calendar
from core.rulebook.model import Pattern, Period, Rule, Template, Unit
from core.text import Text

KINDS, CALENDAR, AS_OF_DAY = 20, Calendar.of({}), date(2026, 12, 31)
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
    return [Spec(f"R{number:02}", template, *(f"k{kind}" for kind in dice.sample(range(KINDS), 2)),
                 dice.randrange(5, 60) if template == "followed_by" or (template == "only_after" and number % 2) else 0)
            for number, template in enumerate(TEMPLATES)]


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
    began = (START.toordinal() - 719163) * 86_400_000_000
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
