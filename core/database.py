"""One database behind peewee: SQLite in WAL mode by default, PostgreSQL by URL."""

from __future__ import annotations

import functools
import json
from typing import Any, cast

from peewee import Database, DatabaseProxy, JSONField, Model, SqliteDatabase
from playhouse.db_url import parse
from playhouse.pool import PooledPostgresqlDatabase

from core.errors import fail

database = DatabaseProxy()
"""Set by ``connect``; models are declared against it so that one code base serves both databases."""

SQLITE_PRAGMAS = (
    ("journal_mode", "wal"),
    ("synchronous", "full"),  # an acknowledged step must survive a power loss
    ("foreign_keys", 1),
    ("busy_timeout", 15000),
    ("cache_size", -65536),
    ("temp_store", "memory"),
)

compact_json = functools.partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def make_database(url: str) -> Database:
    """The database for ``sqlite:///PATH`` or ``postgresql://…``.

    SQLite transactions are opened IMMEDIATE: a transaction that reads and then writes would otherwise fail
    with "database is locked" in spite of the busy timeout.

    Raises:
        FazhiError: ``bad-setting`` for any other address.
    """
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise fail("bad-setting", name="FAZHI_DATABASE_URL", value=url, allowed="sqlite:///PATH, postgresql://…")
    if url.startswith("sqlite"):
        path = url.split("///", 1)[1]
        return SqliteDatabase(path, pragmas=SQLITE_PRAGMAS, timeout=15, lock_type="IMMEDIATE",
                              returning_clause=True)
    read_url: Any = parse  # peewee's extensions carry no types
    pooled: Any = PooledPostgresqlDatabase
    settings = read_url(url, unquote_password=True, unquote_user=True)
    return cast(Database, pooled(settings.pop("database"), max_connections=20, stale_timeout=300, timeout=10,
                                 prefer_psycopg3=True, options="-c timezone=UTC", **settings))


def connect(url: str) -> Database:
    """Point all models at the database of ``url`` and return it."""
    target = make_database(url)
    database.initialize(target)
    return target


def is_sqlite() -> bool:
    """True where the connected database is SQLite."""
    return isinstance(database.obj, SqliteDatabase)


class BaseModel(Model):
    """Base of all core and scoring tables."""

    class Meta:
        database = database
        legacy_table_names = False


def json_field(**options: Any) -> JSONField:
    """A JSON column that keeps Chinese readable in the database."""
    return JSONField(dumps=compact_json, **options)
