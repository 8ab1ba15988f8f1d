"""Statutes as officials have them (Word files, plain text) brought into the Markdown that the reader reads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import takewhile

from docx import Document as Docx
from docx.opc.exceptions import PackageNotFoundError

from core.citations.numerals import NUMERAL
from core.citations.parse import END_OF_HEADER
from core.errors import Location, fail

LARGEST = 8 * 2**20
"""Bytes of one file; the civil code is under one megabyte."""

UNPACKED = 80 * 2**20
"""Bytes that a Word file may unpack to."""

_HEADING = re.compile(rf"第{NUMERAL}(分?编|章|节)(?:[\s\u3000]+|$)(.*)")
_ARTICLE = re.compile(rf"[第笫]{NUMERAL}\s?条")
_POINT = re.compile(rf"{NUMERAL}\s*、")
_CONTENTS = re.compile(r"目\s*[录次]")
_DATES_APART = re.compile(r"\s+(?=自|根据|依据|\d{4}\s*年)")
"""题注 in one line: passed, published, amended, in force; the reader wants a line for each."""

_COUNTRY = "中华人民共和国"
_DEPTH = {"编": 2, "分编": 3, "章": 3, "节": 4}


def as_markdown(content: bytes, name: str) -> bytes:
    """The file as Markdown; a Markdown file as it is.

    Args:
        name: tells the kind of file.

    Raises:
        FazhiError: ``law-file-large``, ``law-file-kind``, ``law-file-damaged``, ``corpus-file-not-utf8``.
    """
    title = name.rpartition("/")[2]
    at, kind = Location(name), name.lower().rpartition(".")[2]
    if len(content) > LARGEST:
        raise fail("law-file-large", at, title=title, most=LARGEST // 2**20)
    if kind == "md":
        return content
    if kind == "docx":
        text = _docx(content, name)
    elif kind == "txt":
        text = _decoded(content, name)
    else:
        raise fail("law-file-kind", at, title=title)
    return (text if text.lstrip().startswith("#") else marked_up(text.splitlines())).encode()


def marked_up(lines: Sequence[str]) -> str:
    """Title, dates and headings marked the way the reader knows them; the table of contents is left out."""
    said = [line.strip().replace("\u3000", " ") for line in lines if line.strip()]
    if not said:
        return ""
    title, rest = _title(said)
    head = list(takewhile(lambda line: not _begins(line), rest))
    body = _without_contents(rest[len(head):])
    deepest = any((match := _HEADING.match(line)) and match[1] == "编" for line in body)
    dates = [piece for line in head for piece in _DATES_APART.split(line.strip("()（） "))]
    return "\n\n".join([f"# {title}", *dates, END_OF_HEADER, *(_line(line, deepest) for line in body)])


def _title(said: Sequence[str]) -> tuple[str, list[str]]:
    """The first line; the country's name may stand in a line of its own above it."""
    whole = "".join(said[0].split())
    if whole == _COUNTRY and len(said) > 1:
        return whole + "".join(said[1].split()), list(said[2:])
    return said[0], list(said[1:])


def _begins(line: str) -> bool:
    return bool(_CONTENTS.fullmatch(line) or _HEADING.match(line) or _ARTICLE.match(line) or _POINT.match(line))


def _without_contents(body: Sequence[str]) -> list[str]:
    """The body without 目录: its headings stand a second time above the articles."""
    if not body or not _CONTENTS.fullmatch(body[0]):
        return list(body)
    listed = body[1:]
    again = next((at for at, line in enumerate(listed) if at and "".join(line.split()) == "".join(listed[0].split())),
                 0)
    return list(listed[again:])


def _line(line: str, in_parts: bool) -> str:
    match = _HEADING.match(line)
    if match is None or len(line) > 60:
        return line
    depth = _DEPTH[match[1]] if in_parts else {"章": 2, "节": 3}.get(match[1], 2)
    return f"{'#' * depth} {line}"


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fail("corpus-file-not-utf8", Location(name), title=name)


def _docx(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                raise fail("law-file-large", Location(name), title=name, most=UNPACKED // 2**20)
        return "\n".join(_paragraphs(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise fail("law-file-damaged", Location(name), title=name) from error


def _paragraphs(content: bytes) -> Iterator[str]:
    for paragraph in Docx(io.BytesIO(content)).paragraphs:
        yield from paragraph.text.splitlines()
