"""What messages about citations are made of, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.citations.address import ArticleAddress
from core.citations.quotes import Change
from core.errors import Problem
from core.text import Text

_MOST_CHANGES = 12


def phrase(code: str, **details: object) -> Text:
    """A phrase of ``messages/citations.yaml``."""
    problem = Problem(code, details=details)
    return Text(problem.message("zh"), {"en": problem.message("en")})


def joined(parts: Iterable[Text], zh: str, en: str) -> Text:
    """Several phrases as one, with each language's own mark between them."""
    known = tuple(parts)
    return Text(zh.join(part.zh for part in known), {"en": en.join(part.to("en") for part in known)})


def address_words(address: ArticleAddress) -> Text:
    """第15条第1款 / Art. 15(1)."""
    return Text(address.text("zh"), {"en": address.text("en")})


def edition_words(edition: date | None) -> Text:
    """2019-04-20 的版本 / edition of 2019-04-20."""
    if edition is None:
        return phrase("citation-edition-undated")
    return phrase("citation-edition-of", edition=edition.isoformat())


def in_force_words(day: date | None) -> Text:
    """Commencement; unknown where the text does not state it."""
    return phrase("citation-in-force-unknown") if day is None else phrase("citation-in-force", day=day.isoformat())


def change_words(changes: tuple[Change, ...]) -> Text:
    """“30日”改为“20日”，增“…”: what was replaced, added and deleted."""
    shown = [_change(change) for change in changes[:_MOST_CHANGES]]
    more = len(changes) - len(shown)
    return joined([*shown, phrase("citation-more-changes", count=more)] if more else shown, "，", ", ")


def _change(change: Change) -> Text:
    if not change.before:
        return phrase("citation-words-added", after=change.after)
    if not change.after:
        return phrase("citation-words-deleted", before=change.before)
    return phrase("citation-words-replaced", before=change.before, after=change.after)
