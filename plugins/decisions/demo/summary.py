"""What the demonstration's decisions came to, and what is printed when they are filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.ledger.models import CaseRow
from core.organs.vocabulary import RegionLevel
from scoring.aggregate import refresh
from scoring.models import FindingRow
from scoring.ranking import Ranked, ranking, years

DECISION = "decisions.decision"


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was filled in.

    Attributes:
        leagues: the leagues ranked for the latest year.
        seconds: for everything, judging included.
    """

    year: int
    cases: int
    events: int
    findings: int
    leagues: tuple[Ranked, ...]
    seconds: float

    def lines(self) -> Iterator[str]:
        """The summary as text, Chinese first."""
        yield (f"重大行政决策（演示）：决策事项 {self.cases:,}，步骤 {self.events:,}，疑似问题 {self.findings:,}"
               f"（{self.cases:,} decisions, {self.findings:,} findings, {self.seconds:.0f} s）")
        yield f"{self.year} 年度盟市重大行政决策排名  Leagues and cities ranked, {self.year}"
        for line in self.leagues:
            score = "—" if line.unit.score is None else f"{line.unit.score:.2f}"
            yield f"  {line.rank or '—':>2}  {line.name}  {score}  （事项 {line.unit.counts.cases}）"


def summary_of(events: int, seconds: float) -> DemoSummary:
    """Count what the database holds now."""
    refresh()
    found = years(DECISION)
    year = found[0] if found else 0
    return DemoSummary(
        year, CaseRow.select().where(CaseRow.procedure == DECISION).count(), events,
        FindingRow.select().where(FindingRow.procedure.startswith("decisions.")).count(),
        ranking(DECISION, year, RegionLevel.LEAGUE.value), seconds)
