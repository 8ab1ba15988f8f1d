"""Event logs as CSV: a header line, then one event a row."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO, cast

from core.errors import Location, fail
from core.logs.rows import LogRow

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("case_id", "case", "case:concept:name", "案件编号", "事项编号"),
    "event": ("event", "activity", "concept:name", "步骤", "环节"),
    "occurred": ("timestamp", "time", "time:timestamp", "occurred_at", "发生时间", "日期"),
    "resource": ("resource", "actor", "org:resource", "人员", "经办人"),
    "organ": ("organ", "机关", "机构代码"),
}
"""Header names that are understood without being told, by what they mean."""


def read_csv_log(path: Path) -> Iterator[LogRow]:
    """Rows of a CSV log (UTF-8 or GB 18030, plain or gzip), in file order.

    Raises:
        FazhiError: ``log-missing-column``, ``log-bad-encoding``, ``log-ragged-row``, ``log-bad-csv``.
    """
    encoding = _encoding(path)
    with _open(path, encoding) as file:
        reader = csv.reader(file)
        header = next(reader, [])
        places = _columns(header, path)
        known = set(places.values())
        others = [(index, name) for index, name in enumerate(header) if index not in known]
        for cells in _whole(reader, path):
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise fail("log-ragged-row", Location(path.name, reader.line_num), cells=len(cells),
                           columns=len(header))
            yield LogRow(
                at=Location(path.name, reader.line_num),
                **{meaning: cells[place].strip() for meaning, place in places.items()},
                fields={name: cells[index] for index, name in others if cells[index] != ""},
            )


def _whole(reader: Any, path: Path) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as reason:
        raise fail("log-bad-csv", Location(path.name, reader.line_num), reason=reason) from None


def _columns(header: list[str], path: Path) -> dict[str, int]:
    names = [name.strip() for name in header]
    places = {meaning: names.index(found) for meaning, known in COLUMNS.items()
              if (found := next((name for name in known if name in names), None))}
    for meaning in ("case", "event", "occurred"):
        if meaning not in places:
            raise fail("log-missing-column", Location(path.name, 1), column=COLUMNS[meaning][-2],
                       known=", ".join(COLUMNS[meaning]), header=", ".join(names))
    return places


def _open(path: Path, encoding: str) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding=encoding, newline=""))
    return path.open(encoding=encoding, newline="")


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with _open(path, encoding) as file:
                while file.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    raise fail("log-bad-encoding", Location(path.name))
