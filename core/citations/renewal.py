"""What a later edition of a law made of a cited article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.citations.address import ArticleAddress
from core.citations.quotes import Change, changes, likeness, plain, stands
from core.citations.statute import Article, Statute
from core.text import Text

_SAME_ARTICLE = 0.5
"""Likeness from which an article of the later edition counts as the cited one, renumbered or changed."""
_MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Renewal:
    """A later edition, seen from a citation of an earlier one.

    Attributes:
        edition: the latest edition in the corpus.
        in_force: its commencement; None is unknown.
        compared: whether the earlier text is in the corpus, so that the two could be compared.
        now: where the article stands in it; None where nothing like it is found.
        changes: what was replaced in the article; empty: unchanged.
        quote_stands: whether the quotation still stands somewhere in the later edition; None without a quotation.
    """

    edition: date | None
    in_force: date | None
    compared: bool
    now: ArticleAddress | None = None
    changes: tuple[Change, ...] = ()
    quote_stands: bool | None = None

    def outcome(self, before: ArticleAddress) -> Text:
        """What happened to the article, in words."""
        return Text(self._outcome("zh", before), {"en": self._outcome("en", before)})

    def _outcome(self, language: str, before: ArticleAddress) -> str:
        words = _WORDS[language]
        parts = []
        if not self.compared:
            parts.append(words["uncompared"])
        elif self.now is None:
            parts.append(words["gone"])
        else:
            moved = (self.now.article, self.now.branch) != (before.article, before.branch)
            if moved:
                parts.append(words["moved"].format(self.now.text(language)))
            parts.append(words["separator"].join(change.text(language) for change in self.changes[:_MOST_CHANGES])
                         + ("……" if len(self.changes) > _MOST_CHANGES else "")
                         if self.changes else words["unchanged"])
        if self.quote_stands is not None:
            parts.append(words["quote_stands" if self.quote_stands else "quote_gone"])
        return words["joint"].join(parts)


_WORDS = {
    "zh": {"uncompared": "旧文本不在法规库，没有比较", "gone": "没有找到相应的条文", "moved": "现为{}", "unchanged": "本条未变",
           "quote_stands": "引文仍在", "quote_gone": "引文已不在", "separator": "，", "joint": "；"},
    "en": {"uncompared": "the earlier text is not here, so the two were not compared", "gone": "nothing like the article",
           "moved": "now {}", "unchanged": "the article is unchanged", "quote_stands": "the quotation still stands",
           "quote_gone": "the quotation no longer stands", "separator": ", ", "joint": "; "},
}


def renewal(address: ArticleAddress, quote: str | None, before: Statute | None, later: Statute) -> Renewal:
    """Compare the cited article of an edition with a later edition.

    Args:
        before: the cited edition; None where only its date is known.
        later: the latest edition.
    """
    quoted = None if quote is None else any(stands(quote, article.text) for article in later.articles)
    if before is None:
        return Renewal(later.edition, later.in_force, False, quote_stands=quoted)
    cited = before.covering(address)
    if not cited:
        return Renewal(later.edition, later.in_force, True, quote_stands=quoted)
    old = "\n".join(article.text for article in cited)
    counterparts = [_counterpart(article, later) for article in cited]
    kept = [article for article in counterparts if article is not None]
    if not kept:
        return Renewal(later.edition, later.in_force, True, quote_stands=quoted)
    changed = changes(old, "\n".join(article.text for article in kept))
    return Renewal(later.edition, later.in_force, True, kept[0].address, changed, quoted)


def _counterpart(article: Article, later: Statute) -> Article | None:
    """The article of a later edition that says the same or nearly: by its words, since numbers move."""
    words = plain(article.text)
    same_number = later.article(article.number, article.branch)
    candidates = [same_number] if same_number is not None else []
    candidates += [each for each in later.articles if each is not same_number]
    best, score = None, _SAME_ARTICLE
    for candidate in candidates:
        alike = likeness(words, plain(candidate.text))
        if alike == 1.0:
            return candidate
        if alike > score:
            best, score = candidate, alike
    return best
