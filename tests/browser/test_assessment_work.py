"""A result is reported and verified, a score appealed, a problem rectified: what people do in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PROOF = {"name": "清单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"}


def test_an_organ_reports_a_result_and_the_supervisor_verifies_it(visit: Visit, served: Served) -> None:
    handler = visit("handler")
    handler.goto(f"{served.address}/assessment/reports")
    handler.get_by_role("link", name="报告 权责清单公布并统一编码").click()
    expect(handler.get_by_label("成果代码")).to_have_value("R009")
    handler.locator("#field\\.in_place-true").check()
    handler.locator("#material\\.evidence").set_input_files(PROOF)
    handler.get_by_role("button", name="保存记录").click()
    expect(handler.get_by_role("status").first).to_contain_text("已记录“报告成果”")

    supervisor = visit("supervisor")
    supervisor.goto(f"{served.address}/assessment/reports")
    supervisor.get_by_role("link", name="R009 权责清单公布并统一编码").click()
    supervisor.goto(f"{supervisor.url.partition('#')[0]}/steps/verified")
    supervisor.get_by_label("审阅材料").check()
    supervisor.get_by_role("button", name="保存记录").click()
    expect(supervisor.get_by_role("status").first).to_contain_text("已记录“核验通过”")
    handler.goto(f"{served.address}/assessment/reports")
    expect(handler.get_by_role("row", name="R009 权责清单公布并统一编码")).to_contain_text("已核验")


def test_an_organ_appeals_a_score_from_the_same_page(visit: Visit, served: Served) -> None:
    handler = visit("handler")
    handler.goto(f"{served.address}/assessment/reports")
    handler.get_by_role("link", name="对评分提出申诉").click()
    handler.get_by_label("事项名称").fill("许可按期办结率申诉")
    handler.get_by_label("成果代码").fill("R004")
    handler.get_by_label("事实、数据有误").check()
    handler.get_by_label("申诉理由").fill("两件已按期办结，没有计入。")
    handler.get_by_role("button", name="保存记录").click()
    expect(handler.get_by_role("status").first).to_contain_text("已记录“提出申诉”")


def test_a_problem_is_listed_and_the_organ_reports_its_rectification(visit: Visit, served: Served) -> None:
    supervisor = visit("supervisor")
    supervisor.goto(f"{served.address}/assessment/problems")
    supervisor.get_by_role("link", name="列入问题").click()
    supervisor.get_by_label("责任机关").fill("gov-c1")
    supervisor.get_by_label("问题", exact=False).nth(0).fill("规范性文件未按期报备")
    supervisor.get_by_label("整改期限").fill("2026-08-01")
    supervisor.get_by_role("button", name="列入问题清单").click()
    expect(supervisor.get_by_role("status").first).to_contain_text("已列入问题清单")

    handler = visit("handler", width=390)
    handler.goto(f"{served.address}/assessment/problems")
    handler.get_by_role("link", name="规范性文件未按期报备").click()
    handler.goto(f"{handler.url.partition('#')[0]}/steps/rectified")
    handler.get_by_label("整改情况").fill("已全部补报。")
    handler.locator("#material\\.evidence").set_input_files(PROOF)
    handler.get_by_role("button", name="保存记录").click()
    handler.goto(f"{served.address}/assessment/problems")
    expect(handler.locator("main")).to_contain_text("待核验")
