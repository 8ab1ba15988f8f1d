"""A place in a law is read as rules write it and printed as officials cite it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.citations.address import parse_address
from core.citations.numerals import to_chinese, to_int, to_roman
from core.rulebook.terms import Citation

ADDRESSES = [
    ("15", "第15条", "Art. 15"),
    ("15(1)", "第15条第1款", "Art. 15(1)"),
    ("3(1)(二)", "第3条第1款第(二)项", "Art. 3(1)(ii)"),
    ("3（1）（二）", "第3条第1款第(二)项", "Art. 3(1)(ii)"),
    ("27(二)", "第27条第(二)项", "Art. 27(ii)"),
    ("3(1)(二)4", "第3条第1款第(二)项第4目", "Art. 3(1)(ii)(4)"),
    ("16(2)-(3)", "第16条第2款至第3款", "Art. 16(2)–(3)"),
    ("29(一)-(三)", "第29条第(一)项至第(三)项", "Art. 29(i)–(iii)"),
    ("10-12", "第10条至第12条", "Arts. 10–12"),
    ("37之一", "第37条之一", "Art. 37-1"),
    ("133之二(1)(十二)", "第133条之二第1款第(十二)项", "Art. 133-2(1)(xii)"),
    ("第十五条第一款第（二）项", "第15条第1款第(二)项", "Art. 15(1)(ii)"),
]


@pytest.mark.parametrize(("written", "chinese", "english"), ADDRESSES)
def test_an_address_is_cited_in_both_languages(written: str, chinese: str, english: str) -> None:
    address = parse_address(written)
    assert address is not None
    assert (address.text("zh"), address.text("en")) == (chinese, english)


@pytest.mark.parametrize("written", ["待核", "10、11", "71; 85", "15(1", "0", "15(0)", "12-10", "16(2)-(三)", "(一)",
                                     "附则", ""])
def test_what_is_no_single_place_is_not_guessed(written: str) -> None:
    assert parse_address(written) is None


def test_a_citation_names_paragraph_and_item_as_such() -> None:
    citation = Citation("重大行政决策程序暂行条例", "3(3)")
    assert str(citation) == "《重大行政决策程序暂行条例》第3条第3款"
    assert citation.to("en") == "《重大行政决策程序暂行条例》 Art. 3(3)"


def test_an_article_not_looked_up_yet_is_printed_as_it_is_written() -> None:
    assert str(Citation("政府制定价格听证办法", "待核")) == "《政府制定价格听证办法》待核"


@given(st.integers(1, 9999))
def test_every_number_of_an_article_survives_its_chinese_form(number: int) -> None:
    assert to_int(to_chinese(number)) == number


@pytest.mark.parametrize(("text", "number"), [
    ("十", 10), ("二十", 20), ("一百零八", 108), ("一百一十", 110), ("一千二百六十", 1260), ("一○一", 101), ("百", 100),
    ("12", 12)])
def test_numerals_of_statutes_are_read(text: str, number: int) -> None:
    assert to_int(text) == number


def test_roman_numbers_are_small() -> None:
    assert [to_roman(number) for number in (1, 4, 9, 14, 40)] == ["i", "iv", "ix", "xiv", "xl"]


@given(st.integers(1, 1300), st.integers(0, 9), st.none() | st.integers(1, 20), st.none() | st.integers(1, 30))
def test_what_is_printed_in_chinese_reads_back_as_the_same_place(
        article: int, branch: int, paragraph: int | None, item: int | None) -> None:
    written = str(article) + (f"之{to_chinese(branch)}" if branch else "")
    written += (f"({paragraph})" if paragraph else "") + (f"({to_chinese(item)})" if item else "")
    address = parse_address(written)
    assert address is not None
    assert parse_address(address.text("zh")) == address
