"""The officer lets the platform write the decision; the party scans it, enters the code, reads, downloads, rates."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.database import database
from core.documents.models import IssuedDocument
from tests.browser.conftest import Served
from tests.documents_kit import FACTS, add_regulator, open_penalty, step

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAZHI_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look at the pages."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_from_the_step_form_to_the_party_at_home(served: Served, visit: Callable[..., Page], chromium: Browser) -> None:
    with database.connection_context():
        add_regulator(served.world.instance)
        open_penalty(served.world.instance)
    officer = visit("officer")
    officer.goto(f"{served.address}/cases/penalty-1/steps/decision_made")
    expect(officer.get_by_label("由平台生成《行政处罚决定书》")).to_be_checked()
    officer.get_by_label("发生日期").fill("2026-06-10")
    officer.get_by_label("罚款", exact=True).check()
    for name, value in FACTS.items():
        if name != "penalty_kinds":
            officer.locator(f'[name="field.{name}"]').fill(str(value))
    shot(officer, "form")
    with officer.context.expect_event("response", lambda answer: "/documents/decision" in answer.url) as previewed:
        officer.get_by_role("button", name="预览").click()
    assert previewed.value.headers["content-type"] == "application/pdf"
    officer.get_by_role("button", name="保存记录").click()
    expect(officer.get_by_text("行政处罚决定书（上市监罚决〔2026〕1号）.pdf").first).to_be_visible()
    shot(officer, "case")

    with database.connection_context():
        row = IssuedDocument.get()
        served.world.instance.recorder.record("penalty-1", step("served", "2026-06-12", service_method="direct"))
    assert row.address == f"{served.address}/d/{row.code}"
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", accept_downloads=True)
    party = context.new_page()
    party.goto(row.address)
    expect(party.get_by_text("王小明")).to_have_count(0)
    party.get_by_label("查询码").fill("AAAA AAAA")
    party.get_by_role("button", name="查阅").click()
    expect(party.get_by_role("alert")).to_contain_text("请核对")
    shot(party, "party_code")
    party.get_by_label("查询码").fill(row.secret.lower())
    party.get_by_role("button", name="查阅").click()
    expect(party.get_by_role("heading", name="行政处罚决定书")).to_be_visible()
    expect(party.get_by_text("最后一日 2026-08-11")).to_be_visible()
    assert party.evaluate("document.documentElement.scrollWidth") <= 390
    with party.expect_download() as downloaded:
        party.get_by_role("link", name="下载文书").click()
    assert downloaded.value.suggested_filename == "行政处罚决定书（上市监罚决〔2026〕1号）.pdf"
    shot(party, "party_document")
    party.get_by_label("满意", exact=True).check()
    party.get_by_label("意见（可不填）").fill("讲得清楚")
    party.get_by_role("button", name="提交评价").click()
    expect(party.get_by_text("您已评价：4 星")).to_be_visible()
    context.close()
    officer.goto(f"{served.address}/enforcement/ratings")
    expect(officer.get_by_text("讲得清楚")).to_be_visible()
    shot(officer, "ratings")
