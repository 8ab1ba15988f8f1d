"""Search: the right article first, the same on both databases.

The index gives candidates; this module orders them. A place asked for by number comes before words; words that stand
together come before words that stand near each other; texts that count now come before those that were replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugins.legislation.library.asking import Asked, understand
from plugins.legislation.library.catalogue import Catalogue, KnownLaw, open_catalogue
from plugins.legislation.library.index import Column, Words, candidates, count
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.scoring import Candidate, Found, order
from plugins.legislation.library.store import index_is_lost, rebuild_index

LIMIT = 240
"""Candidates of one kind that are ordered; they come best rank first, so that what is left out matters least."""

MOST_COUNTED = 1000
"""Hits are counted up to this number; whoever gets more is better served by another word."""

_USUAL = 8
"""Articles that must hold a piece of a search for it to count as an expression."""

_PERIODS = frozenset(("日", "天", "个工作日", "工作日", "个月", "月", "年", "小时"))

_COLUMNS = (Article.id, Article.units, Article.headings, Article.kind, Article.place, Article.rank, Edition.latest,
            Law.key, Law.title, Law.level, Law.amendment, Law.cited, Law.repealed_by)


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
        within: a peewee expression on ``Article`` and ``Edition`` that hits must satisfy.
    """
    result = _search(query, within)
    if not result.articles and index_is_lost():
        rebuild_index()
        return _search(query, within)
    return result


def _search(query: str, within: Any) -> Results:
    catalogue = open_catalogue()
    asked = understand(query, catalogue)
    if asked.empty:
        return Results((), 0, (), asked)
    if asked.places:
        found = _at_places(asked, within)
        if found or not asked.words:
            return Results(tuple(found), len(found), asked.laws, asked)
    if not asked.words:
        return _whole_law(asked, within)
    if asked.laws:
        result = _by_words(asked, _also(within, Edition.law.in_([law.key for law in asked.laws])))
        if result.articles:
            return replace(result, laws=asked.laws)
        asked = understand(query, Catalogue(()))
    result = _by_words(asked, within)
    return replace(result, laws=_laws(asked, catalogue)) if result.articles else _loosened(asked, within, catalogue)


def _also(one: Any, other: Any) -> Any:
    return other if one is None else one & other


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


def _by_words(asked: Asked, within: Any) -> Results:
    """Articles that hold all the words: together, or apart."""
    together = tuple(unit for run in asked.words for unit in run)
    ids = _gather([Words(together)], together, within)
    total = 0
    if len(asked.words) > 1:
        apart = [Words(run) for run in asked.words]
        ids += candidates(apart, LIMIT, within)
        for run in asked.words:
            others = [Words(other) for other in asked.words if other != run]
            ids += candidates([Words(run, Column.TITLE), *others], LIMIT, within)
            ids += candidates([Words(run, Column.HEADING), *others], LIMIT, within)
        total = count(apart, MOST_COUNTED, within) if ids else 0
    elif ids:
        total = count([Words(together)], MOST_COUNTED, within)
    return Results(order(_fetch(ids), asked.words), total, (), asked)


def _gather(words: Sequence[Words], run: tuple[str, ...], within: Any) -> list[int]:
    found = candidates(words, LIMIT, within)
    if len(found) == LIMIT:
        found += candidates([Words(run, Column.TITLE)], LIMIT, within)
        found += candidates([Words(run, Column.HEADING)], LIMIT, within)
    return found


def _fetch(ids: Iterable[int]) -> list[Candidate]:
    wanted = list(dict.fromkeys(ids))
    rows: Any = Article.select(*_COLUMNS).join(Edition).join(Law).where(Article.id.in_(wanted)).tuples()
    return [Candidate(*row) for row in rows]


def _laws(asked: Asked, catalogue: Catalogue) -> tuple[KnownLaw, ...]:
    return tuple(catalogue.titled(["".join(run) for run in asked.words])[:5])


def _loosened(asked: Asked, within: Any, catalogue: Catalogue) -> Results:
    """Nothing holds the words as written: they are cut into usual pieces, and the shortest left out."""
    unsure = tuple(_without_unit(run) for run in asked.words)
    if len(unsure) > 1 and unsure != asked.words:
        result = _by_words(replace(asked, words=unsure), within)
        if result.articles:
            return replace(result, asked=replace(asked, words=unsure), loosened=True)
    parts = Found(_known_pieces(asked.words, _USUAL) or _known_pieces(asked.words, 1))
    while parts.words:
        loose = replace(asked, words=parts.words)
        result = _by_words(loose, within)
        if result.articles:
            return replace(result, asked=loose, laws=_laws(loose, catalogue), loosened=True)
        parts = parts.without_shortest()
    return Results((), 0, (), asked)


def _without_unit(run: tuple[str, ...]) -> tuple[str, ...]:
    """七个工作日 as 七: people remember the number of a period better than its unit."""
    return run[:1] if run[0].isdigit() and "".join(run[1:]) in _PERIODS else run


def _known_pieces(words: Sequence[tuple[str, ...]], times: int) -> tuple[tuple[str, ...], ...]:
    """Pieces of two units or more; single signs stand in every second article and say nothing."""
    pieces = (piece for run in words for piece in _pieces(run, times))
    return tuple(dict.fromkeys(piece for piece in pieces if len(piece) > 1))


def _pieces(run: tuple[str, ...], times: int) -> list[tuple[str, ...]]:
    """A run cut into the longest pieces that are usual in the library, from the left."""
    out: list[tuple[str, ...]] = []
    rest = run
    while rest:
        low, high = 1, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            if count([Words(rest[:middle])], times) == times:
                low = middle
            else:
                high = middle - 1
        out.append(rest[:low])
        rest = rest[low:]
    return out
