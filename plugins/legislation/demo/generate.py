"""Fills the demonstration region with documents. Only steps are recorded; the engine finds what is wrong."""

from __future__ import annotations

import importlib.resources
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random
from typing import Any

import yaml

from core.calendars import Calendar
from core.cases.case import CaseHead
from core.instance import LOCAL_TIME, Instance
from core.ledger.event import MaterialRef
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.materials.store import Stored
from core.organs.models import Person, RoleGrant
from core.organs.vocabulary import RegionLevel, Role
from core.rulebook.model import Procedure
from plugins.legislation.register.renewing import PROCEDURE, read_mentions, renew
from plugins.legislation.register.reviewers import REVIEWS, name_reviewers
from scoring.models import FindingRow
from web.demo import GOVERNMENT, JUSTICE, DemoOrgan, DemoRegion, demo_region
from web.demo.words import person_name

DAYS = 900
SHARE = 12
"""One document for so many decisions that were asked for."""

BATCH = 200
DEFECTS = ("clarity", "citation", "certificate", "duty", "fair", "penalty")


@dataclass(slots=True)
class Pen:
    """A document being told; ``day`` is how far the story has come."""

    rng: Random
    procedure: Procedure
    calendar: Calendar
    organ: DemoOrgan
    reviewers: Sequence[str]
    justice: DemoOrgan
    sample: Stored
    text: Stored
    day: date
    numbers: Counter[str]
    steps: list[NewEvent] = field(default_factory=list)

    def well(self, weight: float = 1.0) -> bool:
        """Whether this is done as it should be; the careless slip more often."""
        return self.rng.random() >= (1 - self.organ.care) * weight

    def later(self, least: int, most: int) -> date:
        """The story goes on so many working days later."""
        self.day = self.calendar.add_working_days(self.day, self.rng.randint(least, most))
        return self.day

    def write(self, event_type: str, person: str = "", organ: str = "", **given: Given) -> None:
        """Note a step on the story's present day."""
        event = self.procedure.events[event_type]
        materials = tuple(
            MaterialRef(one.id, (stored := self.text if one.id == "text" else self.sample).sha256,
                        f"{one.title.zh}（演示数据）.txt", stored.size, stored.media_type)
            for one in event.materials if one.required or self.well(0.15))
        role = event.by[0] if event.by[0] in self.organ.staff else Role.CASE_HANDLER.value
        self.steps.append(NewEvent(event_type, self.day, {name: value for name, value in given.items()
                                                         if value is not None}, materials,
                                   actor=person or self.organ.staff[role], organ=organ or self.organ.id))


