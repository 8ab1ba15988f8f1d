"""A question from a phone, answered by three lawyers through their links; a follow-up and a rating end it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import database
from plugins.disputes.questions import roll
from tests.browser.conftest import Served
from tests.questions_kit import CITY, add_lawyers

PIN = "204681"


@pytest.fixture
def phone(served: Served, chromium: Browser) -> Iterator[Page]:
    """A phone of somebody without an account; nothing may complain in its console, no page may be too wide."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints, complaints


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def test_a_question_is_asked_answered_followed_up_and_rated_on_phones(
        served: Served, phone: Page, chromium: Browser) -> None:
    with database.connection_context():
        links = [roll.give_link(one) for one in add_lawyers(3, 1, 1)["local"]]
    phone.goto(f"{served.address}/ask")
    fits(phone)
    phone.get_by_label("您的问题").fill("老板拖欠三个月工资，怎么办？")
    phone.get_by_label("领域").select_option("labour")
    phone.get_by_label("所在盟市").select_option(CITY)
    phone.get_by_role("button", name="提交问题").click()
    expect(phone.get_by_text("已送到 3 位律师")).to_be_visible()
    fits(phone)
    for n, secret in enumerate(links):
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        lawyer = context.new_page()
        lawyer.goto(f"{served.address}/lawyer/open/{secret}")
        lawyer.locator("#pin").fill(PIN)
        lawyer.get_by_role("button", name="进入").click()
        lawyer.get_by_text("老板拖欠三个月工资").click()
        lawyer.get_by_label("您的解答").fill(f"可以申请劳动仲裁（解答 {n}）")
        lawyer.get_by_role("button", name="发送解答").click()
        expect(lawyer.get_by_text("已发送解答")).to_be_visible()
        fits(lawyer)
        context.close()
    expect(phone.get_by_text("已有 3 位律师解答")).to_be_visible(timeout=12_000)
    phone.get_by_label("还想问什么").fill("要带哪些证据？")
    phone.get_by_role("button", name="发送追问").click()
    expect(phone.get_by_text("要带哪些证据？")).to_be_visible()
    served.world.clock.moment += timedelta(minutes=12)
    phone.get_by_label("很满意").check()
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_text("这个咨询已经结束")).to_be_visible()
    fits(phone)
