"""A whole ordinary penalty on the office pages: from the source to the archive, and nothing is found wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from playwright.sync_api import FilePayload, Page, expect

from core.database import database
from tests.browser.conftest import Served
from tests.officers_kit import certificate, load_bodies, load_certificates

pytestmark = pytest.mark.browser
Given = Mapping[str, str | Sequence[str]]
PAPER = FilePayload(name="材料.txt", mimeType="text/plain", buffer="办案材料\n".encode())
SIX = ("party", "facts", "basis", "performance", "remedies", "organ_date")
SEVEN = ("subject", "procedure", "facts", "law", "authority", "documents", "crime")

STEPS: tuple[tuple[str, str, str, Given], ...] = (
    ("handler", "filed", "2026-06-08", {"sector": "market", "lead_officer": "99012101", "second_officer": "99012102",
                                        "recusal_checked": "true"}),
    ("handler", "site_inspected", "2026-06-08", {"officers_present": "2", "certificate_shown": "true",
                                                 "record_signed": "signed"}),
    ("handler", "correction_required", "2026-06-08", {"correct_by": "2026-06-10"}),
    ("handler", "correction_checked", "2026-06-10", {"corrected": "true"}),
    ("handler", "investigation_closed", "2026-06-09", {"facts_clear": "true", "proposed_outcome": "penalty"}),
    ("handler", "case_characterised", "2026-06-09", {
        "complicated_or_major": "false", "public_interest": "true", "complex_relations": "false",
        "in_major_list": "false", "suspected_crime": "false", "social_influence": "false"}),
    ("handler", "notice_served", "2026-06-09", {
        "notice_contents": ("penalty", "facts", "reasons", "basis", "defence_right"), "proposed_kinds": ("fine",),
        "proposed_fine": "1000"}),
    ("handler", "party_responded", "2026-06-10", {"defence": "defended"}),
    ("handler", "defence_reviewed", "2026-06-10", {"defence_adopted": "rejected", "review_note": "理由不成立"}),
    ("reviewer", "legal_review_completed", "2026-06-11", {"review_conclusion": "passed", "review_covers": SEVEN}),
    ("handler", "decision_made", "2026-06-11", {"penalty_kinds": ("fine",), "fine_amount": "1000",
                                                "discretion_reasons": "初次违法，情节一般"}),
    ("handler", "document_checked", "2026-06-11", {"document_contents": SIX, "sealed": "true"}),
    ("handler", "served", "2026-06-12", {"service_method": "direct"}),
    ("handler", "fine_collected", "2026-06-12", {"collected_by": "bank"}),
    ("handler", "case_closed", "2026-06-15", {"closed_because": "executed"}),
    ("handler", "archived", "2026-06-15", {}),
)


def fill(page: Page, day: str, given: Given) -> None:
    """Put a step's day, fields and materials into its form."""
    page.locator("[name=occurred]").fill(day)
    for name, value in given.items():
        for one in (value,) if isinstance(value, str) else value:
            option = page.locator(f"[name='field.{name}'][value='{one}']")
            choice = page.locator(f"select[name='field.{name}']")
            if option.count():
                option.check()
            elif choice.count():
                choice.select_option(one)
            else:
                page.locator(f"[name='field.{name}']").fill(one)
    for written in page.locator("input[name=written]").all():
        written.uncheck()
    for place in page.locator("input[type=file][name^='material.']").all():
        place.set_input_files([PAPER])


def test_from_the_source_to_the_archive(visit: Callable[..., Page], served: Served) -> None:
    instance = served.world.instance
    with database.connection_context():
        load_bodies(instance, ("gov-c1", "法定行政机关", "", "上政告〔2021〕1号", "2021-07-15"))
        load_certificates(instance, certificate("99012101", "县一", "gov-c1"),
                          certificate("99012102", "县二", "gov-c1"))
    people = {name: visit(name) for name in ("handler", "reviewer")}
    handler = people["handler"]
    handler.goto(f"{served.address}/cases/new/enforcement.penalty/case_source_registered")
    handler.locator("[name=title]").fill("某公司占道经营案")
    fill(handler, "2026-06-08", {"source": "inspection", "suspected_act": "占道经营", "party_kind": "organisation",
                                 "act_place": "东河街", "found_on": "2026-06-08", "act_ended_on": "2026-06-08"})
    handler.get_by_role("button", name="保存记录").click()
    expect(handler.get_by_role("status").first).to_contain_text("已记录")
    case = handler.url.partition("?")[0].partition("#")[0]
    for person, step, day, given in STEPS:
        page = people[person]
        page.goto(f"{case}/steps/{step}")
        fill(page, day, given)
        page.get_by_role("button", name="保存记录").click()
        expect(page.get_by_role("status").first).to_contain_text("已记录")
    handler.goto(case)
    expect(handler.locator("#timeline")).to_contain_text("归档")
    expect(handler.locator("main")).to_contain_text("已办结")
    expect(handler.locator("#findings .tag")).to_have_count(0)
    expect(handler.locator("main")).not_to_contain_text("疑似")
    expect(handler.locator("#score .score .big")).not_to_have_text("0.00")
