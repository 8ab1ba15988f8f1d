"""A visitor searches the library, opens the article, compares editions and comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from core.database import database
from tests import laws_kit as kit
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser


def test_from_search_to_the_old_edition_and_back(served: Served, chromium: Browser, tmp_path: Path) -> None:
    kit.load_laws(tmp_path)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{served.address}/laws")
    page.get_by_label("检索法规").fill("复议法 60日")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="行政复议法 第二十条").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("中华人民共和国行政复议法 第二十条")
    expect(page.locator("mark").first).to_be_visible()

    page.get_by_role("link", name="在全文中看").click()
    expect(page.locator("#第二十条")).to_be_in_viewport()
    page.get_by_role("link", name="2017-09-01").click()
    expect(page.get_by_role("alert")).to_contain_text("此文本已被 2023-09-01 通过的文本替代")
    page.get_by_role("link", name="看新文本").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("link", name="与本版对照").click()
    expect(page.locator("ins").first).to_be_visible()
    for _ in range(5):
        page.go_back()
    expect(page.get_by_role("heading", name="条文")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
    context.close()


def test_a_text_is_uploaded_looked_at_and_put_in(visit: Callable[..., Page], served: Served) -> None:
    def work() -> None:
        with database.connection_context():
            while served.world.instance.worker.run_timed():
                continue

    page = visit("regional")
    page.goto(f"{served.address}/laws")
    page.get_by_role("link", name="上传法规文本").click()
    text = "演示自治区湿地保护条例\n（2025年1月1日公布　自2025年3月1日起施行）\n第一条　本条例保护湿地。"
    page.get_by_label("法规文本或者 zip 压缩包").set_input_files([
        FilePayload(name="演示自治区湿地保护条例(2025-01-01).txt", mimeType="text/plain", buffer=text.encode()),
        FilePayload(name="扫描件.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")])
    page.get_by_label("效力级别").select_option("local_regulation")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("正在检查").first).to_be_visible()
    work()
    page.get_by_role("button", name="入库").click(timeout=10_000)  # the page looks again by itself
    work()
    page.get_by_role("link", name="演示自治区湿地保护条例").click(timeout=10_000)
    expect(page.get_by_role("article")).to_contain_text("本条例保护湿地")
    expect(page.locator("main")).to_contain_text("施行中")
