"""Tables as JSON lines: the same text from SQLite and PostgreSQL, and back into either."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.database import compact_json, database, is_sqlite
from core.ledger.rows import execute_many, marks

HISTORY = "schema_history"
INDEX = "_index_"
"""In the name of a table: it is made from other tables whenever it is lost."""

ROWS_AT_ONCE = 1000


def table_names() -> list[str]:
    """Tables to be saved: all but the history of migrations and indexes for searching, which are made anew."""
    return sorted(name for name in database.get_tables() if name != HISTORY and INDEX not in name)


def dump(table: str, file: Path) -> int:
    """Write a table's columns and rows; the number of rows."""
    count, columns = 0, _columns(table)
    with file.open("w", encoding="utf-8") as out:
        out.write(compact_json(columns) + "\n")
        for row in _rows(table, columns):
            out.write(compact_json([_plain(value) for value in row]) + "\n")
            count += 1
    return count


def load(table: str, file: Path) -> int:
    """Fill an empty table; the number of rows."""
    with file.open(encoding="utf-8") as lines:
        columns = json.loads(next(lines))
        names = ", ".join(f'"{name}"' for name in columns)
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks(len(columns))})'
        readers = [_reader(kind) for kind in _kinds(table, columns)]
        count, rows = 0, list[Sequence[object]]()
        for line in lines:
            rows.append([reader(value) for reader, value in zip(readers, json.loads(line), strict=True)])
            count += 1
            if len(rows) == ROWS_AT_ONCE:
                execute_many(sql, rows)
                rows = []
        if rows:
            execute_many(sql, rows)
    return count


@contextmanager
def references_checked_at_the_end() -> Iterator[None]:
    """One transaction in which rows may come before what they refer to.

    Raises:
        DatabaseError: at the end, where a reference leads nowhere.
    """
    if is_sqlite():
        database.execute_sql("PRAGMA foreign_keys = OFF")
        try:
            with database.atomic():
                yield
        finally:
            database.execute_sql("PRAGMA foreign_keys = ON")
        return
    with database.atomic():
        strict = database.execute_sql(
            "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
            "WHERE contype = 'f' AND NOT condeferrable").fetchall()
        for table, name in strict:
            database.execute_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED")
        database.execute_sql("SET CONSTRAINTS ALL DEFERRED")
        yield
        database.execute_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in strict:
            database.execute_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def broken_references() -> list[str]:
    """Tables with rows that refer to nothing; PostgreSQL has refused them already."""
    if not is_sqlite():
        return []
    return sorted({row[0] for row in database.execute_sql("PRAGMA foreign_key_check").fetchall()})


def continue_numbering(table: str) -> None:
    """Let PostgreSQL's numbering go on after the highest number that was restored."""
    if is_sqlite():
        return
    for column in _columns(table):
        (sequence,) = database.execute_sql("SELECT pg_get_serial_sequence(%s, %s)", (f'"{table}"', column)).fetchone()
        if sequence:
            database.execute_sql(f'SELECT setval(%s, COALESCE((SELECT MAX("{column}") FROM "{table}"), 0) + 1, false)',
                                 (sequence,))


def _columns(table: str) -> list[str]:
    return [column.name for column in database.get_columns(table)]


def _kinds(table: str, columns: Sequence[str]) -> list[str]:
    kinds = {column.name: str(column.data_type).lower() for column in database.get_columns(table)}
    return [kinds[name] for name in columns]


def _rows(table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    sql = f'SELECT {", ".join(f"{chr(34)}{name}{chr(34)}" for name in columns)} FROM "{table}"'
    if is_sqlite():
        yield from database.execute_sql(sql)
        return
    with database.connection().cursor(name="dump") as cursor:  # a named cursor stays on the server
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(sql)
        yield from cursor


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | memoryview() | bytearray():
            return {"base64": base64.b64encode(value).decode()}
        case dict() | list():
            return compact_json(value)
    raise TypeError(f"{type(value).__name__} cannot be saved")


def _reader(kind: str) -> Callable[[Any], Any]:
    boolean = kind == "boolean" and not is_sqlite()

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return base64.b64decode(value["base64"])
        return bool(value) if boolean and value is not None else value

    return read
