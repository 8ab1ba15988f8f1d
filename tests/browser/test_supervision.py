"""The bell that rings without reload, a published score, sealed data, and receipts that open where points were lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from core.database import database
from core.ledger.intake import AnyoneMayRecord, NewEvent
from scoring.models import CaseScore
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_a_fault_that_a_colleague_records_shows_on_the_supervisors_open_page(visit: Visit, served: Served) -> None:
    supervisor = visit("supervisor", prepare=lambda page: page.clock.install())
    bell = supervisor.locator(".top .bell")
    expect(bell).to_contain_text("没有新的问题或逾期")
    supervisor.goto(f"{served.address}/ranking")
    served.world.clock.moment += timedelta(minutes=5)

    handler = visit("handler")
    handler.goto(f"{served.address}/cases/case-neat/steps/meeting_held")
    handler.get_by_label("发生日期").fill("2026-06-12")
    for answer in ("常务会议", "没有不同意见"):
        handler.get_by_label(answer, exact=True).check()
    for answer in ("meeting_result-approved", "head_spoke_last-true", "against_majority-false"):
        handler.locator(f"#field\\.{answer}").check()
    handler.locator("#material\\.meeting_minutes").set_input_files(
        {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"})
    handler.get_by_role("button", name="保存记录").click()
    expect(handler.get_by_role("status").first).to_contain_text("已记录“集体讨论”")

    expect(bell).to_contain_text("没有新的问题或逾期")
    supervisor.clock.fast_forward(21_000)
    expect(bell).to_contain_text("项新的问题或逾期")
    expect(bell.locator(".badge-count")).to_be_visible()
    assert supervisor.url.endswith("/ranking")
    assert bell.locator("xpath=..").get_attribute("aria-live") == "polite"
    bell.click()
    expect(supervisor.locator(".todo .tag-solid").first).to_have_text("新")
    expect(bell).to_contain_text("没有新的问题或逾期")


def test_a_supervisor_publishes_the_score_of_a_closed_case(visit: Visit, served: Served) -> None:
    with database.connection_context():
        served.world.instance.recorder.permitting(AnyoneMayRecord()).record("case-unreviewed", NewEvent(
            "decision_completed", date(2026, 6, 14), actor="head", organ="gov-c1"))
    page = visit("supervisor")
    page.goto(f"{served.address}/cases/case-unreviewed")
    page.get_by_role("link", name="公布得分").click()
    expect(page.locator("main")).to_contain_text("将要公布的得分")
    page.get_by_role("button", name="确认公布").click()
    expect(page.get_by_role("status").first).to_contain_text("得分已公布")
    expect(page.get_by_role("note").nth(1)).to_contain_text("巴特尔（云岭市司法局）")
    page.goto(f"{served.address}/cases/case-unreviewed")
    expect(page.locator("#score")).to_contain_text("已公布")


def test_a_supervisor_seals_personal_data(visit: Visit, served: Served) -> None:
    page = visit("supervisor")
    page.goto(f"{served.address}/cases/case-complaint")
    page.get_by_role("link", name="封存个人信息").click()
    page.get_by_label("投诉人").check()
    page.get_by_label("原因和依据").fill("当事人依法申请")
    page.get_by_label("已核对范围").check()
    page.get_by_role("button", name="封存", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("个人信息已封存")
    expect(page.locator("#timeline")).to_contain_text("当事人依法申请")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_receipt_is_short_and_opens_on_demand_by_address_and_for_paper(visit: Visit, served: Served,
                                                                          width: int) -> None:
    page = visit("supervisor", width=width, height=844)
    with database.connection_context():
        receipt = CaseScore.get(CaseScore.case == "case-faulty").receipt
    page.goto(f"{served.address}/receipts/{receipt}")
    expect(page.locator(".summary-table tbody tr")).to_have_count(7)
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= width
    assert size[1] < 9_000
    closed = page.locator("#trace details:not([open])")
    before = closed.count()
    assert before > 10
    page.get_by_role("button", name="全部展开").click()
    expect(closed).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="收起满分项").click()
    expect(closed).to_have_count(before)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(closed).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(closed).to_have_count(before)
    hidden = closed.last.get_attribute("id")
    page.goto(f"{served.address}/receipts/{receipt}#{hidden}")
    expect(page.locator(f"[id='{hidden}']")).to_have_attribute("open", "")


def test_rules_are_found_by_a_word(visit: Visit, served: Served) -> None:
    page = visit("handler")
    page.goto(f"{served.address}/rules?procedure=decisions.decision")
    assert page.evaluate("document.documentElement.scrollHeight") < 2_000
    page.locator("summary", has_text="合法性审查").click()
    expect(page.locator("#stage-P5 tbody tr").first).to_be_visible()
    page.get_by_label("规则、代码或法律").fill("听证")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".rule-group[open] tbody tr").first).to_be_visible()


def test_the_keyboard_sees_where_it_is(visit: Visit, served: Served) -> None:
    page = visit("supervisor")
    for _ in range(40):
        page.keyboard.press("Tab")
        shown = page.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e);
            return e === document.body || parseFloat(s.outlineWidth) > 0 && s.outlineStyle !== 'none'
              || s.boxShadow !== 'none'; }""")
        assert shown, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
