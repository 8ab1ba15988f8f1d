"""Reading a database that others write to, as it was at one moment and in pages of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from core.database import database, is_sqlite
from core.ledger.chain import Record
from core.ledger.rows import mark, marks, records

PAGE = 2000


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside comes from one moment; writers are not held up."""
    opened = database.connect(reuse_if_open=True)
    try:
        if database.in_transaction():
            yield
        elif is_sqlite():
            with database.atomic("DEFERRED"):
                yield
        else:
            with database.atomic("REPEATABLE READ"):
                yield
    finally:
        if opened:
            database.close()


def pages_of_records() -> Iterator[list[Record]]:
    """All events in the order of case and intake, a page at a time."""
    last: tuple[object, ...] = ("", -1, "")
    while True:
        place = marks(3)
        page = list(records(f"(case_id, seq, id) > ({place}) ORDER BY case_id, seq, id LIMIT {PAGE}", last))
        if not page:
            return
        yield page
        last = (page[-1].case_id, page[-1].seq, page[-1].id)


def records_of(case_id: str) -> Iterator[Record]:
    """The events of one case by intake number."""
    return records(f"case_id = {mark()} ORDER BY seq, id", (case_id,))


def rows_by_id(table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of a table in the bytewise order of its text key, which is the first column."""
    names = ", ".join(f'"{name}"' for name in columns)
    last = ""
    while True:
        page = database.execute_sql(
            f'SELECT {names} FROM "{table}" WHERE "{columns[0]}" > {mark()} ORDER BY "{columns[0]}" LIMIT {PAGE}',
            (last,)).fetchall()
        if not page:
            return
        yield from page
        last = page[-1][0]
