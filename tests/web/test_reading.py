"""Long pages: a receipt opens where points were lost, rules lie in groups and are found by their words."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from core.database import database
from scoring.models import CaseScore
from tests.web.conftest import LogIn
from tests.web.world import World
from web.kit.traces import lost


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def receipt_of(log_in: LogIn, case_id: str) -> BeautifulSoup:
    with database.connection_context():
        receipt = CaseScore.get(CaseScore.case == case_id).receipt
    return soup(log_in("supervisor").get(f"/receipts/{receipt}").text)


def points(node: Tag) -> str:
    found = node.find("summary", recursive=False).select_one(".pts")
    return found.get_text(" ", strip=True) if found else ""


def test_the_summary_table_has_a_line_for_every_point_and_the_sum(world: World, log_in: LogIn) -> None:
    page = receipt_of(log_in, "case-faulty")
    lines = page.select(".summary-table tbody tr")
    assert len(lines) == 7
    assert all(page.select_one(line.select_one("a")["href"]) for line in lines)
    assert page.select_one(".summary-table tfoot").get_text(" ", strip=True).startswith("合计")


def test_full_marks_are_closed_and_lost_ones_open_down_to_the_check(world: World, log_in: LogIn) -> None:
    nodes = receipt_of(log_in, "case-faulty").select("#trace details.trace-node")
    full = [node for node in nodes if (both := points(node).split(" / ")) and both[0] == both[-1].split(" ")[0]]
    failed = [node for node in nodes if "不符合" in node.find("summary", recursive=False).text]
    assert full
    assert failed
    assert not [node for node in full if node.has_attr("open") and not node.select("details[open]")]
    assert all(node.has_attr("open") for node in failed)
    assert all(parent.has_attr("open") for node in failed for parent in node.find_parents("details"))


def test_lost_points_are_found_below_and_deductions_count() -> None:
    full = {"earned": "4", "weight": "4"}
    assert not lost(full)
    assert lost({"earned": "3.5", "weight": "4"})
    assert lost({**full, "children": [{"status": "failed"}]})
    assert lost({"earned": "-2", "status": "applied"})
    assert not lost({"status": "not_applicable"})


def test_rules_lie_in_the_stages_of_the_procedure_and_all_of_them(world: World, log_in: LogIn) -> None:
    page = soup(log_in("handler").get("/rules?procedure=decisions.decision").text)
    groups = page.select("details.rule-group")
    assert [one.select_one("h3").text for one in groups][:2] == ["决策启动", "草案拟订与公众参与"]
    assert not [one for one in groups if one.has_attr("open")]
    counted = sum(int(one.select_one(".count").text) for one in groups)
    assert f"共 {counted} 条规则，显示 {counted} 条" in page.text


def test_a_word_leaves_the_rules_that_hold_it_and_opens_their_groups(world: World, log_in: LogIn) -> None:
    page = soup(log_in("handler").get("/rules?procedure=decisions.decision&q=合法性审查").text)
    rows = page.select("details.rule-group[open] tbody tr")
    assert rows
    assert all("合法性审查" in row.text for row in rows)
    assert "没有符合条件的规则" in log_in("handler").get("/rules?q=没有这样的规则").text


def test_templates_lie_under_the_points_that_they_count_for(world: World, log_in: LogIn) -> None:
    page = soup(log_in("handler").get("/rules?procedure=decisions.decision&part=templates").text)
    groups = {one.select_one("h3").text: one.text for one in page.select("details.rule-group")}
    assert "T19" in groups["合法性审查"]
    assert sum(text.count("T") >= 1 for text in groups.values()) == 7


def test_a_parameter_says_how_far_it_is_open(world: World, log_in: LogIn) -> None:
    page = log_in("handler").get("/rules?part=parameters&q=publish_days").text
    assert "可由盟市级及以上在 5—20 内调整" in page
    assert "review_days" not in page


def test_an_open_cases_sum_is_what_it_has_earned_so_far(world: World, log_in: LogIn) -> None:
    for case in ("case-faulty", "case-neat"):
        page = receipt_of(log_in, case)
        earned = page.find(string=lambda text: text and text.strip().startswith("已得")).split()[1]
        assert page.select(".summary-table tfoot th")[1].get_text(strip=True) == earned, case
