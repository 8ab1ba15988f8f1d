"""Citations of rules against the texts: does the place exist, does the quotation stand, is there a later edition?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.citations.address import ArticleAddress, Depth, parse_address
from core.citations.cited import Cited, citations_of
from core.citations.corpus import Corpus
from core.citations.quotes import changes, nearest_words, stands
from core.citations.renewal import Renewal, renewal
from core.citations.statute import Missing, Statute
from core.citations.words import address_words, change_words, edition_words, in_force_words, phrase
from core.errors import Problem
from core.rulebook.bundle import Bundle

_MISSING = {Depth.ARTICLE: "citation-article-missing", Depth.PARAGRAPH: "citation-paragraph-missing",
            Depth.ITEM: "citation-item-missing", Depth.SUBITEM: "citation-item-missing"}


class Outcome(StrEnum):
    """What became of checking a citation."""

    STANDS = "stands"
    STALE = "stale"
    WRONG = "wrong"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation, checked.

    Attributes:
        problem: what is wrong, why it was not checked, or what a later edition changed; None where it stands.
        renewal: the later edition, of a stale citation.
    """

    cited: Cited
    outcome: Outcome
    problem: Problem | None = None
    renewal: Renewal | None = None


@dataclass(frozen=True, slots=True)
class CitationReport:
    """Every citation of a bundle with its outcome."""

    checked: tuple[Checked, ...]

    def of(self, outcome: Outcome) -> tuple[Checked, ...]:
        """The citations with an outcome, in the order of files and lines."""
        return tuple(each for each in self.checked if each.outcome is outcome)


def check_citations(bundle: Bundle, corpus: Corpus) -> CitationReport:
    """Check every citation of a bundle; only the laws that are cited are read."""
    return CitationReport(tuple(check_citation(cited, corpus) for cited in citations_of(bundle)))


def check_citation(cited: Cited, corpus: Corpus) -> Checked:
    """Check one citation.

    A citation that its author marked ``unverified`` may name an edition or an article that nobody looked up yet:
    that is listed as not checked. Whatever can be looked up is, and is wrong where the text says otherwise.
    """
    citation = cited.citation
    unverified = citation.confidence == "unverified"
    address = parse_address(citation.article)
    if address is None:
        code = "citation-address-open" if unverified else "citation-address-unreadable"
        return _left_open(cited, code, unverified, law=citation.law, article=citation.article)
    editions = corpus.editions(citation.law)
    if not editions:
        return _not_here(cited, corpus)
    statute = _cited_edition(citation.edition, editions)
    if citation.edition is not None and statute is None and not _known(citation.edition, editions):
        return _unknown_edition(cited, editions, unverified)
    if statute is not None:
        problem = _place_problem(cited, address, statute) or _quote_problem(cited, address, statute)
        if problem is not None:
            return Checked(cited, Outcome.WRONG, problem)
    return _renewed(cited, address, statute, editions)


def _left_open(cited: Cited, code: str, unverified: bool, **details: object) -> Checked:
    """Wrong, or not checked where the author said as much."""
    return Checked(cited, Outcome.NOT_CHECKED if unverified else Outcome.WRONG,
                   Problem(code, cited.at, details, warning=unverified))


def _not_here(cited: Cited, corpus: Corpus) -> Checked:
    law = cited.citation.law
    refusal = corpus.refusal(law)
    if refusal is not None:
        return _not_checked(cited, "citation-law-refused", law=law, reason=phrase(refusal.code, **refusal.details))
    similar = corpus.similar(law)
    if similar:
        return _not_checked(cited, "citation-law-misspelt", law=law, suggestion=similar)
    return _not_checked(cited, "citation-law-not-here", law=law)


def _not_checked(cited: Cited, code: str, **details: object) -> Checked:
    return Checked(cited, Outcome.NOT_CHECKED, Problem(code, cited.at, details, warning=True))


def _cited_edition(edition: date | None, editions: Sequence[Statute]) -> Statute | None:
    """The text of an edition; the latest where none is named."""
    if edition is None:
        return editions[-1]
    exact = (statute for statute in editions if statute.edition == edition)
    return next(exact, None) or next((statute for statute in editions if statute.is_of(edition)), None)


