"""Takes the pictures of the documentation from a running demonstration, walking the official's first day.

    fazhi demo && fazhi serve --port 8000        # in one terminal
    python -m tests.docs.screenshots http://127.0.0.1:8000

Needs Playwright and Chromium. The walk opens a case of its own, so that it can be repeated on the same demonstration;
it stops where a page does not show what the tutorial says.
"""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect, sync_playwright

IMAGES = Path(__file__).parents[2] / "docs" / "images"
CHROMIUM = os.environ.get("FAZHI_CHROMIUM", "/usr/bin/chromium")
PASSWORD = "Yanshi-2026"
HANDLER, SUPERVISOR = "handler.government.990102", "supervisor.justice.990100"
RULE = "研究论证后方可决定启动"
TITLE = "云东区城区公共汽车票价调整方案"


PATIENCE = 20_000
"""Milliseconds for a page to show what it must."""


class Walk:
    """A browser on a demonstration."""

    page: Page

    def __init__(self, browser: Browser, address: str, images: Path) -> None:
        self.browser = browser
        self.address = address
        self.images = images
        self.contexts: list[BrowserContext] = []
        self.somebody()

    def somebody(self) -> None:
        """A window that knows nobody: an answer to the former person cannot bring that person's cookie back."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        self.contexts.append(context)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def close(self) -> None:
        """Close the windows."""
        for context in self.contexts:
            context.close()

    def shot(self, name: str) -> None:
        """Save what the window shows."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(600)  # charts are drawn with a short animation
        self.page.screenshot(path=self.images / f"{name}.png")

    def go(self, path: str) -> None:
        """Open a page of the platform."""
        self.page.goto(self.address + path)

    def log_in(self, account: str) -> None:
        """Change the person."""
        self.somebody()
        self.go("/login")
        self.page.fill("input[name=account]", account)
        self.page.fill("input[type=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def attach(self, requirement: str, name: str) -> None:
        """Choose a small text file for a material of the form."""
        self.page.set_input_files(f"[name='material.{requirement}']", [
            FilePayload(name=f"{name}.txt", mimeType="text/plain", buffer=f"{name}（演示数据）".encode())])

    def save(self) -> None:
        """Send the form."""
        self.main.get_by_role("button", name="保存记录").click()
        self.page.wait_for_load_state("networkidle")

    @property
    def main(self) -> Locator:
        """The part of the page below its frame."""
        return self.page.locator("main")


def walk(browser: Browser, address: str, images: Path = IMAGES) -> None:
    """Everything the tutorial shows, saved below ``images``."""
    at = Walk(browser, address, images)
    try:
        _walk(at)
    finally:
        at.close()


def _walk(at: Walk) -> None:
    at.go("/login")
    at.shot("login")
    at.log_in(HANDLER)
    at.shot("workbench")
    case = open_case(at)
    start_without_study(at, case)
    finding = answer(at, case)
    confirm(at, finding)
    receipt(at, case)
    at.go("/ranking")
    at.shot("ranking")


def open_case(at: Walk) -> str:
    """A proposal of ten days ago; the path of its page."""
    at.go("/cases/new/decisions.decision/proposal_submitted")
    at.page.fill("[name=title]", TITLE)
    at.page.fill("[name=occurred]", (date.today() - timedelta(days=10)).isoformat())
    at.page.check("[name='field.proposal_source'][value=department_or_lower]")
    at.page.check("[name='field.decision_category'][value=public_policy]")
    at.attach("proposal", "决策事项建议书")
    at.save()
    expect(at.main).to_contain_text(TITLE)
    return at.page.url.removeprefix(at.address).partition("?")[0].partition("#")[0]


def start_without_study(at: Walk, case: str) -> None:
    """The step that breaks the rule, and what the page says at once."""
    at.go(f"{case}/steps")
    at.shot("next-step")
    at.go(f"{case}/steps/started")
    at.page.fill("[name=occurred]", date.today().isoformat())
    unit = at.page.locator("[name='field.handling_unit']")
    unit.fill("云东区发展和改革委员会")
    at.page.check("[name='field.joint_handling'][value=false]")
    at.attach("start_approval", "启动批准文件")
    at.shot("record-step")
    at.save()
    expect(at.main).to_contain_text(RULE)
    at.go(case)
    expect(at.main).to_contain_text("50.00")
    at.shot("case")


def answer(at: Walk, case: str) -> str:
    """The organ answers; the path of the finding."""
    at.go(case)
    at.main.get_by_role("link", name=RULE).first.click()
    expect(at.main).to_contain_text(RULE)
    at.page.fill("form[action$='/answer'] textarea", "研究论证报告已完成，尚未登记，拟补录。")
    at.shot("finding")
    at.main.get_by_role("button", name="提交申辩").click()
    expect(at.main).to_contain_text("尚未登记")
    return at.page.url.removeprefix(at.address).partition("?")[0].partition("#")[0]


def confirm(at: Walk, finding: str) -> None:
    """The city's supervisor determines it."""
    at.log_in(SUPERVISOR)
    at.go(finding)
    at.main.get_by_label("认定理由").fill("启动前确无研究论证记录，问题成立。")
    at.shot("determine")
    at.main.get_by_role("button", name="确认问题成立").click()
    expect(at.main).to_contain_text("已确认")


def receipt(at: Walk, case: str) -> None:
    """From the score to its receipt."""
    at.go(case)
    at.page.locator("a[href*='/receipts/']").first.click()
    expect(at.main).to_contain_text("49.00")
    at.shot("receipt")


def main() -> None:
    """Walk through the demonstration named on the command line."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        walk(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
