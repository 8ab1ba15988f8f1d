"""Versioned changes of the database, one history for each owner: core, scoring, each plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import filelock
from peewee import CharField, CompositeKey, IntegerField, Model, fn
from playhouse.migrate import SchemaMigrator

from core.database import BaseModel, database, is_sqlite
from core.errors import fail
from core.instants import InstantField

LOCK_SECONDS = 120
_POSTGRESQL_LOCK = 727001


class SchemaHistory(BaseModel):
    """What was applied already."""

    owner = CharField(max_length=64)
    version = IntegerField()
    title = CharField()
    applied_at = InstantField()

    class Meta:
        table_name = "schema_history"
        primary_key = CompositeKey("owner", "version")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of an owner's history; never changed once released.

    Attributes:
        version: from 1, without gaps.
        apply: gets a migrator of ``playhouse.migrate``; runs inside a transaction.
    """

    version: int
    title: str
    apply: Callable[[SchemaMigrator], None]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns tables, and how they came to be.

    Attributes:
        tables: those that a newer release brings are made without a migration of their own.
    """

    id: str
    migrations: tuple[Migration, ...]
    tables: tuple[type[Model], ...] = ()

    @classmethod
    def of_tables(cls, owner: str, tables: Sequence[type[Model]], *later: Migration) -> Owner:
        """An owner whose first version creates these tables, with what was changed ``later``."""
        def create(_: SchemaMigrator) -> None:
            database.create_tables(list(tables))

        return cls(owner, (Migration(1, "tables", create), *later), tuple(tables))

    def until(self, version: int) -> Owner:
        """The owner as it was when this was its latest version."""
        return Owner(self.id, tuple(migration for migration in self.migrations if migration.version <= version))


def migrate(owners: Sequence[Owner]) -> dict[str, tuple[int, ...]]:
    """Bring the database up to date; safe to call from several processes at once.

    Args:
        owners: in the order of dependency: core first, plugins last.

    Returns:
        versions that were applied now, by owner.

    Raises:
        FazhiError: ``schema-too-new`` where the database was written by a newer release.
    """
    opened = database.connect(reuse_if_open=True)
    try:
        with _locked():
            database.create_tables([SchemaHistory])
            return {owner.id: _bring_up(owner) for owner in owners}
    finally:
        if opened:
            database.close()


def applied(owner: str) -> tuple[int, ...]:
    """Versions of an owner that the database has."""
    rows: Any = SchemaHistory.select(SchemaHistory.version).where(SchemaHistory.owner == owner).order_by(
        SchemaHistory.version).tuples()
    return tuple(version for (version,) in rows)


def versions() -> dict[str, int]:
    """The latest version that the database has of each owner."""
    rows: Any = SchemaHistory.select(SchemaHistory.owner, fn.MAX(SchemaHistory.version)).group_by(
        SchemaHistory.owner).tuples()
    return dict(rows)


def _bring_up(owner: Owner) -> tuple[int, ...]:
    have = applied(owner.id)
    known = {migration.version for migration in owner.migrations}
    if unknown := [version for version in have if version not in known]:
        raise fail("schema-too-new", owner=owner.id, version=max(unknown), known=max(known, default=0))
    migrator: SchemaMigrator = SchemaMigrator.from_database(database.obj)  # type: ignore[no-untyped-call]
    pending = [migration for migration in owner.migrations if migration.version not in have]
    for migration in sorted(pending, key=lambda item: item.version):
        with database.atomic():
            migration.apply(migrator)
            SchemaHistory.create(owner=owner.id, version=migration.version, title=migration.title,
                                 applied_at=datetime.now(UTC))
    there = set(database.get_tables())
    if new := [table for table in owner.tables if table._meta.table_name not in there]:
        database.create_tables(new)
    return tuple(sorted(migration.version for migration in pending))


@contextmanager
def _locked() -> Iterator[None]:
    if not is_sqlite():
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_POSTGRESQL_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_POSTGRESQL_LOCK,))
    elif database.database in (":memory:", ""):
        yield
    else:
        with filelock.FileLock(f"{database.database}.migrate.lock", timeout=LOCK_SECONDS):
            yield
