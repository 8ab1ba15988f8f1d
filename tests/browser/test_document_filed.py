"""A normative document in the browser: drafted, published, filed, reviewed by four people, a defect corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import FilePayload, Page, expect

from core.database import database
from tests.browser.conftest import Served
from tests.instance_kit import add_person

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
TITLE = "上坪县城区停车管理办法"
TEXT = FilePayload(name="正式文本.txt", mimeType="text/plain",
                   buffer="第一条 为规范停车管理，制定本办法。\n第二条 收费标准以夜间半价执行。\n".encode())


def record(page: Page, case: str, step: str, day: str, fields: Mapping[str, str], *files: str) -> None:
    """Fill the form of a step: options by their value, everything else typed."""
    page.goto(f"{case}/steps/{step}")
    page.locator("[name=occurred]").fill(day)
    for name, value in fields.items():
        option = page.locator(f"[name='field.{name}'][value='{value}']")
        if option.count():
            option.check()
        else:
            page.locator(f"[name='field.{name}']").fill(value)
    for name in files:
        page.locator(f"[name='material.{name}']").set_input_files([TEXT])
    page.get_by_role("button", name="保存记录").click()
    expect(page.get_by_role("status").first).to_contain_text("已记录")


def test_from_the_draft_to_the_corrected_defect(visit: Visit, served: Served) -> None:
    with database.connection_context():
        for number, name in ((2, "处长"), (3, "副主任"), (4, "主任")):
            add_person(f"just{number}", name, "just-l1", "supervisor")
    maker = visit("handler")
    maker.goto(f"{served.address}/cases/new/legislation.document/proposed")
    maker.locator("[name=title]").fill(TITLE)
    maker.locator("[name=occurred]").fill("2026-03-02")
    maker.locator("[name='field.document_class'][value=department]").check()
    maker.locator("[name='field.necessity_assessed'][value=true]").check()
    maker.get_by_role("button", name="保存记录").click()
    expect(maker.locator("main")).to_contain_text(TITLE)
    case = maker.url.partition("?")[0].partition("#")[0]
    record(maker, case, "registered", "2026-05-06", {"document_number": "上部规〔2026〕7号"})
    record(maker, case, "published", "2026-05-06", {"effective_on": "2026-06-10", "validity_clause": "true",
                                                    "valid_until": "2031-06-09", "gazette": "县政府网站"}, "text")
    expect(maker.locator("#findings")).to_contain_text("公布前须经集体审议通过")
    record(maker, case, "filed", "2026-05-20", {}, "report", "text", "basis_table", "legality_opinion")

    supervisor = visit("supervisor")
    record(supervisor, case, "filing_registered", "2026-05-21", {"material_complete": "true"})
    supervisor.goto(f"{served.address}/filings/reviews")
    row = supervisor.locator("tr", has_text=TITLE)
    expect(row).to_contain_text("承办人初审")
    record(supervisor, case, "first_review", "2026-05-25",
           {"defects": "fee", "first_proposal": "增设收费，建议要求纠正"})
    record(visit("just2"), case, "second_review", "2026-05-28", {"second_agrees": "true"})
    record(visit("just3"), case, "third_review", "2026-06-02", {"third_agrees": "true"})
    record(visit("just4"), case, "final_review", "2026-06-05", {"conclusion": "correct", "defects": "fee"})
    record(supervisor, case, "correction_ordered", "2026-06-08", {"reply_by": "2026-07-08"})
    expect(supervisor.locator("#findings")).to_contain_text("不得含有违法内容")

    record(maker, case, "corrected", "2026-06-12", {"correction": "amended"}, "report")
    record(supervisor, case, "correction_verified", "2026-06-15", {"correction_accepted": "true"})
    supervisor.goto(f"{served.address}/filings/rates?year=2026")
    line = supervisor.locator("tr", has_text="上坪县人民政府")
    expect(line).to_contain_text("100.0%")
    maker.goto(f"{served.address}/laws?q=夜间半价")
    expect(maker.locator("main")).to_contain_text("停车管理办法")
