"""The library of laws: what is read from files, what replaced what, and what search puts first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.citations.numerals import to_chinese
from core.database import connect, database
from core.materials.store import MaterialStore
from plugins.legislation.library import LATER_MODELS, MODELS
from plugins.legislation.library.catalogue import Catalogue, open_catalogue
from plugins.legislation.library.comparing import Outcome, compare, parts_of
from plugins.legislation.library.documents import LocalDocument, add_document, end_document, remove_document
from plugins.legislation.library.importing import ImportReport, import_folder
from plugins.legislation.library.indexing import empty_index
from plugins.legislation.library.models import Article, Edition, Law, Refusal
from plugins.legislation.library.search import search
from plugins.legislation.library.snippets import snippet
from plugins.legislation.library.standing import editions_of, on_day, placed
from plugins.legislation.library.store import settle
from plugins.legislation.library.units import units
from plugins.legislation.library.vocabulary import LawLevel, Standing
from tests import laws_kit as kit

TODAY = date(2026, 6, 15)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    connect(f"sqlite:///{folder / 'laws.db'}")
    with database.connection_context():
        database.create_tables([*MODELS, *LATER_MODELS])
    return folder


@pytest.fixture(scope="module")
def report(home: Path) -> ImportReport:
    return kit.load_laws(home)


@pytest.fixture
def library(home: Path, report: ImportReport) -> Iterator[None]:
    connect(f"sqlite:///{home / 'laws.db'}")
    with database.connection_context(), database.atomic() as transaction:
        yield
        transaction.rollback()


def test_every_file_is_read_or_refused_with_its_reason(report: ImportReport, library: None) -> None:
    assert (report.files, report.read, len(report.refused)) == (11, 8, 3)
    assert {(row.name, row.code) for row in Refusal.select()} == {
        ("经济法/资源税法(2019-08-26).md", "corpus-file-twice"),
        ("行政法规/空白条例(2020-01-01).md", "corpus-file-without-text"),
        ("行政法规/错日条例(2020-02-30).md", "corpus-file-date-impossible")}


def test_an_import_that_is_repeated_changes_nothing(home: Path, library: None) -> None:
    before = {row.id for row in Article.select(Article.id)}
    again = import_folder(home / "laws", MaterialStore(home / "materials"), kit.NOW)
    assert again.new == 0
    assert {row.id for row in Article.select(Article.id)} == before


def test_a_changed_file_replaces_its_articles_in_tables_and_index(home: Path, library: None, tmp_path: Path) -> None:
    changed = tmp_path / "行政法" / "行政处罚法(2021-01-22).md"
    changed.parent.mkdir()
    changed.write_text(kit.PENALTY.read_text("utf-8").replace("较大数额罚款", "较大数额罚没款"), encoding="utf-8")
    assert import_folder(tmp_path, MaterialStore(home / "materials"), kit.NOW).new == 1
    assert search("较大数额罚款").loosened
    assert kit.found("较大数额罚没款") == [("行政处罚法", "2021-01-22", "第六十三条")]


def test_preambles_annexes_and_numbered_points_are_parts_of_their_own(library: None) -> None:
    def labels(law: str) -> list[str]:
        return [part.label for part in parts_of(editions_of(law)[0])]

    assert labels("宪法") == ["序言", "第五条"]
    assert labels("资源税暂行条例") == ["第一条", "附"]
    assert labels("刑法修正案(十二)") == ["一", "二", "三"]


def test_headings_and_levels_are_kept(library: None) -> None:
    article = Article.get(Article.label == "第六十三条")
    assert article.headings == ["第五章 行政处罚的决定", "第四节 听证程序"]
    assert article.anchor == "第六十三条"
    assert {law.key: law.level for law in Law.select()} == {
        "行政处罚法": "law", "行政复议法": "law", "资源税暂行条例": "regulation", "资源税法": "law",
        "刑法修正案(十二)": "law", "宪法": "constitution", "城市道路管理办法": "department_rule"}


def test_commencement_is_read_from_the_text_or_unknown(library: None) -> None:
    begins = {(edition.law_id, edition.slug): edition.in_force for edition in Edition.select()}
    assert begins["行政处罚法", "2021-01-22"] == date(2021, 7, 15)
    assert begins["行政复议法", "2017-09-01"] is None  # the text states the commencement of 1999 alone
    assert begins["城市道路管理办法", "2010-05-04"] == date(2010, 5, 4)  # 自公布之日起
    assert begins["资源税暂行条例", "2011-09-30"] is None


def test_a_replaced_edition_is_never_shown_as_in_force(library: None) -> None:
    def standing(day: date) -> dict[str, Standing]:
        return {one.edition.slug: one.standing for one in placed(editions_of("行政复议法"), day)}

    assert standing(TODAY) == {"2023-09-01": Standing.IN_FORCE, "2017-09-01": Standing.REPLACED}
    assert standing(date(2023, 12, 31)) == {"2023-09-01": Standing.NOT_YET, "2017-09-01": Standing.UNKNOWN}
    chosen = on_day(editions_of("行政复议法"), date(2020, 1, 1))
    assert chosen is not None
    assert chosen.edition.slug == "2017-09-01"
    assert on_day(editions_of("行政复议法"), date(2010, 1, 1)) is None


def test_a_law_that_another_repeals_counts_until_that_one_begins(library: None) -> None:
    editions = editions_of("资源税暂行条例")
    assert [one.standing for one in placed(editions, date(2020, 8, 31))] == [Standing.UNKNOWN]
    (repealed,) = placed(editions, date(2020, 9, 1))
    assert (repealed.standing, repealed.by_law) == (Standing.REPEALED, "资源税法")


@pytest.mark.parametrize("query", [
    "行政处罚法第五十八条", "行政处罚法58条", "处罚法58", "处罚法 五十八条", "《行政处罚法》第58条第一款",
    "中华人民共和国行政处罚法 第 58 条", "行政处罚法五十八", "行政处罚法第５８条第（一）项", "行政处罚法第五十八",
    "行政處罰法第五十八條", "「行政处罚法」第58条", "行政处罚法：58", "行政处罚法，第58条。", "58条 行政处罚法",
    "第五十八条《行政处罚法》", "根据行政处罚法第五十八条的规定", "新行政处罚法58条", "行政处罚法第58、64条",
    "行政处罚法(2099年修订)第58条", "行政处罚法第58至60条", "请问行政处罚法第58条是什么",
    "未经法制审核或者审核未通过", "法制审核 重大公共利益"])
def test_an_article_is_found_as_officials_ask_for_it(library: None, query: str) -> None:
    assert kit.found(query)[0] == ("行政处罚法", "2021-01-22", "第五十八条")


def test_several_numbers_give_several_articles_in_the_order_asked(library: None) -> None:
    assert [label for _, _, label in kit.found("行政处罚法 64 58")] == ["第六十四条", "第五十八条"]


def test_an_edition_may_be_named_by_its_year(library: None) -> None:
    assert kit.found("行政复议法 9")[0] == ("行政复议法", "2023-09-01", "第九条")
    assert kit.found("行政复议法(2017)第九条")[0] == ("行政复议法", "2017-09-01", "第九条")


def test_the_law_is_told_where_it_has_no_such_article(library: None) -> None:
    result = search("行政处罚法第999条")
    assert result.articles == ()
    assert [law.key for law in result.laws] == ["行政处罚法"]


def test_a_title_gives_the_law_from_its_first_article_on(library: None) -> None:
    law, edition = "行政处罚法", "2021-01-22"
    assert kit.found("行政处罚法")[:2] == [(law, edition, "第一条"), (law, edition, "第二条")]


@pytest.mark.parametrize("query", [
    "违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚", "违法行为轻微并及时改正没有造成危害后果的不予行政处罚",
    " 违法行为轻微并及时改正,没有造成危害后果的 "])
def test_a_phrase_is_found_with_and_without_punctuation_in_the_law_before_the_rule(library: None, query: str) -> None:
    assert kit.found(query) == [("行政处罚法", "2021-01-22", "第三十三条"),
                                ("城市道路管理办法", "2010-05-04", "第一条")]


@pytest.mark.parametrize("query", ["60日内提出行政复议申请", "六十日内提出行政复议申请", "６０ 日内提出行政复议申请"])
def test_numbers_are_equal_however_written_and_the_text_that_counts_comes_first(library: None, query: str) -> None:
    assert kit.found(query) == [("行政复议法", "2023-09-01", "第二十条"), ("行政复议法", "2017-09-01", "第九条")]


def test_a_number_is_not_found_inside_a_longer_one(library: None) -> None:
    assert kit.found("二百元以上2000元以下") == [("城市道路管理办法", "2010-05-04", "第一条")]
    assert search("百元以上").loosened


def test_two_words_apart_are_found_where_they_stand_nearest(library: None) -> None:
    assert kit.found("听证 七日")[0][2] == "第六十四条"
    assert kit.found("听证 七个工作日")[0][2] == "第六十四条"  # nothing has it; the nearest is shown
    assert search("听证 七个工作日").loosened


def test_words_within_a_named_law_are_found_in_that_law(library: None) -> None:
    assert kit.found("复议法 六十日") == [("行政复议法", "2023-09-01", "第二十条"),
                                          ("行政复议法", "2017-09-01", "第九条")]


def test_a_term_leads_to_the_article_that_defines_it(library: None) -> None:
    assert kit.found("行政处罚")[0] == ("行政处罚法", "2021-01-22", "第二条")


@pytest.mark.parametrize("query", ["行政处罚法听证", "听证 行政处罚法", "行政处罚法 的 听证"])
def test_the_law_may_stand_before_or_after_the_words_with_or_without_a_blank(library: None, query: str) -> None:
    assert {law for law, _, _ in kit.found(query)} == {"行政处罚法"}


def test_an_everyday_saying_is_searched_in_the_words_of_the_statute(library: None) -> None:
    result = search("法核")
    assert result.loosened
    assert kit.named(result.articles[0])[::2] == ("行政处罚法", "第五十八条")


@pytest.mark.parametrize("query", ["首违不罚", "行政处罚首违不罚", "行政处罚 首违不罚", "处罚法 首违不罚"])
def test_an_article_is_found_by_the_name_that_its_text_does_not_hold(library: None, query: str) -> None:
    result = search(query)
    assert not result.loosened
    assert kit.named(result.articles[0]) == ("行政处罚法", "2021-01-22", "第三十三条")


def test_where_no_article_holds_all_words_the_one_with_most_of_them_comes_first(library: None) -> None:
    result = search("违法行为轻微并且马上改正的不予行政处罚")
    assert result.loosened
    assert kit.named(result.articles[0])[::2] == ("行政处罚法", "第三十三条")


def test_small_words_that_people_add_or_leave_out_do_not_matter() -> None:
    assert units("违法的建筑物") == units("违法建筑物")
    assert units("投标的") != units("投标")


def test_one_character_is_enough(library: None) -> None:
    assert kit.found("盐") == [("资源税暂行条例", "2011-09-30", "第一条")]


def test_nothing_is_found_for_nothing_and_for_what_is_nowhere(library: None) -> None:
    assert search("").articles == ()
    assert search("，。！").articles == ()
    assert search("麒麟饕餮").articles == ()
    assert search('" OR * NEAR( \' & | ! :*').articles == ()


def test_filters_narrow_what_is_found(library: None) -> None:
    rules = Edition.law.in_(Law.select(Law.key).where(Law.level == LawLevel.DEPARTMENT_RULE.value))
    assert [kit.named(article)[0] for article in search("不予行政处罚", rules).articles] == ["城市道路管理办法"]


def test_found_words_are_marked_in_their_own_signs_and_escaped() -> None:
    found = snippet("期限为６０日，<b>逾期</b>", (("60", "日"),))
    assert str(found) == "期限为<mark>６０日</mark>，&lt;b&gt;逾期&lt;/b&gt;"


def test_the_index_comes_back_where_only_the_texts_were_restored(library: None) -> None:
    empty_index()
    assert kit.found("法制审核")[0][2] == "第五十八条"


def test_two_editions_are_compared_article_by_article(library: None) -> None:
    new, old = editions_of("行政复议法")
    pairs = {(pair.before.label if pair.before else "", pair.after.label if pair.after else ""): pair.outcome
             for pair in compare(parts_of(old), parts_of(new))}
    assert pairs["第二条", "第二条"] is Outcome.CHANGED
    assert pairs["第九条", "第二十条"] is Outcome.CHANGED
    assert pairs["", "第九条"] is Outcome.ADDED


def test_a_document_of_the_region_is_found_beside_the_laws_and_ends(library: None) -> None:
    text = "第一条 为了规范公共停车场的管理，制定本办法。\n第二条 公共停车场按泊位收费。"
    document = LocalDocument("演示市公共停车场管理办法", LawLevel.NORMATIVE, "演示市人民政府", "演政规〔2026〕1号",
                             date(2026, 3, 1), text, date(2026, 4, 1), date(2031, 3, 31))
    edition = add_document(document, kit.NOW)
    assert add_document(document, kit.NOW).id == edition.id
    assert kit.found("公共停车场 泊位")[0] == ("演示市公共停车场管理办法", "2026-03-01", "第二条")
    assert placed(editions_of(document.title), TODAY)[0].standing is Standing.IN_FORCE
    assert end_document(document.title, document.published, date(2026, 6, 1))
    assert placed(editions_of(document.title), TODAY)[0].standing is Standing.EXPIRED
    assert remove_document(document.title, document.published)
    assert all(law != document.title for law, _, _ in kit.found("公共停车场"))


def test_the_order_of_hits_does_not_depend_on_the_order_of_import(library: None) -> None:
    before = kit.found("行政")
    settle()
    assert kit.found("行政") == before


def test_usual_short_names_lead_to_one_law_each(library: None) -> None:
    catalogue: Catalogue = open_catalogue()
    assert [law.key for _, law in catalogue.find("处罚法")] == ["行政处罚法"]
    assert [law.key for _, law in catalogue.find("行复议法")] == ["行政复议法"]
    assert catalogue.find("法") == []


@given(st.integers(1, 9999))
def test_a_number_is_the_same_unit_in_either_writing(number: int) -> None:
    assert units(f"第{number}条") == units(f"第{to_chinese(number)}条") == ["第", str(number), "条"]
