"""Fills an instance with the demonstration region. Only steps are recorded; the engine finds what is wrong."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from core.cases.case import CaseHead
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.organs.vocabulary import RegionLevel
from core.rulebook.model import Procedure
from plugins.decisions.demo.catalogues import Catalogue, Item, tell_catalogue
from plugins.decisions.demo.materials import Samples
from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.story import tell
from plugins.decisions.demo.subject import Subject
from plugins.decisions.demo.summary import DemoSummary, summary_of
from plugins.decisions.demo.words import Matter, departments
from web.demo import GOVERNMENT, TOP, DemoOrgan, DemoRegion, demo_region

DECISION, CATALOGUE = "decisions.decision", "decisions.catalogue"
DAYS = 610
"""How far back the first proposals lie: about twenty months."""

SHARE = {RegionLevel.REGION: 3.0, RegionLevel.LEAGUE: 2.0, RegionLevel.COUNTY: 1.0}
GOVERNMENTS_SHARE = 4.0
BATCH = 400

Told = tuple[CaseHead, Sequence[NewEvent]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision to be told: whose, what, when it was proposed, and whether its organ listed it."""

    organ: DemoOrgan
    matter: Matter
    title: str
    begins: date
    listed: bool


def generate(instance: Instance, seed: int, cases: int) -> DemoSummary:
    """Fill the instance with the demonstration region.

    Args:
        seed: the same seed on the same day gives the same region and the same cases.
        cases: how many decisions; catalogues of the year come on top.
    """
    begun = time.monotonic()
    rng = Random(seed)
    region = demo_region(seed)
    teller = _Teller(instance, region, rng, Samples.stored_in(instance.materials))
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    events = 0
    told = teller.everything(cases)
    while batch := [case for _, case in zip(range(BATCH), told, strict=False)]:
        events += recorder.record_many(batch).events
    return summary_of(events, time.monotonic() - begun)


class _Teller:
    """Draws decisions and catalogues and tells each as a sequence of steps."""

    def __init__(self, instance: Instance, region: DemoRegion, rng: Random, samples: Samples) -> None:
        bundle = instance.bundles.current()
        self.procedures: Mapping[str, Procedure] = bundle.procedures
        self.calendar = bundle.calendar(TOP)
        self.now = instance.now()
        self.today = self.now.astimezone(LOCAL_TIME).date()
        self.region, self.rng, self.samples = region, rng, samples

    def everything(self, cases: int) -> Iterator[Told]:
        """Every case with at least one step, organ by organ."""
        plans: dict[tuple[str, int], list[Plan]] = defaultdict(list)
        deciding = [organ for organ in self.region.organs if organ.decides]
        weights = [SHARE[organ.level] * (GOVERNMENTS_SHARE if organ.line == GOVERNMENT else 1) for organ in deciding]
        for organ in self.rng.choices(deciding, weights, k=cases):
            plan = self.plan(organ)
            plans[organ.id, plan.begins.year].append(plan)
        number = 0
        for (_, year), group in plans.items():
            catalogue, added = self.catalogue(group[0].organ, year, group)
            pen = self.pen(CATALOGUE, group[0].organ, date(year, 1, 1))
            tell_catalogue(pen, catalogue, added)
            name = f"{group[0].organ.name}{year}年度重大行政决策事项目录"
            yield from self.case(pen, f"demo-catalogue-{group[0].organ.id}-{year}", name, catalogue.number)
            items = {item.title: item.number for item in catalogue.items}
            for plan in sorted(group, key=lambda each: each.begins):
                number += 1
                pen = self.pen(DECISION, plan.organ, plan.begins)
                tell(pen, Subject(plan.title, plan.matter, catalogue.number, items.get(plan.title, ""),
                                  catalogue.published, self.unit(plan)))
                yield from self.case(pen, f"demo-{number:05d}", plan.title, f"演示决策〔{year}〕{number:04d}号")

    def plan(self, organ: DemoOrgan) -> Plan:
        """A decision of an organ: one of its line's matters, of any line for a government."""
        lines = [each for each in departments() if organ.line in (GOVERNMENT, each.id)]
        matter = self.rng.choice(self.rng.choice(lines).matters)
        begins = self.calendar.next_working_day(self.today - timedelta(days=self.rng.randint(4, DAYS)))
        return Plan(organ, matter, matter.named(organ.place, self.rng), begins,
                    self.rng.random() > (1 - organ.care) * 0.6)

    def catalogue(self, organ: DemoOrgan, year: int, plans: Sequence[Plan]) -> tuple[Catalogue, tuple[str, ...]]:
        """The organ's catalogue of a year with the plans that it listed, and what came in during the year."""
        has_one = self.rng.random() < (organ.care if organ.line == GOVERNMENT else organ.care - 0.3)
        published = self.calendar.next_working_day(date(year, 2, 10) + timedelta(days=self.rng.randint(0, 70)))
        listed = {plan.title: plan for plan in plans if plan.listed}.values()
        items = [Item(str(n), plan.title, plan.matter, min(4, (plan.begins.month + 5) // 3))
                 for n, plan in enumerate(listed, 1)]
        items += self.unstarted(organ, len(items), {item.title for item in items})
        added = tuple(item.number for item in items[len(listed) - 1 : len(listed)] if self.rng.random() < 0.2)
        number = f"演示政办发〔{year}〕{self.rng.randint(3, 40)}号"
        shown = published if has_one and published <= self.today else None
        return Catalogue(year, number, shown, tuple(items)), added

    def unstarted(self, organ: DemoOrgan, after: int, taken: set[str]) -> list[Item]:
        """One or two matters in the catalogue that nobody has proposed yet."""
        found = []
        for n in range(after + 1, after + 1 + self.rng.randint(0, 2)):
            plan = self.plan(organ)
            if plan.title not in taken:
                found.append(Item(str(n), plan.title, plan.matter, 4))
        return found

    def unit(self, plan: Plan) -> str:
        """The handling unit: the organ itself, or for a government the department of the matter."""
        line = next((each.id for each in departments() if plan.matter in each.matters), plan.organ.line)
        department = self.region.of(plan.organ.region, line) if plan.organ.line == GOVERNMENT else None
        return (department or plan.organ).id

    def pen(self, procedure: str, organ: DemoOrgan, day: date) -> Pen:
        """A pen at the beginning of a case."""
        return Pen(self.rng, self.procedures[procedure], self.calendar, self.samples, organ,
                   self.region.reviewer_of(organ), day)

    def case(self, pen: Pen, case_id: str, title: str, number: str) -> Iterator[Told]:
        """The case as told until today; nothing where no step has happened yet."""
        events = pen.until(self.today, LOCAL_TIME, self.now)
        if events:
            yield CaseHead(case_id, pen.procedure.id, pen.organ.id, pen.organ.region, title, number), events
