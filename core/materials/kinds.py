"""Which files are taken, told by their first bytes and their content, never by their name alone."""

from __future__ import annotations

import codecs
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from core.errors import fail

BEGINNING = 64
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        mark: bytes that must stand at ``offset``; one of several.
        inside: an entry that a zip container must hold.
    """

    media_type: str
    mark: tuple[bytes, ...] = ()
    offset: int = 0
    inside: str = ""


_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_ZIP = (b"PK\x03\x04",)
KINDS = {
    "pdf": Kind("application/pdf", (b"%PDF-",)),
    "ofd": Kind("application/ofd", _ZIP, inside="OFD.xml"),
    "docx": Kind(_OFFICE + "wordprocessingml.document", _ZIP, inside="word/document.xml"),
    "xlsx": Kind(_OFFICE + "spreadsheetml.sheet", _ZIP, inside="xl/workbook.xml"),
    "doc": Kind("application/msword", _OLE),
    "wps": Kind("application/vnd.ms-works", _OLE),
    "xls": Kind("application/vnd.ms-excel", _OLE),
    "jpg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    "png": Kind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "mp3": Kind("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "m4a": Kind("audio/mp4", (b"ftyp",), 4),
    "wav": Kind("audio/wav", (b"WAVE",), 8),
    "mp4": Kind("video/mp4", (b"ftyp",), 4),
    "webm": Kind("video/webm", (b"\x1a\x45\xdf\xa3",)),
    "txt": Kind("text/plain"),
}
ALLOWED = tuple(KINDS)
_MACROS = "vbaproject.bin"


def kind_by_name(name: str) -> Kind:
    """The kind that a file name promises.

    Raises:
        FazhiError: ``material-kind-refused``.
    """
    kind = KINDS.get(PurePath(name).suffix.lower().lstrip("."))
    if kind is None:
        raise fail("material-kind-refused", name=name, allowed="、".join(ALLOWED))
    return kind


def check_beginning(name: str, beginning: bytes) -> None:
    """Refuse a file early whose first bytes are not what its name promises.

    Raises:
        FazhiError: ``material-kind-refused``, ``material-kind-differs``.
    """
    kind = kind_by_name(name)
    if kind.mark and not any(beginning[kind.offset :].startswith(mark) for mark in kind.mark):
        raise fail("material-kind-differs", name=name)


def check_file(name: str, path: Path) -> Kind:
    """The kind of a complete file.

    Raises:
        FazhiError: ``material-kind-refused``, ``material-kind-differs``, ``material-macros``.
    """
    kind = kind_by_name(name)
    with path.open("rb") as file:
        check_beginning(name, file.read(BEGINNING))
        if kind.media_type == "text/plain" and not _is_text(file):
            raise fail("material-kind-differs", name=name)
    if kind.inside:
        _check_container(name, path, kind)
    return kind


def _check_container(name: str, path: Path, kind: Kind) -> None:
    try:
        with zipfile.ZipFile(path) as container:
            entries = container.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        entries = []
    if kind.inside not in entries:
        raise fail("material-kind-differs", name=name)
    if any(entry.lower().endswith(_MACROS) for entry in entries):
        raise fail("material-macros", name=name)


def _is_text(file: BinaryIO) -> bool:
    """True for UTF-8 or GB 18030 without NUL."""
    for encoding in ("utf-8", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while part := file.read(1 << 20):
                if "\x00" in decoder.decode(part):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return True
    return False
