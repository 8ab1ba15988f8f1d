"""A city with lawyers, for tests of legal questions."""

from __future__ import annotations

from datetime import timedelta

from core.instance import Instance
from core.jobs.models import QUEUED, JobRow
from core.jobs.queue import Worker
from plugins.disputes.questions import desk
from plugins.disputes.questions.models import Lawyer

CITY = "990100"


def add_lawyers(local: int = 4, region: int = 4, national: int = 4) -> dict[str, list[Lawyer]]:
    """Advisers of the city, lawyers of the region in another city, lawyers elsewhere."""
    made: dict[str, list[Lawyer]] = {}
    for level, count, city in (("local", local, CITY), ("region", region, "990200"), ("national", national, "110100")):
        made[level] = [Lawyer.create(region="990100", number=f"{level}-{n}", name=f"{level}律师{n}", city=city,
                                     level=level, firm="演示律师事务所") for n in range(count)]
    return made


def worker_of(instance: Instance) -> Worker:
    """The instance's worker by the instance's clock."""
    known = instance.worker
    return Worker(known.handlers, known.lease, lambda: instance.now().timestamp(), known.timed)


def waiting() -> int:
    """Timed jobs that have not run."""
    return JobRow.select().where((JobRow.name == desk.ROUTE) & (JobRow.state == QUEUED)).count()


def later(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)
