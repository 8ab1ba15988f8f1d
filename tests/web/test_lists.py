"""Lists: filtered, cut into pages by the database, and no slower for being long."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from core.cases.case import CaseHead
from core.database import database
from core.ledger.intake import AnyoneMayRecord
from tests.web.conftest import LogIn
from tests.web.world import DECISION, STEPS, World


@pytest.fixture
def many(world: World) -> World:
    """Thirty more cases of the county with findings."""
    batch = [(CaseHead(f"more-{n:02d}", DECISION, "gov-c1", "990121", f"第{n}号批量事项", f"批〔2026〕{n}号"),
              [replace(step, actor="handler", organ="gov-c1") for step in STEPS["faulty"]]) for n in range(30)]
    with database.connection_context():
        world.instance.recorder.permitting(AnyoneMayRecord()).record_many(batch)
    return world


def queries(log_in: LogIn, url: str, caplog: pytest.LogCaptureFixture) -> int:
    """How many statements a page sends to the database."""
    client = log_in("supervisor")
    client.get(url)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        assert client.get(url).status_code == 200
    return sum(record.name == "peewee" for record in caplog.records)


URLS = ("/", "/cases", "/findings", "/search?q=事项", "/ranking", "/cases?status=overdue")


@pytest.fixture
def few_queries(log_in: LogIn, caplog: pytest.LogCaptureFixture) -> dict[str, int]:
    """Statements for each page while there are few cases."""
    return {url: queries(log_in, url, caplog) for url in URLS}


def test_a_longer_list_takes_no_more_queries(few_queries: dict[str, int], many: World, log_in: LogIn,
                                             caplog: pytest.LogCaptureFixture) -> None:
    now = {url: queries(log_in, url, caplog) for url in URLS}
    assert {url: count for url, count in now.items() if count > few_queries[url] + 1} == {}


def test_a_page_shows_twenty_and_the_next_one_the_rest(many: World, log_in: LogIn) -> None:
    client = log_in("handler")
    first = BeautifulSoup(client.get("/cases?q=批量").text, "html.parser")
    assert len(first.select("main tbody tr")) == 20
    assert "共 30 条" in first.select_one(".pager").text
    following = first.select_one(".pagination a")["href"]
    assert "q=" in following
    second = BeautifulSoup(client.get(following).text, "html.parser")
    assert len(second.select("main tbody tr")) == 10


def test_a_page_number_that_is_nonsense_shows_the_first_or_the_last(many: World, log_in: LogIn) -> None:
    client = log_in("handler")
    for page in ("0", "-3", "x", "９", "99999999999999"):
        assert client.get("/cases", query_string={"page": page}).status_code == 200


@pytest.mark.parametrize(("query", "seen", "unseen"), [
    ("region=990122", "石泓旗草原生态", "上坪县国土空间"),
    ("organ=gov-c1", "上坪县国土空间", "石泓旗草原生态"),
    ("stage=P1", "上坪县国土空间", "石泓旗草原生态"),
    ("status=findings", "公共汽车票价", "石泓旗草原生态"),
    ("q=草原", "石泓旗草原生态", "公共汽车票价"),
])
def test_cases_are_narrowed_by_what_is_asked(query: str, seen: str, unseen: str, log_in: LogIn) -> None:
    table = BeautifulSoup(log_in("supervisor").get(f"/cases?{query}").text, "html.parser").select_one("main tbody").text
    assert seen in table
    assert unseen not in table


def test_the_ranking_goes_from_leagues_to_counties_to_organs_to_cases(log_in: LogIn) -> None:
    client = log_in("regional")
    leagues = BeautifulSoup(client.get("/ranking").text, "html.parser")
    assert {"云岭市", "青原市"} == {one.text for one in leagues.select("td.title a")}
    down = next(one["href"] for one in leagues.select("td.title a") if one.text == "云岭市")
    counties = BeautifulSoup(client.get(down).text, "html.parser")
    assert {"上坪县", "石泓旗"} == {one.text for one in counties.select("td.title a")}
    down = next(one["href"] for one in counties.select("td.title a") if one.text == "上坪县")
    organs = BeautifulSoup(client.get(down).text, "html.parser")
    link = next(one["href"] for one in organs.select("td.title a") if one.text == "上坪县人民政府")
    assert "上坪县国土空间总体规划" in client.get(link).text


def test_markup_in_a_title_stays_text(world: World, log_in: LogIn) -> None:
    client = log_in("handler")
    client.post(f"/cases/new/{DECISION}/proposal_submitted", data={
        "title": "<script>alert(1)</script>", "occurred": "2026-06-14", "field.proposal_source": "leader",
        "field.decision_category": "plan"})
    page = client.get("/cases").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
