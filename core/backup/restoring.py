"""Restoring a backup into an empty home: everything is checked, and nothing is left where something differs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from core.backup.manifest import Manifest, Places
from core.backup.tables import (
    broken_references,
    continue_numbering,
    load,
    references_checked_at_the_end,
    table_names,
)
from core.database import connect, database, is_sqlite
from core.errors import FazhiError, Problem, fail
from core.ledger.damage import Report
from core.ledger.signing import trust
from core.ledger.verify import verify
from core.materials.store import MaterialStore
from core.migrations import Owner, migrate

MOST_DAMAGES = 20


def restore(source: Path, places: Places, database_url: str, owners: Sequence[Owner], signing_key: Path) -> Report:
    """Fill an empty instance from a backup and verify its ledger; all models point at it afterwards.

    Args:
        places: folders of the new instance; none of them may hold anything.
        database_url: an empty database of either kind, whatever kind the backup came from.
        owners: of tables, as for ``migrate``; a backup of an older release is brought up to date.
        signing_key: path of the new instance's signing key, beside which the backup's public keys are listed.

    Returns:
        the report of the ledger's verification, which found nothing.

    Raises:
        FazhiError: ``restore-not-empty``, ``backup-unreadable``, ``backup-file-…``, ``restore-owner-missing``,
            ``restore-rows-differ``, or the damages of the ledger. What was restored is removed then.
    """
    manifest = Manifest.read(source)
    manifest.check_files(source)
    _refuse_if_not_empty(places)
    _refuse_unknown_owners(manifest, owners)
    connect(database_url)
    with database.connection_context():
        if table_names():
            raise fail("restore-database-not-empty")
    try:
        with database.connection_context():
            _copy(source, places)
            migrate([owner.until(manifest.versions[owner.id]) for owner in owners if owner.id in manifest.versions])
            report = _fill(source, manifest, places)
            migrate(owners)
    except BaseException:
        _remove(places)
        raise
    for key in manifest.keys:
        trust(signing_key, key)
    return report


def _fill(source: Path, manifest: Manifest, places: Places) -> Report:
    """Load, compare and verify in one transaction, so that nothing of a backup that differs is ever seen."""
    with references_checked_at_the_end():
        for table in manifest.tables:
            database.execute_sql(f'DELETE FROM "{table}"')  # what a migration put in
        for table, rows in manifest.tables.items():
            if load(table, source / "tables" / f"{table}.jsonl") != rows:
                raise fail("restore-rows-differ", table=table)
            continue_numbering(table)
        if broken := broken_references():
            raise fail("restore-rows-differ", table="、".join(broken))
        report = verify(folder=places.roots, trusted_key=manifest.keys or None,
                        material_intact=MaterialStore(places.materials).intact)
        if not report.ok:
            raise FazhiError([Problem("restore-ledger-damaged", details={"count": len(report.damages)}),
                              *(damage.problem() for damage in report.damages[:MOST_DAMAGES])])
    return report


def _copy(source: Path, places: Places) -> None:
    for name, folder in places.named():
        if (source / name).is_dir():
            shutil.copytree(source / name, folder, dirs_exist_ok=True)


def _remove(places: Places) -> None:
    """Take back what was restored, so that a second attempt finds everything as empty as the first did."""
    for _, folder in places.named():
        shutil.rmtree(folder, ignore_errors=True)
    if is_sqlite():
        for ending in ("", "-wal", "-shm", ".migrate.lock"):
            Path(f"{database.database}{ending}").unlink(missing_ok=True)
    else:
        with database.connection_context():
            for table in database.get_tables():  # there were none before
                database.execute_sql(f'DROP TABLE IF EXISTS "{table}" CASCADE')


def _refuse_if_not_empty(places: Places) -> None:
    for _, folder in places.named():
        if folder.exists() and any(folder.iterdir()):
            raise fail("restore-not-empty", folder=folder)


def _refuse_unknown_owners(manifest: Manifest, owners: Sequence[Owner]) -> None:
    known = {owner.id: max((m.version for m in owner.migrations), default=0) for owner in owners}
    for owner, version in manifest.versions.items():
        if owner not in known:
            raise fail("restore-owner-missing", owner=owner)
        if version > known[owner]:
            raise fail("schema-too-new", owner=owner, version=version, known=known[owner])
