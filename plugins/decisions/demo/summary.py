"""What the demonstration holds, and what is printed when it is filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.ledger.models import CaseRow
from core.organs.vocabulary import ROLE_TITLES, RegionLevel, Role
from scoring.aggregate import refresh
from scoring.clock import NONE
from scoring.models import FindingRow, VerdictRow
from scoring.ranking import Ranked, ranking, years
from web.demo.region import GOVERNMENT, JUSTICE, TOP, DemoRegion

DECISION = "decisions.decision"


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was filled in.

    Attributes:
        leagues: the leagues ranked for the latest year.
        accounts: role title, account.
        seconds: for everything, judging included.
    """

    year: int
    regions: int
    organs: int
    people: int
    cases: int
    events: int
    findings: int
    duties: int
    leagues: tuple[Ranked, ...]
    accounts: tuple[tuple[str, str], ...]
    password: str
    seconds: float

    def lines(self) -> Iterator[str]:
        """The summary as text, Chinese first."""
        yield "【演示数据】以下地区、机关、人员和事项均为虚构。  Demonstration data: everything is invented."
        yield f"行政区划 {self.regions}，机关 {self.organs}，人员 {self.people}"
        yield (f"事项 {self.cases:,}，步骤 {self.events:,}，疑似问题 {self.findings:,}，应办事项 {self.duties:,}"
               f"（{self.cases:,} cases, {self.events:,} events, {self.findings:,} findings, {self.duties:,} duties）")
        yield f"{self.year} 年度盟市排名  Leagues and cities ranked, {self.year}"
        for line in self.leagues:
            score = "—" if line.unit.score is None else f"{line.unit.score:.2f}"
            yield f"  {line.rank or '—':>2}  {line.name}  {score}  （事项 {line.unit.counts.cases}）"
        yield f"登录账号（密码均为 {self.password}）  Accounts, password {self.password}"
        for title, account in self.accounts:
            yield f"  {title}  {account}"


def summary_of(region: DemoRegion, events: int, password: str, seconds: float) -> DemoSummary:
    """Count what the database holds now."""
    refresh()
    found = years(DECISION)
    year = found[0] if found else 0
    return DemoSummary(
        year, len(region.regions), len(region.organs), sum(len(organ.staff) for organ in region.organs),
        CaseRow.select().count(), events, FindingRow.select().count(),
        VerdictRow.select().where(VerdictRow.duty != NONE).count(),
        ranking(DECISION, year, RegionLevel.LEAGUE.value), tuple(_accounts(region)), password, seconds)


def _accounts(region: DemoRegion) -> Iterator[tuple[str, str]]:
    """One account for each role, at the level where it is most telling."""
    county = next(entry.code for entry in region.regions if not entry.code.endswith("00"))
    league = county[:4] + "00"
    places = [(county, GOVERNMENT, Role.CASE_HANDLER), (county, GOVERNMENT, Role.OFFICE_HEAD),
              (county, JUSTICE, Role.LEGAL_REVIEWER), (county, JUSTICE, Role.SUPERVISOR),
              (league, JUSTICE, Role.SUPERVISOR), (TOP, JUSTICE, Role.SUPERVISOR), (TOP, JUSTICE, Role.RULE_AUTHOR),
              (TOP, JUSTICE, Role.RULE_APPROVER), (TOP, JUSTICE, Role.AUDITOR), (TOP, JUSTICE, Role.ADMIN)]
    for code, line, role in places:
        organ = region.of(code, line)
        if organ is not None:
            yield f"{organ.name} {ROLE_TITLES[role].zh}", organ.staff[role]
