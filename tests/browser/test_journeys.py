"""What an official and a supervisor do in the browser, from the recorded step to the changed score."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_a_step_that_breaks_a_rule_shows_its_finding_and_the_finding_opens_its_receipt(visit: Visit) -> None:
    page = visit("handler")
    page.get_by_role("link", name="上坪县国土空间总体规划").first.click()
    page.get_by_role("link", name="记录下一步").click()
    page.locator("a.choice", has=page.get_by_text("集体讨论", exact=True)).click()
    page.get_by_label("发生日期").fill("2026-06-12")
    for answer in ("常务会议", "没有不同意见"):
        page.get_by_label(answer, exact=True).check()
    page.locator("#field\\.meeting_result-approved").check()
    page.locator("#field\\.head_spoke_last-true").check()
    page.locator("#field\\.against_majority-false").check()
    page.locator("#material\\.meeting_minutes").set_input_files(
        {"name": "常务会议纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"})
    expect(page.locator("#material\\.meeting_minutes-files")).to_contain_text("常务会议纪要.pdf")
    page.get_by_role("button", name="保存记录").click()

    expect(page.get_by_role("status").first).to_contain_text("已记录“集体讨论”")
    expect(page.locator("#timeline")).to_contain_text("常务会议纪要.pdf")
    finding = page.locator("#findings a", has_text="合法性审查").first
    title = finding.inner_text()
    finding.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".law").first).to_contain_text("重大行政决策程序暂行条例")

    page.get_by_role("link", name="查看判定回执").click()
    expect(page.locator("main")).to_contain_text("违反")
    expect(page.locator("main")).to_contain_text("集体讨论 2026-06-12")
    page.get_by_role("button", name="重新计算并比对").click()
    expect(page.get_by_role("status")).to_contain_text("逐字节一致")


def test_a_supervisor_confirms_a_finding_and_the_score_changes(visit: Visit) -> None:
    official = visit("handler")
    official.get_by_role("link", name="上坪县养老服务设施布局规划").first.click()
    at_risk = official.locator("#score .text-soon")
    before = official.locator("#score .score .big").inner_text()
    expect(at_risk).to_contain_text("将再减")

    supervisor = visit("supervisor")
    supervisor.get_by_role("link", name="问题处置").click()
    supervisor.locator("tr", has_text="上坪县养老服务设施布局规划").locator("a", has_text="合法性审查").first.click()
    supervisor.get_by_label("认定理由").fill("会议召开前没有合法性审查意见。")
    supervisor.get_by_role("button", name="确认问题成立").click()
    expect(supervisor.get_by_role("status").first).to_contain_text("已确认该问题")
    expect(supervisor.locator("main")).to_contain_text("巴特尔")

    official.reload()
    assert float(before) > 0
    expect(official.locator("#score .score .big")).to_have_text("0.00")
    official.locator("#score a.more").click()
    expect(official.locator("main")).to_contain_text("一票否决")


@pytest.mark.parametrize("address", ["/", "/cases", "/cases/case-faulty", "/cases/case-faulty/steps/draft_completed",
                                     "/findings", "/ranking", "/rules"])
def test_pages_fit_a_phone(visit: Visit, address: str) -> None:
    page = visit("handler", width=390, height=844)
    page.goto(re.sub(r"/$", "", page.url) + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="打开导航").click()
    expect(page.get_by_role("link", name="规则依据")).to_be_visible()


def test_the_ranking_draws_its_chart_under_the_content_policy(visit: Visit) -> None:
    page = visit("regional")
    page.get_by_role("link", name="评分排名").click()
    expect(page.locator("[data-chart] svg")).to_be_visible()


def test_the_language_switches_on_the_page(visit: Visit) -> None:
    page = visit("handler")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workbench")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作台")
