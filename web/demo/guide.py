"""What the whole demonstration holds, who logs in, and where to look first: printed when it is filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.extension.platform import Platform
from core.ledger.models import CaseRow, EventRow
from core.organs.models import Organ, Person, Region
from core.organs.vocabulary import ROLE_TITLES, Role
from scoring.clock import NONE
from scoring.models import FindingRow, VerdictRow
from web.demo.region import GOVERNMENT, JUSTICE, PASSWORD, TOP, DemoRegion

COUNTY = "990102"
TRADE = "environment"
"""Where enforcement of a county is shown."""
def opening_line() -> str:
    """Said before anything else."""
    return "【演示数据】以下地区、机关、人员和事项均为虚构。  Demonstration data: everything is invented."


def closing_lines(region: DemoRegion, platforms: Sequence[Platform]) -> Iterator[str]:
    """Counts, the pages of each sub-platform, and the accounts."""
    cases, findings = CaseRow.select().count(), FindingRow.select().count()
    duties = VerdictRow.select().where(VerdictRow.duty != NONE).count()
    events = EventRow.select().count()
    yield (f"合计：行政区划 {Region.select().count()}，机关 {Organ.select().count()}，人员 {Person.select().count()}，"
           f"事项 {cases:,}，步骤 {events:,}，疑似问题 {findings:,}，应办事项 {duties:,}"
           f"（{cases:,} cases, {events:,} events, {findings:,} findings, {duties:,} duties）")
    yield "可以先看  Where to look"
    for platform in platforms:
        yield f"  {platform.title.zh}：{'、'.join(item.title.zh for item in platform.navigation)}"
    yield f"登录账号（密码均为 {PASSWORD}）  Accounts, password {PASSWORD}"
    for title, account in accounts(region):
        yield f"  {title}  {account}"


def accounts(region: DemoRegion) -> Iterator[tuple[str, str]]:
    """One account for each role, at the level where it is most telling: role title, account."""
    league = COUNTY[:4] + "00"
    places = [(COUNTY, GOVERNMENT, Role.CASE_HANDLER), (COUNTY, TRADE, Role.CASE_HANDLER),
              (COUNTY, JUSTICE, Role.CASE_HANDLER), (COUNTY, GOVERNMENT, Role.OFFICE_HEAD),
              (COUNTY, JUSTICE, Role.LEGAL_REVIEWER), (COUNTY, JUSTICE, Role.SUPERVISOR),
              (league, JUSTICE, Role.SUPERVISOR), (TOP, JUSTICE, Role.SUPERVISOR), (TOP, JUSTICE, Role.RULE_AUTHOR),
              (TOP, JUSTICE, Role.RULE_APPROVER), (TOP, JUSTICE, Role.AUDITOR), (TOP, JUSTICE, Role.ADMIN)]
    for code, line, role in places:
        organ = region.of(code, line)
        if organ is not None and role in organ.staff:
            yield f"{organ.name} {ROLE_TITLES[role].zh}", organ.staff[role]
