"""What a backup holds, with the hash of every file, so that a damaged one is never restored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import FazhiError, Location, Problem, fail
from core.materials.store import hash_of

FORMAT = "fazhi-backup/1"
FILE = "manifest.json"
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of an instance that a backup takes along beside the database."""

    materials: Path
    rules: Path
    roots: Path

    @classmethod
    def under(cls, home: Path) -> Places:
        """The usual places in the home folder."""
        return cls(home / "materials", home / "rules", home / "roots")

    def named(self) -> Iterator[tuple[str, Path]]:
        """Each folder by its name in the backup."""
        yield from (("materials", self.materials), ("rules", self.rules), ("roots", self.roots))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup.

    Attributes:
        versions: schema version of each owner of tables.
        tables: number of rows by table.
        files: SHA-256 by path inside the backup.
        keys: public keys whose signed roots counted; private keys are never part of a backup.
    """

    made_at: str
    versions: dict[str, int]
    tables: dict[str, int]
    files: dict[str, str]
    keys: tuple[str, ...]
    format: str = FORMAT

    def write(self, folder: Path) -> None:
        """Write it last: a backup without manifest is not complete."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a backup.

        Raises:
            FazhiError: ``backup-unreadable``.
        """
        try:
            found = json.loads((folder / FILE).read_text(encoding="utf-8"))
            manifest = cls(**{**found, "keys": tuple(found["keys"])})
        except (OSError, ValueError, TypeError, KeyError) as reason:
            raise fail("backup-unreadable", folder=folder) from reason
        if manifest.format != FORMAT:
            raise fail("backup-unreadable", folder=folder)
        return manifest

    def check_files(self, folder: Path) -> None:
        """Compare every file with its hash.

        Raises:
            FazhiError: every file that is missing, differs, or does not belong.
        """
        present = {path for path in files_below(folder) if path != FILE}
        problems = [Problem("backup-file-missing", Location(path)) for path in sorted(self.files.keys() - present)]
        problems += [Problem("backup-file-unknown", Location(path)) for path in sorted(present - self.files.keys())]
        problems += [Problem("backup-file-differs", Location(path)) for path in sorted(present & self.files.keys())
                     if hash_of(folder / path) != self.files[path]]
        if problems:
            raise FazhiError(problems[:MOST_PROBLEMS])


def files_below(folder: Path) -> Iterator[str]:
    """Paths of all files of a folder, relative to it, with forward slashes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()
