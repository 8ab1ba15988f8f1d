"""From the dashboard of a league down to the very case, by keyboard alone; every page legible and fit for a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.database import database
from scoring.assessment.batch import recompute
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
COUNTY = "/assessment/organs/gov-c1"
PAGES = ("/assessment", COUNTY, f"{COUNTY}/nodes/A3", f"{COUNTY}/nodes/R004", f"{COUNTY}/distance",
         "/assessment/ranking?group=county.government", "/assessment/compare?organ=gov-c1&organ=gov-c2",
         "/assessment/releases", "/statistics?by=procedure", "/statistics?by=rule")


@pytest.fixture(scope="module", autouse=True)
def _scored(served: Served) -> None:
    instance = served.world.instance
    with database.connection_context():
        recompute(instance.bundles.current(), 2026, instance.now())


def follow(page: Page, link: Locator) -> None:
    """Go to a link and press Enter, as somebody does who has no mouse."""
    link.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_from_the_dashboard_over_region_organ_and_result_to_the_case_by_keyboard(visit: Visit, served: Served) -> None:
    page = visit("supervisor")
    page.goto(f"{served.address}/assessment")
    expect(page.get_by_role("heading", level=1)).to_have_text("云岭市人民政府")
    follow(page, page.locator(".mosaic a", has_text="上坪县"))
    expect(page.get_by_role("heading", level=1)).to_have_text("上坪县人民政府")
    follow(page, page.get_by_role("link", name="推进行政决策科学化民主化法治化").first)
    follow(page, page.locator("td.title a").first)
    follow(page, page.locator("td.title a").first)
    expect(page.get_by_role("heading", name="怎样计分")).to_be_visible()
    page.goto(f"{served.address}{COUNTY}")
    follow(page, page.locator("section:has(h2:text('失分最多的成果')) .bars a").first)
    follow(page, page.locator("#cases td.title a").first)
    expect(page).to_have_url(re.compile("/cases/"))


def test_words_stand_out_from_their_ground_and_pages_fit_a_phone(visit: Visit, served: Served) -> None:
    page = visit("supervisor")
    for address in PAGES:
        page.set_viewport_size({"width": 1440, "height": 900})
        answer = page.goto(f"{served.address}{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate(CONTRAST) == [], address
        assert page.locator("svg[role=img]:not([aria-label])").count() == 0, address
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
