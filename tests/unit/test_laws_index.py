"""The full-text index against a plain look through all articles, whatever comes, is replaced and goes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.database import connect, database
from plugins.legislation.library import MODELS, indexing
from plugins.legislation.library.index import Index, IndexedPairs, IndexedRun, Words
from plugins.legislation.library.indexing import rebuild_index
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.postings import Builder, Column, pack, unpack
from plugins.legislation.library.reading import Part
from plugins.legislation.library.store import NewEdition, NewLaw, drop_edition, put_edition, settle, settle_law
from plugins.legislation.library.units import units
from plugins.legislation.library.vocabulary import LawLevel, PartKind
from tests.laws_kit import NOW

SIGNS = "甲乙丙1二十"
FIRST = date(2020, 1, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('index') / 'laws.db'}"


@contextmanager
def empty_library(url: str) -> Iterator[None]:
    connect(url)
    with database.connection_context():
        database.create_tables(MODELS)
        with database.atomic() as transaction:
            yield
            transaction.rollback()


def put(title: str, edition: int, texts: Sequence[str], heading: str = "") -> str:
    law = NewLaw(title, LawLevel.LAW)
    parts = [Part(PartKind.ARTICLE, f"第{number}条", text, (heading,) if heading else (), number)
             for number, text in enumerate(texts, start=1)]
    passed = FIRST + timedelta(days=edition)
    put_edition(NewEdition(law, passed, passed, parts, (), f"{texts}{heading}", at=NOW))
    return law.key


def looked_through(wanted: Sequence[Words], editions: Sequence[int] | None = None) -> list[int]:
    """What the index must give."""
    found = []
    for article in Article.select(Article, Edition, Law).join(Edition).join(Law):
        columns = {Column.TITLE: units(article.edition.law.title), Column.HEADING: units(" ".join(article.headings)),
                   Column.BODY: article.units.split(" ")}
        held = all(any(stands(words.run, columns[column]) for column in words.columns) for words in wanted)
        if held and (editions is None or article.edition_id in editions):
            found.append((article.edition.rank, article.edition_id, article.place, article.id))
    return [article for *_, article in sorted(found)]


def stands(run: Sequence[str], text: Sequence[str]) -> bool:
    return any(tuple(text[start : start + len(run)]) == tuple(run) for start in range(len(text)))


TEXTS = st.lists(st.text(SIGNS + "，的", min_size=1, max_size=12).filter(units), min_size=1, max_size=4)
WORDS = st.lists(st.builds(Words, st.text(SIGNS, min_size=1, max_size=6).map(lambda text: tuple(units(text))),
                           st.sampled_from([None, None, *Column])), min_size=1, max_size=3)
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "put", "put", "drop", "settle", "rebuild"]),
                             st.sampled_from(["甲乙法", "乙丙条例", "丙"]), st.integers(0, 2), TEXTS,
                             st.sampled_from(["", "第一章 甲乙", "第二章 丙"])), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.lists(WORDS, min_size=1, max_size=6), st.integers(1, 30))
def test_the_index_gives_what_a_look_through_all_articles_gives(place: str, changes: list[
        tuple[str, str, int, list[str], str]], searches: list[list[Words]], limit: int) -> None:
    with empty_library(place):
        for change, title, edition, texts, heading in changes:
            if change == "put":
                settle_law(put(title, edition, texts, heading))
            elif change == "drop":
                for one in Edition.select().where(Edition.passed == FIRST + timedelta(days=edition)):
                    key = one.law_id
                    drop_edition(one)
                    settle_law(key)
            else:
                settle() if change == "settle" else rebuild_index()
        some = [edition.id for edition in Edition.select().where(Edition.latest)]
        for wanted in searches:
            assert Index().candidates(wanted, limit) == looked_through(wanted)[:limit]
            assert Index(Edition.latest).candidates(wanted, limit) == looked_through(wanted, some)[:limit]


@given(st.lists(st.tuples(st.integers(0, 1 << 40), st.lists(st.integers(0, 1 << 45), min_size=1, max_size=5)),
                max_size=5))
def test_packed_lists_come_out_as_they_went_in(lists: list[tuple[int, list[int]]]) -> None:
    packed = [(base, pack(np.array(steps, np.int64))[0]) for base, steps in lists]
    assert unpack(packed).tolist() == [base + place for base, steps in lists for place in itertools.accumulate(steps)]


def test_grams_come_in_the_order_of_their_bytes() -> None:
    builder = Builder()
    builder.add(0, {Column.TITLE: ["乙"], Column.HEADING: [], Column.BODY: ["甲", "乙", "甲", "乙"]})
    builder.add(3, {Column.TITLE: [], Column.HEADING: ["甲"], Column.BODY: ["甲", "乙"]})
    found = {name.decode(): unpack([(0, places)]).tolist() for name, places in builder.grams()}
    assert list(found) == sorted(found, key=str.encode)
    third = 3 << 18
    assert found == {"甲 乙": [0, 2, third], "乙 甲": [1], "乙 ": [3, third + 1], "乙  t": [0], "甲  h": [third]}


def test_many_small_additions_leave_few_segments(place: str) -> None:
    with empty_library(place):
        for number in range(40):
            settle_law(put(f"办法{number}", 0, [f"甲乙{number}", "丙"]))
        rows = IndexedRun.select(IndexedRun.segment).distinct().count()
        assert rows <= 6
        assert len(Index().candidates([Words(("丙",))], 100)) == 40


def test_a_segment_whose_articles_are_all_gone_is_cleared_away(place: str) -> None:
    with empty_library(place):
        settle_law(put("甲法", 0, ["甲乙丙"]))
        drop_edition(Edition.get())
        settle_law(put("乙法", 0, ["丁"]))
        held = {bytes(row.gram).decode() for row in IndexedPairs.select()}
        assert not [gram for gram in held if "丙" in gram]


def test_a_large_import_is_cut_into_segments(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MOST", 5)
    with empty_library(place):
        for number in range(4):
            put(f"办法{number}", 0, ["甲乙", "乙甲", "甲乙"])
        settle()
        assert [row.segment for row in IndexedRun.select().order_by(IndexedRun.segment)] == [1, 1, 2, 2]
        assert Index().candidates([Words(("甲", "乙"))], 100) == looked_through([Words(("甲", "乙"))])


def test_a_search_that_segments_are_taken_from_begins_anew(place: str) -> None:
    with empty_library(place):
        settle_law(put("甲法", 0, ["甲乙"]))
        index = Index()
        assert len(index.candidates([Words(("甲", "乙"))], 9)) == 1
        settle_law(put("乙法", 0, ["甲乙丙", "乙丙"]))
        assert len(index.candidates([Words(("乙", "丙"))], 9)) == 2


def test_a_law_that_is_replaced_is_found_before_everything_is_settled(place: str) -> None:
    with empty_library(place):
        settle_law(put("甲法", 0, ["甲乙"]))
        put("甲法", 0, ["甲丙"])
        assert len(Index().candidates([Words(("甲", "丙"))], 9)) == 1
        assert Index().candidates([Words(("甲", "乙"))], 9) == []


def test_places_stay_within_their_law(tmp_path: Path) -> None:
    with empty_library(f"sqlite:///{tmp_path / 'laws.db'}"):
        keys = [put(title, 0, ["甲", "甲"]) for title in ("甲法", "乙法")]
        settle()
        index = Index().among(Edition.law == keys[1])
        rows = Article.select(Article, Edition).join(Edition).where(
            Article.id.in_(index.candidates([Words(("甲",))], 9)))
        assert [row.edition.law_id for row in rows] == [keys[1]] * 2
