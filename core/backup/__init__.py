"""Backup and verified restore: one folder of plain files that either database can be filled from."""

from core.backup.making import backup
from core.backup.manifest import Manifest, Places
from core.backup.restoring import restore

__all__ = ["Manifest", "Places", "backup", "restore"]