def _known(edition: date, editions: Iterable[Statute]) -> bool:
    """Whether a later text of the law says that it was passed or amended on that day."""
    return any(edition in statute.history for statute in editions)


def _unknown_edition(cited: Cited, editions: Sequence[Statute], unverified: bool) -> Checked:
    edition, newest = cited.citation.edition, editions[-1]
    assert edition is not None
    details = {"law": cited.citation.law, "edition": edition.isoformat()}
    if newest.edition is None or edition > newest.edition:
        return _not_checked(cited, "citation-edition-newer", **details, newest=edition_words(newest.edition))
    here = "、".join(statute.edition.isoformat() for statute in editions if statute.edition)
    if unverified:
        return _not_checked(cited, "citation-edition-not-here", **details, editions=here)
    problem = Problem("citation-edition-unknown", cited.edition_at, {**details, "editions": here})
    return Checked(cited, Outcome.WRONG, problem)


def _place_problem(cited: Cited, address: ArticleAddress, statute: Statute) -> Problem | None:
    found = statute.at(address)
    if not isinstance(found, Missing):
        return None
    details = _details(cited, address, statute)
    if found.depth is Depth.ARTICLE:
        return Problem("citation-article-missing", cited.at, {**details, "last": found.found})
    code = "citation-item-ambiguous" if found.several else _MISSING[found.depth]
    return Problem(code, cited.at, {**details, "found": found.found})


def _quote_problem(cited: Cited, address: ArticleAddress, statute: Statute) -> Problem | None:
    quote, found = cited.citation.quote, statute.at(address)
    if quote is None or isinstance(found, Missing) or stands(quote, f"{found.lead}\n{found.text}"):
        return None
    details = _details(cited, address, statute)
    where = _standing_elsewhere(quote, address, statute)
    if where is not None:
        return Problem("citation-quote-elsewhere", cited.quote_at, {**details, "where": address_words(where)})
    whole = "\n".join(article.text for article in statute.covering(address))
    near = nearest_words(quote, found.text) or nearest_words(quote, whole)
    if not near:
        return Problem("citation-quote-absent", cited.quote_at, details)
    return Problem("citation-quote-differs", cited.quote_at,
                   {**details, "found": near, "changes": change_words(changes(quote, near))})


def _standing_elsewhere(quote: str, address: ArticleAddress, statute: Statute) -> ArticleAddress | None:
    """Another paragraph of the article in which a quotation stands, or else another article."""
    nearby = (place for place, text in statute.places_of(address.at(Depth.ARTICLE)) if stands(quote, text))
    far = (article.address for article in statute.articles if stands(quote, article.text))
    return next(nearby, None) or next(far, None)


def _renewed(cited: Cited, address: ArticleAddress, statute: Statute | None, editions: Sequence[Statute]) -> Checked:
    edition = statute.edition if statute is not None else cited.citation.edition
    later = [each for each in editions if edition is not None and each.edition is not None and each.edition > edition]
    if not later:
        return Checked(cited, Outcome.STANDS)
    begins = later[0].in_force or later[0].edition
    if cited.until is not None and begins is not None and cited.until < begins:
        return Checked(cited, Outcome.STANDS) if statute is not None else _earlier_only(cited, editions)
    renewed = renewal(address, cited.citation.quote, statute, later[-1])
    details = {"law": cited.citation.law, "address": address_words(address), "edition": edition_words(edition),
               "later": edition_words(renewed.edition), "in_force": in_force_words(renewed.in_force),
               "outcome": renewed.outcome(address)}
    return Checked(cited, Outcome.STALE, Problem("citation-stale", cited.at, details, warning=True), renewed)


def _earlier_only(cited: Cited, editions: Sequence[Statute]) -> Checked:
    """A rule that ended with an edition whose text is not here."""
    here = "、".join(statute.edition.isoformat() for statute in editions if statute.edition)
    return _not_checked(cited, "citation-edition-not-here", law=cited.citation.law, editions=here,
                        edition=cited.citation.edition.isoformat() if cited.citation.edition else "")


def _details(cited: Cited, address: ArticleAddress, statute: Statute) -> dict[str, object]:
    return {"law": cited.citation.law, "edition": edition_words(statute.edition), "address": address_words(address)}
