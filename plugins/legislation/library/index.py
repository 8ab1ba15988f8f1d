"""The full-text index: for each pair of neighbouring units the places where it stands; the same on both databases.

The places lie in the database, packed (``postings``), in segments that ``indexing`` writes. Nothing of them is kept
between two searches, so that every process sees what another one has just committed. The index does not rank: it gives
those articles that hold the words, best ``rank`` first, and ``search`` orders them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peewee import BlobField, CompositeKey, ForeignKeyField, IntegerField

from core.database import BaseModel, database, is_sqlite
from core.ledger.rows import mark, marks
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.postings import (
    NOTHING,
    PLACES,
    SLOTS,
    Column,
    Numbers,
    also_in,
    distinct,
    gram,
    unpack,
)

_TRIES = 5
"""Times that a search begins anew because somebody has just put the segments in another order."""

class IndexedPairs(BaseModel):
    """The places of one pair of units in one segment; each segment has one row with ``SIGN``."""

    segment = IntegerField()
    gram = BlobField()
    places = BlobField()

    class Meta:
        table_name = "plg_legislation_index_pairs"
        primary_key = CompositeKey("segment", "gram")


class IndexedRun(BaseModel):
    """Articles of an edition that have consecutive slots in a segment, and consecutive ids and places.

    Attributes:
        slot, article, place: of the first of them.
        articles: how many they are.
    """

    segment = IntegerField()
    slot = IntegerField()
    edition_id: int
    edition = ForeignKeyField(Edition, on_delete="CASCADE")
    article = IntegerField()
    place = IntegerField()
    articles = IntegerField()

    class Meta:
        table_name = "plg_legislation_index_run"
        primary_key = CompositeKey("segment", "slot")


SIGN = b""
"""In place of a gram: the segment is there."""

TABLES = (IndexedPairs, IndexedRun)


@dataclass(frozen=True, slots=True)
class Words:
    """Units that must stand one after the other; anywhere, or in one column alone."""

    run: tuple[str, ...]
    column: Column | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Where they may stand."""
        return (self.column,) if self.column else tuple(Column)


class Index:
    """The index as it stands now, for one search.

    Args:
        within: a peewee expression on ``Edition`` that hits must satisfy.
    """

    def __init__(self, within: Any = None) -> None:
        self.within = within
        self._editions = None if within is None else _editions(within)
        self._segments = _Segments()

    @property
    def empty(self) -> bool:
        """Nothing is indexed."""
        return self._segments.empty

    def among(self, within: Any) -> Index:
        """The same index, hits narrowed further."""
        narrowed = Index.__new__(Index)
        narrowed.within = within if self.within is None else self.within & within
        narrowed._editions = _editions(narrowed.within)
        narrowed._segments = self._segments
        return narrowed

    def candidates(self, wanted: Sequence[Words], limit: int) -> list[int]:
        """Ids of articles that hold all the words, best rank first."""
        for _ in range(_TRIES):
            try:
                return self._segments.articles(self._segments.holding_all(wanted), self._editions, limit)
            except _Moved:
                self._segments = _Segments()
        return []


class _Moved(Exception):
    """Segments that were there a moment ago are not there any more."""


