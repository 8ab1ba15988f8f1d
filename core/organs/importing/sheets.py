"""CSV and XLSX as rows of text, with the row numbers that the author sees."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, load_workbook

from core.errors import Location, fail

MAX_BYTES = 64 << 20
MAX_UNPACKED_BYTES = 1 << 30
MAX_ROWS = 500_000
MAX_COLUMNS = 100
ENCODINGS = ("utf-8-sig", "gb18030")
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its header row."""

    name: str
    header: Row
    rows: tuple[Row, ...]

    def at(self, row: int, column: int, field: str = "") -> Location:
        """A cell as a place; ``column`` counts from 0, places count from 1."""
        return Location(self.name, row, column + 1, field)


def read_sheet(data: bytes, name: str) -> Sheet:
    """Read a table; its kind is told by its content, not by its name.

    Args:
        data: CSV (UTF-8 with or without mark, GB 18030) or a workbook, whose first sheet is read.

    Raises:
        FazhiError: ``sheet-too-large``, ``sheet-unreadable``, ``sheet-encoding`` or ``sheet-empty``.
    """
    if len(data) > MAX_BYTES:
        raise fail("sheet-too-large", Location(name), most=f"{MAX_BYTES >> 20} MB")
    workbook = data.startswith((ZIP_MAGIC, OLE_MAGIC))
    numbered = _workbook_rows(data, name) if workbook else _csv_rows(data, name)
    filled = [row for row in numbered if any(row.cells)]
    if not filled:
        raise fail("sheet-empty", Location(name))
    if len(filled) > MAX_ROWS or max(len(row.cells) for row in filled) > MAX_COLUMNS:
        raise fail("sheet-too-large", Location(name), most=f"{MAX_ROWS} × {MAX_COLUMNS}")
    return Sheet(name, filled[0], tuple(filled[1:]))


def _csv_rows(data: bytes, name: str) -> Iterator[Row]:
    text = _decode(data, name)
    first_line = text.split("\n", 1)[0]
    delimiter = max((",", "\t", ";"), key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            yield Row(start, tuple(cell.strip() for cell in cells))
            # A quoted cell may hold line breaks; a row is where it begins.
            start = reader.line_num + 1
    except csv.Error as error:
        raise fail("sheet-unreadable", Location(name, start), reason=str(error)) from error


def _decode(data: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise fail("sheet-encoding", Location(name))


def _workbook_rows(data: bytes, name: str) -> Iterator[Row]:
    try:
        if data.startswith(ZIP_MAGIC):
            unpacked = sum(item.file_size for item in zipfile.ZipFile(io.BytesIO(data)).infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                raise fail("sheet-too-large", Location(name), most=f"{MAX_UNPACKED_BYTES >> 20} MB")
        values = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile) as error:
        raise fail("sheet-unreadable", Location(name), reason=str(error)) from error
    for number, cells in enumerate(values, 1):
        yield Row(number, tuple(_text(cell) for cell in cells))


def _text(value: object) -> str:
    """A cell as its author sees it: 150902.0 is a code that the spreadsheet took for a number."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
