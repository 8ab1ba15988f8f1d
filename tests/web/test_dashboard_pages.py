"""Dashboards as pages show them: from a score to its cases, rankings, exports, publication, statistics."""

from __future__ import annotations

import gzip
import io
import json
import re
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from core.database import database
from core.errors import fail
from plugins.assessment.dashboard.drawing import Line as Drawn
from plugins.assessment.dashboard.drawing import radar
from scoring.assessment.batch import recompute
from scoring.assessment.queries import is_frozen, line_of
from scoring.overall import Asked as Counted
from scoring.overall import all_duties, busiest_organs, overall, with_duties
from tests.web.conftest import LogIn
from tests.web.world import World

SCHEME = "assessment.plan-2015"


@pytest.fixture
def scored(world: World) -> World:
    """Every organ of the world scored for this year and the one before."""
    with database.connection_context():
        for year in (2025, 2026):
            recompute(world.instance.bundles.current(), year, world.instance.now())
    return world


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.text)


def total(page: str) -> str:
    found = re.search(r'class="number">([^<]+)<', page)
    assert found
    return found[1]


@pytest.mark.usefixtures("scored")
def test_the_first_page_shows_the_score_of_the_own_place_with_its_aspects(log_in: LogIn) -> None:
    page = text(log_in("head"), "/assessment")
    assert "上坪县人民政府" in page
    with database.connection_context():
        line = line_of(SCHEME, 2026, "gov-c1")
    assert line is not None
    assert total(page) == f"{line.score:.2f}"
    assert "暂定" in page
    assert page.count("<polygon") >= 5
    for words in ("体系", "效能", "行为", "依法全面履行政府职能", "失分最多的成果", "逾期义务", "成果暂无数据"):
        assert words in page


@pytest.mark.usefixtures("scored")
def test_a_justice_department_sees_its_government_and_the_regions_below_as_tiles(log_in: LogIn) -> None:
    page = text(log_in("supervisor"), "/assessment")
    assert "云岭市人民政府" in page
    assert 'region=990121' in page
    assert "上坪县人民政府" in text(log_in("supervisor"), "/assessment?region=990121")


@pytest.mark.usefixtures("scored")
def test_nobody_opens_the_dashboard_of_an_organ_beside_or_above_his_own(log_in: LogIn) -> None:
    assert log_in("stranger").get("/assessment?region=990121").status_code == 404
    assert log_in("neighbour").get("/assessment/organs/gov-c1").status_code == 404
    assert log_in("head").get("/assessment/organs/gov-l1/report.pdf").status_code == 404


@pytest.mark.usefixtures("scored")
def test_those_without_a_score_of_their_own_begin_with_the_ranking(log_in: LogIn) -> None:
    assert log_in("author").get("/assessment").location == "/assessment/ranking"


@pytest.mark.usefixtures("scored")
def test_the_way_down_ends_at_the_very_cases_with_numbers_and_article(log_in: LogIn) -> None:
    client = log_in("head")
    page = text(client, "/assessment")
    lost = re.search(r'href="(/assessment/organs/gov-c1/nodes/R\d+[^"]*)"', page)
    assert lost
    result = text(client, lost[1])
    for words in ("分值", "怎样计分", "依据", "计入的事项"):
        assert words in result
    case = re.search(r'href="(/cases/[^"/]+)"', result)
    assert case
    assert client.get(case[1]).status_code == 200
    aspect = text(client, "/assessment/organs/gov-c1/nodes/A1")
    assert "M001" in aspect
    assert client.get("/assessment/organs/gov-c1/nodes/NONE").status_code == 404


@pytest.mark.usefixtures("scored")
def test_an_appeal_is_offered_filled_in_to_those_who_may_record_it(log_in: LogIn) -> None:
    page = text(log_in("handler"), "/assessment/organs/gov-c1/nodes/R004")
    assert "field.result=R004" in page
    assert "field.result=R004" not in text(log_in("supervisor"), "/assessment/organs/gov-c1/nodes/R004")


@pytest.mark.usefixtures("scored")
def test_distance_names_what_to_do_and_until_when(log_in: LogIn) -> None:
    page = text(log_in("head"), "/assessment/organs/gov-c1/distance")
    assert "可多得" in page
    assert "2026-12-31" in page


@pytest.mark.usefixtures("scored")
def test_an_earlier_day_is_computed_from_the_ledger(log_in: LogIn) -> None:
    page = text(log_in("head"), "/assessment?day=2026-01-05")
    assert "由存证记录重新计算" in page
    assert total(page) != total(text(log_in("head"), "/assessment"))


@pytest.mark.usefixtures("scored")
def test_rankings_compare_like_with_like_and_open_only_what_the_reader_may_see(log_in: LogIn) -> None:
    page = text(log_in("head"), "/assessment/ranking?group=county.government")
    assert "/assessment/organs/gov-c1" in page
    assert "石泓旗人民政府" in page
    assert "/assessment/organs/gov-c2" not in page
    assert "云岭市人民政府" not in page
    found = text(log_in("head"), "/assessment/ranking?group=county.government&q=石泓")
    assert "上坪县人民政府" not in found.partition("<table")[2]


@pytest.mark.usefixtures("scored")
def test_organs_stand_side_by_side(log_in: LogIn) -> None:
    page = text(log_in("supervisor"), "/assessment/compare?organ=gov-c1&organ=gov-c2&organ=unknown")
    assert page.count('<svg xmlns') == 2
    assert "上坪县人民政府" in page
    assert "石泓旗人民政府" in page


