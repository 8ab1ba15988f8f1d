"""Where an edition stands on a day, from what the texts state and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.database import database
from plugins.legislation.library.models import Edition, Ending, Law
from plugins.legislation.library.vocabulary import Standing

COUNTS = frozenset((Standing.IN_FORCE, Standing.UNKNOWN))
"""Standings in which a text may be relied upon."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An edition with its standing.

    Attributes:
        by: the edition that replaced it, or None.
        by_law: key of the law that repealed it, or empty.
        by_number: number of the document that took its place, or empty.
        ended: first day on which it did not count any more, where its maker ended it.
    """

    edition: Any
    standing: Standing
    by: Any = None
    by_law: str = ""
    by_number: str = ""
    ended: date | None = None

    @property
    def counts(self) -> bool:
        """Whether it may be relied upon that day."""
        return self.standing in COUNTS


def editions_of(law: str) -> list[Any]:
    """The editions of a law, the latest first."""
    rows = Edition.select(Edition, Law).join(Law).where(Edition.law == law)
    return sorted(rows, key=lambda row: row.passed or date.min, reverse=True)


def placed(editions: Sequence[Any], day: date) -> list[Placed]:
    """Each edition of one law on a day.

    Args:
        editions: all of them, the latest first.
    """
    return [_placed(edition, editions, day) for edition in editions]


def on_day(editions: Sequence[Any], day: date) -> Placed | None:
    """The edition that may be relied upon on a day; None where none is known to."""
    return next((one for one in placed(editions, day) if one.counts), None)


def _placed(edition: Any, editions: Sequence[Any], day: date) -> Placed:
    if _begins_after(edition, day):
        return Placed(edition, Standing.NOT_YET)
    law = edition.law
    later = [other for other in editions if (other.passed or date.min) > (edition.passed or date.min)
             and not _begins_after(other, day)]
    if later:
        return Placed(edition, Standing.REPLACED, by=later[-1])
    if law.repealed_by and (law.repealed_on is None or law.repealed_on <= day):
        return Placed(edition, Standing.REPEALED, by_law=law.repealed_by)
    if edition.until is not None and day > edition.until:
        return _ended(edition)
    return Placed(edition, Standing.IN_FORCE if edition.in_force is not None else Standing.UNKNOWN)


def _ended(edition: Any) -> Placed:
    """An edition whose last day is past: ended by its maker, or its own validity ran out."""
    ending = Ending.get_or_none((Ending.law == edition.law_id) & (Ending.slug == edition.slug))
    if ending is None:
        return Placed(edition, Standing.EXPIRED)
    standing = Standing.REPEALED if ending.kind == "repealed" else Standing.EXPIRED
    return Placed(edition, standing, by_number=ending.replaced_by, ended=ending.on)


def counting(day: date) -> list[int]:
    """Ids of the editions that may be relied upon on a day."""
    return [edition for edition, standing in standings(day).items() if standing in COUNTS]


def standings(day: date, laws: Iterable[str] | None = None) -> dict[int, Standing]:
    """Where every edition, or those of some laws, stand on a day, by their ids; read at once."""
    query: Any = Edition.select(Edition.id, Edition.law, Edition.slug, Edition.passed, Edition.in_force, Edition.until,
                                Law.repealed_by, Law.repealed_on).join(Law)
    if laws is not None:
        query = query.where(Edition.law.in_(list(laws)))
    by_law: dict[str, list[_Edition]] = defaultdict(list)
    for number, law, slug, passed, in_force, until, by, on in database.execute(query).fetchall():
        by_law[law].append(_Edition(number, law, slug, _day(passed), _day(in_force), _day(until), _Law(by, _day(on))))
    return {one.edition.id: one.standing for editions in by_law.values()
            for one in placed(sorted(editions, key=lambda row: row.passed or date.min, reverse=True), day)}


def _day(stored: date | str | None) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


@dataclass(slots=True)
class _Law:
    """As ``Law``, what tells a standing and no more: a thousand rows are read for one search."""

    repealed_by: str
    repealed_on: date | None


@dataclass(slots=True)
class _Edition:
    """As ``Edition``."""

    id: int
    law_id: str
    slug: str
    passed: date | None
    in_force: date | None
    until: date | None
    law: _Law


def _begins_after(edition: Any, day: date) -> bool:
    begins = edition.in_force or edition.passed
    return begins is not None and begins > day
