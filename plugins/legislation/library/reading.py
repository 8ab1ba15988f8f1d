"""From the files of an edition to its parts: articles, and what a text has beside them.

Preambles, annexes, and the numbered points of texts without articles become parts of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.citations.numerals import NUMERAL, to_chinese, to_int
from core.citations.parse import (
    HAS_ARTICLES,
    clean_lines,
    in_force_of,
    read_articles,
    read_header,
    split,
    stated_commencement,
)
from core.citations.statute import Article, Paragraph
from plugins.legislation.library.vocabulary import PartKind

READER = 2
"""Raised whenever the same text would be read differently, so that an import renews what it finds."""

_ARTICLE_LINE = re.compile(rf"[第笫]{NUMERAL}\s?条")
_ANNEX_LINE = re.compile(rf"(?:附件|附表|附图|附录)(?!则)\s*(?:{NUMERAL}|\d+)?\s*(?:[：:\s].*)?|附\s*[：:].*|附")
_ANNEX_NUMBER = re.compile(rf"(附件|附表|附图|附录)\s*({NUMERAL}|\d+)?")
_POINT = re.compile(rf"(?:({NUMERAL})\s*[、．.]|[（(]({NUMERAL})[)）])\s*(.*)")
_HEADING = re.compile(r"(#{1,6})\s*(.*)")
_CONTENTS = re.compile(r"目\s*录")
_AT_ONCE = re.compile(r"(?:自|从)?(?:公布|发布|颁布)之日起?(?:施行|实施|生效)")
_PUBLISHED = re.compile(r"公布|发布|颁布|令")
_CHANGED = re.compile(r"修订|修正|修改")
_LONGEST = 6000
"""Characters of one part: an annex that is longer is cut at the end of a line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text that can be found by itself."""

    kind: PartKind
    label: str
    text: str
    headings: tuple[str, ...] = ()
    number: int = 0
    branch: int = 0


@dataclass(frozen=True, slots=True)
class ReadText:
    """All parts of an edition and what its text says about commencement."""

    parts: tuple[Part, ...]
    in_force: date | None


def read_text(files: Sequence[str], edition: date | None, commencement: Sequence[date]) -> ReadText:
    """Read the files of one edition.

    Commencement is a date that header or text state. 自公布之日起施行 states one where the header tells the day of
    publication and no later change: of an amended text it speaks of the first one.

    Args:
        files: contents; several where a code comes in parts.
        commencement: dates of commencement in the header.
    """
    parts = [part for text in files for part in _read_file(text)]
    if len(files) > 1:
        parts.sort(key=lambda part: (part.number, part.branch))
    articles = [part for part in parts if part.kind is PartKind.ARTICLE]
    stated = (*commencement, *stated_commencement(_as_articles(articles)), *_from_publication(files[0], parts))
    return ReadText(tuple(parts), in_force_of(edition, stated))


def _from_publication(text: str, parts: Sequence[Part]) -> Iterator[date]:
    head = split(text)[0]
    dated = [line for line in clean_lines(head) if read_header(line).history]
    if any(_CHANGED.search(line) for line in dated):
        return
    published = {day for line in dated if _PUBLISHED.search(line) for day in read_header(line).history}
    at_once = _AT_ONCE.search(head) or any(_AT_ONCE.search(part.text) for part in parts[-4:])
    if at_once and len(published) == 1:
        yield from published


def _read_file(text: str) -> Iterator[Part]:
    body = split(text)[1]
    lines = [line for line in clean_lines(body) if not _CONTENTS.fullmatch(line)]
    if not HAS_ARTICLES.search(body):
        yield from _points(lines)
        return
    first = next(place for place, line in enumerate(lines) if _ARTICLE_LINE.match(line))
    last = max(place for place, line in enumerate(lines) if _ARTICLE_LINE.match(line))
    end = next((place for place in range(last + 1, len(lines)) if _ANNEX_LINE.fullmatch(lines[place])), len(lines))
    yield from _preamble(lines[:first])
    for article in read_articles("\n".join(lines[:end])):
        yield Part(PartKind.ARTICLE, article_label(article.number, article.branch), _shown(article), article.chapter,
                   article.number, article.branch)
    yield from _annexes(lines[end:])


def article_label(number: int, branch: int = 0) -> str:
    """第五十八条, 第一百三十三条之一."""
    return f"第{to_chinese(number)}条" + (f"之{to_chinese(branch)}" if branch else "")


def _shown(article: Article) -> str:
    """The article as written, the numbers of its items before them."""
    lines: list[str] = []
    for paragraph in article.paragraphs:
        lines += [paragraph.text] if paragraph.text else []
        for item in paragraph.items:
            lines.append(f"（{to_chinese(item.number)}）{item.text}")
            lines += [f"{place}．{words}" for place, words in enumerate(item.subitems, start=1)]
    return "\n".join(lines)


def _as_articles(parts: Iterable[Part]) -> Iterator[Article]:
    return (Article(part.number, part.branch, (Paragraph(part.text),)) for part in parts)


def _preamble(lines: Sequence[str]) -> Iterator[Part]:
    words = [line for line in lines if not _HEADING.fullmatch(line)]
    if words:
        headings = [match[2] for line in lines if (match := _HEADING.fullmatch(line))]
        label = "序言" if any("序" in heading for heading in headings[:1]) else "引言"
        yield from _cut(Part(PartKind.PREAMBLE, label, "\n".join(words)))


def _annexes(lines: Sequence[str]) -> Iterator[Part]:
    group: list[str] = []
    for line in lines:
        if _ANNEX_LINE.fullmatch(line) and group:
            yield from _annex(group)
            group = []
        group.append(line)
    if group:
        yield from _annex(group)


def _annex(lines: Sequence[str]) -> Iterator[Part]:
    match = _ANNEX_NUMBER.match(lines[0])
    number = to_int(match[2]) if match and match[2] else None
    label = f"{match[1]}{to_chinese(number) if number else ''}" if match else "附"
    yield from _cut(Part(PartKind.ANNEX, label, "\n".join(_HEADING.sub(r"\2", line) for line in lines)))


def _points(lines: Sequence[str]) -> Iterator[Part]:
    """The parts of a text without articles: its points 一、二、三、 where these count from one, else the whole."""
    groups: list[tuple[int, list[str]]] = [(0, [])]
    for line in lines:
        plain = _HEADING.sub(r"\2", line)
        match = _POINT.fullmatch(plain)
        wanted = groups[-1][0] + 1
        if match and match[1] and to_int(match[1]) == wanted:
            groups.append((wanted, [match[3]] if match[3] else []))
        else:
            groups[-1][1].append(plain)
    if len(groups) < 3:
        yield from _cut(Part(PartKind.WHOLE, "全文", "\n".join(_HEADING.sub(r"\2", line) for line in lines)))
        return
    if groups[0][1]:
        yield Part(PartKind.PREAMBLE, "引言", "\n".join(groups[0][1]))
    for number, words in groups[1:]:
        yield from _cut(Part(PartKind.ITEM, to_chinese(number), "\n".join(words), number=number))


def _cut(part: Part) -> Iterator[Part]:
    """A part in pieces that an index takes whole."""
    pieces: list[list[str]] = [[]]
    for line in part.text.split("\n"):
        for start in range(0, len(line), _LONGEST):
            piece = line[start : start + _LONGEST]
            if sum(map(len, pieces[-1])) + len(piece) > _LONGEST and pieces[-1]:
                pieces.append([])
            pieces[-1].append(piece)
    for place, lines in enumerate(pieces, start=1):
        label = part.label if place == 1 else f"{part.label}（续{to_chinese(place - 1)}）"
        yield Part(part.kind, label, "\n".join(lines), part.headings, part.number, part.branch)
