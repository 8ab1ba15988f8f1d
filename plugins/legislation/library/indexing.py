"""Writes the index: new editions become a segment of their own, into which small older segments are taken up.

A segment is never changed: an article that goes leaves its places behind, which no run leads to any more.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import JOIN, fn

from core.database import BaseModel, database, is_sqlite
from core.ledger.rows import marks
from plugins.legislation.library.index import SIGN, TABLES, IndexedPairs, IndexedRun, index_is_lost
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.postings import SLOTS, Builder, Column
from plugins.legislation.library.units import units

MOST = 10_000
"""Articles of one segment, at which a new one is begun: what is built stays below 100 MB."""

TAKEN_UP = 1_000
"""Articles that are indexed once more when a document is added: some tenths of a second."""

_POSTGRESQL_LOCK = 727002


def lock_library() -> None:
    """Let one transaction at a time change the library; SQLite has but one anyway."""
    if not is_sqlite():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_POSTGRESQL_LOCK,))


def index_new(most: int = MOST) -> None:
    """Index the editions that are not in the index, and with them small segments of at most ``most`` articles."""
    with database.atomic():
        lock_library()
        _clear(_without_runs())
        known: Any = Edition.select(Edition.id, Edition.articles).join(IndexedRun, JOIN.LEFT_OUTER).where(
            IndexedRun.segment.is_null() & (Edition.articles > 0)).tuples()
        new = dict(known)
        if not new:
            return
        following = (IndexedRun.select(fn.MAX(IndexedRun.segment)).scalar() or 0) + 1
        small = _small(sum(new.values()), most)
        again: Any = IndexedRun.select(IndexedRun.edition).where(IndexedRun.segment.in_(small)).tuples()
        editions = sorted({*new, *(edition for (edition,) in again)})
        _clear(small)
        _write(editions, following)


def leave_index(edition: Any) -> None:
    """Take an edition out of the index."""
    IndexedRun.delete().where(IndexedRun.edition == edition).execute()


def rebuild_index() -> None:
    """Index everything anew."""
    with database.atomic():
        lock_library()
        empty_index()
        index_new()


def restore_index() -> None:
    """Index everything where nothing is: a backup brings the texts back, not the index."""
    with database.atomic():
        lock_library()
        if index_is_lost():
            rebuild_index()


def empty_index() -> None:
    """Take everything out of the index."""
    for table in TABLES:
        table.delete().execute()


def _small(size: int, most: int) -> list[int]:
    """Segments that are taken up: those no larger than what comes with them, the smallest first."""
    query: Any = IndexedRun.select(IndexedRun.segment, fn.SUM(IndexedRun.articles)).group_by(
        IndexedRun.segment).tuples()
    taken = []
    for articles, segment in sorted((int(articles), segment) for segment, articles in query):
        if articles > size or articles + size > most:
            break
        taken.append(segment)
        size += articles
    return taken


def _without_runs() -> list[int]:
    there = IndexedRun.select(IndexedRun.segment).where(IndexedRun.segment == IndexedPairs.segment)
    query: Any = IndexedPairs.select(IndexedPairs.segment).where(
        (IndexedPairs.gram == SIGN) & ~fn.EXISTS(there)).tuples()
    return [segment for (segment,) in query]


def _clear(segments: Sequence[int]) -> None:
    for table in TABLES if segments else ():
        table.delete().where(table.segment.in_(list(segments))).execute()


def _write(editions: Sequence[int], first: int) -> None:
    for number, segment in enumerate(_segments(editions), start=first):
        _insert(IndexedRun, ("segment", "slot", "edition_id", "article", "place", "articles"),
                ((number, *run) for run in segment.runs))
        _insert(IndexedPairs, ("segment", "gram", "places"),
                ((number, *pair) for pair in itertools.chain([(SIGN, b"")], segment.builder.grams())))


@dataclass(slots=True)
class _Segment:
    builder: Builder = field(default_factory=Builder)
    runs: list[list[int]] = field(default_factory=list)
    slots: int = 0


def _segments(editions: Sequence[int]) -> Iterator[_Segment]:
    segment = _Segment()
    for edition in editions:
        _add(segment, Edition.select(Edition, Law).join(Law).where(Edition.id == edition).get())
        if segment.slots >= MOST:
            yield segment
            segment = _Segment()
    if segment.slots:
        yield segment


def _add(segment: _Segment, edition: Any) -> None:
    title = units(edition.law.title)
    rows: Any = Article.select(Article.id, Article.place, Article.headings, Article.units).where(
        Article.edition == edition).order_by(Article.place).tuples()
    next_one: tuple[int, int] | None = None
    for article, place, headings, body in rows:
        if segment.slots >> SLOTS:
            return
        segment.builder.add(segment.slots, {Column.TITLE: title, Column.HEADING: units(" ".join(headings)),
                                            Column.BODY: body.split(" ") if body else []})
        if (article, place) != next_one:
            segment.runs.append([segment.slots, edition.id, article, place, 0])
        segment.runs[-1][-1] += 1
        segment.slots += 1
        next_one = article + 1, place + 1


def _insert(model: type[BaseModel], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table, names = model._meta.table_name, ", ".join(columns)
    if is_sqlite():
        database.cursor().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks(len(columns))})', rows)
        return
    copy: Any = database.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN')
    with copy as written:
        for row in rows:
            written.write_row(row)
