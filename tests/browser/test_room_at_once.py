"""Two people press “book” at the same moment: one has the room, the other is told what is there and loses nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import database
from plugins.disputes.rooms.models import Room
from tests.browser.conftest import Served
from tests.instance_kit import PASSWORD

pytestmark = pytest.mark.browser


def window(chromium: Browser, served: Served, account: str) -> Page:
    """A window of one person; that somebody is told off is what the test is about, so the console is not watched."""
    page = chromium.new_context(locale="zh-CN").new_page()
    page.goto(f"{served.address}/login")
    page.get_by_label("用户名").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{served.address}/")
    return page


def test_a_room_is_booked_twice_at_once(chromium: Browser, served: Served) -> None:
    with database.connection_context():
        Room.create(region="990121", organ="gov-c1", name="第一听证室", kind="hearing", seats=20)
    pages = [window(chromium, served, account) for account in ("handler", "head")]
    for number, page in enumerate(pages, 1):
        page.goto(f"{served.address}/rooms?on=2026-06-18")
        page.locator("[name=purpose]").fill(f"{number} 号案听证")
    for page in pages:  # both are on their way before either is answered
        page.evaluate(
            "() => { setTimeout(() => document.querySelector('form[action$=\"/book\"]').requestSubmit(), 0) }")
    for page in pages:
        expect(page.locator("[role=status], form [role=alert]").first).to_be_visible()
    texts = [page.content() for page in pages]
    assert sorted("已预订“第一听证室”" in text for text in texts) == [False, True]
    (told,) = (page for page, text in zip(pages, texts, strict=True) if "已预订“第一听证室”" not in text)
    expect(told.locator("form [role=alert]")).to_contain_text("在该时段已有预订：09:00—11:00")
    assert told.locator("[name=purpose]").input_value().endswith("号案听证")
    for page in pages:
        page.context.close()
