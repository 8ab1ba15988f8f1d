"""What an import would do, or has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import FazhiError, Problem
from core.organs.importing.columns import Headings, choose
from core.organs.importing.sheets import Row, Sheet

MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an import or of its trial run.

    Attributes:
        applied: False for a trial run.
        problems: errors and warnings, each at its cell. An applied import has warnings only.
    """

    file: str
    rows: int
    new: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    applied: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the import from being applied."""
        return tuple(problem for problem in self.problems if not problem.warning)


@dataclass(slots=True)
class Complaints:
    """Problems of one sheet, found cell by cell."""

    sheet: Sheet
    headings: Headings
    found: list[Problem] = field(default_factory=list)
    more: int = 0

    def __post_init__(self) -> None:
        self.found.extend(self.headings.problems)

    def add(self, row: Row, column: str, problem: str, **details: object) -> None:
        """Note what is wrong with a cell; past the first thousand only their number counts."""
        if len(self.found) >= MAX_PROBLEMS:
            self.more += 1
            return
        title = self.headings.columns[column].title
        at = self.sheet.at(row.number, self.headings.place(column), title.zh)
        self.found.append(Problem(problem, at, {"heading": title.zh, "heading_en": title.to("en"), **details}))

    def choice(self, row: Row, column: str, text: str) -> str:
        """The stored value of one of the words that a column allows; empty, with a complaint, for another word."""
        known = self.headings.columns[column]
        value = choose(known, text)
        if value is None:
            titles = (known.choices or {}).values()
            self.add(row, column, "cell-choice", value=text, allowed="、".join(title.zh for title in titles),
                     allowed_en=", ".join(title.to("en") for title in titles))
        return value or ""

    def all(self) -> tuple[Problem, ...]:
        """Every problem, in the order of the file."""
        ordered = sorted(self.found, key=lambda item: item.at or self.sheet.at(0, 0))
        if self.more:
            ordered.append(Problem("import-more-problems", self.sheet.at(0, 0), {"count": self.more}))
        return tuple(ordered)

    @property
    def serious(self) -> bool:
        """True where at least one problem is not a mere warning."""
        return any(not problem.warning for problem in self.found)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise every error together, with the warnings beside them.

    Raises:
        FazhiError: where there is at least one error.
    """
    if any(not problem.warning for problem in problems):
        raise FazhiError(problems)
