"""What a later edition of a law made of a cited article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.citations.address import ArticleAddress
from core.citations.quotes import Change, changes, kept_share, plain, stands
from core.citations.statute import Article, Statute
from core.citations.words import address_words, change_words, joined, phrase
from core.text import Text

_SAME_ARTICLE = 0.4
"""Share of its words from which an article of the later edition counts as the cited one, moved or changed."""

_REWRITTEN = 0.5
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Renewal:
    """A later edition, seen from a citation of an earlier one.

    Attributes:
        edition: the latest edition in the corpus.
        in_force: its commencement; None is unknown.
        compared: whether the earlier text is in the corpus, so that the two could be compared.
        now: where the article stands in it; None where nothing like it is found.
        changes: what was replaced in the article; empty: unchanged.
        rewritten: the article's new words where so much changed that single changes say little.
        quote_stands: whether the quotation still stands somewhere in the later edition; None without a quotation.
    """

    edition: date | None
    in_force: date | None
    compared: bool
    now: ArticleAddress | None = None
    changes: tuple[Change, ...] = ()
    quote_stands: bool | None = None
    rewritten: str = ""

    def outcome(self, before: ArticleAddress) -> Text:
        """What happened to the article, in words."""
        parts = list(self._article(before))
        if self.quote_stands is not None:
            code = "citation-renewal-quote-stands" if self.quote_stands else "citation-renewal-quote-gone"
            parts.append(phrase(code))
        return joined(parts, "；", "; ")

    def _article(self, before: ArticleAddress) -> Iterator[Text]:
        if not self.compared:
            yield phrase("citation-renewal-uncompared")
        elif self.now is None:
            yield phrase("citation-renewal-gone")
        if self.now is None:
            return
        if (self.now.article, self.now.branch) != (before.article, before.branch):
            yield phrase("citation-renewal-moved", now=address_words(self.now))
        if self.rewritten:
            yield phrase("citation-renewal-rewritten", text=self.rewritten)
        elif self.compared:
            yield change_words(self.changes) if self.changes else phrase("citation-renewal-unchanged")


def renewal(address: ArticleAddress, quote: str | None, before: Statute | None, later: Statute) -> Renewal:
    """Compare the cited article of an edition with a later edition.

    Args:
        before: the cited edition; None where only its date is known.
        later: the latest edition.
    """
    quoting = next((article for article in later.articles if quote and stands(quote, article.text)), None)
    quoted = None if quote is None else quoting is not None
    cited = before.covering(address) if before is not None else ()
    kept = [article for article in (_counterpart(article, later) for article in cited) if article is not None]
    if quoting is not None and len(cited) == 1:
        kept = [quoting]
    if not kept:
        return Renewal(later.edition, later.in_force, before is not None, quoting.address if quoting else None,
                       quote_stands=quoted)
    old, new = ("\n".join(article.text for article in each) for each in (cited, kept))
    rewritten = kept_share(plain(old), plain(new)) < _REWRITTEN
    return Renewal(later.edition, later.in_force, True, kept[0].address, changes(old, new), quoted,
                   _shortened(new) if rewritten else "")


def _shortened(text: str) -> str:
    line = " ".join(text.split("\n"))
    return line if len(line) <= _MOST_SHOWN else line[:_MOST_SHOWN] + "……"


def _counterpart(article: Article, later: Statute) -> Article | None:
    """The article of a later edition that says the same or nearly: by its words, since numbers move."""
    words = plain(article.text)
    same_number = later.article(article.number, article.branch)
    candidates = [same_number] if same_number is not None else []
    candidates += [each for each in later.articles if each is not same_number]
    best, share = None, _SAME_ARTICLE
    for candidate in candidates:
        kept = kept_share(words, plain(candidate.text))
        if kept == 1.0:
            return candidate
        if kept > share:
            best, share = candidate, kept
    return best
