"""The sweep: what time alone changes. Called each minute; a second call at the same moment changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from core.instants import instant_text
from core.ledger.recorder import Recorder
from scoring.models import VerdictRow
from scoring.rejudge import judge_again

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: cases judged again, findings raised at their due moments."""

    cases: int = 0
    raised: int = 0


def sweep(recorder: Recorder, now: datetime, at_once: int = AT_ONCE) -> Swept:
    """Judge again every case in which a due moment or the beginning of an early warning has come.

    Args:
        at_once: cases judged in one transaction, so that people who record steps never wait long.
    """
    waiting = due_cases(now)
    raised = 0
    for start in range(0, len(waiting), at_once):
        for recorded in judge_again(recorder, waiting[start : start + at_once]):
            raised += sum(event.type == "finding.raised" for event in recorded.events)
    return Swept(len(waiting), raised)


def due_cases(now: datetime) -> list[str]:
    """Cases with a verdict that time has changed by ``now``, the longest waiting first."""
    query: Any = (VerdictRow.select(VerdictRow.case)
                  .where(VerdictRow.wake_at <= instant_text(now))
                  .group_by(VerdictRow.case).order_by(fn.MIN(VerdictRow.wake_at), VerdictRow.case).tuples())
    return [case_id for (case_id,) in query]

