"""The full-text index: character bigrams in FTS5 on SQLite, in a tsvector on PostgreSQL; the same hits on both.

Neither database ranks: they return those articles that hold the words, best ``rank`` first, and ``search`` orders them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from peewee import SQL, IntegerField, TextField

from core.database import BaseModel, database, is_sqlite
from plugins.legislation.library.models import Article, Edition
from plugins.legislation.library.units import bigrams, units

TABLE = "plg_legislation_index"
ORDER = f"{TABLE}_order"
"""On SQLite the ranks in a table of their own: read from the articles, whole texts would be passed over for each."""

_GAP = 8
"""Positions left free between title, headings and text, so that no phrase runs from one into the other."""


class Column(Enum):
    """What of an article is searched; the value begins its tokens on PostgreSQL, where all are in one vector."""

    TITLE = "t."
    HEADING = "h."
    BODY = ""


class ArticleIndex(BaseModel):
    """One row an article. On SQLite a virtual table without content, looked up by row id alone."""

    article = IntegerField(primary_key=True)
    tokens = TextField()

    class Meta:
        table_name = TABLE

    @classmethod
    def create_table(cls, safe: bool = True, **options: Any) -> None:
        """Make the index that the connected database has."""
        del safe, options
        if is_sqlite():
            database.execute_sql(f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(title, heading, body, "
                                 "content='', prefix='1', tokenize='unicode61 remove_diacritics 0')")
            database.execute_sql(f"CREATE TABLE IF NOT EXISTS {ORDER} (article INTEGER PRIMARY KEY, "
                                 "rank INTEGER NOT NULL, place INTEGER NOT NULL)")
            return
        database.execute_sql(f"CREATE TABLE IF NOT EXISTS {TABLE} (article INTEGER PRIMARY KEY, "
                             "rank INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL DEFAULT 0, "
                             "tokens tsvector NOT NULL)")
        # Words that stand in every second article are found by walking this; the others through the vectors.
        database.execute_sql(f"CREATE INDEX IF NOT EXISTS {TABLE}_order ON {TABLE} (rank, place)")
        database.execute_sql(f"CREATE INDEX IF NOT EXISTS {TABLE}_tokens ON {TABLE} USING gin (tokens)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of an article: units of its law's title, of its headings, of its text."""

    article: int
    title: Sequence[str]
    heading: Sequence[str]
    body: Sequence[str]


def add_entries(entries: Iterable[Entry]) -> None:
    """Index articles."""
    rows: list[tuple[object, ...]]
    if is_sqlite():
        rows = [(entry.article, *_texts(entry)) for entry in entries]
        statement = f"INSERT INTO {TABLE}(rowid, title, heading, body) VALUES (?, ?, ?, ?)"
    else:
        rows = [(entry.article, _vector(entry)) for entry in entries]
        statement = f"INSERT INTO {TABLE}(article, tokens) VALUES (%s, %s::tsvector)"
    database.cursor().executemany(statement, rows)


def remove_entries(entries: Iterable[Entry]) -> None:
    """Take articles out of the index; on SQLite they must be given as they were indexed."""
    cursor = database.cursor()
    if is_sqlite():
        cursor.executemany(f"INSERT INTO {TABLE}({TABLE}, rowid, title, heading, body) VALUES ('delete', ?, ?, ?, ?)",
                           [(entry.article, *_texts(entry)) for entry in entries])
        cursor.executemany(f"DELETE FROM {ORDER} WHERE article = ?", [(entry.article,) for entry in entries])
    else:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE article = %s", [(entry.article,) for entry in entries])


def entries_of(edition: Any, title: str) -> Iterator[Entry]:
    """The entries of an edition that is in the tables."""
    of_title = units(title)
    rows: Any = Article.select(Article.id, Article.headings, Article.units).where(Article.edition == edition).tuples()
    for article, headings, body in rows:
        yield Entry(article, of_title, units(" ".join(headings)), body.split(" ") if body else [])


def _texts(entry: Entry) -> tuple[str, str, str]:
    return (" ".join(bigrams(entry.title)), " ".join(bigrams(entry.heading)), " ".join(bigrams(entry.body)))


def _vector(entry: Entry) -> str:
    out: list[str] = []
    place = 0
    for column, run in ((Column.TITLE, entry.title), (Column.HEADING, entry.heading), (Column.BODY, entry.body)):
        tokens = list(bigrams(run))
        out += [f"'{column.value}{token}':{first}" for first, token in enumerate(tokens, start=place + 1)]
        place += len(tokens) + _GAP
    return " ".join(out)


@dataclass(frozen=True, slots=True)
class Words:
    """Units that must stand one after the other; anywhere, or in one column alone."""

    run: tuple[str, ...]
    column: Column | None = None


