"""What follows a commit: findings across cases are counted, scores of units renewed, and the outbox is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from core.database import database
from core.ledger.outbox import delivered, undelivered
from scoring.aggregate import refresh
from scoring.assessment.keeping import AssessingBundle
from scoring.assessment.keeping import refresh as assess

LOG = logging.getLogger(__name__)
ROUNDS = 20
"""Rounds of some hundred rows; what is left then is told in the next minute."""


def announce(now: datetime, count: Callable[[Iterable[str]], object] | None = None,
             bundle: AssessingBundle | None = None) -> int:
    """Renew the units that a recording touched; called after each commit and, as a safety net, each minute.

    Args:
        count: counts findings across cases again for those whom these cases concern (``Watch.after``).
        bundle: the rules in force, by whose schemes organs are assessed; None: they are not assessed now.

    Returns:
        how many organs were renewed.
    """
    opened = database.connect(reuse_if_open=True)
    try:
        for _ in range(ROUNDS):
            told = undelivered()
            if not told:
                break
            if count is not None:
                _count(count, {row.case_id for row in told})
            delivered(told, now)
        renewed = refresh()
        if bundle is not None:
            assess(bundle, now)
        return renewed
    finally:
        if opened:
            database.close()


def _count(count: Callable[[Iterable[str]], object], cases: set[str]) -> None:
    try:
        count(cases)
    except Exception:  # scores must be renewed whatever becomes of it; the daily count makes up for it
        LOG.exception("counting findings across cases")
