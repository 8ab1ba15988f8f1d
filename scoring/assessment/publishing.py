"""Publishing a year in the background: asked for once, done once however often it is tried, its end shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from core.database import database
from core.errors import FazhiError
from core.jobs.models import DONE, FAILED, JobRow
from core.jobs.queue import enqueue
from core.ledger.signing import SigningKey
from core.rulebook.bundle import Bundle
from scoring.assessment.models import PublishingRow
from scoring.assessment.queries import is_frozen
from scoring.assessment.release import publish_year, publishable


@dataclass(frozen=True, slots=True)
class Publishing:
    """How far an asked publication is.

    Attributes:
        state: ``under_way``, ``refused`` for a reason that the platform knows, or ``failed`` after several tries.
        reason: why not, by language.
    """

    state: Literal["under_way", "refused", "failed"]
    asked_by: str
    asked_at: datetime
    done: int
    total: int
    reason: dict[str, str]


def publishing_of(scheme: str, year: int) -> Publishing | None:
    """What became of the last asking; None where nobody asked, or it is published."""
    row: Any = _row(scheme, year)
    if row is None or is_frozen(scheme, year):
        return None
    job: Any = JobRow.get_or_none(JobRow.key == row.job)
    reason: dict[str, str] = row.refused
    state: Literal["under_way", "refused", "failed"] = "under_way"
    if reason:
        state = "refused"
    elif job is None or job.state in (FAILED, DONE):
        state, reason = "failed", {"zh": job.error if job else "", "en": job.error if job else ""}
    return Publishing(state, row.asked_by, row.asked_at, row.done, row.total, reason)


def ask_to_publish(job: str, scheme: str, year: int, by: str, at: datetime) -> bool:
    """Put the publication into the job table; False where one is under way already.

    Args:
        job: name of the job that calls :func:`publish_asked` with ``scheme`` and ``year``.

    Raises:
        FazhiError: as ``publishable``: what would refuse it later is said at once.
    """
    with database.atomic():
        total = len(publishable(scheme, year))
        before: Any = _row(scheme, year)
        earlier = publishing_of(scheme, year)
        if earlier is not None and earlier.state == "under_way":
            return False
        tried = int(before.job.rpartition("#")[2]) if before is not None else 0
        key = f"{job}:{scheme}:{year}#{tried + 1}"
        given = {"job": key, "asked_by": by, "asked_at": at, "done": 0, "total": total, "refused": {}}
        PublishingRow.insert(scheme=scheme, year=year, **given).on_conflict(
            conflict_target=[PublishingRow.scheme, PublishingRow.year], update=given).execute()
        return enqueue(job, key, scheme=scheme, year=year)


def publish_asked(bundle: Bundle, scheme: str, year: int, at: datetime, folder: Path, key: SigningKey) -> None:
    """Do what was asked; called again after a crash it does nothing twice. A refusal is kept, other failures raise."""
    if is_frozen(scheme, year):
        return

    def told(done: int) -> None:
        _change(scheme, year, done=done)

    row: Any = _row(scheme, year)
    if row is None:
        return
    try:
        publish_year(bundle, scheme, year, row.asked_by, at, folder, key, told)
    except FazhiError as refused:
        problem = refused.problems[0]
        _change(scheme, year, refused={"zh": problem.message("zh"), "en": problem.message("en")})


def _row(scheme: str, year: int) -> Any:
    return PublishingRow.get_or_none((PublishingRow.scheme == scheme) & (PublishingRow.year == year))


def _change(scheme: str, year: int, **values: Any) -> None:
    PublishingRow.update(**values).where((PublishingRow.scheme == scheme) & (PublishingRow.year == year)).execute()
