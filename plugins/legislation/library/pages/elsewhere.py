"""What the library contributes to the platform's own search."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from core.extension import Hit
from plugins.legislation.library.pages.finding import hits_of
from plugins.legislation.library.search import search
from plugins.legislation.library.standing import COUNTS
from plugins.legislation.library.vocabulary import STANDING_TITLES, Standing
from web.kit.access import today_of
from web.kit.language import say
from web.kit.render import instance


def find_articles(words: str, most: int) -> Sequence[Hit]:
    """Articles that fit the words, best first; none where only most of the words are found."""
    from plugins.legislation.register.renewing import renew

    renew(instance())
    found = search(words)
    if found.loosened:
        return ()
    return [Hit(url_for("laws.article", law=hit.edition.law_id, edition=hit.edition.slug, anchor=hit.article.anchor),
                f"{hit.law.title} {hit.article.label}{_warning(hit.standing)}", hit.text)
            for hit in hits_of(found.articles[:most], found.asked.words, today_of(instance()))]


def _warning(standing: Standing) -> str:
    """What must not be taken for valid law says so in its title."""
    if standing in COUNTS:
        return ""
    return f"（{say(STANDING_TITLES[standing])}）"


def search_address(words: str) -> str:
    """The library's own search."""
    return url_for("laws.home", q=words)
