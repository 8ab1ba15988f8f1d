"""Import of enforcement bodies and of their lists of powers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from core.database import BaseModel, database
from core.ledger.recorder import Recorder
from core.ledger.rows import execute_many, insert_rows, mark
from core.organs.actors import Actor
from core.organs.importing.report import ImportReport, refuse
from core.organs.importing.sheets import Row
from plugins.enforcement.officers import records
from plugins.enforcement.officers.importing.columns import BODY_COLUMNS, POWER_COLUMNS
from plugins.enforcement.officers.importing.reading import Organs, Rows
from plugins.enforcement.officers.models import Body, Power
from plugins.enforcement.officers.vocabulary import Qualification

BODY_FIELDS = ("organ_id", "qualification", "entrusted_by_id", "basis", "document", "valid_from", "valid_until")
POWER_FIELDS = ("body_id", "code", "act", "title", "law", "article", "valid_from", "valid_until")
Values = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Which table an import fills: its columns, how many of the first ones identify a row, what the ledger calls it."""

    model: type[BaseModel]
    fields: tuple[str, ...]
    key: int
    register: str
    title: str


BODIES = Target(Body, BODY_FIELDS, 1, "bodies", "执法主体登记")
POWERS = Target(Power, POWER_FIELDS, 2, "powers", "权责清单登记")


def import_bodies(recorder: Recorder, actor: Actor, data: bytes, name: str, now: datetime, *,
                  dry_run: bool = False) -> ImportReport:
    """Confirm organs as enforcement bodies, or renew what is registered of them: all rows or none.

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    rows = Rows.read(data, name, BODY_COLUMNS)
    organs = Organs(actor)
    found = [] if rows.complaints.serious else _read(rows, lambda row: _body(rows, row, organs), 1, "organ")
    return _finish(recorder, actor, rows, found, now, BODIES, dry_run)


def import_powers(recorder: Recorder, actor: Actor, data: bytes, name: str, now: datetime, *,
                  dry_run: bool = False) -> ImportReport:
    """Add items to lists of powers, or renew them: all rows or none.

    Raises:
        FazhiError: every wrong cell, unless it is a trial run, whose report lists them.
    """
    rows = Rows.read(data, name, POWER_COLUMNS)
    organs = Organs(actor)
    bodies = registered()
    found = [] if rows.complaints.serious else _read(rows, lambda row: _power(rows, row, organs, bodies), 2, "code")
    return _finish(recorder, actor, rows, found, now, POWERS, dry_run)


def registered() -> frozenset[str]:
    """Organs that are registered as bodies."""
    query: Any = Body.select(Body.organ).tuples()
    return frozenset(organ for (organ,) in query)


def _read(rows: Rows, read: Any, key: int, column: str) -> list[Values]:
    """Rows that could be understood; a second row of the same key is refused."""
    first: dict[Values, int] = {}
    found = []
    for row in rows.sheet.rows:
        values = read(row)
        if values is None:
            continue
        if values[:key] in first:
            rows.complaints.add(row, column, "row-twice", value=values[key - 1], first=first[values[:key]])
            continue
        first[values[:key]] = row.number
        found.append(values)
    return found


def _body(rows: Rows, row: Row, organs: Organs) -> Values | None:
    before = rows.wrong
    organ = organs.find(rows, row, "organ")
    qualification = rows.choice(row, "qualification")
    entruster: str | None = None
    if qualification == Qualification.ENTRUSTED:
        entruster = organs.find(rows, row, "entrusted_by", managed=False)
        if entruster and entruster == organ:
            rows.complaints.add(row, "entrusted_by", "body-entrusted-by-itself")
    elif rows.text(row, "entrusted_by"):
        rows.complaints.add(row, "entrusted_by", "body-not-entrusted")
    document = rows.text(row, "document", needed=True)
    start, end = _span(rows, row, needed=True)
    if rows.wrong > before:
        return None
    return organ, qualification, entruster or None, rows.text(row, "basis"), document, start, end


def _power(rows: Rows, row: Row, organs: Organs, bodies: frozenset[str]) -> Values | None:
    before = rows.wrong
    body = organs.find(rows, row, "organ")
    if body and body not in bodies:
        rows.complaints.add(row, "organ", "body-not-registered", value=rows.text(row, "organ"))
    code, act = rows.text(row, "code", needed=True), rows.choice(row, "act")
    title, law = rows.text(row, "title", needed=True), rows.text(row, "law", needed=True)
    start, end = _span(rows, row)
    if rows.wrong > before:
        return None
    return body, code, act, title, law, rows.text(row, "article"), start, end


def _span(rows: Rows, row: Row, *, needed: bool = False) -> tuple[date | None, date | None]:
    start, end = rows.day(row, "valid_from", needed=needed), rows.day(row, "valid_until")
    if start and end and end < start:
        rows.complaints.add(row, "valid_until", "grant-dates", start=start, end=end)
    return start, end


def _finish(recorder: Recorder, actor: Actor, rows: Rows, found: Sequence[Values], now: datetime, target: Target,
            dry_run: bool) -> ImportReport:
    if not dry_run:
        refuse(rows.complaints.all())
    with database.atomic():
        existing = _existing(target)
        new = [values for values in found if values[:target.key] not in existing]
        changed = [values for values in found if existing.get(values[:target.key], values) != values]
        if not dry_run and (new or changed):
            _write(target, new, changed)
            note = records.Note(target.register, f"{target.title}：{len(new) + len(changed)} 项", file=rows.sheet.name,
                                file_hash=rows.file_hash)
            records.record(recorder, actor, note, [*new, *changed], now)
    return ImportReport(rows.sheet.name, len(rows.sheet.rows), len(new), len(changed),
                        len(found) - len(new) - len(changed), rows.complaints.all(), not dry_run)


def _existing(target: Target) -> Mapping[Values, Values]:
    columns = [target.model._meta.columns[name] for name in target.fields]
    stored = cast("Iterable[Values]", target.model.select(*columns).tuples())
    return {values[:target.key]: values for values in stored}


def _write(target: Target, new: Sequence[Values], changed: Sequence[Values]) -> None:
    insert_rows(target.model, target.fields, [_stored(values) for values in new])
    place = mark()
    wanted = ", ".join(f'"{name}" = {place}' for name in target.fields[target.key:])
    key = " AND ".join(f'"{name}" = {place}' for name in target.fields[:target.key])
    execute_many(f'UPDATE "{target.model._meta.table_name}" SET {wanted} WHERE {key}',
                 [_stored((*values[target.key:], *values[:target.key])) for values in changed])


def _stored(values: Values) -> Values:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)
