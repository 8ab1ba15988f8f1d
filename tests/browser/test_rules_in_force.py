"""A league's threshold from the editor into force, by two people, while a county's page is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.database import database
from tests.browser.conftest import Served
from tests.instance_kit import add_person

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
OVERLAY = """kind: overlay
region: "990100"
authority: {issuer: 云岭市司法局, document: 云司发〔2026〕1号}
valid: {from: 2026-01-01}
set:
  decisions.periods.consultation_days: 90
"""


def test_two_people_put_a_threshold_in_force_without_a_command_line(visit: Visit, served: Served) -> None:
    with database.connection_context():
        add_person("league.author", "市规则编制", "just-l1", "rule_author")
        add_person("league.approver", "市规则审批", "just-l1", "rule_approver")
    author = visit("league.author")
    author.get_by_role("link", name="规则依据").first.click()
    author.get_by_role("link", name="规则启用").click()
    author.get_by_label("文件名").fill("consultation")
    author.get_by_role("button", name="新建文件").click()
    author.get_by_role("textbox", name="内容").fill(OVERLAY)
    author.get_by_role("button", name="保存并检查").click()
    expect(author.locator("#check")).to_contain_text("超出基础规则放开的范围 30—60")
    author.get_by_role("button", name="第 6 行").click()
    expect(author.locator("#position")).to_contain_text("第 6 行")
    assert "90" in author.evaluate("(() => { const a = document.getElementById('text'); "
                                   "return a.value.slice(a.selectionStart, a.selectionEnd) })()")
    author.get_by_role("textbox", name="内容").fill(OVERLAY.replace("90\n", "45\n"))
    author.get_by_role("button", name="保存并检查").click()
    author.get_by_role("link", name="到“规则启用”页提请").click()
    author.get_by_label("依据文件").fill("云司发〔2026〕1号")
    author.get_by_role("button", name="下一步").click()
    expect(author.locator("#impact")).to_contain_text("未结事项")
    author.get_by_role("button", name="确认提请").click()
    expect(author.get_by_role("status").first).to_contain_text("还需 1 人批准")

    reader = visit("handler")
    reader.goto(f"{served.address}/rules?part=parameters&q=consultation_days")
    expect(reader.locator("main tbody")).to_contain_text("30 日")

    approver = visit("league.approver", width=390, height=844)
    approver.goto(f"{served.address}/activation")
    assert approver.evaluate("document.documentElement.scrollWidth") <= 390
    expect(approver.locator("#proposal")).to_contain_text("公开征求意见最低日数")
    approver.get_by_role("button", name="批准启用").click()
    expect(approver.get_by_role("status").first).to_contain_text("规则包已启用")
    expect(approver.locator("#history tbody tr").first).to_contain_text("市规则编制、市规则审批")

    reader.reload()
    expect(reader.locator("main tbody")).to_contain_text("45 日")
    expect(reader.locator("main tbody")).to_contain_text("云岭市")
