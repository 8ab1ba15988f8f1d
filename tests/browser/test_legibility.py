"""What everybody has to be able to read: contrast, and pages that fit a phone for every role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PAGES = {
    "supervisor": ("/", "/cases", "/cases/case-faulty", "/findings", "/ranking", "/audit",
                   "/cases/case-complaint/seal", "/laws", "/normative", "/filings/rates", "/disputes/analysis",
                   "/rooms", "/experts", "/enforcement/supervision", "/enforcement/deviation", "/enforcement/officers",
                   "/enforcement/ratings", "/assessment", "/assessment/ranking", "/assessment/reports",
                   "/assessment/problems", "/assessment/supply"),
    "author": ("/rules", "/rules?part=templates", "/deadlines", "/activation", "/activation/files/990100/new.yaml"),
    "handler": ("/cases/case-faulty/steps", "/cases/case-faulty/steps/draft_completed", "/rules?q=%E5%90%AC%E8%AF%81",
                "/decisions/catalogues", "/decisions/evaluations"),
    "admin": ("/people", "/organs", "/plugins", "/import/people", "/people/handler"),
}


@pytest.mark.parametrize("account", PAGES)
def test_words_stand_out_from_their_ground_and_pages_fit_a_phone(account: str, visit: Visit, served: Served) -> None:
    page = visit(account)
    for address in PAGES[account]:
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(f"{served.address}{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate(CONTRAST) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
