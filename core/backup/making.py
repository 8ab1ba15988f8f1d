"""Making a backup while the platform runs."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from core.backup.manifest import Manifest, Places, files_below
from core.backup.tables import dump, table_names
from core.errors import fail
from core.instants import instant_text
from core.ledger.snapshot import snapshot
from core.materials.store import hash_of
from core.migrations import versions

UNFINISHED = ("incoming", "*.partial", "*.heads")


def backup(target: Path, places: Places, trusted_keys: Collection[str] = ()) -> Manifest:
    """Save the database as it is at one moment, and the files that it speaks of.

    Args:
        target: a folder that does not exist yet or is empty.
        trusted_keys: public keys whose roots count (``core.ledger.signing.trusted_keys``). The private key is
            not saved; keep a copy of its file apart from the backups.

    Raises:
        FazhiError: ``backup-target-not-empty``.
    """
    if target.exists() and any(target.iterdir()):
        raise fail("backup-target-not-empty", folder=target)
    (target / "tables").mkdir(parents=True)
    _copy(places.roots, target / "roots")  # before the snapshot: no root may vouch for more than it holds
    with snapshot():
        schema = versions()
        tables = {table: dump(table, target / "tables" / f"{table}.jsonl") for table in table_names()}
    # Materials never change once stored, so those copied after the snapshot include all that it speaks of.
    _copy(places.materials, target / "materials")
    _copy(places.rules, target / "rules")
    files = {path: hash_of(target / path) for path in files_below(target)}
    manifest = Manifest(instant_text(datetime.now(UTC)), schema, tables, files, tuple(sorted(trusted_keys)))
    manifest.write(target)
    return manifest


def _copy(folder: Path, target: Path) -> None:
    if folder.is_dir():
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*UNFINISHED))
