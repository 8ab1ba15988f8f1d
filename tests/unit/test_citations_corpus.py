"""A folder of statute texts is read: articles, paragraphs, items, editions; what cannot be used is refused with why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.citations.address import parse_address
from core.citations.statute import Excerpt, Missing, Statute
from core.errors import FazhiError
from tests.unit import citations_kit as kit


def words(statute: Statute, written: str) -> str:
    address = parse_address(written)
    assert address is not None
    found = statute.at(address)
    assert isinstance(found, Excerpt), found
    return found.text


def test_paragraphs_items_and_sub_items_are_told_apart(tmp_path: Path) -> None:
    (law,) = kit.one_edition(tmp_path).editions("样本法")
    assert words(law, "2(1)(一)") == "行政样本；"
    assert words(law, "2(二)").splitlines() == ["其他样本：", "甲类；", "乙类。"]
    assert words(law, "2(1)(二)2") == "乙类。"
    assert words(law, "2(2)") == "样本的范围由国务院公布。"
    assert words(law, "3(1)-(2)").count("\n") == 1
    assert words(law, "3之一").startswith("期限的最后一日")
    assert words(law, "3-4").endswith("起施行。")


def test_an_article_knows_its_chapter_and_section(tmp_path: Path) -> None:
    (law,) = kit.one_edition(tmp_path).editions("样本法")
    article = law.article(3)
    assert article is not None
    assert article.chapter == ("第二章 程序", "第一节 期限")


@pytest.mark.parametrize("written", ["5", "3(3)", "2(1)(三)", "2(2)(一)", "2(二)3", "3-9", "3之二"])
def test_what_is_not_in_the_text_is_missing(tmp_path: Path, written: str) -> None:
    (law,) = kit.one_edition(tmp_path).editions("样本法")
    address = parse_address(written)
    assert address is not None
    assert isinstance(law.at(address), Missing)


@pytest.mark.parametrize("name", ["样本法", "中华人民共和国样本法", "《样本法》", "中华人民共和国 样本法"])
def test_a_law_is_found_by_its_short_and_its_full_name(tmp_path: Path, name: str) -> None:
    assert len(kit.one_edition(tmp_path).editions(name)) == 1


def test_width_of_brackets_in_a_title_does_not_matter(tmp_path: Path) -> None:
    text = "# 样本办法（试行）\n\n<!-- INFO END -->\n\n第一条 试行。"
    texts = kit.corpus(tmp_path, **{"样本办法（试行）(2020-01-01)": text})
    assert len(texts.editions("样本办法(试行)")) == 1


def test_editions_stand_side_by_side_oldest_first(tmp_path: Path) -> None:
    editions = kit.two_editions(tmp_path).editions("样本法")
    assert [each.edition for each in editions] == [date(2017, 9, 1), date(2023, 9, 1)]


def test_commencement_is_what_the_text_states_for_this_edition_and_else_unknown(tmp_path: Path) -> None:
    amended, revised = kit.two_editions(tmp_path).editions("样本法")
    assert amended.in_force is None  # 2010-01-01 in its last article is the commencement of the law as first passed
    assert revised.in_force == date(2024, 1, 1)


def test_commencement_is_read_from_the_header(tmp_path: Path) -> None:
    text = "# 样本条例\n\n2019年4月20日 国务院令第713号公布\n\n2019年9月1日 施行\n\n<!-- INFO END -->\n\n第一条 样本。"
    (law,) = kit.corpus(tmp_path, **{"样本条例(2019-04-20)": text}).editions("样本条例")
    assert (law.edition, law.in_force) == (date(2019, 4, 20), date(2019, 9, 1))


def test_a_text_without_a_date_in_its_name_takes_its_edition_from_the_header(tmp_path: Path) -> None:
    (law,) = kit.corpus(tmp_path, 样本法=kit.LAW_2023).editions("样本法")
    assert law.edition == date(2023, 9, 1)


def test_a_code_in_parts_is_one_law(tmp_path: Path) -> None:
    part = "# 中华人民共和国样本典\n\n# {}\n\n2020年5月28日 通过\n\n<!-- INFO END -->\n\n第{}条 样本。"
    (law,) = kit.corpus(tmp_path, 总则=part.format("总则", "一"), 合同编=part.format("合同编", "二")).editions("样本典")
    assert [article.number for article in law.articles] == [1, 2]
    assert len(law.files) == 2


def test_hands_that_write_differently_are_read(tmp_path: Path) -> None:
    text = ("# 样本规定\n\n<!-- INFO END -->\n\n\u200b\n\n第一条\u3000甲。 第二条 乙。 丙。\n\n第三 条丁。\n\n"
            "笫四条 戊，\n\n第二条规定的除外。\n\n## 第五章 罚 则\u200b\n\n第五条\u2002己。")
    (law,) = kit.corpus(tmp_path, **{"样本规定(2001-01-01)": text}).editions("样本规定")
    assert [article.text for article in law.articles] == [
        "甲。", "乙。\n丙。", "丁。", "戊，\n第二条规定的除外。", "己。"]


def test_every_file_is_accepted_or_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "README.md").write_text("# about", encoding="utf-8")
    (tmp_path / "编码法(2001-01-01).md").write_bytes("# 编码法".encode("gbk"))
    (tmp_path / "other" / "样本法(2023-09-01).md").write_text(kit.LAW_2023, encoding="utf-8")
    texts = kit.corpus(tmp_path, **{
        "样本法(2023-09-01)": kit.LAW_2023, "通知(2001-01-01)": "# 通知\n\n<!-- INFO END -->\n\n一、样本。",
        "无题(2001-01-01)": "第一条 样本。", "错日法(2001-02-30)": "# 错日法\n\n<!-- INFO END -->\n\n第一条 样本。"})
    assert len(texts.files) == 1
    assert {problem.at.file: problem.code for problem in texts.refused if problem.at} == {
        "样本法(2023-09-01).md": "corpus-file-twice", "编码法(2001-01-01).md": "corpus-file-not-utf8",
        "通知(2001-01-01).md": "corpus-file-without-articles", "无题(2001-01-01).md": "corpus-file-without-title",
        "错日法(2001-02-30).md": "corpus-file-date-impossible"}


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FazhiError) as caught:
        kit.open_corpus(tmp_path / "nowhere")
    assert caught.value.problems[0].code == "corpus-folder-missing"
