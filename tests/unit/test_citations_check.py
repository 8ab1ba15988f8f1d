"""What a rule cites must exist and stand there word by word; what cannot be checked is listed, never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.citations.check import Checked, CitationReport, Outcome
from tests.unit import citations_kit as kit
from web.cli import main

SAMPLE = "law: 样本法, edition: 2017-09-01"
NEW = "law: 样本法, edition: 2023-09-01"


def only(report: CitationReport) -> Checked:
    (checked,) = report.checked
    return checked


def message(checked: Checked, language: str = "zh") -> str:
    assert checked.problem is not None
    return checked.problem.render(language)


def test_a_quotation_that_stands_passes(tmp_path: Path) -> None:
    checked = only(kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "3(1)", quote: "公开征求意见的期限一般不少于30日"'))
    assert checked.outcome is Outcome.STANDS


@pytest.mark.parametrize("quote", [
    "公开征求意见的期限一般不少于３０日;因情况紧急等原因需要缩短期限的,应当予以说明。",
    "公开征求意见的期限 一般不少于30日",
    "公开征求意见的期限……应当予以说明",
])
def test_blanks_width_and_marked_omissions_do_not_matter(tmp_path: Path, quote: str) -> None:
    report = kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                       f'{SAMPLE}, article: "3(1)", quote: "{quote}"')
    assert only(report).outcome is Outcome.STANDS


def test_a_changed_word_is_wrong_and_the_real_words_are_shown(tmp_path: Path) -> None:
    checked = only(kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "3(1)", quote: "公开征求意见的期限通常不少于30日；"'))
    assert checked.outcome is Outcome.WRONG
    assert message(checked).startswith("rules/procedure.yaml:5:")
    assert "“通常”改为“一般”" in message(checked)
    assert "公开征求意见的期限一般不少于30日；" in message(checked)
    assert "“通常” became “一般”" in message(checked, "en")


def test_thirty_in_other_digits_is_not_the_words_of_the_law(tmp_path: Path) -> None:
    report = kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                       f'{SAMPLE}, article: "3", quote: "不少于三十日"')
    assert only(report).outcome is Outcome.WRONG


def test_a_quotation_of_another_paragraph_names_where_it_stands(tmp_path: Path) -> None:
    checked = only(kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "3(1)", quote: "听证会材料应当于7日前送达。"'))
    assert checked.outcome is Outcome.WRONG
    assert "第3条第2款" in message(checked)


def test_words_that_are_nowhere_are_wrong(tmp_path: Path) -> None:
    checked = only(kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "1", quote: "罚款五千元"'))
    assert checked.problem is not None
    assert checked.problem.code == "citation-quote-absent"


@pytest.mark.parametrize(("article", "code"), [
    ("9", "citation-article-missing"), ("3(3)", "citation-paragraph-missing"), ("2(1)(五)", "citation-item-missing"),
    ("3、4", "citation-address-unreadable")])
def test_a_place_that_does_not_exist_is_wrong(tmp_path: Path, article: str, code: str) -> None:
    checked = only(kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules", f'{SAMPLE}, article: "{article}"'))
    assert checked.outcome is Outcome.WRONG
    assert checked.problem is not None
    assert checked.problem.code == code


def test_an_item_that_two_paragraphs_have_needs_its_paragraph(tmp_path: Path) -> None:
    text = "# 样本令\n\n<!-- INFO END -->\n\n第一条 甲：\n\n(一)乙。\n\n丙：\n\n(一)丁。"
    texts = kit.corpus(tmp_path / "laws", **{"样本令(2001-01-01)": text})
    report = kit.check(texts, tmp_path / "rules", 'law: 样本令, article: "1(一)"',
                       'law: 样本令, article: "1(2)(一)", quote: 丁')
    assert [each.outcome for each in report.checked] == [Outcome.WRONG, Outcome.STANDS]


def test_an_edition_that_nobody_passed_is_wrong(tmp_path: Path) -> None:
    checked = only(kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules",
                             'law: 样本法, edition: 2017-09-02, article: "1"'))
    assert checked.outcome is Outcome.WRONG
    assert "2017-09-01、2023-09-01" in message(checked)


def test_a_law_or_a_later_edition_that_is_not_here_is_listed_as_not_checked(tmp_path: Path) -> None:
    report = kit.check(kit.one_edition(tmp_path / "laws"), tmp_path / "rules", 'law: 别的条例, article: "1"',
                       'law: 样本发, article: "1"', 'law: 样本法, edition: 2026-01-01, article: "1"',
                       'law: 样本法, article: 待核, confidence: unverified')
    assert {each.outcome for each in report.checked} == {Outcome.NOT_CHECKED}
    assert [each.problem.code for each in report.checked if each.problem] == [
        "citation-law-not-here", "citation-law-not-here", "citation-edition-newer", "citation-address-open"]


def test_a_near_title_is_suggested(tmp_path: Path) -> None:
    text = "# 样本程序暂行条例\n\n<!-- INFO END -->\n\n第一条 样本。"
    texts = kit.corpus(tmp_path / "laws", **{"样本程序暂行条例(2001-01-01)": text})
    checked = only(kit.check(texts, tmp_path / "rules", 'law: 样本程序条例, article: "1"'))
    assert checked.outcome is Outcome.NOT_CHECKED
    assert "样本程序暂行条例" in message(checked)


def test_a_later_edition_makes_a_citation_stale_and_says_what_changed(tmp_path: Path) -> None:
    checked = only(kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "3(1)", quote: "公开征求意见的期限一般不少于30日"'))
    assert checked.outcome is Outcome.STALE
    assert "现为第4条" in message(checked)
    assert "“3”改为“2”" in message(checked)
    assert "引文已不在" in message(checked)
    assert "2024-01-01 起施行" in message(checked)


def test_an_article_that_stayed_the_same_is_said_to_be_unchanged(tmp_path: Path) -> None:
    checked = only(kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules",
                             f'{SAMPLE}, article: "1", quote: "为了规范样本"'))
    assert checked.outcome is Outcome.STALE
    assert "本条未变" in message(checked)
    assert "the article is unchanged; the quotation still stands" in message(checked, "en")


def test_an_edition_known_only_from_a_later_header_is_stale_without_comparison(tmp_path: Path) -> None:
    checked = only(kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules",
                             'law: 样本法, edition: 2009-03-01, article: "1"'))
    assert checked.outcome is Outcome.STALE
    assert "旧文本不在法规库" in message(checked)


def test_a_rule_that_ended_with_its_edition_is_not_stale(tmp_path: Path) -> None:
    report = kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules", f'{SAMPLE}, article: "1"',
                       more="valid: {to: 2023-12-31}\n")
    assert only(report).outcome is Outcome.STANDS


def test_without_an_edition_the_latest_counts(tmp_path: Path) -> None:
    report = kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules",
                       'law: 样本法, article: "4", quote: "不少于20日"')
    assert only(report).outcome is Outcome.STANDS


def test_the_day_of_passing_names_the_edition_published_days_later(tmp_path: Path) -> None:
    text = ("# 样本条例\n\n2011年1月19日 国务院第141次常务会议通过\n\n2011年1月21日 国务院令第590号公布\n\n"
            "<!-- INFO END -->\n\n第一条 样本。")
    texts = kit.corpus(tmp_path / "laws", **{"样本条例(2011-01-21)": text})
    report = kit.check(texts, tmp_path / "rules", 'law: 样本条例, edition: 2011-01-19, article: "1"')
    assert only(report).outcome is Outcome.STANDS


def cite(tmp_path: Path, *citations: str, lang: str = "zh") -> Result:
    kit.two_editions(tmp_path / "laws")
    kit.check(kit.two_editions(tmp_path / "laws"), tmp_path / "rules", *citations)
    return CliRunner().invoke(main, ["rules", "cite", str(tmp_path / "rules"), "--corpus", str(tmp_path / "laws"),
                                     "--lang", lang])


def test_the_command_fails_on_a_wrong_citation_and_names_its_line(tmp_path: Path) -> None:
    result = cite(tmp_path, f'{NEW}, article: "1"', f'{NEW}, article: "99"')
    assert result.exit_code == 1
    assert "rules/procedure.yaml:6:" in result.output
    assert "错误 1" in result.output


def test_the_command_passes_with_a_list_of_stale_and_unchecked_citations(tmp_path: Path) -> None:
    result = cite(tmp_path, f'{NEW}, article: "1"', f'{SAMPLE}, article: "1"', 'law: 别的条例, article: "1"', lang="en")
    assert result.exit_code == 0
    assert "citation-stale" in result.output
    assert "not checked: the texts do not include 《别的条例》 (rules/procedure.yaml:7)" in result.output
    assert "3 citations: 1 stand, 1 have a later edition, 0 are wrong, 1 were not checked" in result.output
