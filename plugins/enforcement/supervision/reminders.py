"""谁执法谁普法: a body that has recorded no activity for months is reminded by the platform, once a period."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from core.errors import FazhiError
from core.instance import LOCAL_TIME, Instance
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases

LOG = logging.getLogger(__name__)
PUBLICITY, BY_ITSELF, QUIET_DAYS = "enforcement.publicity", "system:publicity", 90
LIVELY = ("duty_list_set", "activity_held", "case_explained", "reminder_sent")


def remind(instance: Instance) -> int:
    """Remind whoever has been quiet for ``QUIET_DAYS``; how many reminders."""
    bundle = instance.bundles.current()
    if PUBLICITY not in bundle.procedures:
        return 0
    query: Any = CaseRow.select(CaseRow.id).where(
        (CaseRow.procedure == PUBLICITY) & CaseRow.closed_at.is_null()).tuples()
    today, sent = instance.now().astimezone(LOCAL_TIME).date(), 0
    for case in load_cases([name for (name,) in query], bundle):
        latest = max(case.steps[place].date for name in LIVELY for place in case.positions.get(name, ()))
        if latest > today - timedelta(days=QUIET_DAYS):
            continue
        text = f"自 {latest.isoformat()} 以来没有记录普法活动，请按年度普法责任清单开展并记录。"
        try:
            instance.recorder.permitting(AnyoneMayRecord()).record(
                case.head.id, NewEvent("reminder_sent", today, {"reminder_text": text}, actor=BY_ITSELF,
                                       organ=case.head.organ),
                request_key=f"remind-{case.head.id[:32]}-{latest.isoformat()}")
            sent += 1
        except FazhiError as refused:
            LOG.warning("reminder in %s: %s", case.head.id, refused)
    return sent