class _Segments:
    """What is read for one search: the runs of all segments, and the places of the grams that it needs."""

    def __init__(self) -> None:
        query: Any = IndexedRun.select(
            IndexedRun.segment, IndexedRun.slot, IndexedRun.articles, IndexedRun.article, IndexedRun.place,
            IndexedRun.edition, Edition.rank).join(Edition).order_by(IndexedRun.segment, IndexedRun.slot)
        rows = database.execute(query).fetchall()
        table = np.array(rows, np.int64).reshape(-1, 7)
        segments, self._slots, self._sizes, self._ids, places, self._editions, ranks = table.T
        self._order = np.argsort(np.lexsort((places, self._editions, ranks)))
        self._numbers = {number: place for place, number in enumerate(np.unique(segments).tolist())}
        self._slots = self._slots + (np.searchsorted(np.unique(segments), segments) << SLOTS)
        self._packed: dict[bytes, list[tuple[int, bytes]]] = {}
        self._places: dict[bytes, Numbers] = {}
        self._holding: dict[Words, Numbers] = {}

    @property
    def empty(self) -> bool:
        """There are none."""
        return not len(self._slots)

    def holding_all(self, wanted: Sequence[Words]) -> Numbers:
        """Slots of the articles that hold all the words."""
        found = self._holding_one(wanted[0]) if wanted else NOTHING
        for words in wanted[1:]:
            if not len(found):
                break
            found = also_in(found, self._holding_one(words))
        return found

    def _holding_one(self, words: Words) -> Numbers:
        found = self._holding.get(words)
        if found is None:
            found = self._one_unit(words) if len(words.run) == 1 else self._phrase(words)
            self._holding[words] = found
        return found

    def articles(self, slots: Numbers, editions: Numbers | None, limit: int) -> list[int]:
        """Ids of the articles in these slots, best rank first; of these editions."""
        if not len(slots) or not len(self._slots):
            return []
        runs = np.searchsorted(self._slots, slots, "right") - 1
        steps = slots - self._slots[runs]
        known = (runs >= 0) & (steps < self._sizes[runs])
        if editions is not None:
            known &= np.isin(self._editions, editions)[runs]
        runs, steps = runs[known], steps[known]
        order = (self._order[runs] << SLOTS) + steps
        best = np.argpartition(order, limit)[:limit] if len(order) > limit else np.arange(len(order))
        best = best[np.argsort(order[best])]
        found: list[int] = (self._ids[runs[best]] + steps[best]).tolist()
        return found

    def _phrase(self, words: Words) -> Numbers:
        # Every second pair says as much as all of them.
        chosen = [*range(0, len(words.run) - 2, 2), len(words.run) - 2]
        grams = [[(first, gram(words.run[first], words.run[first + 1], column)) for first in chosen]
                 for column in words.columns]
        self._read(name for own in grams for _, name in own)
        return _slots_of([self._one_after_another(own) for own in grams])

    def _one_after_another(self, grams: Sequence[tuple[int, bytes]]) -> Numbers:
        """Places from which on each gram stands at its distance; the rarest first, the others where it is needed."""
        rare, *others = sorted(grams, key=lambda one: sum(len(places) for _, places in self._packed[one[1]]))
        found = self._unpacked(rare[1]) - rare[0]
        for distance, name in others:
            if not len(found):
                break
            found = also_in(found, self._unpacked(name), distance)
        return found

    def _one_unit(self, words: Words) -> Numbers:
        """A unit by itself begins one gram at each of its places, whatever comes after."""
        begins = f"{words.run[0]} ".encode(), f"{words.run[0]}!".encode()
        rows = self._rows("gram >= {0} AND gram < {0}", *begins, columns="segment, places" if not words.column else "")
        self._all_there(self._rows("gram = {0}", SIGN))
        if words.column:
            ending = words.column.value.encode()
            rows = [row for row in rows if b" ".join((b"", *row[1].split(b" ")[2:])) == ending]
        bases = {segment: self._base(segment) for segment in self._numbers}
        return _slots_of([unpack([(bases[row[0]], row[-1]) for row in rows])])

    def _read(self, grams: Iterable[bytes]) -> None:
        missing = [name for name in dict.fromkeys(grams) if name not in self._packed]
        self._packed |= {name: [] for name in missing}
        if not missing or not self._numbers:
            return
        rows = self._rows(f"gram IN ({', '.join(['{0}'] * (len(missing) + 1))})", SIGN, *missing)
        self._all_there(rows)
        for segment, name, places in rows:
            if name:
                self._packed[name].append((self._base(segment), places))

    def _unpacked(self, name: bytes) -> Numbers:
        found = self._places.get(name)
        if found is None:
            found = self._places[name] = unpack(sorted(self._packed[name]))
        return found

    def _rows(self, condition: str, *values: bytes, columns: str = "") -> list[Any]:
        """Segment, gram and places (or other columns) of the grams chosen; ``{0}`` stands for a value."""
        if not self._numbers:
            return []
        found = database.execute_sql(
            f"SELECT {columns or 'segment, gram, places'} FROM {IndexedPairs._meta.table_name} "
            f"WHERE segment IN ({marks(len(self._numbers))}) AND {condition.format(mark())}",
            (*self._numbers, *values)).fetchall()
        return list(found)

    def _all_there(self, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
        if sum(not name for _, name, _ in rows) != len(self._numbers):
            raise _Moved

    def _base(self, segment: int) -> int:
        return self._numbers[segment] << SLOTS + PLACES


def _editions(within: Any) -> Numbers:
    query: Any = Edition.select(Edition.id).where(within)
    return np.array([number for (number,) in database.execute(query).fetchall()], np.int64)


def _slots_of(places: Sequence[Numbers]) -> Numbers:
    """Slots of places, each once, ascending."""
    lists = [found for found in places if len(found)]
    if not lists:
        return NOTHING
    if len(lists) == 1 and _ascending(lists[0]):
        return distinct(lists[0] >> PLACES)
    slots = np.concatenate(lists) >> PLACES
    there: NDArray[np.bool_] = np.zeros(int(slots.max()) + 1, np.bool_)
    there[slots] = True
    return np.flatnonzero(there)


def _ascending(places: Numbers) -> bool:
    return bool((places[1:] >= places[:-1]).all())


def index_is_empty() -> bool:
    """Whether nothing is indexed."""
    return not IndexedRun.select().exists()


def index_is_lost() -> bool:
    """Whether there are texts and nothing is indexed."""
    return index_is_empty() and bool(Article.select().exists())


def tidy_index() -> None:
    """After a whole import on PostgreSQL: clear away what settling ranks and segments left behind.

    Each search would otherwise pass over two versions of every article until the server finds time. Needs a
    connection outside any transaction; inside one nothing is done.
    """
    if is_sqlite() or database.in_transaction():
        return
    connection: Any = database.connection()
    before, connection.autocommit = connection.autocommit, True
    try:
        for table in (Law, Edition, Article, *TABLES):
            connection.execute(f'VACUUM (ANALYZE) "{table._meta.table_name}"')
    finally:
        connection.autocommit = before
