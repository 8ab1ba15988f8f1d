"""Events of one procedure as a frame: a row for each, the payload in typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from core.cases.fold import typed
from core.ledger.event import Event
from core.rulebook.model import Procedure
from scoring.batch.values import DTYPES, Sort, column, stored

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

SCHEMA: Mapping[str, Any] = {
    "case": pl.String(), "region": pl.String(), "seq": pl.Int64(), "id": pl.String(), "type": pl.String(),
    "at": pl.Int64(), "recorded": pl.Int64(), "dated": pl.Boolean(), "actor": pl.String(), "organ": pl.String(),
    "corrects": pl.String(), "void": pl.Boolean(), "materials": pl.List(pl.String()),
}
"""Columns of every event. ``at`` and ``recorded`` are microseconds since 1970 in UTC; ``dated`` where the time of
day is not known; ``materials`` as ``event_type/requirement``."""


def event_frame(events: Iterable[Event], procedure: Procedure, regions: Mapping[str, str],
                personal: bool = True) -> pl.DataFrame:
    """Events as rows, in the given order; the platform's own events are left out.

    Args:
        regions: region code by case id.
        personal: personal values are taken in; a file that outlives their erasure must not hold them.
    """
    base: dict[str, list[Any]] = {name: [] for name in SCHEMA}
    values: dict[tuple[str, Sort], dict[int, Any]] = {}
    count = 0
    for event in events:
        if event.is_platform:
            continue
        for kept, value in zip(base.values(), _row(event, regions), strict=True):
            kept.append(value)
        declared = procedure.events.get(event.type)
        fields = declared.fields if declared else {}
        for name, value in typed(event.payload, fields).items():
            if not personal and name in fields and fields[name].personal:
                continue
            known = stored(value, procedure.timezone)
            if known is not None:
                values.setdefault((name, known[0]), {})[count] = known[1]
        count += 1
    columns = [pl.Series(name, base[name], dtype=dtype, strict=False) for name, dtype in SCHEMA.items()]
    for (name, sort), known_at in sorted(values.items()):
        columns.append(pl.Series(column(name, sort), [known_at.get(row) for row in range(count)], dtype=DTYPES[sort]))
    return pl.DataFrame(columns)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def _row(event: Event, regions: Mapping[str, str]) -> tuple[Any, ...]:
    materials = sorted({f"{event.type}/{material.requirement}" for material in event.materials})
    return (event.case_id, regions.get(event.case_id, ""), event.seq, event.id, event.type, micros(event.occurred_at),
            micros(event.recorded_at), event.precision == "date", event.actor, event.organ, event.corrects, event.void,
            materials or None)
