"""Fills the demonstration region with enforcement: registers and cases. Only steps are recorded; the engine judges."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from core.cases.case import CaseHead
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.materials.store import Stored
from plugins.enforcement.demo.others import coercion, inspection, licence
from plugins.enforcement.demo.oversight import oversee
from plugins.enforcement.demo.papers import a_page, write_papers
from plugins.enforcement.demo.pen import Pen
from plugins.enforcement.demo.penalties import on_the_spot, ordinary
from plugins.enforcement.demo.teams import Team, plan_teams, register
from plugins.enforcement.demo.words import raw_words
from plugins.enforcement.discretion.renewal import renew
from scoring.aggregate import refresh
from scoring.models import FindingRow

DAYS = 500
"""How far back the first cases lie."""

SHARE = 8
"""One enforcement case for so many decisions that were asked for."""

ALIKE = 5
"""So many cases to one more penalty that is weighed by a table, so that there are like cases to compare."""

BATCH = 200

Told = tuple[CaseHead, Sequence[NewEvent]]
Story = Callable[[Pen], str]


def generate(instance: Instance, seed: int, cases: int) -> tuple[str, ...]:
    """Fill the registers and record cases for the departments of the demonstration region.

    Args:
        seed: the same seed on the same day gives the same cases.
        cases: how many decisions were asked for; enforcement gets an eighth of that, thirty at least.

    Returns:
        what to print; nothing where the demonstration region has no departments.
    """
    begun = time.monotonic()
    rng = Random(seed)
    teams = plan_teams(rng)
    if not teams:
        return ()
    certificates = register(instance, teams, rng)
    sample = instance.materials.store(io.BytesIO("演示数据 DEMONSTRATION DATA\n".encode()), "演示数据.txt")
    recorder = instance.recorder.permitting(AnyoneMayRecord())
    told = _cases(instance, teams, rng, sample, max(30, cases // SHARE))
    kinds: Counter[str] = Counter()
    events = 0
    while batch := [case for _, case in zip(range(BATCH), told, strict=False)]:
        events += recorder.record_many(batch).events
        kinds.update(head.procedure for head, _ in batch)
    kinds["enforcement.penalty"] += (papers := write_papers(instance, teams, sample))
    refresh()
    renew(instance)
    overseen = oversee(instance, teams, rng)
    refresh()
    found = FindingRow.select().where(FindingRow.procedure.startswith("enforcement.")).count()
    titles = instance.bundles.current().procedures
    counted = "，".join(f"{titles[name].title.zh} {number}" for name, number in sorted(kinds.items()))
    return (f"行政执法（演示）：主体 {len(teams)}，证件 {certificates}；{counted}；步骤 {events:,}，疑似问题 {found:,}"
            f"（{sum(kinds.values())} enforcement cases, {found:,} findings, {time.monotonic() - begun:.0f} s）",
            "，".join(filter(None, (f"文书（演示）：平台生成处罚决定书 {papers}", a_page()))), overseen)


def _cases(instance: Instance, teams: Sequence[Team], rng: Random, sample: Stored, number: int) -> Iterator[Told]:
    bundle = instance.bundles.current()
    now = instance.now()
    today = now.astimezone(LOCAL_TIME).date()
    weighing = [team for team in teams if any(act.table for act in team.trade.acts)]
    for n in range(1, number + 1 + number // ALIKE):
        alike = n > number and bool(weighing)
        team = rng.choice(weighing if alike else teams)
        kind, tell = ("penalty", _weighed) if alike else rng.choices(STORIES, (4, 5, 4, 2, 4))[0]
        calendar = bundle.calendar(team.region)
        begins = calendar.next_working_day(today - timedelta(days=rng.randint(3, DAYS)))
        pen = Pen(rng, bundle.procedures[f"enforcement.{kind}"], calendar, sample, team, begins)
        title = tell(pen)
        events = list(pen.until(now))
        if events:
            yield CaseHead(f"demo-enf-{n:05d}", pen.procedure.id, team.organ, team.region, title,
                           f"演示执法〔{begins.year}〕{n:05d}号"), events


def _ordinary(pen: Pen) -> str:
    act = pen.rng.choice(pen.team.trade.acts)
    ordinary(pen, act)
    return f"{pen.rng.choice(raw_words()['parties'])}{act.title}案"


def _weighed(pen: Pen) -> str:
    act = next(act for act in pen.team.trade.acts if act.table)
    ordinary(pen, act)
    return f"{pen.rng.choice(raw_words()['parties'])}{act.title}案"


def _on_the_spot(pen: Pen) -> str:
    act = pen.rng.choice(pen.team.trade.small)
    on_the_spot(pen, act)
    return f"{act}（当场处罚）"


def _licence(pen: Pen) -> str:
    item = pen.rng.choice(pen.team.trade.licences)
    licence(pen, item)
    return f"{item}申请"


def _coercion(pen: Pen) -> str:
    coercion(pen)
    return f"{pen.rng.choice(raw_words()['parties'])}涉案财物查封、扣押"


def _inspection(pen: Pen) -> str:
    items = pen.rng.choice(pen.team.trade.inspections)
    inspection(pen, items)
    return items


STORIES: tuple[tuple[str, Story], ...] = (
    ("penalty", _ordinary), ("penalty_summary", _on_the_spot), ("licence", _licence), ("coercion", _coercion),
    ("inspection", _inspection))
