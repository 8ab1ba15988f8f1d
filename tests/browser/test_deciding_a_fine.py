"""The handler enters the facts, sees the tier, decides outside it and sees the finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.database import database
from tests.browser.conftest import Served
from tests.penalty_kit import open_penalty

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_the_handler_sees_the_tier_decides_outside_it_and_sees_the_finding(
        width: int, visit: Callable[..., Page], served: Served) -> None:
    with database.connection_context():
        open_penalty(served.world.instance, f"case-{width}")
    page = visit("handler", width=width)
    page.goto(f"{served.address}/cases/case-{width}/steps/decision_made")
    page.get_by_label("发生日期").fill("2026-06-10")
    page.locator("#field\\.penalty_kinds-fine").check()
    page.locator("#field\\.penalty_kinds-confiscation").check()
    page.get_by_label("违法行为（裁量基准）").select_option("BM-FOOD-122")
    answer = page.locator("#discretion-answer")
    expect(answer).to_contain_text("事实不足")
    page.get_by_label("货值金额").fill("8000")
    page.get_by_label("情节", exact=True).select_option("一般")
    page.get_by_label("已逐项核实").check()
    expect(answer).to_contain_text("裁量幅度 65000—85000 元")
    page.locator("#field\\.fine_amount").fill("90000")
    expect(answer.locator("[data-verdict=outside_tier]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("input[name=written][value=decision]").uncheck()
    page.get_by_role("button", name="保存记录").click()
    expect(page.get_by_role("status").first).to_contain_text("已记录")
    expect(page.locator("main")).to_contain_text("超出裁量基准的，应当经批准")