def generate(instance: Instance, seed: int, cases: int) -> tuple[str, ...]:
    """Record documents of the demonstration region's governments and departments.

    Args:
        seed: the same seed on the same day gives the same documents.
        cases: how many decisions were asked for; a twelfth of that, thirty at least.
    """
    begun = time.monotonic()
    rng = Random(seed)
    region = demo_region(seed)
    reviewers = _reviewers(region, rng)
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    told = _documents(instance, region, reviewers, rng, max(30, cases // SHARE))
    events = 0
    while batch := [case for _, case in zip(range(BATCH), told, strict=False)]:
        events += recorder.record_many(batch).events
    documents = renew(instance)
    read_mentions()
    found = FindingRow.select().where(FindingRow.procedure == PROCEDURE).count()
    return (f"法律法规（演示）：规范性文件 {documents}，步骤 {events:,}，疑似问题 {found:,}"
            f"（{documents} documents, {found:,} findings, {time.monotonic() - begun:.0f} s）",)


def _reviewers(region: DemoRegion, rng: Random) -> dict[str, list[str]]:
    """Four people of each justice department who review filings: 承办人、处长、分管副主任、主任."""
    found: dict[str, list[str]] = {}
    for organ in region.organs:
        if organ.line != JUSTICE or (organ.level is RegionLevel.COUNTY and rng.random() > 0.5):
            continue
        first = organ.staff[Role.SUPERVISOR.value]
        found[organ.id] = [first]
        secret = Person.get(Person.id == first).password_hash
        for number in (2, 3, 4):
            account = f"supervisor{number}.justice.{organ.region}"
            if Person.get_or_none(Person.id == account) is None:
                Person.create(id=account, name=person_name(rng), organ=organ.id, password_hash=secret)
                RoleGrant.create(person=account, role=Role.SUPERVISOR.value, organ=organ.id, granted_by="system:demo")
            found[organ.id].append(account)
        name_reviewers(organ.id, {step: [person] for step, person in zip(REVIEWS, found[organ.id], strict=True)})
    return found


def _documents(instance: Instance, region: DemoRegion, reviewers: dict[str, list[str]], rng: Random, number: int
               ) -> Iterator[tuple[CaseHead, Sequence[NewEvent]]]:
    words = _words()
    bundle = instance.bundles.current()
    now = instance.now()
    today = now.astimezone(LOCAL_TIME).date()
    text = instance.materials.store(io.BytesIO("\n".join(words["articles"]).encode()), "文本（演示数据）.txt")
    sample = instance.materials.store(io.BytesIO("演示数据 DEMONSTRATION DATA\n".encode()), "演示数据.txt")
    above = {organ.id: _justice_above(region, organ) for organ in region.organs}
    makers = [organ for organ in region.organs if organ.decides and above[organ.id] is not None
              and above[organ.id].id in reviewers]  # type: ignore[union-attr]
    numbers: Counter[str] = Counter()
    for n in range(1, number + 1):
        organ = rng.choice(makers)
        justice = above[organ.id]
        assert justice is not None
        calendar = bundle.calendar(organ.region)
        begins = calendar.next_working_day(today - timedelta(days=rng.randint(10, DAYS)))
        pen = Pen(rng, bundle.procedures[PROCEDURE], calendar, organ, reviewers[justice.id], justice, sample, text,
                  begins, numbers)
        title = rng.choice(words["titles"])
        _tell(pen, title, rng.choice(words["subjects"]))
        events = list(_until(pen, now))
        if events:
            yield CaseHead(f"demo-doc-{n:05d}", PROCEDURE, organ.id, organ.region,
                           title["t"].format(place=organ.place), f"演示规〔{begins.year}〕{n:04d}号"), events


def _tell(pen: Pen, title: Any, subject: str) -> None:
    market, operators = "market" in title["f"], "operators" in title["f"]
    government = pen.organ.line == GOVERNMENT
    trial = "暂行" in title["t"] or "试行" in title["t"]
    pen.write("proposed", document_class="government" if government else "department", subject_area=subject,
              necessity_assessed=pen.well(0.3))
    pen.later(5, 20)
    pen.write("drafted", affects_market=market, affects_operators=operators, trial=trial)
    if pen.well(0.25):
        pen.later(1, 3)
        pen.write("comments_opened")
        pen.later(*((22, 30) if pen.well(0.4) and market else (7, 12)))
        pen.write("comments_closed", opinions=pen.rng.randint(0, 30))
        if pen.well(0.5):
            pen.later(2, 8)
            pen.write("comments_answered")
    if operators and pen.well(0.4):
        pen.later(1, 4)
        pen.write("competition_reviewed", fair_passed=True, operators_consulted=pen.well(0.4))
    if pen.well(0.2):
        pen.later(1, 3)
        pen.write("sent_for_legality")
        pen.later(*((6, 13) if pen.well(0.6) else (2, 22)))
        pen.write("legality_reviewed", pen.organ.staff[Role.LEGAL_REVIEWER.value], legality_passed=True)
    pen.later(2, 8)
    pen.write("deliberated", pen.organ.staff[Role.OFFICE_HEAD.value], adopted=True)
    pen.later(1, 4)
    series = f"{pen.organ.place}{'政' if government else '部'}规〔{pen.day.year}〕"
    if pen.well(0.15):
        pen.numbers[series] += 1
        pen.write("registered", document_number=f"{series}{pen.numbers[series]}号")
    years = (2 if trial else 5) if pen.well(0.2) else 8
    starts = pen.day + timedelta(days=30)
    pen.write("published", effective_on=starts, validity_clause=pen.well(0.2),
              valid_until=starts + timedelta(days=365 * years) if pen.well(0.15) else None, gazette="政府网站（演示）")
    if pen.well(0.4):
        pen.write("interpreted")
    if pen.well(0.12):
        _file(pen, government)


def _file(pen: Pen, government: bool) -> None:
    pen.later(*((3, 15) if pen.well(0.5) else (22, 45)))
    pen.write("filed")
    if government and pen.well(0.3):
        pen.write("filed_with_congress")
    pen.later(1, 5)
    first, second, third, fourth = pen.reviewers[0], pen.reviewers[1], pen.reviewers[2], pen.reviewers[3]
    justice = pen.justice.id
    pen.write("filing_registered", first, justice, material_complete=pen.well(0.3))
    defects: tuple[str, ...] = () if pen.rng.random() < 0.75 else (pen.rng.choice(DEFECTS),)
    if pen.rng.random() < 0.12:  # still on the desk
        return
    pen.later(3, 8)
    pen.write("first_review", first, justice, defects=defects or None,
              first_proposal="建议通过" if not defects else "建议要求纠正")
    pen.later(2, 6)
    pen.write("second_review", second, justice, second_agrees=True)
    pen.later(2, 6)
    pen.write("third_review", third if pen.rng.random() > 0.06 else second, justice, third_agrees=True)
    pen.later(2, 10 if pen.rng.random() > 0.15 else 40)
    wrong = bool(defects) and defects[0] not in ("clarity", "citation")
    pen.write("final_review", fourth, justice, defects=defects or None,
              conclusion="correct" if wrong else "reminder" if defects else "pass")
    if wrong:
        pen.later(1, 6)
        pen.write("correction_ordered", first, justice, reply_by=pen.day + timedelta(days=30))
        if pen.well(0.5):
            pen.later(8, 18)
            pen.write("corrected", correction="amended")
            pen.later(2, 8)
            pen.write("correction_verified", first, justice, correction_accepted=True)
    if pen.rng.random() < 0.25:
        pen.later(100, 200)
        asked = pen.rng.randint(80, 300)
        pen.write("awareness_surveyed", respondents=asked, informed=int(asked * pen.rng.uniform(0.1, 0.9)),
                  survey_group=pen.rng.choice(("public", "enterprise", "officer")))
    if pen.rng.random() < 0.2:
        pen.later(60, 150)
        pen.write("evaluated", evaluation_advice=pen.rng.choice(("keep", "keep", "amend", "interpret", "repeal")))
        if pen.rng.random() < 0.3:
            pen.later(20, 60)
            pen.write("repealed", pen.organ.staff[Role.OFFICE_HEAD.value])
            return
    if pen.rng.random() < 0.6:
        pen.later(180, 330)
        result = pen.rng.choice(("keep", "keep", "keep", "keep", "amend", "repeal", "invalid"))
        pen.write("cleanup_concluded", cleanup_result=result, cleanup_reason="专项清理（演示数据）")


def _justice_above(region: DemoRegion, organ: DemoOrgan) -> DemoOrgan | None:
    """Who reviews a document: of a government the justice department one level up, of a department that of its own."""
    if organ.line != GOVERNMENT:
        return region.of(organ.region, JUSTICE)
    parent = next((entry.parent for entry in region.regions if entry.code == organ.region), None)
    return region.of(parent, JUSTICE) if parent else None


def _until(pen: Pen, now: datetime) -> Iterator[NewEvent]:
    """The steps that have happened by now, each recorded within a few days."""
    latest = datetime.min.replace(tzinfo=LOCAL_TIME)
    for event in pen.steps:
        day = event.occurred_at
        assert isinstance(day, date)
        if datetime.combine(day, clock(), LOCAL_TIME) > now:
            return
        taken = datetime.combine(pen.calendar.next_working_day(day + timedelta(days=pen.rng.choice((0, 0, 1)))),
                                 clock(17), LOCAL_TIME)
        latest = min(now, max(latest, taken))
        yield NewEvent(event.type, day, event.payload, event.materials, actor=event.actor, organ=event.organ,
                       recorded_at=latest)


def _words() -> Any:
    return yaml.safe_load((importlib.resources.files("plugins.legislation.demo") / "words.yaml").read_text("utf-8"))
