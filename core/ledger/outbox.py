"""What was recorded and has still to be told to whoever listens, after commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.ledger.models import OutboxRow


def undelivered(limit: int = 500) -> list[Any]:
    """Rows in the order in which they were written."""
    query: Any = OutboxRow.select().where(OutboxRow.delivered_at.is_null()).order_by(OutboxRow.id).limit(limit)
    return list(query)


def delivered(rows: Sequence[Any], now: datetime) -> None:
    """Mark rows as told; a listener may still see one twice where a process dies before this."""
    OutboxRow.update(delivered_at=now).where(OutboxRow.id.in_([row.id for row in rows])).execute()


def forget_delivered(before: datetime) -> int:
    """Delete what was told before a moment; how many rows."""
    return int(OutboxRow.delete().where(OutboxRow.delivered_at < before).execute())
