"""Uploads in numbered chunks, each with its own hash: resumed after a lost network, put together whole or not at all.

A phone records while it uploads. Every chunk brings its SHA-256 and the moments between which it was recorded; a
chunk that arrived damaged is refused by its number and sent again. Each call may be repeated: an answer that was lost
on its way does no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from core.errors import fail
from core.materials.kinds import BEGINNING, check_beginning, kind_by_name
from core.materials.store import STALE_SECONDS, MaterialStore, Readable, Stored, clean_name, hash_of

LARGEST_CHUNK = 8 * 2**20
MOST_CHUNKS = 20_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")
_FILE = re.compile(r"(\d{6})\.([0-9a-f]{64})\.(\d{1,15})\.(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk that has arrived.

    Attributes:
        started, ended: milliseconds since 1970 on the sender's clock; 0 where it has no duration.
    """

    index: int
    sha256: str
    started: int
    ended: int
    path: Path


@dataclass(frozen=True, slots=True)
class Recording:
    """When a recording that came in chunks ran, and its longest break, by the clock of the device.

    Attributes:
        gap: milliseconds between the end of one chunk and the beginning of the next, the largest of them.
    """

    started: datetime
    ended: datetime
    gap: int


@dataclass(frozen=True, slots=True)
class Assembled:
    """A file put together from its chunks; ``recording`` is None where it has no duration (a picture)."""

    stored: Stored
    recording: Recording | None


