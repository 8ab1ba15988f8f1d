"""What recordings tell about a step: the longest break between showing the certificates and this step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cases.case import Case
from core.ledger.intake import NewEvent, StepFacts
from core.materials.chunks import Assembled
from plugins.enforcement.field.models import FieldRecording

GAP = "recording_gap"
SHOWN = "identity_shown"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A recording: from when to when, and its own longest break in milliseconds."""

    started: datetime
    ended: datetime
    gap: int = 0


def remember(assembled: Assembled, account: str) -> None:
    """Keep when a recording ran; nothing for files without duration."""
    found = assembled.recording
    if found is not None:
        FieldRecording.insert(sha256=assembled.stored.sha256, started=found.started, ended=found.ended, gap=found.gap,
                              account=account).on_conflict_ignore().execute()


def recording_facts(case: Case, step: NewEvent) -> StepFacts:
    """The field ``recording_gap`` in seconds, where the step collects it and the case has recordings from a phone.

    The time that must be covered begins when the certificates were shown, where that moment is known to the minute,
    and ends with this step (行政处罚法 47: the whole process is recorded).
    """
    field = case.procedure.events[step.type].fields.get(GAP)
    if field is None or not field.collected or not isinstance(step.occurred_at, datetime):
        return {}
    hashes = {one.sha256 for taken in case.steps for one in taken.event.materials}
    hashes |= {one.sha256 for one in step.materials}
    rows: Any = FieldRecording.select().where(FieldRecording.sha256.in_(sorted(hashes)))
    stretches = [Stretch(row.started, row.ended, row.gap) for row in rows]
    if not stretches:
        return {}
    shown = next((taken.event.occurred_at for taken in case.steps
                  if taken.type == SHOWN and taken.event.precision == "instant"), None)
    return {GAP: longest_break(stretches, shown, step.occurred_at)}


def longest_break(stretches: Sequence[Stretch], begin: datetime | None, end: datetime) -> int:
    """Seconds, rounded down, of the longest time between ``begin`` and ``end`` that no recording covers."""
    ordered = sorted(stretches, key=lambda one: one.started)
    covered = begin or ordered[0].started
    breaks = [0]
    for one in ordered:
        if one.started > end:
            break
        breaks.append(int((one.started - covered).total_seconds()))
        covered = max(covered, one.ended)
    breaks.append(int((end - covered).total_seconds()))
    return max(0, *breaks, *_inner(stretches))


def _inner(stretches: Iterable[Stretch]) -> list[int]:
    return [one.gap // 1000 for one in stretches]
