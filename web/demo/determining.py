"""What supervisors said of the demonstration's findings: some are confirmed, some dismissed, some put right."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from core.errors import FazhiError
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord
from core.organs.actors import actor_of
from core.organs.authority import Actor
from core.organs.vocabulary import Role
from scoring.aggregate import refresh
from scoring.engine.reference import Reference
from scoring.findings import Findings
from scoring.life import Life
from scoring.models import FindingRow
from scoring.replay import Replayer
from web.demo.region import JUSTICE, TOP, DemoOrgan, DemoRegion

SHARE = 80
"""One finding in so many was looked at."""

REASON, NOT_SO = "经核对案卷和记录，问题属实。（演示数据）", "经核对，已另行办理并有材料为证，不作为问题。（演示数据）"
CURED = "已按要求改正，材料附后。（演示数据）"


def determine(instance: Instance, region: DemoRegion, seed: int) -> str:
    """Determine some of the findings as the supervisor above would; a line to print."""
    today = instance.now().astimezone(LOCAL_TIME).date()
    desk = Findings(instance.recorder.permitting(AnyoneMayRecord()), Replayer(instance.bundles, Reference()))
    rng = Random(seed)
    supervisors: dict[str, Actor] = {}
    open_ones: Any = FindingRow.select().where(FindingRow.status == Life.RAISED.value).order_by(FindingRow.id)
    rows = list(open_ones)
    counts = dict.fromkeys(("确认", "排除", "整改"), 0)
    for row in rng.sample(rows, len(rows) // SHARE):
        justice = _above(region, row.region)
        if justice is None:
            continue
        if justice.id not in supervisors:
            supervisors[justice.id] = actor_of(justice.staff[Role.SUPERVISOR], justice.id, on=today)
        for said in _told(desk, row.id, supervisors[justice.id], today, rng):
            counts[said] += 1
    refresh()
    return "问题认定（演示）：" + "，".join(f"{word} {number}" for word, number in counts.items())


def _above(region: DemoRegion, code: str) -> DemoOrgan | None:
    """The justice department one level above a region's organs; the region's own for what is at the top."""
    upper = TOP if code.endswith("00") else f"{code[:4]}00"
    return region.of(upper, JUSTICE)


def _told(desk: Findings, finding: str, supervisor: Actor, today: date, rng: Random) -> list[str]:
    said: list[str] = []
    try:
        if rng.random() < 0.2:
            desk.dismiss(finding, supervisor, NOT_SO)
            return ["排除"]
        desk.confirm(finding, supervisor, REASON)
        said.append("确认")
        if rng.random() < 0.5:
            desk.mark_cured(finding, supervisor, CURED, today - timedelta(days=1))
            said.append("整改")
    except FazhiError:  # not for this supervisor, as for the department's own matters: it stays as it is
        return said
    return said