@pytest.mark.usefixtures("scored")
def test_workbooks_hold_every_result_and_say_that_the_data_is_invented(log_in: LogIn) -> None:
    answer = log_in("head").get("/assessment/organs/gov-c1/report.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    rows = book.get_sheet_by_name("各项成果").to_python()
    assert "演示数据" in str(rows[0][0])
    assert sum(str(row[0]).startswith("R") for row in rows) == 231
    ranked = CalamineWorkbook.from_filelike(io.BytesIO(log_in("head").get(
        "/assessment/ranking.xlsx?group=county.government").data)).get_sheet_by_index(0).to_python()
    assert {"上坪县人民政府", "石泓旗人民政府"} <= {row[1] for row in ranked}


@pytest.mark.usefixtures("scored")
def test_the_report_is_a_pdf_and_the_receipt_carries_its_digest(log_in: LogIn) -> None:
    client = log_in("head")
    assert client.get("/assessment/organs/gov-c1/report.pdf").data.startswith(b"%PDF-")
    made = json.loads(client.get("/assessment/organs/gov-c1/receipt.json").data)
    assert len(made["digest"]) == 64
    assert made["body"]["result"]["scheme"] == SCHEME


def test_a_publication_that_fails_is_shown_with_its_reason_and_can_be_asked_for_again(
        scored: World, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client, address, worker = log_in("regional"), f"/assessment/releases/{SCHEME}/2025", scored.instance.worker
    client.post(address)

    def moved(*_: object) -> None:
        raise fail("assess-scores-moved", scheme=SCHEME, year=2025)

    with monkeypatch.context() as patched, database.connection_context():
        patched.setattr("scoring.assessment.release.organ_receipt", moved)
        worker.run_due()
    page = text(client, address)
    assert "上次公布没有完成，得分没有冻结" in page
    assert "有新的记录改变了 2025 年的得分" in page
    assert "公布并冻结</button>" in page
    client.post(address)
    assert "正在公布：已生成 0 /" in text(client, address)


@pytest.mark.usefixtures("scored")
def test_the_justice_department_above_all_organs_publishes_an_ended_year_once(world: World, log_in: LogIn) -> None:
    client, address = log_in("regional"), f"/assessment/releases/{SCHEME}/2025"
    assert "公布并冻结" in text(client, address)
    assert log_in("supervisor").get(address).status_code == 404
    assert client.get(f"/assessment/releases/{SCHEME}/2026").status_code == 404
    assert "正在公布" in unescape(client.post(address, follow_redirects=True).text)
    assert "不需要再次提交" in unescape(client.post(address, follow_redirects=True).text)
    with database.connection_context():
        assert not is_frozen(SCHEME, 2025)
        keys = [key for key in world.instance.worker.due() if key.startswith("assessment.publish-year")]
        assert [world.instance.worker.run(key) for key in keys] == [True]
        assert is_frozen(SCHEME, 2025)
    assert "得分已冻结" in text(client, address)
    lines = gzip.decompress(client.get(f"{address}/archive").data).decode().splitlines()
    assert json.loads(lines[0])["organs"] == len(lines) - 2
    checked = unescape(client.post(f"{address}/check").text)
    found = re.search(r"抽取 (\d+) 份回执按存证重新计算，(\d+) 份逐字节一致", checked)
    assert found
    assert found[1] == found[2] != "0"
    assert "已经公布并冻结" in unescape(client.post(address, follow_redirects=True).text)


@pytest.mark.parametrize("by", ["platform", "procedure", "region", "organ", "rule", "month"])
def test_statistics_count_what_the_reader_may_see_by_anything(by: str, log_in: LogIn) -> None:
    page = text(log_in("regional"), f"/statistics?by={by}")
    assert "<tbody>" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(log_in("regional").get(f"/statistics.xlsx?by={by}").data))
    assert len(book.get_sheet_by_index(0).to_python()) > 2


def test_statistics_of_a_region_leave_others_out(log_in: LogIn) -> None:
    page = text(log_in("regional"), "/statistics?by=organ&region=990121")
    assert "上坪县人民政府" in page
    assert "双榆旗人民政府" not in page
    assert "双榆旗人民政府" not in text(log_in("head"), "/statistics?by=organ").partition("<table")[2]


def test_organs_counted_for_one_page_have_the_figures_of_the_whole_count(log_in: LogIn) -> None:
    assert log_in("regional").get("/statistics?by=organ").status_code == 200
    with database.connection_context():
        for region in ("990000", "990100", "990121"):
            asked = Counted(None, 2026, region)
            whole = {line.key: line for line in overall("organ", asked)}
            assert {line.key: line for line in with_duties(asked, busiest_organs(asked))} == whole
            together = all_duties(asked)
            assert together.on_time == sum(line.on_time for line in whole.values())
            assert together.late == sum(line.late for line in whole.values())


@pytest.mark.parametrize("by", ["platform", "rule", "month"])
def test_findings_counted_open_to_a_list_of_as_many(by: str, log_in: LogIn) -> None:
    client = log_in("regional")
    page = text(client, f"/statistics?by={by}&region=990121")
    links = [(link, int(count)) for link, count in re.findall(
        r'href="(/findings\?[^"]*status=open)">(\d+)</a>', page)]
    assert links
    for link, count in links:
        assert "region=990121" in link
        assert ("period=2026" in link) == (by != "platform")
        assert text(client, link).count('<td class="title"><a href="/findings/') == min(count, 20), link


def test_a_chart_leaves_out_an_aspect_without_data() -> None:
    drawn = radar("x", ["甲", "乙", "丙", "丁"], [Drawn("机关", [Decimal(50), None, Decimal(70), Decimal(90)])])
    assert "乙" not in drawn
    assert drawn.count("<circle") == 3