@dataclass(frozen=True, slots=True)
class ChunkedUploads:
    """Takes files in chunks on behalf of the store of materials."""

    store: MaterialStore

    def begin(self, upload: str, name: str, owner: str) -> None:
        """Announce an upload; again with the same words does nothing.

        Args:
            upload: 32 hexadecimal digits that the sender drew at random, so that a repeated call finds its upload.
            owner: who may go on with it.

        Raises:
            FazhiError: ``upload-unknown`` for an id of another form, another owner or another name;
                ``material-kind-refused``.
        """
        name = clean_name(name)
        kind_by_name(name)
        note = self._folder(upload) / "note.json"
        if not note.exists():
            note.parent.mkdir(parents=True, exist_ok=True)
            _write(note, json.dumps({"name": name, "owner": owner}).encode())
        if self._note(upload, owner)["name"] != name:
            raise fail("upload-unknown")

    def put(self, upload: str, owner: str, chunk: int, sha256: str, stream: Readable,
            started: int = 0, ended: int = 0) -> None:
        """Take one chunk, in any order; the same chunk again does nothing.

        Raises:
            FazhiError: ``upload-unknown``; ``chunk-damaged``, ``chunk-differs``, ``chunk-too-large``, each with the
                chunk's number; ``material-too-large``; ``material-kind-differs`` at the first chunk.
        """
        name = self._note(upload, owner)["name"]
        number = chunk + 1
        if not 0 <= chunk < MOST_CHUNKS or not _SHA256.fullmatch(sha256) or not 0 <= started <= ended < 10**15:
            raise fail("chunk-damaged", name=name, number=number)
        content = stream.read(LARGEST_CHUNK + 1)
        if len(content) > LARGEST_CHUNK:
            raise fail("chunk-too-large", name=name, number=number, largest=LARGEST_CHUNK // 2**20)
        if not content or hashlib.sha256(content).hexdigest() != sha256:
            raise fail("chunk-damaged", name=name, number=number)
        held = self._chunks(upload)
        if chunk in held:
            if held[chunk].sha256 != sha256:
                raise fail("chunk-differs", name=name, number=number)
            return
        if sum(one.path.stat().st_size for one in held.values()) + len(content) > self.store.largest:
            raise fail("material-too-large", name=name, largest=self.store.largest // 2**20)
        if chunk == 0 and len(content) >= BEGINNING:
            check_beginning(name, content[:BEGINNING])
        _write(self._folder(upload) / f"{chunk:06d}.{sha256}.{started}.{ended}", content)

    def held(self, upload: str, owner: str) -> Mapping[int, str]:
        """The chunks that have arrived: number from 0 to SHA-256.

        Raises:
            FazhiError: ``upload-unknown``.
        """
        self._note(upload, owner)
        return {index: one.sha256 for index, one in sorted(self._chunks(upload).items())}

    def finish(self, upload: str, owner: str, hashes: Sequence[str], sha256: str) -> Assembled:
        """Put the file together and into the store; asked again, the answer is the same.

        Args:
            hashes: SHA-256 of every chunk in order.
            sha256: of the whole, as the sender computed it.

        Raises:
            FazhiError: ``upload-unknown``; ``chunks-missing`` with their numbers (one that was damaged on the disk
                counts as missing); ``material-differs``, and what ``MaterialStore.store`` raises.
        """
        note = self._note(upload, owner)
        done = self._done(upload)
        if done is not None:
            if done.stored.sha256 != sha256.lower():
                raise fail("material-differs", name=note["name"])
            return done
        held = self._chunks(upload)
        missing = [index for index, expected in enumerate(hashes) if not self._sound(held.get(index), expected)]
        if missing or not hashes:
            raise fail("chunks-missing", name=note["name"], count=len(missing) or 1,
                       numbers="、".join(str(index + 1) for index in missing[:20]) or "1",
                       indexes=",".join(map(str, missing)))
        chunks = [held[index] for index in range(len(hashes))]
        part = self.store.begin(note["name"])
        try:
            offset = 0
            for one in chunks:
                offset = self.store.append(part, offset, io.BytesIO(one.path.read_bytes()))
            stored = self.store.finish(part, sha256)
        except BaseException:
            self.store.abandon(part)
            raise
        assembled = Assembled(stored, recording_of(chunks))
        _write(self._folder(upload) / "done.json", json.dumps(_as_json(assembled)).encode())
        for one in chunks:
            one.path.unlink(missing_ok=True)
        return assembled

    def finished(self, upload: str, owner: str) -> Assembled:
        """A file that was put together before.

        Raises:
            FazhiError: ``upload-unknown`` where it is not the owner's, or not finished.
        """
        self._note(upload, owner)
        done = self._done(upload)
        if done is None:
            raise fail("upload-unknown")
        return done

    def forget_stale(self, older_than: float = STALE_SECONDS) -> int:
        """Delete uploads that nobody went on with for so many seconds; how many there were."""
        stale = [folder for folder in self.store.folder.glob("incoming/*.chunks")
                 if folder.stat().st_mtime < time.time() - older_than]
        for folder in stale:
            shutil.rmtree(folder, ignore_errors=True)
        return len(stale)

    def _folder(self, upload: str) -> Path:
        if not _UPLOAD.fullmatch(upload):
            raise fail("upload-unknown")
        return self.store.folder / "incoming" / f"{upload}.chunks"

    def _note(self, upload: str, owner: str) -> Mapping[str, str]:
        with contextlib.suppress(OSError, ValueError):
            note: Mapping[str, str] = json.loads((self._folder(upload) / "note.json").read_text(encoding="utf-8"))
            if note.get("owner") == owner and "name" in note:
                return note
        raise fail("upload-unknown")

    def _chunks(self, upload: str) -> dict[int, Chunk]:
        found = {}
        for path in self._folder(upload).iterdir():
            if (match := _FILE.fullmatch(path.name)) is not None:
                index, sha256, started, ended = match.groups()
                found[int(index)] = Chunk(int(index), sha256, int(started), int(ended), path)
        return found

    def _sound(self, chunk: Chunk | None, expected: str) -> bool:
        """Whether a chunk is there as announced; one whose bytes changed on the disk is removed, to be sent again."""
        if chunk is None or chunk.sha256 != expected:
            return False
        if hash_of(chunk.path) != expected:
            chunk.path.unlink(missing_ok=True)
            return False
        return True

    def _done(self, upload: str) -> Assembled | None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads((self._folder(upload) / "done.json").read_text(encoding="utf-8"))
            assembled = _from_json(found)
            return assembled if self.store.knows(assembled.stored.sha256) else None
        return None


def recording_of(chunks: Sequence[Chunk]) -> Recording | None:
    """When the chunks were recorded, and the longest break between two of them."""
    timed = sorted((one for one in chunks if one.ended > one.started), key=lambda one: one.index)
    if not timed:
        return None
    gap = max((max(0, later.started - earlier.ended) for earlier, later in pairwise(timed)), default=0)
    return Recording(_moment(timed[0].started), _moment(max(one.ended for one in timed)), gap)


def _moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime(9998, 1, 1, tzinfo=UTC)


def _as_json(assembled: Assembled) -> dict[str, object]:
    recording = assembled.recording
    return {"stored": asdict(assembled.stored), "recording": recording and {
        "started": recording.started.isoformat(), "ended": recording.ended.isoformat(), "gap": recording.gap}}


def _from_json(found: Mapping[str, dict[str, str]]) -> Assembled:
    recording = found["recording"]
    stored = found["stored"]
    return Assembled(
        Stored(stored["sha256"], int(stored["size"]), stored["media_type"], stored["name"]),
        Recording(datetime.fromisoformat(recording["started"]), datetime.fromisoformat(recording["ended"]),
                  int(recording["gap"])) if recording else None)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, durably, or not at all."""
    beside = path.with_name(f".{secrets.token_hex(8)}")
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o600)
    beside.replace(path)
