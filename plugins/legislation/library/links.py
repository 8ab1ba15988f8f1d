"""Where a citation leads: the page of the edition that it names, at its article."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context, url_for

from core.citations.address import parse_address
from core.citations.corpus import law_key
from core.citations.statute import PASSED_TO_PUBLISHED
from core.rulebook.model import Citation
from plugins.legislation.library.models import Edition
from plugins.legislation.library.reading import article_label
from plugins.legislation.library.standing import editions_of


def citation_url(citation: Citation) -> str | None:
    """The page of the cited article, or None where the library lacks the law or no page is being made.

    A citation of an edition that is not here leads to the law's page, which says so and lists those that are.
    """
    if not has_request_context():
        return None
    key = law_key(citation.law).replace("/", "-")
    editions = _known(key)
    if not editions:
        return None
    address = parse_address(citation.article)
    anchor = article_label(address.article, address.branch) if address else None
    if citation.edition is None:
        return url_for("laws.law", law=key, _anchor=anchor)
    found = next((edition for edition in editions if _is_of(edition, citation)), None)
    if found is None:
        return url_for("laws.law", law=key, cited=citation.edition.isoformat(), _anchor=anchor)
    return url_for("laws.text", law=key, edition=found.slug, _anchor=anchor)


def _known(key: str) -> list[Any]:
    """Editions of a law, asked for once for each page."""
    seen: dict[str, list[Any]] = g.setdefault("legislation_editions", {})
    if key not in seen:
        seen[key] = editions_of(key)
    return seen[key]


def _is_of(edition: Edition, citation: Citation) -> bool:
    """Whether a text is of the edition cited; the days of passing and of publication are both in use."""
    day: Any = citation.edition
    if edition.passed == day:
        return True
    passed: Any = edition.passed
    near = passed is not None and abs(passed - day) <= PASSED_TO_PUBLISHED
    return near and day.isoformat() in list(edition.history)
