"""One edition of a law, read: its articles with paragraphs, items and sub-items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from core.citations.address import ArticleAddress, Depth

PASSED_TO_PUBLISHED = timedelta(days=60)
"""A regulation is passed by a meeting and published by a decree some days later; both dates name the same text."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item 项 with its number; ``subitems`` are its 目 in order."""

    number: int
    text: str
    subitems: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The item with its sub-items, a line each."""
        return "\n".join((self.text, *self.subitems))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph 款: what it says, and the items it lists."""

    text: str
    items: tuple[Item, ...] = ()

    @property
    def whole(self) -> str:
        """The paragraph with its items, a line each."""
        return "\n".join((self.text, *(item.whole for item in self.items)))


@dataclass(frozen=True, slots=True)
class Article:
    """One article 条; ``chapter`` is the path of headings above it."""

    number: int
    branch: int
    paragraphs: tuple[Paragraph, ...]
    chapter: tuple[str, ...] = ()

    @property
    def address(self) -> ArticleAddress:
        """Where the article stands."""
        return ArticleAddress(self.number, self.branch)

    @property
    def text(self) -> str:
        """The whole article, a line for each paragraph, item and sub-item."""
        return "\n".join(paragraph.whole for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What stands at an address.

    Attributes:
        text: the words there, a line for each part.
        lead: for an item, the opening words of its paragraph, which belong to what the item says.
    """

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Why nothing stands at an address.

    Attributes:
        depth: the level that is not there.
        found: how many there are at that level (for articles: the last article's number).
        several: for an item without its paragraph: more than one paragraph has such an item.
    """

    depth: Depth
    found: int
    several: bool = False


@dataclass(frozen=True)
class Statute:
    """One edition of a law.

    Attributes:
        law: the title as the text has it.
        edition: date passed or amended; None where neither file name nor text tells it.
        in_force: commencement as the text states it for this edition; None is unknown, never a guess.
        history: dates of passing, publication and amendment in the text's header, in its order.
        files: names of the files it was read from (a code may come in several parts).
    """

    law: str
    edition: date | None
    in_force: date | None
    history: tuple[date, ...]
    files: tuple[str, ...]
    articles: tuple[Article, ...]

    @cached_property
    def _index(self) -> dict[tuple[int, int], Article]:
        return {(article.number, article.branch): article for article in self.articles}

    def is_of(self, edition: date) -> bool:
        """Whether an edition's date names this text.

        Regulations are passed by the executive meeting some days before the decree that publishes them, and both
        dates are in use; the header tells them. Dates of other editions lie further away.
        """
        if self.edition is None:
            return False
        near = abs(self.edition - edition) <= PASSED_TO_PUBLISHED
        return edition == self.edition or (near and edition in self.history)

    @property
    def last(self) -> int:
        """Number of the last article."""
        return max((article.number for article in self.articles), default=0)

    def article(self, number: int, branch: int = 0) -> Article | None:
        """An article by number."""
        return self._index.get((number, branch))

    def covering(self, address: ArticleAddress) -> tuple[Article, ...]:
        """The articles that an address touches and that exist."""
        numbers = range(address.article, (address.last or address.article) + 1)
        if address.depth is not Depth.ARTICLE or address.last is None:
            numbers = range(address.article, address.article + 1)
        found = (self.article(number, address.branch) for number in numbers)
        return tuple(article for article in found if article is not None)

    def at(self, address: ArticleAddress) -> Excerpt | Missing:
        """What stands at an address, or which level of it is not there."""
        articles = self.covering(address)
        wanted = address.last - address.article + 1 if address.last and address.depth is Depth.ARTICLE else 1
        if len(articles) < wanted:
            return Missing(Depth.ARTICLE, self.last)
        if address.depth is Depth.ARTICLE:
            return Excerpt("\n".join(article.text for article in articles))
        return _within(articles[0], address)

    def places_of(self, address: ArticleAddress) -> Iterator[tuple[ArticleAddress, str]]:
        """Every paragraph of the articles that an address touches, with its place and words."""
        for article in self.covering(address):
            for number, paragraph in enumerate(article.paragraphs, start=1):
                yield ArticleAddress(article.number, article.branch, number), paragraph.whole


def _within(article: Article, address: ArticleAddress) -> Excerpt | Missing:
    if address.paragraph is None:
        holding = [paragraph for paragraph in article.paragraphs
                   if any(item.number == address.item for item in paragraph.items)]
        if len(holding) > 1:
            return Missing(Depth.PARAGRAPH, len(holding), several=True)
        if not holding:
            return Missing(Depth.ITEM, max((len(each.items) for each in article.paragraphs), default=0))
        return _items(holding[0], address)
    last = address.last if address.depth is Depth.PARAGRAPH and address.last else address.paragraph
    if last > len(article.paragraphs):
        return Missing(Depth.PARAGRAPH, len(article.paragraphs))
    if address.depth is Depth.PARAGRAPH:
        return Excerpt(_lines(paragraph.whole for paragraph in article.paragraphs[address.paragraph - 1 : last]))
    return _items(article.paragraphs[address.paragraph - 1], address)


def _items(paragraph: Paragraph, address: ArticleAddress) -> Excerpt | Missing:
    assert address.item is not None
    last = address.last if address.depth is Depth.ITEM and address.last else address.item
    items = [item for item in paragraph.items if address.item <= item.number <= last]
    if len(items) < last - address.item + 1:
        return Missing(Depth.ITEM, len(paragraph.items))
    if address.subitem is None:
        return Excerpt(_lines(item.whole for item in items), paragraph.text)
    return _subitems(paragraph, items[0], address.subitem, address.last or address.subitem)


def _subitems(paragraph: Paragraph, item: Item, first: int, last: int) -> Excerpt | Missing:
    if last > len(item.subitems):
        return Missing(Depth.SUBITEM, len(item.subitems))
    return Excerpt(_lines(item.subitems[first - 1 : last]), f"{paragraph.text}\n{item.text}")


def _lines(parts: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(parts)
