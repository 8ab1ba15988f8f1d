"""Sixty rules with joins on fifteen steps: the live evaluator beside durable-rules itself."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.calendars import Calendar, close_of
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.model import EventType, Pattern, Period, Procedure, Rule, Template, Unit
from core.text import Text
from scoring.bench.bare import Bare, seconds_per_case
from scoring.bench.timing import Ratio, side_by_side
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import State

KINDS, STEPS, CASES = 20, 15, 150
TEMPLATES = (["followed_by"] * 20 + ["only_after"] * 20 + ["never_after"] * 8 + ["different_person"] * 6
             + ["at_most"] * 6)
START = date(2026, 3, 2)
CALENDAR = Calendar.of({})


@dataclass(frozen=True)
class Load:
    """The same rules and cases in both shapes."""

    specs: list[dict[str, Any]]
    rules: tuple[Rule, ...]
    facts: list[list[dict[str, Any]]]
    today: list[int]
    cases: list[Case]
    as_of: list[datetime]


def make_load() -> Load:
    """Sixty rules and 150 cases of fifteen steps, the same in every process."""
    rng = random.Random(20260302)
    specs = [
        {"id": f"R{number}", "template": template, "on": f"k{rng.randrange(KINDS)}",
         "target": f"k{rng.randrange(KINDS)}", "days": rng.randrange(5, 60) if number < 25 else 0}
        for number, template in enumerate(TEMPLATES)
    ]
    kinds = {f"k{n}": EventType(f"k{n}", Text("步骤")) for n in range(KINDS)}
    procedure = Procedure("p", Text("程序"), kinds, (), (), ())
    facts, cases, today, as_of = [], [], [], []
    for number in range(CASES):
        own, events, day = [], [], START
        for seq in range(STEPS):
            day += timedelta(days=rng.randrange(0, 12))
            kind, actor = f"k{rng.randrange(KINDS)}", rng.randrange(4)
            at = datetime(day.year, day.month, day.day, 1, seq, tzinfo=UTC)
            own.append({"kind": kind, "seq": seq, "day": day.toordinal(), "actor": actor})
            events.append(Event(f"e{seq}", f"c{number}", seq + 1, kind, at, at, f"person{actor}", "organ"))
        facts.append(own)
        cases.append(fold(CaseHead(f"c{number}", "p", "organ", "150000"), procedure, events))
        today.append(day.toordinal() + 11)
        as_of.append(close_of(day + timedelta(days=10), procedure.timezone))
    return Load(specs, tuple(map(_rule, specs)), facts, today, cases, as_of)


def _rule(spec: dict[str, Any]) -> Rule:
    template = Template(spec["template"])
    return Rule(
        f"p/{spec['id']}", Text("规则"), "p", template, Pattern((spec["on"],)), (),
        target=None if template is Template.AT_MOST else Pattern((spec["target"],)),
        within=Period(spec["days"], Unit.DAYS, roll=False) if spec["days"] else (
            Period(0, Unit.DAYS, roll=False) if template is Template.FOLLOWED_BY else None),
        count=1 if template is Template.AT_MOST else None,
    )


def live_violations(load: Load, live: Live, number: int) -> set[tuple[str, str]]:
    """Rule and activating step, as the hand-written productions name them."""
    found = set()
    for verdict in live.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number]):
        if verdict.state is State.VIOLATED:
            rule = verdict.rule.rpartition("/")[2]
            found.add((rule, str((verdict.activation_index or 0) + 2) if verdict.activation else ""))
    return found


def comparable(violations: Iterable[tuple[str, str]], specs: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """A production for counting fires for each pair, our verdict is one per case: keep the rule."""
    counting = {spec["id"] for spec in specs if spec["template"] == "at_most"}
    return {(rule, "" if rule in counting else step) for rule, step in violations}


def hosted(load: Load, cases: int = 40) -> dict[str, Any]:
    """Seconds a case of durable-rules' own Host, and the violations that it found, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "scoring.bench.bare"], check=True, capture_output=True, text=True, timeout=120,
        input=json.dumps({"specs": load.specs, "cases": load.facts[:cases], "today": load.today[:cases]}))
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def measure(seconds: float = 1.5) -> list[Ratio]:
    """Ratios against hand-written productions, durable-rules' Host and our own reference."""
    load, live, reference = make_load(), Live(), Reference()
    bare = Bare(load.specs)

    def ours() -> None:
        for number in range(CASES):
            live.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number])

    def productions() -> None:
        for number in range(CASES):
            bare.violations(load.facts[number], load.today[number])

    def defined() -> None:
        for number in range(CASES):
            reference.evaluate(load.cases[number], load.rules, CALENDAR, load.as_of[number])

    taken = side_by_side({"ours": ours, "bare durable-rules": productions, "the reference": defined}, seconds)
    # the Host needs a process of its own: it is measured right beside us, three times, and the middle one counts;
    # both sides take their best round
    pairs = sorted(((seconds_per_case(lambda n: live.evaluate(load.cases[n], load.rules, CALENDAR, load.as_of[n]),
                                      CASES), hosted(load)["seconds"]) for _ in range(3)),
                   key=lambda pair: pair[1] / pair[0])
    beside, host = pairs[1]
    work = "60 rules with joins on a case"
    return [Ratio(work, "bare durable-rules", taken["ours"], taken["bare durable-rules"], 0.7, 1.0),
            Ratio(work, "durable-rules' Host", beside, host, 3.0),
            Ratio(work, "our reference", taken["ours"], taken["the reference"])]
