"""Personal values: only a salted commitment enters the chain, so that the value can be erased lawfully."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from core.ledger.canonical import canonical
from core.ledger.chain import digest
from core.ledger.event import Value

SALT_BYTES = 16


class Personal(NamedTuple):
    """A personal value as the side table holds it; fields in the order of the table's columns."""

    event_id: str
    case_id: str
    field: str
    value: str | None
    salt: str | None


def commit(case_id: str, event_id: str, values: Mapping[str, Value], algorithm: str
           ) -> tuple[dict[str, str], list[Personal]]:
    """Commitments that enter the chain by field, and the rows of the side table behind them."""
    rows = [Personal(event_id, case_id, field, canonical(value), secrets.token_hex(SALT_BYTES))
            for field, value in values.items()]
    return {row.field: commitment(row, algorithm) for row in rows}, rows


def commitment(row: Personal, algorithm: str) -> str:
    """The commitment to a personal value. Bound to its event and field, so that values cannot change places."""
    return digest(algorithm, canonical(
        {"event": row.event_id, "field": row.field, "salt": row.salt, "value": row.value}).encode())
