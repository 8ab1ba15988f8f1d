"""A citation on a page: its words, as a link to the article where a plugin has it."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from core.citations.numerals import NUMERAL
from core.rulebook.model import Citation
from web.kit.language import language
from web.kit.render import instance

log = logging.getLogger(__name__)

_WRITTEN = re.compile(
    rf"《(?P<law>[^《》]{{2,60}})》(?P<article>第(?:{NUMERAL}|\d+)条(?:之{NUMERAL})?(?:第(?:{NUMERAL}|\d+)款)?"
    rf"(?:第[（(]?(?:{NUMERAL}|\d+)[)）]?项)?)")


def citation(value: Citation) -> Markup:
    """《行政处罚法》第58条 in the reader's language; a link where the article can be read here."""
    words = escape(value.to(language()))
    url = article_url(value)
    return Markup('<a class="citation" href="{}">{}</a>').format(url, words) if url else words


def cited(value: Any) -> Markup:
    """What somebody wrote; articles that it names (《行政处罚法》第五十八条) are links where they can be read here."""
    written, out, done = str(value), Markup(""), 0
    for match in _WRITTEN.finditer(written):
        url = article_url(Citation(match["law"], match["article"]))
        if url:
            out += escape(written[done : match.start()])
            out += Markup('<a class="citation" href="{}">{}</a>').format(url, match[0])
            done = match.end()
    return out + escape(written[done:])


def citation_words(value: dict[str, Any]) -> Markup:
    """A citation of a stored receipt, likewise."""
    edition = value.get("edition")
    return citation(Citation(value["law"], value["article"], date.fromisoformat(edition) if edition else None))


def article_url(value: Citation) -> str | None:
    """Where the cited article can be read; None where no plugin has it."""
    try:
        found: str | None = instance().plugins.manager.hook.resolve_citation(citation=value)
    except Exception:  # a page is worth more than its links
        log.exception("citation %s", value)
        return None
    return found
