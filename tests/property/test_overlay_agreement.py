"""Random overlays: what a region has follows from the files by hand, and all three evaluators judge by it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest

from core.calendars import close_of
from core.cases.case import CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from core.rulebook.model import Procedure
from scoring.batch.effective import effective
from scoring.batch.evaluator import Batch
from scoring.batch.events import event_frame
from scoring.batch.steps import Steps
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.verdict import State, Verdict

BASE = """
kind: procedure
id: p
title: 程序
opens_with: [a]
closes_with: [d]
stages: [{id: all, title: 全程, events: [a, b, c, d]}]
events:
  a: {title: 甲, by: [case_handler]}
  b: {title: 乙, by: [case_handler]}
  c: {title: 丙, by: [case_handler]}
  d: {title: 丁, by: [case_handler]}
"""
RULES = """
kind: supervision
procedure: p
rules:
  - id: answered
    title: 甲之后办理乙
    basis: [{law: 行政处罚法, edition: 2021-01-22, article: "60"}]
    on: a
    followed_by: b
    within: {days: $days, roll: false}
    params: {days: {value: 10, open_to: {level: county, may: any, min: 1, max: 12}}}
  - id: prepared
    title: 丙之前办理乙
    basis: [{law: 行政处罚法, edition: 2021-01-22, article: "60"}]
    on: c
    only_after: b
    not_before: {days: $least, roll: false}
    params: {least: {value: 2, open_to: {level: county, may: any, min: 0, max: 5}}}
  - id: seldom
    title: 丙不超过几次
    basis: [{law: 行政处罚法, edition: 2021-01-22, article: "60"}]
    on: c
    at_most: $times
    params: {times: {value: 2, open_to: {level: county, may: any, min: 0, max: 3}}}
"""
OVERLAY = """
kind: overlay
region: "{region}"
authority: {{issuer: 机关, document: 文号}}
valid: {{from: {start}}}
set: {{{settings}}}
"""
BASE_VALUES = {"answered.days": 10, "prepared.least": 2, "seldom.times": 2}
BOUNDS = {"answered.days": (1, 12), "prepared.least": (0, 5), "seldom.times": (0, 3)}
REGIONS = ("990000", "990100", "990101", "990102", "990200", "990201")
FIRST = date(2026, 3, 1)
BUNDLES, CASES = 36, 60

Overlays = Sequence[tuple[str, date, Mapping[str, int]]]


def random_overlays(draw: random.Random) -> Overlays:
    found = []
    for region in REGIONS:
        for start in sorted(draw.sample([FIRST + timedelta(days=n) for n in range(12)], draw.choice([0, 0, 1, 2]))):
            keys = draw.sample(sorted(BOUNDS), draw.randint(1, 3))
            found.append((region, start, {key: draw.randint(*BOUNDS[key]) for key in keys}))
    return found


def bundle_of(overlays: Overlays) -> Bundle:
    """The rules with the overlays; a later one of the same region ends the earlier."""
    sources = [Source("base/p.yaml", BASE.encode()), Source("base/r.yaml", RULES.encode())]
    for number, (region, start, values) in enumerate(overlays):
        later = [other for where, other, _ in overlays if where == region and other > start]
        text = OVERLAY.format(region=region, start=start,
                              settings=", ".join(f"p/{key}: {value}" for key, value in values.items()))
        if later:
            text = text.replace(f"from: {start}", f"from: {start}, to: {min(later) - timedelta(days=1)}")
        sources.append(Source(f"own/{number}.yaml", text.encode()))
    return load_sources(sources)


def by_hand(overlays: Overlays, key: str, region: str, day: date) -> int:
    """The value that counts: the nearest region's latest overlay that has begun and names the key, else the base."""
    value = BASE_VALUES[key]
    for each in (region[:2] + "0000", region[:4] + "00", region):
        running = [(start, values) for where, start, values in overlays if where == each and start <= day]
        if running and key in (values := max(running, key=lambda one: one[0])[1]):
            value = values[key]
    return value


def random_case(draw: random.Random, name: str, procedure: Procedure) -> list[Event]:
    days = sorted(FIRST + timedelta(days=draw.randint(0, 25)) for _ in range(draw.randint(1, 7)))
    types = ["a", *(draw.choice("abcbc") for _ in days[1:])]
    if draw.random() < 0.2:
        types[-1] = "d" if len(types) > 1 else "a"
    moments = [close_of(day - timedelta(days=1), procedure.timezone) for day in days]
    return [Event(f"{name}/{seq}", name, seq, kind, moment, moment, "p1", "o1", precision="date")
            for seq, (kind, moment) in enumerate(zip(types, moments, strict=True), 1)]


@pytest.mark.parametrize("seed", range(BUNDLES))
def test_all_three_evaluators_judge_by_the_value_that_counts_in_the_region_on_the_day(seed: int) -> None:
    draw = random.Random(seed)
    overlays = random_overlays(draw)
    bundle = bundle_of(overlays)
    procedure = bundle.procedures["p"]
    as_of = close_of(FIRST + timedelta(days=draw.randint(5, 40)), procedure.timezone)
    live, reference, batch = Live(), Reference(), Batch()
    for region in REGIONS:
        rules, calendar = bundle.rules("p", region), bundle.calendar(region)
        events = {f"{region}-{n}": random_case(draw, f"{region}-{n}", procedure) for n in range(CASES)}
        frame = event_frame((event for own in events.values() for event in own), procedure, {})
        steps = Steps(effective(frame, procedure.timezone, as_of, None), procedure)
        in_columns: dict[str, list[Verdict]] = {name: [] for name in events}
        for name, verdict in batch.evaluate(steps, rules, calendar, as_of).by_case():
            in_columns[name].append(verdict)
        for name, own in events.items():
            case = fold(CaseHead(name, "p", "o1", region), procedure, own, as_of)
            if not case.steps:
                continue
            judged = reference.evaluate(case, rules, calendar, as_of)
            assert live.evaluate(case, rules, calendar, as_of) == judged
            assert sorted(in_columns[name]) == sorted(judged)
            for verdict in judged:
                if verdict.rule == "p/answered":
                    begun = case.steps[verdict.activation_index].date
                    days = by_hand(overlays, "answered.days", region, begun)
                    assert verdict.due_date == begun + timedelta(days=days), (region, begun, overlays)
                if verdict.rule == "p/seldom" and case.closing is None:
                    times = by_hand(overlays, "seldom.times", region, case.steps[0].date)
                    assert (verdict.state is State.VIOLATED) == (len(case.positions.get("c", ())) > times)
