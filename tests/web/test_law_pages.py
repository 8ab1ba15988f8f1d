"""The library's pages: open to everybody, honest about what counts, and where citations lead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.database import database
from core.rulebook.model import Citation
from plugins.legislation.library.documents import LocalDocument, add_document
from plugins.legislation.library.vocabulary import LawLevel
from tests import laws_kit as kit
from tests.web.conftest import LogIn
from tests.web.world import World
from web.kit.citations import citation, cited


@pytest.fixture
def visitor(app: Flask, world: World, tmp_path: Path) -> FlaskClient:
    """A browser without log-in, before a library with the small folder of statutes."""
    kit.load_laws(tmp_path)
    return app.test_client()


def test_an_empty_library_says_how_to_fill_it(app: Flask, world: World) -> None:
    assert "fazhi import laws" in app.test_client().get("/laws").text


def test_a_visitor_searches_and_finds_the_article_with_its_words_marked(visitor: FlaskClient) -> None:
    page = visitor.get("/laws?q=行政处罚法第五十八条").text
    assert page.index("第五十八条</b>") < page.index("检索结果") + 10_000
    assert "<mark>六十日</mark>" in visitor.get("/laws?q=行政复议法 60日").text


def test_other_systems_get_the_same_hits(visitor: FlaskClient) -> None:
    answer = visitor.get("/laws/search.json?q=听证 七日").json
    assert answer["hits"][0]["article"] == "第六十四条"
    assert visitor.get(answer["hits"][0]["url"]).status_code == 200


def test_nothing_is_found_and_no_such_article_are_said(visitor: FlaskClient) -> None:
    assert "没有找到" in visitor.get("/laws?q=麒麟饕餮").text
    assert "没有第999条" in visitor.get("/laws?q=行政处罚法999条").text


def test_lists_by_level_and_year(visitor: FlaskClient) -> None:
    page = visitor.get("/laws?level=department_rule").text
    assert "城市道路管理办法" in page
    assert "行政复议法" not in page
    assert "行政复议法" in visitor.get("/laws?year=2017").text


def test_an_old_edition_says_by_what_it_was_replaced(visitor: FlaskClient) -> None:
    page = visitor.get("/laws/行政复议法/2017-09-01").text
    assert "此文本已被 2023-09-01 通过的文本替代" in page
    assert "此文本已被" not in visitor.get("/laws/行政复议法/2023-09-01").text


def test_a_repealed_law_names_the_law_that_repeals_it(visitor: FlaskClient) -> None:
    page = visitor.get("/laws/资源税暂行条例").text
    assert "已废止" in page
    assert "中华人民共和国资源税法" in page


def test_the_text_of_a_day_is_shown_or_its_absence_said(visitor: FlaskClient) -> None:
    assert "具体行政行为侵犯" in visitor.get("/laws/行政复议法?on=2023-12-31").text
    assert "认为行政机关的行政行为" in visitor.get("/laws/行政复议法?on=2024-01-01").text
    assert "不能确定 1990-01-01 适用哪个版本" in visitor.get("/laws/行政复议法?on=1990-01-01").text
    assert visitor.get("/laws/行政复议法?on=gestern").status_code == 400


def test_two_editions_are_shown_side_by_side(visitor: FlaskClient) -> None:
    page = visitor.get("/laws/行政复议法/compare?from=2017-09-01&to=2023-09-01").text
    assert "<ins>" in page
    assert "<del>" in page
    assert visitor.get("/laws/行政复议法/compare?from=2017-09-01&to=2017-09-01").status_code == 404


def test_every_article_has_an_anchor_and_a_page(visitor: FlaskClient) -> None:
    assert 'id="第五十八条"' in visitor.get("/laws/行政处罚法").text
    assert "第四节 听证程序" in visitor.get("/laws/行政处罚法/2021-01-22/第六十三条").text
    assert visitor.get("/laws/行政处罚法/2021-01-22/第七百条").status_code == 404
    assert visitor.get("/laws/无此法").status_code == 404


def test_files_that_were_refused_are_listed_with_their_reason(visitor: FlaskClient) -> None:
    page = visitor.get("/laws/refused").text
    assert "空白条例" in page
    assert "只有标题，没有正文" in page


def test_an_article_names_the_rules_that_cite_it(visitor: FlaskClient) -> None:
    page = visitor.get("/laws/行政处罚法/2021-01-22/第五十八条").text
    assert "引用本条的规则" in page
    assert "法制审核" in page.partition("引用情况")[2]


def test_a_citation_on_a_page_opens_the_edition_that_it_names(visitor: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        from datetime import date

        exact = citation(Citation("行政处罚法", "58(1)", date(2021, 1, 22)))
        other = citation(Citation("行政复议法", "9", date(1999, 4, 29)))
        unknown = citation(Citation("没有这部法", "1"))
    assert exact.startswith('<a class="citation" href="/laws/%E8%A1%8C')
    assert "/2021-01-22#" in exact
    assert "cited=1999-04-29" in other
    assert unknown == "《没有这部法》第1条"
    assert "法规库里没有这个版本" in visitor.get("/laws/行政复议法?cited=1999-04-29").text


def test_an_article_named_in_what_somebody_wrote_is_a_link_and_the_rest_stays_text(
        visitor: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        words = cited("<b>依据《中华人民共和国行政处罚法》第五十八条第一款第（四）项和《没有这部法》第1条</b>")
    assert words.startswith('&lt;b&gt;依据<a class="citation" href="/laws/')
    assert words.endswith("</a>和《没有这部法》第1条&lt;/b&gt;")
    assert "%E7%AC%AC%E4%BA%94%E5%8D%81%E5%85%AB%E6%9D%A1" in words


def test_a_rule_page_links_to_the_article(visitor: FlaskClient, log_in: LogIn) -> None:
    browser = log_in("supervisor")
    page = browser.get("/rules/enforcement.penalty/legal-review-before-decision").text
    assert 'class="citation"' in page


def test_the_interface_speaks_english(visitor: FlaskClient) -> None:
    visitor.post("/language", data={"language": "en"})
    page = visitor.get("/laws?q=听证").text
    assert "Search" in page
    assert "检索结果" not in page


def test_the_platforms_search_also_finds_articles(log_in: LogIn, app: Flask, world: World) -> None:
    with database.connection_context():
        text = "第一条 为预防草原火灾，制定本条例。\n第二条 防火期内禁止野外用火。\n"
        add_document(LocalDocument("草原防火条例", LawLevel.LOCAL_REGULATION, "演示自治区", "", date(2025, 1, 1), text),
                     world.clock())
    page = log_in("handler").get("/search?q=禁止野外用火").text
    assert "草原防火条例 第二条" in page
    assert "法规条文" in page
    assert "法规条文" not in log_in("handler").get("/search?q=完全没有的词语").text
