"""The main pages of every sub-platform against WCAG 2 A and AA, as axe-core judges them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.database import database
from scoring.assessment.batch import recompute
from tests import laws_kit
from tests.browser.conftest import Served
from tests.instance_kit import PASSWORD

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa"], resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => [one.id, one.nodes.length, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])"""
LAW = "行政复议法"
PAGES = {
    "supervisor": ("/", "/assessment", "/assessment/organs/gov-c1/nodes/A3", "/assessment/ranking",
                   "/assessment/reports", "/assessment/problems", "/statistics", "/statistics?by=organ",
                   "/cases", "/cases/case-faulty", "/findings", "/laws", "/normative", "/filings/rates",
                   "/disputes/analysis", "/enforcement/supervision", "/field/"),
    "handler": ("/cases/case-faulty/steps", "/cases/case-faulty/steps/draft_completed", "/decisions/catalogues",
                "/assessment/reports"),
    "": ("/ask", "/service", "/login", "/laws", f"/laws/{LAW}", f"/laws/{LAW}/2023-09-01/第二十条"),
}


@pytest.fixture(scope="module", autouse=True)
def _filled(served: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    laws_kit.load_laws(tmp_path_factory.mktemp("laws"))
    instance = served.world.instance
    with database.connection_context():
        recompute(instance.bundles.current(), 2026, instance.now())


@pytest.mark.parametrize("account", PAGES)
def test_no_page_has_a_serious_barrier(account: str, served: Served, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", bypass_csp=True)
    try:
        page = context.new_page()
        if account:
            page.goto(f"{served.address}/login")
            page.get_by_label("用户名").fill(account)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(f"{served.address}/")
        found: dict[str, Any] = {}
        for address in PAGES[account]:
            answer = page.goto(f"{served.address}{address}")
            assert answer is not None
            assert answer.status == 200, address
            if address == "/field/":
                page.wait_for_selector("#main h1")
            page.evaluate(AXE)
            if barriers := page.evaluate(RUN):
                found[address] = barriers
        assert found == {}
    finally:
        context.close()
