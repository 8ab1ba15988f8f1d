"""A reconsideration in the browser: from application to decision, with a suspension that moves the due date."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def record(page: Page, step: str, on: str, **fields: str) -> None:
    """Open the form of a step with its values in the link, look at it, and save it."""
    case = page.url.split("?")[0].split("/steps")[0]
    values = {"occurred": on, **{f"field.{name}": value for name, value in fields.items()}}
    page.goto(f"{case}/steps/{step}?{urlencode(values)}")
    for written in page.locator("input[name=written]").all():
        written.uncheck()
    page.get_by_role("button", name="保存记录").click()
    expect(page.get_by_role("status").first).to_contain_text("已记录")


def test_a_reconsideration_goes_from_application_to_decision_and_a_suspension_moves_its_due_date(visit: Visit) -> None:
    page = visit("handler")
    page.goto(page.url + "cases/new/disputes.reconsideration/received")
    page.get_by_label("事项名称").fill("王某不服政府信息公开答复案")
    page.get_by_label("发生日期").fill("2026-05-25")
    page.locator("#field\\.channel-web").check()
    page.locator("#field\\.applicant_kind-citizen").check()
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator("#duties")).to_contain_text("五个工作日内受理")

    record(page, "registered", "2026-05-25", respondent="dept-l1", domain="land", act_kind="disclosure")
    guide = page.locator("#guide-G-disclosure")
    expect(guide).to_contain_text("检索是否尽责")
    record(page, "accepted", "2026-05-27", mode="ordinary", reviewers="2", major="false")
    duty = page.locator("#duties li, #duties tr", has_text="六十日内作出决定")
    expect(duty).to_contain_text("2026-07-27")
    record(page, "copy_sent", "2026-05-28")

    unit = visit("unit")
    unit.goto(page.url)
    record(unit, "replied", "2026-06-05", reply_complete="true", staff_agents="1")
    expect(unit.locator("#timeline")).to_contain_text("被申请人书面答复")

    record(page, "suspended", "2026-06-01", suspension_ground="mediation", written_told="true")
    record(page, "resumed", "2026-06-11", cause_ended_on="2026-06-11", written_told="true")
    expect(duty).to_contain_text("2026-08-05")

    record(page, "parties_heard", "2026-06-12", heard_by="phone")
    record(page, "deliberated", "2026-06-12", deliberators="3", proposal="撤销并责令重新答复")
    head = visit("head")
    head.goto(page.url)
    record(head, "approved", "2026-06-12", approval_way="head")
    record(head, "decided", "2026-06-15", outcome="revoke", grounds="law", breached_law="政府信息公开条例",
           breached_article="36")
    expect(head.locator("#timeline")).to_contain_text("作出行政复议决定")
    expect(head.locator("#duties")).not_to_contain_text("六十日内作出决定")


def test_the_analysis_counts_the_decision_and_leads_to_its_case_and_to_a_letter(visit: Visit) -> None:
    page = visit("leaguehead")
    page.goto(page.url + "disputes/analysis")
    organs = page.locator("#organs")
    expect(organs).to_contain_text("云岭市林业和草原局")
    expect(page.locator("#matrix")).to_contain_text("《政府信息公开条例》第36条")
    expect(page.locator("#grounds [data-chart] svg")).to_be_visible()
    page.get_by_role("link", name="制发建议书").click()
    expect(page.locator("[name='field.advice_text']")).to_have_value(
        "2025-07至今，以云岭市林业和草原局为被申请人审结案件 1 件，纠错 1 件，纠错率 100.0%。")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator("#duties")).to_contain_text("建议书按期反馈")
