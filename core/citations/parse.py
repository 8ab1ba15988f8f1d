"""From the Markdown of one statute to its header and its articles.

The texts are written by many hands: titles over two lines, ideographic and zero-width blanks, ``(一)`` beside
``（一）``, now and then a whole chapter in one line or an article number without a blank after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from core.citations.numerals import NUMERAL, to_int
from core.citations.statute import Article, Item, Paragraph

END_OF_HEADER = "<!-- INFO END -->"
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_COMMENCES = re.compile(r"(?:施行|实施|生效)\s*[)）]?$")
_OWN_COMMENCEMENT = re.compile(
    r"本(?:法|条例|规定|办法|细则|实施细则|规则|决定|实施办法)自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日起(?:施行|实施)")
_BLANKS = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u2060]+")
_HEADING = re.compile(r"(#{1,6})\s*(.*)")
_ARTICLE = re.compile(rf"[第笫]({NUMERAL})\s?条(?:之({NUMERAL}))?(\s?)(.*)")
_ARTICLE_INSIDE = re.compile(rf"(?<=[。；：])\s(?=[第笫]{NUMERAL}条\s)")
_PARAGRAPH_INSIDE = re.compile(r"(?<=[。；：])\s")
_ITEM = re.compile(rf"[（(]({NUMERAL})[)）]\s*(.*)")
_SUBITEM = re.compile(r"(?:[（(]\d{1,2}[)）]|\d{1,2}[.．、](?!\d))\s*(.*)")
HAS_ARTICLES = re.compile(rf"^\s*[第笫]{NUMERAL}条", re.MULTILINE)
"""Whether a text is made of articles at all; some old ones and the amendments of the criminal code are not."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the first article.

    Attributes:
        title: the first heading.
        part: the second heading where a code comes in parts (总则, 合同编).
        history: dates of passing, publication and amendment, in the order written.
        commencement: dates said to be those of commencement, in the order written.
    """

    title: str
    part: str
    history: tuple[date, ...]
    commencement: tuple[date, ...]


def split(text: str) -> tuple[str, str]:
    """Header and body; without the usual mark the body begins at the first chapter or article."""
    header, mark, body = text.partition(END_OF_HEADER)
    if mark:
        return header, body
    first = re.search(rf"^(?:##\s|[第笫]{NUMERAL}条)", text, re.MULTILINE)
    return (text[: first.start()], text[first.start():]) if first else (text, "")


def read_header(header: str) -> Header:
    """Titles and dates of the lines above the text."""
    titles: list[str] = []
    history: list[date] = []
    commencement: list[date] = []
    for line in clean_lines(header):
        heading = _HEADING.fullmatch(line)
        if heading:
            titles.append(heading[2])
            continue
        days = list(_dates(line))
        commences = _COMMENCES.search(line) is not None
        if commences:
            commencement += days
        if not commences or "公布施行" in line:
            history += days
    return Header(titles[0] if titles else "", titles[1] if len(titles) > 1 else "", tuple(history),
                  tuple(commencement))


def stated_commencement(articles: Iterable[Article]) -> tuple[date, ...]:
    """Dates on which the text itself says that it comes into force, of its last article that does."""
    for article in reversed(tuple(articles)):
        found = [_day(match) for match in _OWN_COMMENCEMENT.finditer(article.text)]
        if found:
            return tuple(day for day in found if day is not None)
    return ()


def in_force_of(edition: date | None, stated: Iterable[date]) -> date | None:
    """Commencement of this edition among the dates that the text states, or None.

    An amended text keeps the commencement of the law as first passed; a date before the edition is that one.
    """
    return next((day for day in stated if edition is not None and day >= edition), None)


def read_articles(body: str) -> tuple[Article, ...]:
    """The articles of a text, in its order."""
    reader = _Reader()
    for line in clean_lines(body):
        reader.take(line)
    reader.finish()
    return tuple(reader.articles)


@dataclass(slots=True)
class _Reader:
    """Takes one line after the other."""

    articles: list[Article] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    number: tuple[int, int] | None = None
    paragraphs: list[tuple[str, list[tuple[int, str, list[str]]]]] = field(default_factory=list)
    latest: tuple[int, int] = (0, 0)

    def take(self, line: str) -> None:
        heading = _HEADING.fullmatch(line)
        if heading:
            self.finish()
            level = len(heading[1])
            self.headings = [(depth, title) for depth, title in self.headings if depth < level]
            self.headings.append((level, heading[2]))
            return
        pieces = _ARTICLE_INSIDE.split(line)
        for piece in pieces:
            # A chapter in one line has lost its line breaks; a blank after a full stop is all that is left of them.
            for part in _PARAGRAPH_INSIDE.split(piece) if len(pieces) > 1 else [piece]:
                self._line(part)

    def _line(self, line: str) -> None:
        match = _ARTICLE.fullmatch(line)
        if match:
            number = (to_int(match[1]) or 0, to_int(match[2]) or 0 if match[2] else 0)
            if match[3] or number in ((self.latest[0] + 1, 0), (self.latest[0], self.latest[1] + 1)):
                self.finish()
                self.number = self.latest = number
                line = match[4]
        if self.number is not None and line:
            self._content(line)

    def _content(self, line: str) -> None:
        item = _ITEM.fullmatch(line)
        if item:
            if not self.paragraphs:
                self.paragraphs.append(("", []))
            self.paragraphs[-1][1].append((to_int(item[1]) or 0, item[2], []))
            return
        subitem = _SUBITEM.fullmatch(line)
        if subitem and self.paragraphs and self.paragraphs[-1][1]:
            self.paragraphs[-1][1][-1][2].append(subitem[1])
            return
        self.paragraphs.append((line, []))

    def finish(self) -> None:
        """Close the article that was being read."""
        if self.number is not None:
            paragraphs = tuple(
                Paragraph(text, tuple(Item(number, words, tuple(parts)) for number, words, parts in items))
                for text, items in self.paragraphs)
            self.articles.append(Article(*self.number, paragraphs, tuple(title for _, title in self.headings)))
        self.number, self.paragraphs = None, []


def clean_lines(text: str) -> Iterator[str]:
    """The lines of a text that say something, with plain single blanks."""
    for line in text.splitlines():
        cleaned = _BLANKS.sub(" ", line).strip()
        if cleaned and not cleaned.startswith("<!--"):
            yield cleaned


def _dates(line: str) -> Iterator[date]:
    for match in _DATE.finditer(line):
        day = _day(match)
        if day is not None:
            yield day


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
