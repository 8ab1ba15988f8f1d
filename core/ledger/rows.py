"""Between an event and its row: reading, writing in bulk, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from core.database import BaseModel, database, is_sqlite
from core.instants import parse_instant
from core.ledger.canonical import canonical, read_payload
from core.ledger.chain import Record
from core.ledger.commitments import Personal
from core.ledger.event import Event, MaterialRef, Precision, Value
from core.ledger.models import EventRow, PersonalValue

IN_ONE_QUERY = 400
_COLUMNS = ", ".join(f'"{name}"' for name in Record._fields)


def mark() -> str:
    """The database's placeholder for a parameter."""
    return "?" if is_sqlite() else "%s"


def marks(count: int) -> str:
    """Placeholders for ``count`` parameters."""
    return ", ".join([mark()] * count)


def insert_rows(model: type[BaseModel], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert many rows fast, inside the caller's transaction; values as the database stores them."""
    rows = list(rows)
    if rows:
        names = ", ".join(f'"{name}"' for name in columns)
        table = model._meta.table_name
        execute_many(f'INSERT INTO "{table}" ({names}) VALUES ({marks(len(columns))})', rows)


def execute_many(sql: str, rows: Sequence[Sequence[object]]) -> None:
    """Run one statement for each row, inside the caller's transaction."""
    database.cursor().executemany(sql, rows)


def records(where: str, parameters: Sequence[object]) -> Iterator[Record]:
    """Rows of the event table as they are stored."""
    cursor = database.execute_sql(f'SELECT {_COLUMNS} FROM "ledger_event" WHERE {where}', parameters)
    for row in cursor:
        record = Record(*row)
        yield record if isinstance(record.void, bool) else record._replace(void=bool(record.void))


def events_of_cases(case_ids: Sequence[str], recorded_before: str | None = None) -> dict[str, list[Event]]:
    """The events of several cases in intake order, with the personal values that are not sealed."""
    found: dict[str, list[Event]] = {case_id: [] for case_id in case_ids}
    until = "" if recorded_before is None else f" AND recorded_at < {mark()}"
    for start in range(0, len(case_ids), IN_ONE_QUERY):
        part = list(case_ids[start : start + IN_ONE_QUERY])
        personal = _personal_values(part)
        limits = part if recorded_before is None else [*part, recorded_before]
        for record in records(f"case_id IN ({marks(len(part))}){until} ORDER BY case_id, seq", limits):
            found[record.case_id].append(to_event(record, personal.get(record.id, {})))
    return found


def to_event(record: Record, personal: Mapping[str, Value]) -> Event:
    """The event of a row, with its personal values put back where they are not sealed."""
    payload = read_payload(record.payload)
    sealed: tuple[str, ...] = ()
    if record.commitments != "{}":
        committed = json.loads(record.commitments)
        payload.update({name: value for name, value in personal.items() if name in committed})
        sealed = tuple(sorted(committed.keys() - personal.keys()))
    return Event(
        id=record.id, case_id=record.case_id, seq=record.seq, type=record.type,
        occurred_at=parse_instant(record.occurred_at), recorded_at=parse_instant(record.recorded_at),
        actor=record.actor, organ=record.organ, payload=payload, materials=read_materials(record.materials),
        precision=cast(Precision, record.precision), corrects=record.corrects, void=record.void,
        previous_hash=record.previous_hash, hash=record.hash, bundle=record.bundle, sealed=sealed)


def materials_text(materials: Sequence[MaterialRef]) -> str:
    """Materials as canonical JSON."""
    return canonical([{"media_type": m.media_type, "name": m.name, "requirement": m.requirement,
                       "sha256": m.sha256, "size": m.size} for m in materials]) if materials else "[]"


def read_materials(text: str) -> tuple[MaterialRef, ...]:
    """The materials whose canonical text this is."""
    return () if text == "[]" else tuple(MaterialRef(**item) for item in json.loads(text))


def _personal_values(case_ids: Sequence[str]) -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = {}
    rows: Any = PersonalValue.select(PersonalValue.event, PersonalValue.field, PersonalValue.value).where(
        PersonalValue.case_id.in_(case_ids) & PersonalValue.value.is_null(False)).tuples()
    for event_id, field, text in rows:
        found.setdefault(event_id, {}).update(read_payload(f'{{"{field}":{text}}}'))
    return found


EVENT_COLUMNS: tuple[str, ...] = Record._fields
PERSONAL_COLUMNS: tuple[str, ...] = Personal._fields


def insert_records(rows: Sequence[Record]) -> None:
    """Append events."""
    insert_rows(EventRow, EVENT_COLUMNS, rows)


def insert_personal(rows: Sequence[Personal]) -> None:
    """Store the values behind commitments."""
    insert_rows(PersonalValue, PERSONAL_COLUMNS, rows)
