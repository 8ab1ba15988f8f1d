"""Fills the demonstration region with matters of the assessment. Only steps are recorded; the engine judges."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from core.cases.case import CaseHead
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.organs.vocabulary import OrganKind, RegionLevel
from plugins.assessment.demo.past import past_scores
from plugins.assessment.demo.pen import Pen
from plugins.assessment.demo.places import Assessed, assessed_organs
from plugins.assessment.demo.stories import appeal, problem, report, yearly
from plugins.assessment.inventory import asked, results_of
from scoring.aggregate import refresh

SHARE = 4
"""One self-report for so many decisions that were asked for."""
FOUND, RECTIFIED = 95, 69
"""Problems of the region in 2019, and how many of them were rectified."""
BATCH = 200

Told = tuple[CaseHead, Sequence[NewEvent]]


def generate(instance: Instance, seed: int, cases: int) -> tuple[str, ...]:
    """Record self-reports, problems, appeals and yearly reports for the organs of the demonstration region.

    Args:
        seed: the same seed on the same day gives the same matters.
        cases: how many decisions were asked for; the assessment follows that size, within bounds.

    Returns:
        what to print; nothing where the demonstration region has no organs.
    """
    begun = time.monotonic()
    rng = Random(seed)
    places = assessed_organs(rng)
    if not places:
        return ()
    kinds: Counter[str] = Counter()
    events = 0
    told = _matters(_Teller(instance, rng, places), min(240, max(30, cases // SHARE)))
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    while batch := [matter for _, matter in zip(range(BATCH), told, strict=False)]:
        events += recorder.record_many(batch).events
        kinds.update(head.procedure for head, _ in batch)
    refresh()
    past_scores(instance, places, instance.now().astimezone(LOCAL_TIME).date())
    titles = instance.bundles.current().procedures
    counted = "，".join(f"{titles[name].title.zh} {number}" for name, number in sorted(kinds.items()))
    return (f"法治政府建设考核（演示）：{counted}；步骤 {events:,}"
            f"（{sum(kinds.values())} matters of the assessment, {time.monotonic() - begun:.0f} s）",)


class _Teller:
    """Makes pens for matters of organs."""

    def __init__(self, instance: Instance, rng: Random, places: Sequence[Assessed]) -> None:
        self.instance, self.rng, self.places = instance, rng, places
        self.bundle = instance.bundles.current()
        self.now = instance.now()
        self.today: date = self.now.astimezone(LOCAL_TIME).date()
        self.sample = instance.materials.store(io.BytesIO("演示数据 DEMONSTRATION DATA\n".encode()), "演示数据.txt")
        self.number = 0

    def pen(self, kind: str, place: Assessed, begins: date) -> Pen:
        calendar = self.bundle.calendar(place.region)
        day = begins if kind == "annual" else calendar.next_working_day(begins)
        return Pen(self.rng, self.bundle.procedures[f"assessment.{kind}"], calendar, self.sample, place, day)

    def told(self, pen: Pen, title: str) -> Iterator[Told]:
        events = list(pen.until(self.now))
        if events:
            self.number += 1
            place = pen.place
            yield CaseHead(f"demo-ass-{self.number:05d}", pen.procedure.id, place.organ, place.region, title,
                           f"演示考核〔{events[0].occurred_at.year}〕{self.number:05d}号"), events

    def some_day(self, most: int) -> date:
        return self.today - timedelta(days=self.rng.randint(5, most))


def _matters(teller: _Teller, reports: int) -> Iterator[Told]:
    yield from _reports(teller, reports)
    found = max(19, min(FOUND, reports))
    for number in range(found):
        pen = teller.pen("problem", teller.rng.choice(teller.places), teller.some_day(300) - timedelta(days=90))
        yield from teller.told(pen, problem(pen, number < found * RECTIFIED // FOUND))
    for place in teller.places:
        if place.kind != OrganKind.DEPARTMENT or teller.rng.random() < 0.2:
            yield from _yearly(teller, place)
    yield from _appeals(teller, max(4, reports // 20))


def _reports(teller: _Teller, number: int) -> Iterator[Told]:
    """Reports of this year, of organs and results drawn at random, each once."""
    year, done = teller.today.year, set()
    for _ in range(number):
        place = teller.rng.choice(teller.places)
        wanted = asked(teller.bundle.organ_schemes(year, place.region), place.kind, place.level)
        if not wanted:
            continue
        result = teller.rng.choice(wanted)
        if (place.organ, result.key) in done:
            continue
        done.add((place.organ, result.key))
        pen = teller.pen("report", place, max(date(year, 1, 4), teller.some_day(200)))
        report(pen, result, year)
        yield from teller.told(pen, f"{year}年度：{result.title.zh}")


def _yearly(teller: _Teller, place: Assessed) -> Iterator[Told]:
    reporter = "department" if place.kind == OrganKind.DEPARTMENT else \
        "province" if place.level == RegionLevel.REGION else "government"
    pen = teller.pen("annual", place, date(teller.today.year, 1, 1))
    yearly(pen, teller.today.year, reporter)
    yield from teller.told(pen, f"{teller.today.year}年各项年度报告")


def _appeals(teller: _Teller, number: int) -> Iterator[Told]:
    for _ in range(number):
        place = teller.rng.choice(teller.places)
        results = [result for scheme in teller.bundle.organ_schemes(teller.today.year, place.region)
                   for result in results_of(scheme)
                   if result.source == "data" and result.applies(place.kind, place.level)]
        if not results:
            continue
        result = teller.rng.choice(results)
        pen = teller.pen("appeal", place, teller.some_day(120))
        appeal(pen, result, teller.today.year)
        yield from teller.told(pen, f"申诉：{result.title.zh}")
