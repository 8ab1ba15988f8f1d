"""A supervisor issues a document from a finding and the body answers; a random inspection is drawn and checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.database import database
from tests.browser.conftest import Served
from tests.supervision_kit import open_case, penalty

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_a_document_goes_out_from_a_finding_and_comes_back_with_a_reply(visit: Visit, served: Served) -> None:
    with database.connection_context():
        penalty(served.world.instance, "p-1", 3000)
    page = visit("supervisor")
    page.get_by_role("link", name="执法监督").click()
    page.get_by_role("row", name="ENF-NOT-1").first.get_by_role("link", name="开具监督文书").click()
    page.get_by_label("要求").fill("撤销处罚决定，重新告知。")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_role("status").first).to_contain_text("监督文书已发出并存证")

    body = visit("handler", width=390, height=844)
    body.goto(f"{served.address}/enforcement/supervision?tab=letters")
    assert body.evaluate("document.documentElement.scrollWidth") <= 390
    body.get_by_role("link", name="监督意见书").click()
    body.get_by_role("link", name="记录下一步").first.click()
    body.get_by_role("link", name="反馈处理结果").first.click()
    body.get_by_label("处理结果").fill("已撤销并重新告知。")
    body.get_by_role("button", name="保存记录").click()
    expect(body.get_by_role("status").first).to_contain_text("已记录“反馈处理结果”")


def test_objects_are_drawn_and_anybody_sees_that_the_draw_holds(visit: Visit, served: Served) -> None:
    with database.connection_context():
        case = open_case(served.world.instance, "r-1", "random_inspection", "plan_made", "2026-06-10", plan_year=2026,
                         inspection_items="食品经营", approved_by_head=True)
    page = visit("handler")
    page.goto(f"{served.address}/enforcement/draws/{case}")
    page.get_by_label("检查对象名单").fill("A1 甲超市 2\nA2 乙餐馆\nA3 丙食品厂")
    page.get_by_label("抽取数量").first.fill("2")
    page.get_by_role("button", name="抽取", exact=True).first.click()
    page.get_by_label("在场人员给出的文字或者数字").fill("816")
    page.get_by_role("button", name="公开种子，揭示结果").click()
    expect(page.get_by_role("status").first).to_contain_text("抽取已存证")
    page.get_by_role("link", name="核对抽取").click()
    expect(page.locator(".tag-green")).to_have_count(5)
    expect(page.get_by_text("816")).to_be_visible()
