"""What the reader asked for, and hits and lists shaped for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from markupsafe import Markup
from peewee import SQL, fn

from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.snippets import snippet
from plugins.legislation.library.standing import counting, standings
from plugins.legislation.library.vocabulary import LawLevel, Standing
from web.kit.paging import Page, paginate

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The search form as it was sent.

    Attributes:
        current: only texts that count on the day.
        day: the day that is asked about; today unless another one is.
        dated: whether another one is.
    """

    words: str
    level: str
    year: str
    current: bool
    day: date
    dated: bool = False

    @property
    def filtered(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.level or self.year or self.current)

    @property
    def within(self) -> Any:
        """The filters as a condition on ``Article`` and ``Edition``; None without any."""
        conditions: list[Any] = []
        if self.level:
            conditions.append(Edition.law.in_(Law.select(Law.key).where(Law.level == self.level)))
        if self.year:
            conditions.append(Edition.passed.between(date(int(self.year), 1, 1), date(int(self.year), 12, 31)))
        if self.current:
            counted = ", ".join(map(str, counting(self.day)))  # a thousand parameters would take longer than the search
            conditions.append(Edition.id.in_(SQL(f"({counted or 'NULL'})")))
        found = None
        for condition in conditions:
            found = condition if found is None else found & condition
        return found


def asked_of_request(today: date) -> Asked:
    """Read the form; values that it does not offer count as none. A day asks for what counted on it."""
    on = day_of(request.args.get("on"))
    level, year = request.args.get("level", ""), request.args.get("year", "")
    return Asked(request.args.get("q", "").strip()[:200], level if level in set(LawLevel) else "",
                 year if year.isascii() and year.isdigit() and len(year) == 4 and year > "1900" else "",
                 request.args.get("current") == "1" or on is not None, on or today, on is not None)


def day_of(written: str | None) -> date | None:
    """A day as a form sends it; None where it is none."""
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    article: Any
    edition: Any
    law: Any
    standing: Standing
    text: Markup


def hits_of(ids: Sequence[int], words: Sequence[tuple[str, ...]], today: date) -> list[Hit]:
    """Hits with their words marked, in the order of ``ids``."""
    rows = {row.id: row for row in Article.select(Article, Edition, Law).join(Edition).join(Law).where(
        Article.id.in_(list(ids)))}
    known = standings(today, {row.edition.law_id for row in rows.values()})
    return [Hit(row, row.edition, row.edition.law, known[row.edition_id], snippet(row.text, words))
            for row in (rows[article] for article in ids if article in rows)]


def counts() -> list[tuple[str, int]]:
    """How many laws of each level the library holds."""
    rows: Any = Law.select(Law.level, fn.COUNT(Law.key)).group_by(Law.level).tuples()
    found = dict(rows)
    return [(level.value, found[level.value]) for level in LawLevel if level.value in found]


def years() -> list[tuple[str, str]]:
    """Years in which texts of the library were passed, the latest first."""
    rows: Any = Edition.select(Edition.passed).where(Edition.passed.is_null(False)).distinct().tuples()
    found = sorted({day.year for (day,) in rows}, reverse=True)
    return [(str(year), str(year)) for year in found]


def law_list(asked: Asked, today: date) -> Page[Any]:
    """Laws that the filters let through, each with its latest edition that fits them."""
    query: Any = Edition.select(Edition, Law).join(Law)
    within = asked.within
    query = query.where(within) if within is not None else query
    if not asked.year:
        query = query.where(Edition.latest)

    def shape(row: Any) -> tuple[Any, Standing]:
        return row, standings(today, [row.law_id])[row.id]

    return paginate(query.order_by(Law.amendment, Law.level != LawLevel.CONSTITUTION.value, Edition.passed.desc(),
                                   Law.key), SHOWN, shape)
