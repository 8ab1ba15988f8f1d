"""Fills the demonstration region with disputes. Only steps are recorded; the engine judges."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from core.cases.case import CaseHead
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.ledger.models import CaseRow
from core.materials.store import Stored
from core.organs.vocabulary import Role
from plugins.disputes.analysis.projection import catch_up
from plugins.disputes.demo import stories
from plugins.disputes.demo.asking import ask_and_answer
from plugins.disputes.demo.halls import furnish
from plugins.disputes.demo.pen import Pen
from plugins.disputes.demo.places import Office, Place, plan_places
from scoring.aggregate import refresh
from scoring.models import FindingRow
from web.demo import demo_region

DAYS = 430
"""How far back the first cases lie."""

SHARE = 4
"""One dispute for so many decisions that were asked for."""

LEAST, MOST = 60, 700
REFERRED = 5
BATCH = 200

Told = tuple[CaseHead, Sequence[NewEvent]]
Story = Callable[[Pen, Office], str]
STORIES: tuple[tuple[str, Story, int], ...] = (
    ("reconsideration", stories.reconsideration, 10), ("litigation", stories.litigation, 4),
    ("mediation", stories.mediation, 5), ("legal_aid", stories.legal_aid, 3),
    ("adjudication", stories.adjudication, 1), ("arbitration", stories.arbitration, 2),
    ("admin_mediation", stories.admin_mediation, 2), ("recommendation", stories.recommendation, 1))
OFTEN = {2: 16, 4: 10}
"""How often a region (two digits) and a league (four) has a dispute, where a county has one."""

BY_DEPARTMENT = {"litigation", "adjudication", "admin_mediation"}


def generate(instance: Instance, seed: int, cases: int) -> tuple[str, ...]:
    """Record disputes for the justice departments and the organs that are sued.

    Args:
        seed: the same seed on the same day gives the same cases.
        cases: how many decisions were asked for; disputes get a quarter of that, within bounds.

    Returns:
        what to print; nothing where the demonstration region has no justice departments.
    """
    begun = time.monotonic()
    demo_region(seed)
    rng = Random(seed)
    places = plan_places(rng, stories.GROUNDS)
    if not places:
        return ()
    sample = instance.materials.store(io.BytesIO("演示数据 DEMONSTRATION DATA\n".encode()), "演示数据.txt")
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    told = _cases(instance, places, rng, sample, min(MOST, max(LEAST, cases // SHARE)))
    kinds: Counter[str] = Counter()
    events = 0
    while batch := [case for _, case in zip(range(BATCH), told, strict=False)]:
        events += recorder.record_many(batch).events
        kinds.update(head.procedure for head, _ in batch)
    _refer(instance, places)
    refresh()
    bundle = instance.bundles.current()
    catch_up(bundle)
    found = FindingRow.select().where(FindingRow.procedure.startswith("disputes.")).count()
    counted = "，".join(f"{bundle.procedures[name].title.zh} {number}" for name, number in sorted(kinds.items()))
    return (f"争议化解（演示）：{counted}；步骤 {events:,}，疑似问题 {found:,}"
            f"（{sum(kinds.values())} disputes, {found:,} findings, {time.monotonic() - begun:.0f} s）",
            furnish(instance, places, Random(seed)), ask_and_answer(instance, Random(seed)))


def _refer(instance: Instance, places: Sequence[Place]) -> None:
    """Some mediations go on as administrative mediation, so that linked cases can be looked at."""
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    today = instance.now().astimezone(LOCAL_TIME).date()
    by_organ = {place.justice.organ: place for place in places}
    open_ones: Any = CaseRow.select().where(
        (CaseRow.procedure == "disputes.mediation") & CaseRow.closed_at.is_null() & CaseRow.organ.in_(list(by_organ)))
    for row in open_ones.order_by(CaseRow.id).limit(REFERRED):
        place = by_organ[row.organ]
        recorder.record(row.id, NewEvent(
            "referred_on", today, {"referred_to": "admin_mediation", "to_body": place.departments[0].organ},
            actor=place.justice.staff[Role.CASE_HANDLER], organ=row.organ))


def _cases(instance: Instance, places: Sequence[Place], rng: Random, sample: Stored, number: int) -> Iterator[Told]:
    bundle = instance.bundles.current()
    now = instance.now()
    today = now.astimezone(LOCAL_TIME).date()
    weights = [weight for _, _, weight in STORIES]
    often = [OFTEN.get(len(place.justice.region.rstrip("0")), 1) for place in places]
    for n in range(1, number + 1):
        kind, tell, _ = rng.choices(STORIES, weights)[0]
        place = rng.choices(places, often)[0]
        other = rng.choices(place.departments, [(1.2 - one.care) ** 2 for one in place.departments])[0]
        office = other if kind in BY_DEPARTMENT else place.justice
        calendar = bundle.calendar(office.region)
        begins = calendar.next_working_day(today - timedelta(days=rng.randint(2, DAYS)))
        pen = Pen(rng, bundle.procedures[f"disputes.{kind}"], calendar, sample, office, begins)
        title = tell(pen, other)
        events = list(pen.until(now))
        if events:
            yield CaseHead(f"demo-dis-{n:05d}", pen.procedure.id, office.organ, office.region, title,
                           f"演示〔{begins.year}〕{n:05d}号"), events
