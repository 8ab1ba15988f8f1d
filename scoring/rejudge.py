"""Cases judged again without a new step: by a new bundle, or because time has passed.

A new bundle judges open cases; closed ones and frozen years keep what was said about them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from peewee import DatabaseError

from core.jobs.queue import enqueue
from core.ledger.models import CaseRow
from core.ledger.recorder import Recorded, Recorder

CASES_AT_ONCE = 200
JOB = "rejudge-open"

log = logging.getLogger(__name__)


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
        judged += len(judge_again(recorder, ids))
        last = ids[-1]
    return judged


def judge_again(recorder: Recorder, case_ids: Sequence[str]) -> tuple[Recorded, ...]:
    """Judge these cases in one transaction; one that cannot be judged is logged and does not keep the others waiting.

    Raises:
        DatabaseError: the database is not to be had; another attempt may find it.
    """
    try:
        return recorder.rejudge(case_ids)
    except DatabaseError:
        raise
    except Exception:  # whatever is wrong with one case, the periods of the others go on running
        if len(case_ids) < 2:
            log.exception("case %s cannot be judged", ", ".join(case_ids))
            return ()
    half = len(case_ids) // 2
    return judge_again(recorder, case_ids[:half]) + judge_again(recorder, case_ids[half:])
