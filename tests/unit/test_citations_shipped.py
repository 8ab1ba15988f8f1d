"""The shipped rules cite what stands in the real statutes, and every file of that collection is accounted for."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from core.citations.address import parse_address
from core.citations.check import Outcome, check_citations
from core.citations.corpus import Corpus, open_corpus
from core.citations.statute import Excerpt
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules

LAWS = Path(os.environ.get("FAZHI_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "laws"
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def laws() -> Corpus:
    if not LAWS.is_dir():
        (pytest.fail if "shared" in os.environ.get("FAZHI_REQUIRE", "") else pytest.skip)(
            f"no statute texts in {LAWS}; set FAZHI_SHARED to the folder that holds laws")
    return open_corpus(LAWS)


def test_every_file_is_read_or_refused_with_its_reason(laws: Corpus) -> None:
    assert len(laws.files) + len(laws.refused) == 1071
    assert Counter(problem.code for problem in laws.refused) == {
        "corpus-file-without-articles": 35, "corpus-file-twice": 4}


def test_all_articles_are_read_and_none_is_empty(laws: Corpus) -> None:
    statutes = list(laws.statutes())
    assert sum(len(statute.files) for statute in statutes) == len(laws.files)
    assert sum(len(statute.articles) for statute in statutes) == 52797
    assert all(article.paragraphs for statute in statutes for article in statute.articles)


def test_numbers_of_articles_run_without_a_gap(laws: Corpus) -> None:
    gaps = []
    for statute in laws.statutes():
        previous = statute.articles[0].number - 1
        for article in statute.articles:
            if article.number not in (previous, previous + 1):
                gaps.append((statute.files[0], article.number))
            previous = article.number
    assert gaps == [("宪法/宪法修正案（2018年）.md", 123)]  # it quotes whole articles of the constitution


def test_the_civil_code_is_one_law_in_eight_files(laws: Corpus) -> None:
    (code,) = laws.editions("民法典")
    assert len(code.files) == 8
    assert [article.number for article in code.articles] == list(range(1, 1261))
    assert (code.edition, code.in_force) == (date(2020, 5, 28), date(2021, 1, 1))


def test_a_paragraph_after_items_is_counted_as_officials_count(laws: Corpus) -> None:
    (regulation,) = laws.editions("重大行政决策程序暂行条例")
    address = parse_address("3(3)")
    assert address is not None
    found = regulation.at(address)
    assert isinstance(found, Excerpt)
    assert found.text.startswith("决策机关可以根据本条第一款的规定")


def test_no_shipped_rule_cites_what_does_not_stand_there(laws: Corpus) -> None:
    report = check_citations(load_rules([shipped_rules()]), laws)
    assert [each.problem.render() for each in report.of(Outcome.WRONG) if each.problem] == []
    assert len(report.of(Outcome.STANDS)) > 100
