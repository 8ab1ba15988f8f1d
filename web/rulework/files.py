"""The instance's own overlay files that a rule author may edit: ``regions/CODE/NAME.yaml`` of the own territory.

A file on disk counts for nothing until its bundle is in force. An address is made of a region code and a file name,
both checked against a pattern, so that it cannot name anything else; links that lead out of the folder are refused.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import fail
from core.organs.codes import CODE, contains
from core.rulebook.strict_yaml import MAX_BYTES

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\.yaml")
REGIONS = "regions"


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One overlay file.

    Attributes:
        region: code of the folder that it lies in.
    """

    region: str
    name: str

    @property
    def ending(self) -> str:
        """How the name ends under which messages and bundles know it."""
        return f"/{REGIONS}/{self.region}/{self.name}"


def own_file(territory: str, region: str, name: str) -> OwnFile:
    """The file of that region and name, whether it is there or not.

    Args:
        territory: region code of the author's organ.

    Raises:
        FazhiError: ``rule-file-region`` outside the territory; ``rule-file-name`` for a name that is none.
    """
    if not CODE.fullmatch(region) or not contains(territory, region):
        raise fail("rule-file-region", region=region)
    if not NAME.fullmatch(name):
        raise fail("rule-file-name", name=name)
    return OwnFile(region, name)


def list_files(folder: Path, territory: str) -> tuple[OwnFile, ...]:
    """The overlay files of a territory, by region and name.

    Args:
        folder: the instance's own rules.
    """
    found = (OwnFile(path.parent.name, path.name) for path in (folder / REGIONS).glob("*/*.yaml")
             if path.is_file() and NAME.fullmatch(path.name) and CODE.fullmatch(path.parent.name)
             and contains(territory, path.parent.name) and _inside(folder, path))
    return tuple(sorted(found, key=lambda one: (one.region, one.name)))


def read(folder: Path, file: OwnFile) -> str | None:
    """The file's text; None where there is none yet."""
    path = _path(folder, file)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def write(folder: Path, file: OwnFile, text: str) -> None:
    """Put the text in the file's place, whole or not at all.

    Raises:
        FazhiError: ``rule-file-empty``; ``rule-file-too-long``.
    """
    content = (text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n").encode()
    if not text.strip():
        raise fail("rule-file-empty")
    if len(content) > MAX_BYTES:
        raise fail("rule-file-too-long", most=MAX_BYTES)
    path = _path(folder, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name begins with a dot, so that a loader that reads meanwhile takes no notice of it.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def remove(folder: Path, file: OwnFile) -> None:
    """Remove the file; one that is not there is no error."""
    _path(folder, file).unlink(missing_ok=True)


def _path(folder: Path, file: OwnFile) -> Path:
    path = folder / REGIONS / file.region / file.name
    if not _inside(folder, path):
        raise fail("rule-file-name", name=file.name)
    return path


def _inside(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
