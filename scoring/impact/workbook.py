"""An impact as a workbook: every changed case, written as it is found so that memory stays small."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from scoring.findings import STATUS_TITLES
from scoring.impact.changes import CaseChange, FindingChange, VerdictChange
from scoring.impact.replaying import Impact
from scoring.impact.report import summary
from scoring.impact.wording import Wording

MOST_ROWS = 1_048_575
"""What a sheet holds below its heading; later rows are only counted in the summary."""
CASE = ("case", "title", "region", "organ", "closed")
SHEETS = {
    "verdicts": (*CASE, "rule", "step", "on", "state-before", "state-after", "due-before", "due-after"),
    "findings": (*CASE, "change", "code", "rule", "level", "status"),
    "scores": (*CASE, "score-before", "score-after", "risk-before", "risk-after"),
}
GROUPS = ("region", "organ", "cases", "appear", "vanish", "moved", "up", "down")


class ImpactBook:
    """Writes an impact to a file: pass :meth:`add` to ``assess`` as a sink, then call :meth:`finish`.

    Args:
        demo: mark every sheet as demonstration data.
    """

    def __init__(self, path: Path, language: str, *, demo: bool) -> None:
        self._words = Wording.of_all(language)
        self._demo = demo
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False,
                                                     "strings_to_urls": False, "strings_to_numbers": False})
        self._heading = self._book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self._mark = self._book.add_format({"bold": True, "font_color": "#C00000"})
        self._sheets: dict[str, Any] = {}
        self._rows: dict[str, int] = {}
        self._sheet("summary", ())
        self._sheet("organs", GROUPS)
        for name, columns in SHEETS.items():
            self._sheet(name, columns)

    def __enter__(self) -> ImpactBook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:
        self._book.close()

    def add(self, change: CaseChange) -> None:
        """Write one changed case."""
        words, head = self._words, change.head
        case = (head.number or head.id, head.title, words.region(head.region), words.organ(head.organ),
                "✓" if change.closed else "")
        for verdict in change.verdicts:
            self._row("verdicts", (*case, *self._verdict(verdict)))
        for finding in change.findings:
            self._row("findings", (*case, *self._finding(finding)))
        if change.score is not None:
            score = change.score
            self._row("scores", (*case, *(None if value is None else float(value) for value in (
                score.before, score.after, score.risk_before, score.risk_after))))

    def finish(self, impact: Impact) -> None:
        """Write totals and organs."""
        words = self._words
        for line in summary(impact, words.language, groups=200).splitlines():
            self._row("summary", (line,))
        for (region, organ), tally in sorted(impact.organs.items()):
            self._row("organs", (words.region(region), words.organ(organ), tally.cases, tally.appear, tally.vanish,
                                 tally.moved, tally.up, tally.down))

    def _verdict(self, verdict: VerdictChange) -> Sequence[object]:
        words, before, after = self._words, verdict.before, verdict.after
        return (words.text(verdict.title), words.text(verdict.step) if verdict.step else "", _day(verdict.on),
                words.state(before.state if before else None), words.state(after.state if after else None),
                words.due(before), words.due(after))

    def _finding(self, finding: FindingChange) -> Sequence[object]:
        words = self._words
        return (words.say("how-added" if finding.appears else "how-removed"), finding.code, words.text(finding.title),
                finding.level, words.text(STATUS_TITLES[finding.status]))

    def _sheet(self, name: str, columns: Sequence[str]) -> None:
        sheet = self._book.add_worksheet(self._words.say(f"sheet-{name}"))
        self._sheets[name], self._rows[name] = sheet, 0
        sheet.set_column(0, 0, 100 if not columns else 24)
        sheet.set_column(1, max(len(columns), 1), 24)
        if self._demo:
            # first, because rows are written from the top down in constant memory
            sheet.write(0, 0, self._words.say("demo"), self._mark)
            sheet.set_header("&C" + self._words.say("demo"))
            self._rows[name] = 1
        if columns:
            sheet.write_row(self._rows[name], 0, [self._words.say(f"col-{column}") for column in columns],
                            self._heading)
            self._rows[name] += 1
            sheet.freeze_panes(self._rows[name], 0)

    def _row(self, name: str, values: Sequence[object]) -> None:
        if self._rows[name] <= MOST_ROWS:
            self._sheets[name].write_row(self._rows[name], 0, values)
            self._rows[name] += 1


def _day(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""
