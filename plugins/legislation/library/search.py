"""Search: the right article first, the same on both databases.

The index gives candidates; this module orders them. A place asked for by number comes before words; words that stand
together come before words that stand near each other; texts that count now come before those that were replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import SQL

from core.database import database
from plugins.legislation.library.asking import Asked, split_law, understand
from plugins.legislation.library.candidates import Candidate, Reading, Run, Way
from plugins.legislation.library.captions import Place, called
from plugins.legislation.library.catalogue import Catalogue, KnownLaw, open_catalogue
from plugins.legislation.library.index import Index, Words, index_is_lost
from plugins.legislation.library.indexing import restore_index
from plugins.legislation.library.loosening import by_coverage, in_terms, nearest, other_readings, without_units
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.postings import Column
from plugins.legislation.library.scoring import order

LIMIT = 200
"""Candidates that are ordered; they come best rank first, so that what is left out matters least."""

FURTHER = 120
"""Candidates of each further way to take the words."""

FEW = 40
"""Further candidates of one kind, for words that stand in more articles than that."""

MOST_COUNTED = 500
"""Hits are counted up to this number; whoever gets more is better served by another word."""

_COLUMNS = (Article.id, Article.units, Article.headings, Article.kind, Article.place, Article.rank, Edition.latest,
            Law.key, Law.title, Law.level, Law.amendment, Law.cited, Law.repealed_by, Article.number, Article.branch,
            Edition.slug)


@dataclass(frozen=True, slots=True)
class Results:
    """What was found.

    Attributes:
        articles: ids, best first.
        total: how many articles fit; ``articles`` holds the best of them.
        laws: laws whose name was asked for.
        asked: how the search was understood.
        loosened: nothing holds all the words as written; these hold most of them.
    """

    articles: tuple[int, ...]
    total: int
    laws: tuple[KnownLaw, ...]
    asked: Asked
    loosened: bool = False


def search(query: str, within: Any = None) -> Results:
    """Search the library.

    Args:
        query: as typed.
        within: a peewee expression on ``Edition`` that hits must satisfy.
    """
    index = Index(within)
    result = _search(query, index)
    if (index.empty or not result.articles) and index_is_lost():
        restore_index()
        return _search(query, Index(within))
    return result


def _search(query: str, index: Index) -> Results:
    catalogue = open_catalogue()
    asked = understand(query, catalogue)
    if asked.empty:
        return Results((), 0, (), asked)
    if asked.places:
        found = _at_places(asked, index.within)
        if found or not asked.words:
            return Results(tuple(found), len(found), asked.laws, asked)
    if not asked.words:
        return _whole_law(asked, index.within)
    if not asked.laws:
        result = standing_with(asked, index)
        if result.articles:
            return replace(result, laws=_laws(asked, catalogue))
        asked = split_law(query, catalogue) or asked
    if asked.laws:
        own = index.among(Edition.law.in_([law.key for law in asked.laws]))
        result = standing_with(asked, own)
        if not result.articles and asked.exact:
            result = _loosened(asked, own) or result
        if result.articles:
            return replace(result, laws=asked.laws)
        asked = understand(query, Catalogue(()))
        result = standing_with(asked, index)
        if result.articles:
            return replace(result, laws=_laws(asked, catalogue))
    loosened = _loosened(asked, index)
    return replace(loosened, laws=_laws(asked, catalogue)) if loosened else Results((), 0, (), asked)


def _at_places(asked: Asked, within: Any) -> list[int]:
    """The articles at the places asked for: of the latest edition first, law by law."""
    places = {(place.article, place.branch): index for index, place in reversed(list(enumerate(asked.places)))}
    laws = {law.key: index for index, law in enumerate(asked.laws)}
    query: Any = Article.select(Article.id, Article.number, Article.branch, Edition.law, Edition.latest, Edition.passed,
                                Edition.slug).join(Edition)
    query = query.where(Edition.law.in_(list(laws)) & Article.number.in_([number for number, _ in places]))
    rows = (query if within is None else query.where(within)).tuples()
    found = [((laws[law], asked.year > 0 and not slug.startswith(str(asked.year)), not latest,
               -(passed.toordinal() if passed else 0), places[number, branch]), article)
             for article, number, branch, law, latest, passed, slug in rows if (number, branch) in places]
    return [article for _, article in sorted(found)]


def _whole_law(asked: Asked, within: Any) -> Results:
    """The articles of the law that is named, from the first on."""
    order_by = (Edition.latest.desc(), Edition.passed.desc(), Article.place)
    found: list[int] = []
    for law in asked.laws if asked.exact else asked.laws[:1]:
        query: Any = Article.select(Article.id, Edition.slug).join(Edition).where(Edition.law == law.key)
        rows = list((query if within is None else query.where(within)).order_by(*order_by).tuples())
        rows.sort(key=lambda row: asked.year > 0 and not row[1].startswith(str(asked.year)))
        found += [article for article, _ in rows]
    return Results(tuple(found[:LIMIT]), len(found), asked.laws, asked)


def standing_with(asked: Asked, index: Index | None = None) -> Results:
    """Articles that hold all the words: together, or apart; as they are written, or as statutes say them."""
    gathered, total = _gather(asked.words, index or Index())
    ids, best, ways = order(gathered)
    words = tuple(dict.fromkeys((*asked.words, *best.words)))
    return Results(ids, max(total, len(ids)), (), replace(asked, words=words), ways == {Way.TERMS})


def _gather(words: tuple[Run, ...], index: Index) -> tuple[list[tuple[Reading, list[Candidate]]], int]:
    """Candidates for each way to take the words; and how many articles hold them as they are written."""
    found = index.candidates([Words(run) for run in words], MOST_COUNTED)
    ids = found[:LIMIT]
    if len(found) > LIMIT:
        ids += _standing_out(words, index)
    gathered = [(Reading(words), ids)]
    for reading in other_readings(words, len(found)):
        gathered.append((reading, index.candidates([Words(run) for run in reading.words], FURTHER)))
    named = _called([called(reading.words) for reading, _ in gathered], index.within)
    both = [(reading, dict.fromkeys((*ids, *more))) for (reading, ids), more in zip(gathered, named, strict=True)]
    known = {each.id: each for each in _fetch(article for _, ids in both for article in ids)}
    return [(reading, [known[one] for one in ids if one in known]) for reading, ids in both], len(found)


def _standing_out(words: Sequence[Run], index: Index) -> list[int]:
    """Of words that stand in very many articles: where they stand together, in a title or in a heading."""
    together = Words(tuple(unit for run in words for unit in run))
    out = index.candidates([together], FEW) if len(words) > 1 else []
    for run in words:
        others = [Words(other) for other in words if other != run]
        for column in (Column.TITLE, Column.HEADING) if len(run) > 1 else ():
            out += index.candidates([Words(run, column), *others], FEW)
    return out


def _called(places: Sequence[Sequence[Place]], within: Any) -> list[list[int]]:
    """The articles at the places, list by list."""
    wanted = {place for some in places for place in some}
    if not wanted:
        return [[] for _ in places]
    query: Any = Article.select(Article.id, Edition.law, Edition.slug, Article.number, Article.branch).join(Edition)
    query = query.where(Edition.law.in_(sorted({law for law, *_ in wanted})) & Edition.latest
                        & Article.number.in_(sorted({number for _, _, number, _ in wanted})))
    # Laws and numbers cross, and give thousands of rows where places are few: as the driver gives them.
    rows = database.execute(query if within is None else query.where(within)).fetchall()
    found = {(law, slug[:4], number, branch): article for article, law, slug, number, branch in rows}
    return [[found[place] for place in some if place in found] for some in places]


def _fetch(ids: Iterable[int]) -> list[Candidate]:
    # Some hundred rows for each search: numbers as they are, and rows as the driver gives them.
    wanted = SQL(f"({', '.join(map(str, dict.fromkeys(ids))) or 'NULL'})")
    query: Any = Article.select(*_COLUMNS).join(Edition).join(Law).where(Article.id.in_(wanted))
    headings: Any = Article.headings
    rows: Any = [(*row[:2], headings.python_value(row[2]), *row[3:]) for row in database.execute(query).fetchall()]
    return [Candidate(*row) for row in rows]


def _laws(asked: Asked, catalogue: Catalogue) -> tuple[KnownLaw, ...]:
    return tuple(catalogue.titled(["".join(run) for run in asked.words])[:5])


def _loosened(asked: Asked, index: Index) -> Results | None:
    """Nothing holds the words as written: without units of periods, then most of the words."""
    words = without_units(asked.words)
    if words != asked.words:
        result = standing_with(replace(asked, words=words), index)
        if result.articles:
            return replace(result, loosened=True)
    words = next(iter(in_terms(asked.words)), asked.words)
    ids, known = by_coverage(_fetch(nearest(words, index)), words)
    return Results(ids[:LIMIT], len(ids), (), replace(asked, words=known), True) if ids else None
