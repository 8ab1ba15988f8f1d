"""Files that were uploaded for the library, laid out in a folder that the reader opens like any other."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from core.errors import FazhiError, Location, Problem, fail
from plugins.legislation.library.plain import LARGEST, as_markdown

MOST_FILES = 5000
MOST_BYTES = 400 * 2**20
"""Of all files of an archive together, unpacked."""

LONGEST_NAME = 240
"""Bytes of a file's name without its kind; a Chinese sign has three."""

STALE_SECONDS = 7 * 86400
_DATED = re.compile(r"(?P<title>.+?)[\s_-]*(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})")
_BRACKETED = re.compile(r".+[(（]\d{4}-\d{2}-\d{2}[)）]")
_BAD = re.compile(r'[\x00-\x1f<>:"|?*\\]')


@dataclass(slots=True)
class Staged:
    """What was laid out, and what could not be.

    Attributes:
        names: in the folder → as it was sent.
    """

    names: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[str, Problem]] = field(default_factory=list)


def stage(folder: Path, sent: Iterable[tuple[str, IO[bytes]]], under: str = "") -> Staged:
    """Lay out files, those of archives one by one; every file is laid out or refused.

    Args:
        sent: names and contents, read from the start.
        under: folder that tells the reader the rank of the texts; empty where folders and headers tell.

    Raises:
        FazhiError: ``law-upload-many`` and nothing is kept.
    """
    staged = Staged()
    try:
        for name, stream in sent:
            if name.lower().endswith(".zip"):
                _unpack(folder, name, stream, under, staged)
            else:
                _put(folder, name, partial(stream.read, LARGEST + 1), under, staged)
    except BaseException:
        discard(folder)
        raise
    return staged


def discard(folder: Path) -> None:
    """Take the files away."""
    shutil.rmtree(folder, ignore_errors=True)


def forget_stale(home: Path) -> None:
    """Take away what nobody has decided about for a week."""
    for folder in home.iterdir() if home.is_dir() else ():
        if folder.stat().st_mtime < time.time() - STALE_SECONDS:
            discard(folder)


def _unpack(folder: Path, archive: str, stream: IO[bytes], under: str, staged: Staged) -> None:
    try:
        packed = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        staged.refused.append((archive, Problem("law-upload-archive", Location(archive), {"title": archive})))
        return
    with packed:
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise fail("law-upload-many", Location(archive), files=MOST_FILES, most=MOST_BYTES // 2**20)
        for entry in entries:
            name = _name(entry)
            if not _is_noise(name):
                _put(folder, name, partial(_content, packed, entry, name), under, staged)


def _content(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with packed.open(entry) as stream:
            return stream.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise fail("law-upload-archive", Location(name), title=name) from error


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; Windows writes Chinese names in GBK, other tools in UTF-8, both without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return entry.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return entry.filename


def _is_noise(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "__MACOSX", "~$")) and part not in (".", "..") for part in parts)
    return hidden or parts[-1].upper().startswith("README")


def _put(folder: Path, sent: str, content: Callable[[], bytes], under: str, staged: Staged) -> None:
    if len(staged.names) + len(staged.refused) >= MOST_FILES:
        raise fail("law-upload-many", Location(sent), files=MOST_FILES, most=MOST_BYTES // 2**20)
    try:
        text = as_markdown(content(), sent)
        name = "/".join(_safe(sent, under))
        if name in staged.names:
            raise fail("corpus-file-twice", Location(sent), title=sent, other=staged.names[name])
    except FazhiError as error:
        staged.refused += [(sent, problem) for problem in error.problems]
        return
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    staged.names[name] = sent


def _safe(sent: str, under: str) -> Iterator[str]:
    """Parts of a name that lead nowhere else; the date in it as the reader knows it."""
    parts = [_BAD.sub("", part).strip(" .") for part in sent.replace("\\", "/").split("/")]
    *folders, name = [part for part in parts if part] or ["未命名.md"]
    if under:
        yield under
    else:
        yield from (part[:60] for part in folders[-3:])
    stem = name.rpartition(".")[0] or "未命名"
    dated = _DATED.fullmatch(stem)
    if dated and not _BRACKETED.fullmatch(stem):
        stem = f"{dated['title'].rstrip('_- ')}({dated['year']}-{dated['month']}-{dated['day']})"
    if len(stem.encode()) > LONGEST_NAME:
        raise fail("law-file-name", Location(sent), title=name, most=LONGEST_NAME // 3)
    yield f"{stem}.md"
