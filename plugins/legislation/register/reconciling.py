"""查漏补缺: a list of what was published elsewhere (gazette, web site) against what was filed here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from plugins.legislation.register.models import Document

MOST_LINES = 2000
_NUMBER = re.compile(r"[^\s,，;；|《》()（）]{1,20}[〔\[(]\d{4}[〕\])](?:第)?\d{1,5}号")
_ORDER = re.compile(r"[\s\d.、,，;；|]+")


class Met(StrEnum):
    """What became of a line of the list."""

    ABSENT = "absent"
    UNPUBLISHED = "unpublished"
    UNFILED = "unfiled"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was given, and the document that it is."""

    written: str
    met: Met
    document: Any = None


def reconcile(text: str, organs: Any) -> list[Line]:
    """Each line of a list against the register: by the number in it, else by the title.

    Args:
        text: a line for each document, number and title in any order; lines beyond ``MOST_LINES`` are left out.
        organs: a select of organ ids that the reader may look at.
    """
    by_number: dict[str, Any] = {}
    by_title: dict[str, Any] = {}
    for row in Document.select().where(Document.organ.in_(organs)):
        by_title[_plain(row.title)] = row
        if row.number:
            by_number[_plain(row.number)] = row
    written = [line.strip() for line in text.splitlines() if line.strip()][:MOST_LINES]
    return [_line(line, by_number, by_title) for line in written]


def _line(written: str, by_number: Mapping[str, Any], by_title: Mapping[str, Any]) -> Line:
    numbers = _NUMBER.findall(written)
    row = next((found for number in numbers if (found := by_number.get(_plain(number)))), None)
    if row is None and not numbers:
        row = by_title.get(_plain(_ORDER.sub("", written, count=1) if written[0].isdigit() else written))
    if row is None:
        return Line(written, Met.ABSENT)
    if row.published is None:
        return Line(written, Met.UNPUBLISHED, row)
    return Line(written, Met.FILED if row.filed is not None else Met.UNFILED, row)


def _plain(text: str) -> str:
    """Numbers and titles without what writers vary: width and kind of brackets, blanks, title marks."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("[]()", "〔〕〔〕", "《》\"'"))
    return "".join(plain.split())
