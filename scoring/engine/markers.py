"""Markers that outlive a process: which cases it was handing to the live engine when it died.

A process keeps one small file mapped into memory and locked. A case's id is written there before the engine is
called and wiped out after it; that costs a copy of a few bytes, and the kernel keeps what was written however the
process ends. Whoever finds an id in a file that nobody holds locked any more knows which case brought a process
down; that case is a *suspect* from then on, for every process that shares the folder.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

SLOT, SLOTS = 256, 64
TICK = 50_000_000
"""Nanoseconds within which two changes of a folder may carry one time."""
MARKS, SUSPECTS = ".calls", "suspects.jsonl"


@dataclass(slots=True)
class Markers:
    """The markers of one process, and what it knows of the others in ``folder``. Thread-safe, also after a fork."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _own: _Calls | None = None
    _process: int = 0
    _others: dict[Path, mmap.mmap] = field(default_factory=dict)
    _suspects: Mapping[str, str] = field(default_factory=dict)
    _looked: int = -1
    _place: str = ""

    def __post_init__(self) -> None:
        self._place = str(self.folder)

    @contextmanager
    def calling(self, case_id: str) -> Iterator[None]:
        """Marks the case while the engine works on it."""
        calls = self._own if self._own is not None and self._process == os.getpid() else self._open()
        slot = calls.free.get()
        calls.write(slot, _text(case_id))
        try:
            yield
        finally:
            calls.write(slot, b"\0")
            calls.free.put(slot)

    def suspected(self, case_id: str) -> bool:
        """True where evaluating the case brought a process down."""
        if self._process != os.getpid():
            self._open()
        if self._stamp() != self._looked:
            self._look()
        text = _text(case_id)
        # a neighbour may be at work on the same case: only a file that nobody holds any more tells of a death
        if any(calls.find(text) >= 0 for calls in self._others.values()):
            self._look()
        return case_id in self._suspects

    def suspects(self) -> dict[str, str]:
        """Cases that brought a process down, with the moment at which that was noticed (ISO 8601, UTC)."""
        self._look()
        return dict(self._suspects)

    def forget(self, case_id: str) -> None:
        """Let the live engine try the case again: the engine was mended."""
        with self._lock:
            left = {case: at for case, at in _read(self.folder).items() if case != case_id}
            temporary = self.folder / f"{uuid.uuid4().hex}.new"
            temporary.write_text("".join(_line(case, at) for case, at in left.items()), encoding="utf-8")
            temporary.replace(self.folder / SUSPECTS)
        self._look()

    def _open(self) -> _Calls:
        with self._lock:
            if self._own is None or self._process != os.getpid():
                if self._own is not None:
                    self._own.let_go()  # a fork's copy: the lock stays with the parent alone
                self.folder.mkdir(parents=True, exist_ok=True)
                self._own, self._process = _Calls.begin(self.folder), os.getpid()
                self._looked = -1
            return self._own

    def _stamp(self) -> int:
        """Changes when a process begins, a suspect is named or one is forgotten: each makes or removes a file."""
        return os.stat(self._place).st_mtime_ns

    def _look(self) -> None:
        """Read what other processes left behind."""
        self._open()
        with self._lock:
            own, stamp = self._own.path if self._own else None, self._stamp()
            others = {}
            for path in sorted(self.folder.glob(f"*{MARKS}")):
                if path != own and (calls := _living(path, self.folder)) is not None:
                    others[path] = calls
            self._others, self._suspects = others, _read(self.folder)
            # a file made in the same tick of the clock would not show: look again until the tick is over
            self._looked = stamp if time.time_ns() - stamp > TICK else -1


@dataclass(slots=True)
class _Calls:
    """The locked file in which a process marks its calls."""

    path: Path
    descriptor: int
    map: mmap.mmap
    free: SimpleQueue[int]

    @classmethod
    def begin(cls, folder: Path) -> _Calls:
        path = folder / f"{os.getpid()}-{uuid.uuid4().hex[:12]}{MARKS}"
        hidden = path.with_suffix(".new")
        descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.ftruncate(descriptor, SLOT * SLOTS)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        hidden.rename(path)  # locked before anyone can see it
        free: SimpleQueue[int] = SimpleQueue()
        for slot in range(SLOTS):
            free.put(slot)
        return cls(path, descriptor, mmap.mmap(descriptor, SLOT * SLOTS), free)

    def write(self, slot: int, text: bytes) -> None:
        self.map[slot * SLOT : slot * SLOT + len(text)] = text

    def let_go(self) -> None:
        """Close a fork's copies without unlocking."""
        self.map.close()
        os.close(self.descriptor)


def _living(path: Path, folder: Path) -> mmap.mmap | None:
    """The calls of a process that lives; those of a dead one become suspects and its file goes."""
    try:
        with path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return mmap.mmap(file.fileno(), SLOT * SLOTS, access=mmap.ACCESS_READ)
            if path.exists():  # else another process took it while we waited
                _name(folder, _left(file.read()))
                path.unlink()
    except FileNotFoundError:
        return None
    return None


def _left(content: bytes) -> list[str]:
    slots = (content[start : start + SLOT] for start in range(0, len(content), SLOT))
    return [slot[1 : slot.index(b"\n", 1)].decode() for slot in slots if slot[:1] == b"\n"]


def _name(folder: Path, cases: list[str]) -> None:
    if not cases:
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with (folder / SUSPECTS).open("a", encoding="utf-8") as file:
        file.write("".join(_line(case, now) for case in cases))
        file.flush()
        os.fsync(file.fileno())


def _read(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUSPECTS).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {entry["case"]: entry["at"] for entry in map(json.loads, lines)}


def _line(case: str, at: str) -> str:
    return json.dumps({"case": case, "at": at}, ensure_ascii=False) + "\n"


def _text(case_id: str) -> bytes:
    return b"\n" + case_id.encode()[: SLOT - 2] + b"\n"
