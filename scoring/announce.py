"""What follows a commit: organs' and regions' scores are renewed, and the outbox is told."""

from __future__ import annotations

from datetime import datetime

from core.database import database
from core.ledger.outbox import delivered, undelivered
from scoring.aggregate import refresh


def announce(now: datetime) -> int:
    """Renew the units that a recording touched; called after each commit and, as a safety net, each minute.

    Returns:
        how many organs were renewed.
    """
    opened = database.connect(reuse_if_open=True)
    try:
        told = undelivered()
        renewed = refresh()
        if told:
            delivered(told, now)
        return renewed
    finally:
        if opened:
            database.close()