def candidates(wanted: Sequence[Words], limit: int, within: Any = None) -> list[int]:
    """Ids of articles that hold all the words, best rank first.

    Args:
        within: a peewee expression on ``Article`` and ``Edition`` that they must satisfy.
    """
    if within is not None:
        query = _matching(wanted, within).order_by(Article.rank, Article.place).limit(limit)
        return [article for (article,) in query.tuples()]
    if is_sqlite():
        statement = (f"SELECT o.article FROM {TABLE} JOIN {ORDER} o ON o.article = {TABLE}.rowid "
                     f"WHERE {TABLE} MATCH ? ORDER BY o.rank, o.place LIMIT ?")
        found = database.execute_sql(statement, (_fts5(wanted), limit))
    else:
        found = database.execute_sql(f"SELECT article FROM {TABLE} WHERE tokens @@ %s::tsquery "
                                     "ORDER BY rank, place LIMIT %s", (_tsquery(wanted), limit))
    return [article for (article,) in found.fetchall()]


def renew_order(law: str = "") -> None:
    """Make the index order hits as the articles are ranked now: all of them, or those of one law."""
    if is_sqlite():
        own = "WHERE a.edition_id IN (SELECT id FROM plg_legislation_edition WHERE law_id = ?)" if law else ""
        database.execute_sql(f"INSERT OR REPLACE INTO {ORDER} SELECT a.id, a.rank, a.place "
                             f"FROM plg_legislation_article a {own}", (law,) if law else ())
        return
    own = "AND edition.law_id = %s " if law else ""
    database.execute_sql(f"UPDATE {TABLE} SET rank = article.rank, place = article.place FROM "
                         "plg_legislation_article article JOIN plg_legislation_edition edition "
                         f"ON edition.id = article.edition_id {own}WHERE article.id = {TABLE}.article AND "
                         f"(article.rank <> {TABLE}.rank OR article.place <> {TABLE}.place)", (law,) if law else ())
    if not law:
        # What an import left for later would be looked through by each search until the server finds time for it.
        database.execute_sql(f"SELECT gin_clean_pending_list('{TABLE}_tokens'::regclass)")
        database.execute_sql(f"ANALYZE {TABLE}")


def tidy_index() -> None:
    """After a whole import on PostgreSQL: clear away what the ordering of all articles left behind.

    Each search would otherwise look through two versions of every article until the server finds time. Needs a
    connection outside any transaction; inside one nothing is done.
    """
    if is_sqlite() or database.in_transaction():
        return
    connection: Any = database.connection()
    before, connection.autocommit = connection.autocommit, True
    try:
        connection.execute(f"VACUUM (ANALYZE) {TABLE}")
    finally:
        connection.autocommit = before


def empty_index() -> None:
    """Take everything out of the index."""
    all_of_it = f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')" if is_sqlite() else f"DELETE FROM {TABLE}"
    database.execute_sql(all_of_it)
    if is_sqlite():
        database.execute_sql(f"DELETE FROM {ORDER}")


def index_is_empty() -> bool:
    """Whether nothing is indexed."""
    key = "rowid" if is_sqlite() else "article"
    tables = ((TABLE, key), (ORDER, "article")) if is_sqlite() else ((TABLE, key),)
    return any(database.execute_sql(f"SELECT {name} FROM {table} LIMIT 1").fetchone() is None for table, name in tables)


def _condition(wanted: Sequence[Words]) -> tuple[str, str]:
    return (f"{TABLE} MATCH ?", _fts5(wanted)) if is_sqlite() else ("tokens @@ %s::tsquery", _tsquery(wanted))


def _matching(wanted: Sequence[Words], within: Any) -> Any:
    condition, value = _condition(wanted)
    key = "rowid" if is_sqlite() else "article"
    query: Any = Article.select(Article.id).where(
        SQL(f'"t1"."id" IN (SELECT {key} FROM {TABLE} WHERE {condition})', (value,)))
    if within is not None:
        query = query.join(Edition).where(within)
    return query


def _fts5(wanted: Sequence[Words]) -> str:
    return " AND ".join(f"{words.column.name.lower() + ' : ' if words.column else ''}{_phrase(words)}"
                        for words in wanted)


def _phrase(words: Words) -> str:
    if len(words.run) == 1:
        return f'"{words.run[0]}"*'
    return '"' + " ".join(_pairs(words.run)) + '"'


def _tsquery(wanted: Sequence[Words]) -> str:
    return " & ".join("(" + " | ".join(_sequence(words.run, column.value) for column in _columns(words)) + ")"
                      for words in wanted)


def _columns(words: Words) -> tuple[Column, ...]:
    return (words.column,) if words.column else tuple(Column)


def _sequence(run: Sequence[str], mark: str) -> str:
    if len(run) == 1:
        return f"'{mark}{run[0]}':*"
    # Every second pair says as much as all of them, and PostgreSQL compares the places of half as many.
    pairs = _pairs(run)
    chosen = [*range(0, len(pairs) - 1, 2), len(pairs) - 1]
    steps = "".join(f" <{there - here}> '{mark}{pairs[there]}'" for here, there in itertools.pairwise(chosen))
    return f"('{mark}{pairs[chosen[0]]}'{steps})"


def _pairs(run: Sequence[str]) -> list[str]:
    return [first + second for first, second in itertools.pairwise(run)]
