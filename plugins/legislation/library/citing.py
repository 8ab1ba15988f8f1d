"""Which rules cite an article, and in how many cases these rules came into play: how much it is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from core.citations.address import ArticleAddress, parse_address
from core.citations.corpus import law_key
from core.instants import instant_text
from core.ledger.models import CaseRow, EventRow
from core.rulebook.bundle import Bundle
from core.rulebook.model import Citation
from core.text import Text
from scoring.models import VerdictRow

YEAR = timedelta(days=365)
ArticleKey = tuple[str, int, int]
"""Law, number, branch."""


@dataclass(frozen=True, slots=True)
class CitingRule:
    """A rule of the rulebook that cites an article."""

    id: str
    title: Text
    citation: Citation


@dataclass(frozen=True, slots=True)
class Use:
    """How much an article was used.

    Attributes:
        rules: rules of the rulebook in force that cite it.
        cases: cases in which one of these rules came into play in the twelve months before; None was not counted.
    """

    rules: tuple[CitingRule, ...] = ()
    cases: int = 0


@dataclass(slots=True)
class CitedArticles:
    """The articles that a bundle's rules cite, read once for each bundle."""

    _bundle: str = ""
    _rules: Mapping[ArticleKey, Sequence[CitingRule]] = field(default_factory=dict)

    def of(self, bundle: Bundle) -> Mapping[ArticleKey, Sequence[CitingRule]]:
        """Rules by the article that they cite; a rule in several versions counts once."""
        if self._bundle != bundle.hash:
            self._rules, self._bundle = _read(bundle), bundle.hash
        return self._rules


def _read(bundle: Bundle) -> Mapping[ArticleKey, Sequence[CitingRule]]:
    found: dict[ArticleKey, dict[str, CitingRule]] = defaultdict(dict)
    for procedure in bundle.procedures:
        for rule in bundle.rules(procedure):
            for citation in rule.basis:
                for number, branch in _articles(citation):
                    key = (law_key(citation.law), number, branch)
                    found[key].setdefault(rule.id, CitingRule(rule.id, rule.title, citation))
    return {key: tuple(rules.values()) for key, rules in found.items()}


def _articles(citation: Citation) -> list[tuple[int, int]]:
    address = parse_address(citation.article)
    if address is None:
        return []
    last = address.last if address.last and address == address.at(address.depth) and _of_articles(address) else None
    return [(number, address.branch) for number in range(address.article, (last or address.article) + 1)]


def _of_articles(address: ArticleAddress) -> bool:
    return address.paragraph is None and address.item is None


def cases_by_rule(rules: Sequence[str], now: datetime) -> Mapping[str, frozenset[str]]:
    """Cases of the last twelve months in which each rule came into play (its verdict is not 未触发)."""
    since = now - YEAR
    moment = fn.COALESCE(EventRow.occurred_at, CaseRow.opened_at)
    query: Any = VerdictRow.select(VerdictRow.rule, VerdictRow.case).distinct().join(
        CaseRow, on=(CaseRow.id == VerdictRow.case)).switch(VerdictRow).join(
        EventRow, JOIN.LEFT_OUTER, on=(EventRow.id == VerdictRow.activation))
    query = query.where(VerdictRow.rule.in_(list(rules)) & (VerdictRow.state != "vacuous")
                        & (moment >= instant_text(since)))
    found: dict[str, set[str]] = defaultdict(set)
    for rule, case in query.tuples():
        found[rule].add(case)
    return {rule: frozenset(cases) for rule, cases in found.items()}


def use_of(rules: Sequence[CitingRule], now: datetime) -> Use:
    """How much the article was used that these rules cite."""
    by_rule = cases_by_rule([rule.id for rule in rules], now) if rules else {}
    return Use(tuple(rules), len(frozenset().union(*by_rule.values())) if by_rule else 0)


def use_by_article(bundle: Bundle, now: datetime, cited: CitedArticles | None = None) -> Mapping[ArticleKey, Use]:
    """Use of every article that some rule cites: the basis of use rates."""
    articles = (cited or CitedArticles()).of(bundle)
    by_rule = cases_by_rule(sorted({rule.id for rules in articles.values() for rule in rules}), now)
    return {key: Use(tuple(rules), len(frozenset().union(*(by_rule.get(rule.id, frozenset()) for rule in rules))))
            for key, rules in articles.items()}
