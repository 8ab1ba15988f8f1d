"""Where in a law something stands: article 条, paragraph 款, item 项, sub-item 目, as rules write it.

``15`` · ``15(1)`` · ``3(1)(二)`` · ``27(二)`` · ``37之一`` · ``15(1)(二)3`` for a 目; a range at the last level:
``16(2)-(3)``, ``29(一)-(三)``, ``10-12``. The official form ``第十五条第一款第（二）项`` is read as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from core.citations.numerals import NUMERAL, to_chinese, to_int, to_roman

_SHORT = re.compile(rf"(?P<article>\d+)(?:之(?P<branch>{NUMERAL}))?(?:\((?P<paragraph>\d+)\))?"
                    rf"(?:\((?P<item>{NUMERAL})\)(?P<subitem>\d+)?)?"
                    rf"(?:[-–—~至](?:\((?P<last_item>{NUMERAL})\)|\((?P<last_paragraph>\d+)\)|(?P<last>\d+)))?")
_ANY = rf"(?:\d+|{NUMERAL})"
_OFFICIAL = re.compile(rf"第(?P<article>{_ANY})条(?:之(?P<branch>{_ANY}))?(?:第(?P<paragraph>{_ANY})款)?"
                       rf"(?:第\(?(?P<item>{_ANY})\)?项(?:第(?P<subitem>{_ANY})目)?)?")


class Depth(IntEnum):
    """How far down an address goes."""

    ARTICLE = 1
    PARAGRAPH = 2
    ITEM = 3
    SUBITEM = 4


@dataclass(frozen=True, slots=True)
class ArticleAddress:
    """A place in a law, all numbers from 1.

    Attributes:
        branch: n of 第…条之n; 0 for the article itself.
        paragraph: 款; None with an item means the only paragraph that has items.
        last: the end of a range at the deepest level given; None for a single place.
    """

    article: int
    branch: int = 0
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    last: int | None = None

    @property
    def depth(self) -> Depth:
        """The deepest level given."""
        if self.subitem is not None:
            return Depth.SUBITEM
        if self.item is not None:
            return Depth.ITEM
        return Depth.PARAGRAPH if self.paragraph is not None else Depth.ARTICLE

    def at(self, depth: Depth) -> ArticleAddress:
        """The place around this one at a level: of an item, its paragraph or its article."""
        return ArticleAddress(self.article, self.branch,
                              self.paragraph if depth >= Depth.PARAGRAPH else None,
                              self.item if depth >= Depth.ITEM else None,
                              self.subitem if depth >= Depth.SUBITEM else None,
                              self.last if depth == self.depth else None)

    def text(self, language: str = "zh") -> str:
        """第3条第1款第(二)项, or Art. 3(1)(ii)."""
        return self._chinese() if language == "zh" else self._english()

    def _chinese(self) -> str:
        out = self._range(Depth.ARTICLE, "第{}条", self.article, str)
        if self.branch:
            out += f"之{to_chinese(self.branch)}"
        if self.paragraph is not None:
            out += self._range(Depth.PARAGRAPH, "第{}款", self.paragraph, str)
        if self.item is not None:
            out += self._range(Depth.ITEM, "第({})项", self.item, to_chinese)
        if self.subitem is not None:
            out += self._range(Depth.SUBITEM, "第{}目", self.subitem, str)
        return out

    def _range(self, depth: Depth, form: str, number: int, words: Callable[[int], str]) -> str:
        first = form.format(words(number))
        return f"{first}至{form.format(words(self.last))}" if self.last and self.depth == depth else first

    def _english(self) -> str:
        out = f"{self.article}-{self.branch}" if self.branch else str(self.article)
        if self.paragraph is not None:
            out += f"({self.paragraph})"
        if self.item is not None:
            out += f"({to_roman(self.item)})"
        if self.subitem is not None:
            out += f"({self.subitem})"
        if self.last is None:
            return f"Art. {out}"
        if self.depth is Depth.ARTICLE:
            return f"Arts. {out}–{self.last}"
        return f"Art. {out}–({to_roman(self.last) if self.depth is Depth.ITEM else self.last})"


@lru_cache(maxsize=4096)
def parse_address(written: str) -> ArticleAddress | None:
    """Read an address as rules write it; None where it is not one (待核, several places in one)."""
    text = "".join(unicodedata.normalize("NFKC", written).split())
    match = _SHORT.fullmatch(text) or _OFFICIAL.fullmatch(text)
    if match is None:
        return None
    numbers = {name: to_int(value) for name, value in match.groupdict().items() if value is not None}
    if any(not number for number in numbers.values()):
        return None
    ends = {name: number for name, number in numbers.items() if name.startswith("last")}
    address = ArticleAddress(numbers["article"] or 0, numbers.get("branch") or 0, numbers.get("paragraph"),
                             numbers.get("item"), numbers.get("subitem"), next(iter(ends.values()), None))
    return address if _range_fits(address, next(iter(ends), "")) else None


def _range_fits(address: ArticleAddress, end: str) -> bool:
    """Whether a range ends at the level where it begins, and later than it begins."""
    if not end or address.last is None:
        return True
    if end == "last":
        first = {Depth.ARTICLE: address.article, Depth.SUBITEM: address.subitem}.get(address.depth)
    else:
        wanted = Depth.ITEM if end == "last_item" else Depth.PARAGRAPH
        first = (address.item if wanted is Depth.ITEM else address.paragraph) if address.depth is wanted else None
    return first is not None and first < address.last and not (address.branch and address.depth is Depth.ARTICLE)
