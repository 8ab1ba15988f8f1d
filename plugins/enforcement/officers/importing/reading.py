"""What every import of the registers does with its rows: cells with their checks, organs by code or name."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.organs.actors import Actor
from core.organs.authority_table import Action
from core.organs.importing.columns import Column, Headings, match_headings
from core.organs.importing.report import Complaints
from core.organs.importing.sheets import Row, Sheet, read_sheet
from core.organs.models import Organ
from core.organs.uscc import normalise
from core.organs.visibility import visible_organs


@dataclass(slots=True)
class Rows:
    """A sheet whose cells are asked for; whatever is wrong with them is noted."""

    sheet: Sheet
    headings: Headings
    complaints: Complaints
    file_hash: str
    _days: dict[str, date | None] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes, name: str, columns: Sequence[Column]) -> Rows:
        """Read a file.

        Raises:
            FazhiError: the file cannot be read as a table.
        """
        sheet = read_sheet(data, name)
        headings = match_headings(sheet, columns)
        return cls(sheet, headings, Complaints(sheet, headings), hashlib.sha256(data).hexdigest())

    @property
    def wrong(self) -> int:
        """How much was complained of so far."""
        return len(self.complaints.found) + self.complaints.more

    def has(self, column: str) -> bool:
        """True where the sheet has the column."""
        return column in self.headings.places

    def text(self, row: Row, column: str, *, needed: bool = False) -> str:
        """A cell; complains of an empty one that is needed."""
        text = self.headings.cell(row, column)
        if needed and not text:
            self.complaints.add(row, column, "cell-empty")
        return text

    def choice(self, row: Row, column: str, default: str = "") -> str:
        """The stored value of a cell with listed words."""
        text = self.text(row, column, needed=not default)
        return self.complaints.choice(row, column, text) if text else default

    def day(self, row: Row, column: str, *, needed: bool = False) -> date | None:
        """A date; 2026-03-02, 2026/3/2 and 2026.3.2 are understood."""
        text = self.text(row, column, needed=needed)
        if text not in self._days:
            self._days[text] = parse_day(text)
        if text and self._days[text] is None:
            self.complaints.add(row, column, "cell-date", value=text)
        return self._days[text]


def parse_day(text: str) -> date | None:
    """A date as people write it in a cell, or None."""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    try:
        return date(*map(int, parts)) if len(parts) == 3 else None
    except (ValueError, TypeError):
        return None


class Organs:
    """Active organs by code or full name, and which of them the importer may touch."""

    def __init__(self, actor: Actor) -> None:
        self.names: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        active: Any = Organ.select(Organ.id, Organ.name).where(Organ.active).tuples()
        for organ_id, name in active:
            self.names[organ_id] = name
            self.by_name[name].append(organ_id)
        self.manageable = {row.id for row in visible_organs(actor, Action.MANAGE_OFFICERS)}

    def find(self, rows: Rows, row: Row, column: str, *, managed: bool = True) -> str:
        """The organ that a cell names; empty, with a complaint, where it names none or one out of reach."""
        text = rows.text(row, column, needed=True)
        if not text:
            return ""
        organ = next((item for item in (text, normalise(text)) if item in self.names), "")
        if not organ:
            found = self.by_name.get(text, [])
            if len(found) != 1:
                rows.complaints.add(row, column, "organ-name-ambiguous" if found else "organ-reference-unknown",
                                    value=text, count=len(found))
                return ""
            organ = found[0]
        if managed and organ not in self.manageable:
            rows.complaints.add(row, column, "body-out-of-reach", value=text)
            return ""
        return organ
