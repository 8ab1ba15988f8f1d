"""The folder of materials: each file once, under the SHA-256 of its content."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from core.errors import fail
from core.ledger.event import MaterialRef
from core.materials.kinds import BEGINNING, check_beginning, check_file, kind_by_name

LARGEST = 2 * 2**30
CHUNK = 1 << 20
STALE_SECONDS = 7 * 86400
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


class Readable(Protocol):
    """Anything that gives bytes: a file, a request's body."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the store, under the name that it came with."""

    sha256: str
    size: int
    media_type: str
    name: str

    def answers(self, requirement: str) -> MaterialRef:
        """The file as an event names it."""
        return MaterialRef(requirement, self.sha256, self.name, self.size, self.media_type)


@dataclass(frozen=True, slots=True)
class MaterialStore:
    """Stores and hands out files.

    Attributes:
        folder: ``ab/abcdef…`` for stored files, ``incoming/`` for uploads that are under way.
        largest: bytes of one file.
    """

    folder: Path
    largest: int = LARGEST

    def store(self, stream: Readable, name: str) -> Stored:
        """Take a whole file, read in pieces.

        Raises:
            FazhiError: ``material-too-large``, ``material-empty``, ``material-kind-refused``,
                ``material-kind-differs``, ``material-macros``.
        """
        upload = self.begin(name)
        try:
            self.append(upload, 0, stream)
            return self.finish(upload)
        except BaseException:
            self.abandon(upload)
            raise

    def begin(self, name: str, size: int = 0) -> str:
        """Start an upload that may come in several pieces.

        Args:
            size: bytes announced, to refuse early; 0 where unknown.

        Returns:
            the upload's id, a secret of whoever started it.
        """
        name = clean_name(name)
        kind_by_name(name)
        if size > self.largest:
            raise self._too_large(name)
        upload = secrets.token_hex(16)
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._note(upload).write_text(json.dumps({"name": name}), encoding="utf-8")
        self._part(upload).touch(mode=0o600, exist_ok=False)
        return upload

    def received(self, upload: str) -> int:
        """How many bytes of an upload have arrived; the next piece begins there.

        Raises:
            FazhiError: ``upload-unknown``.
        """
        self._name_of(upload)
        return self._part(upload).stat().st_size

    def append(self, upload: str, offset: int, stream: Readable) -> int:
        """Take the next piece.

        Returns:
            how many bytes have arrived now.

        Raises:
            FazhiError: ``upload-unknown``; ``upload-offset`` where the piece does not begin where the last ended;
                ``material-too-large``; ``material-kind-differs``.
        """
        name, have = self._name_of(upload), self.received(upload)
        if offset != have:
            raise fail("upload-offset", name=name, received=have)
        with self._part(upload).open("r+b") as part:
            part.seek(have)
            while piece := stream.read(CHUNK):
                have += len(piece)
                if have > self.largest:
                    self.abandon(upload)
                    raise self._too_large(name)
                part.write(piece)
            part.flush()
            os.fsync(part.fileno())
            part.seek(0)
            beginning = part.read(BEGINNING)
        if have >= BEGINNING:
            check_beginning(name, beginning)
        return have

    def finish(self, upload: str, sha256: str | None = None) -> Stored:
        """Check a complete upload and put it into the store, whole or not at all.

        Args:
            sha256: what the sender computed; a difference refuses the file.

        Raises:
            FazhiError: ``upload-unknown``, ``material-empty``, ``material-differs`` and those of ``store``.
        """
        name, part = self._name_of(upload), self._part(upload)
        size = part.stat().st_size
        if not size:
            raise fail("material-empty", name=name)
        kind = check_file(name, part)
        found = hash_of(part)
        if sha256 is not None and sha256.lower() != found:
            raise fail("material-differs", name=name)
        target = self.path(found)
        target.parent.mkdir(parents=True, exist_ok=True)
        part.chmod(0o440)
        part.replace(target)
        _sync_folder(target.parent)
        self.abandon(upload)
        return Stored(found, size, kind.media_type, name)

    def abandon(self, upload: str) -> None:
        """Forget an upload."""
        for path in (self._part(upload), self._note(upload)):
            path.unlink(missing_ok=True)

    def forget_stale(self, older_than: float = STALE_SECONDS) -> int:
        """Delete uploads that nobody went on with for so many seconds; how many there were."""
        stale = [path for path in self._incoming.glob("*.part") if path.stat().st_mtime < time.time() - older_than]
        for path in stale:
            self.abandon(path.stem)
        return len(stale)

    def path(self, sha256: str) -> Path:
        """Where the file of this hash lies.

        Raises:
            FazhiError: ``material-file-unknown`` for what is no hash.
        """
        if not _SHA256.fullmatch(sha256):
            raise fail("material-file-unknown", sha256=sha256[:80])
        return self.folder / sha256[:2] / sha256

    def knows(self, sha256: str) -> bool:
        """True where a file of this hash is stored."""
        return bool(_SHA256.fullmatch(sha256)) and self.path(sha256).is_file()

    def intact(self, sha256: str) -> bool:
        """True where the file is there and still has this hash."""
        return self.knows(sha256) and hash_of(self.path(sha256)) == sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file, for reading.

        Raises:
            FazhiError: ``material-file-unknown``.
        """
        if not self.knows(sha256):
            raise fail("material-file-unknown", sha256=sha256[:80])
        return self.path(sha256).open("rb")

    def hashes(self) -> Iterator[str]:
        """Hashes of everything stored, sorted."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if _SHA256.fullmatch(path.name))

    @property
    def _incoming(self) -> Path:
        return self.folder / "incoming"

    def _part(self, upload: str) -> Path:
        return self._incoming / f"{_upload_id(upload)}.part"

    def _note(self, upload: str) -> Path:
        return self._incoming / f"{_upload_id(upload)}.json"

    def _name_of(self, upload: str) -> str:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return str(json.loads(self._note(upload).read_text(encoding="utf-8"))["name"])
        raise fail("upload-unknown")

    def _too_large(self, name: str) -> Exception:
        return fail("material-too-large", name=name, largest=self.largest // 2**20)


def clean_name(name: str) -> str:
    """The last part of a file name, without control characters, of bounded length, its extension kept."""
    base = "".join(character for character in re.split(r"[\\/]", name)[-1] if character.isprintable()).strip()
    stem, dot, extension = base.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:20]}" if dot else base[:150]


def hash_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _upload_id(upload: str) -> str:
    if not _UPLOAD.fullmatch(upload):
        raise fail("upload-unknown")
    return upload


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
