"""A new bundle judges open cases again; closed ones and frozen years keep what was said about them."""

from __future__ import annotations

from core.jobs.queue import enqueue
from core.ledger.models import CaseRow
from core.ledger.recorder import Recorder

CASES_AT_ONCE = 200
JOB = "rejudge-open"


def schedule_rejudging(bundle: str) -> None:
    """Put the re-judging of open cases under this bundle into the job table, in the caller's transaction."""
    enqueue(JOB, f"{JOB}@{bundle}", bundle=bundle)


def rejudge_open_cases(recorder: Recorder, bundle: str) -> int:
    """Judge every open case by the bundle in force, a few hundred in one transaction; how many were judged.

    Does nothing where another bundle came into force meanwhile: that one's own job follows.
    """
    judged, last = 0, ""
    while recorder.bundles.current().hash == bundle:
        rows = (CaseRow.select(CaseRow.id).where(CaseRow.closed_at.is_null() & (CaseRow.id > last))
                .order_by(CaseRow.id).limit(CASES_AT_ONCE))
        ids = [row.id for row in rows]
        if not ids:
            break
        judged += len(recorder.rejudge(ids))
        last = ids[-1]
    return judged
