"""Lists that officials bring as a table: experts, lawyers. Every wrong row is named, and then none is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _

from core.errors import FazhiError, Location, fail
from core.organs.importing.sheets import read_sheet
from web.kit.language import language
from web.kit.uploads import sent_files

Line = tuple[Location, Mapping[str, str]]


def rows_of(data: bytes, name: str, columns: Sequence[str], needed: int, missing: str) -> Sequence[Line]:
    """Rows of a CSV file or spreadsheet by the names of the columns, each with its place.

    Args:
        columns: the names in the first row; a column that is not there is empty.
        needed: how many of them, from the first, must be there.
        missing: code of the problem where one is not, with ``column``.

    Raises:
        FazhiError: ``missing``; what ``read_sheet`` finds.
    """
    sheet = read_sheet(data, name)
    places = {title: place for place, title in enumerate(sheet.header.cells)}
    if absent := [column for column in columns[:needed] if column not in places]:
        raise fail(missing, Location(name, sheet.header.number), column="、".join(absent))

    def cell(cells: Sequence[str], column: str) -> str:
        place = places.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    return [(Location(name, row.number), {column: cell(row.cells, column) for column in columns})
            for row in sheet.rows]


def listed(text: str) -> tuple[str, ...]:
    """Several words of one cell: one a line, or with 、 or ； between."""
    for sign in "、；;，,":
        text = text.replace(sign, "\n")
    return tuple(dict.fromkeys(part.strip() for part in text.splitlines() if part.strip()))


def take(load: Callable[[bytes, str], int]) -> tuple[int, str]:
    """Load the file that a page was sent: how many rows were taken, or in words, line by line, why none was."""
    files = sent_files("file")
    try:
        return (load(files[0].read(), files[0].filename or "") if files else load(b"", "")), ""
    except FazhiError as refused:
        return 0, "\n".join(f"{_row(one.at)}{one.message(language())} {one.fix(language())}"
                            for one in refused.problems)


def _row(at: Location | None) -> str:
    return str(_("第 %(line)s 行：", line=at.line)) if at and at.line else ""
