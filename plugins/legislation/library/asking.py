"""What somebody who searches means: a place in a law, a law, words of the text, or words in a law."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.citations.address import ArticleAddress, parse_address
from core.citations.numerals import NUMERAL, to_int
from plugins.legislation.library.catalogue import Catalogue, KnownLaw, Likeness
from plugins.legislation.library.units import units

LONGEST = 200
_ANY = rf"(?:\d+|{NUMERAL})"
_PLACE = re.compile(rf"第?\s*({_ANY})\s*条(?![例件文目])(?:\s*之\s*({_ANY}))?(?:\s*第?\s*({_ANY})\s*款)?"
                    rf"(?:\s*第?\s*[(]?\s*({_ANY})\s*[)]?\s*项)?")
_NUMBERS = re.compile(r"(?:\d+(?:之\w)?(?:[-~至]\d+)?(?:\(\w+\)){0,2}[\s,、;和及与]*)+")
_NUMBER = re.compile(r"\d+(?:之\w)?(?:[-~至]\d+)?(?:\(\w+\)){0,2}")
_NAMED = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")
_YEAR = re.compile(r"[(]?((?:19|20)\d\d)(?:-\d\d-\d\d|年)?(?:修正|修订|通过)?(?:文本|版)?[)]?")
_BETWEEN = re.compile(r"[\s,、;和及与的]+")
_LAW_ENDING = re.compile(rf"(.*(?:法|法典|条例|规定|办法|细则|规则|决定|修正案(?:\(\w+\))?))({_ANY})")
_MOST_PLACES = 30
_ENDINGS = ("法", "法典", "条例", "规定", "办法", "细则", "规则")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, understood.

    Attributes:
        laws: laws that are named, most likely first; empty where none is.
        exact: the name is a title or a usual short name, so that other laws are not meant.
        places: articles asked for by number.
        words: runs of units that must be found; each was written without a blank.
        year: of the edition that is meant; 0 where none is named.
    """

    laws: tuple[KnownLaw, ...] = ()
    exact: bool = False
    places: tuple[ArticleAddress, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    year: int = 0

    @property
    def empty(self) -> bool:
        """Nothing to search for."""
        return not (self.laws or self.words)


def understand(query: str, catalogue: Catalogue) -> Asked:
    """Read a search as officials type it."""
    text = _narrow(query)
    named = _NAMED.search(text)
    if named is not None:
        found = _law_first(named[1], text[: named.start()] + " " + text[named.end():], catalogue)
        if found is not None:
            return found
    return (_place_in_law(text, catalogue) or _numbers_after_law(text, catalogue) or _words_in_law(text, catalogue)
            or Asked(words=_runs(text)))


def _narrow(query: str) -> str:
    return unicodedata.normalize("NFKC", query)[:LONGEST].strip()


def _law_first(name: str, rest: str, catalogue: Catalogue) -> Asked | None:
    """《行政处罚法》第58条, 《行政处罚法》 听证."""
    laws, exact = _named(name, catalogue)
    if not laws:
        return None
    year, rest = _year(rest)
    places, rest = _places(rest)
    return Asked(laws, exact, places, _runs(rest), year)


def _place_in_law(text: str, catalogue: Catalogue) -> Asked | None:
    """行政处罚法第五十八条, 处罚法58条第一款 听证."""
    first = _PLACE.search(text)
    if first is None:
        return None
    before = text[: first.start()].strip()
    places, after = _places(text[first.start():])
    year, name = _year(before)
    laws, exact = _named("".join(name.split()).removesuffix("的"), catalogue)
    if laws:
        return Asked(laws, exact, places, _runs(after), year)
    head, _, tail = name.partition(" ")
    laws, exact = _named(head, catalogue)
    return Asked(laws, exact, places, _runs(f"{tail} {after}"), year) if laws and tail else None


def _numbers_after_law(text: str, catalogue: Catalogue) -> Asked | None:
    """行政许可法 42 45, 行政处罚法58."""
    head, _, tail = text.partition(" ")
    tail = tail.strip()
    glued = _LAW_ENDING.fullmatch(text)
    if glued is not None:
        head, tail = glued[1], str(to_int(glued[2]))
    year, rest = _year(tail) if tail and not glued else (0, tail)
    rest = _arabic(rest or tail)
    if not rest or not _NUMBERS.fullmatch(rest):
        return None
    laws, exact = _named(head, catalogue)
    if not laws:
        return None
    if rest == tail and year and tail.isdigit():
        return Asked(laws, exact, year=year)
    return Asked(laws, exact, _spread(_NUMBER.findall(rest)), year=year if rest != tail else 0)


def _arabic(text: str) -> str:
    """Numbers alone, in Chinese numerals, as Arabic ones; anything else as it is."""
    values = [to_int(part) for part in text.split()]
    return " ".join(map(str, values)) if values and all(values) else text


def _words_in_law(text: str, catalogue: Catalogue) -> Asked | None:
    """行政处罚法, 行政处罚法 听证, 行政复议法(2017)."""
    law = catalogue.exact("".join(text.split()))
    if law is not None:
        return Asked((law,), True)
    year, rest = _year(text)
    law = catalogue.exact("".join(rest.split())) if year else None
    if law is not None:
        return Asked((law,), True, year=year)
    parts = text.split()
    for place in sorted(range(len(parts)), key=lambda place: (place > 0, -place)):
        law = catalogue.exact(parts[place]) if len(parts) > 1 else None
        if law is not None and (not place or parts[place].endswith(_ENDINGS)):
            return Asked((law,), True, words=_runs(" ".join(parts[:place] + parts[place + 1:])))
    return None


def split_law(query: str, catalogue: Catalogue) -> Asked | None:
    """土地管理法宅基地: a law and words written without a blank."""
    text = _narrow(query)
    for end in range(len(text) - 1, _SHORTEST - 1, -1):
        law = catalogue.exact(text[:end]) if text[:end].endswith(_ENDINGS) else None
        if law is not None:
            return Asked((law,), True, words=_runs(text[end:].removeprefix("中").removeprefix("规定")))
    return None


def _named(name: str, catalogue: Catalogue) -> tuple[tuple[KnownLaw, ...], bool]:
    found = catalogue.find(name) if name else []
    return tuple(law for _, law in found[:5]), bool(found) and found[0][0] <= Likeness.ALIAS


def _places(text: str) -> tuple[tuple[ArticleAddress, ...], str]:
    """The places that a text names with 条, and what else it says."""
    places = [_address(match) for match in _PLACE.finditer(text)]
    rest = _PLACE.sub(" ", text)
    known = tuple(place for place in places if place is not None)[:_MOST_PLACES]
    if known:
        return known, " ".join(part for part in _BETWEEN.split(rest) if part)
    if rest.strip() and _NUMBERS.fullmatch(rest.strip()):
        return _spread(_NUMBER.findall(rest)), ""
    return (), rest


def _address(match: re.Match[str]) -> ArticleAddress | None:
    article, branch, paragraph, item = (to_int(part) if part else None for part in match.groups())
    return ArticleAddress(article, branch or 0, paragraph, item) if article else None


def _spread(written: Sequence[str]) -> tuple[ArticleAddress, ...]:
    """Addresses, a range of articles one by one."""
    out: list[ArticleAddress] = []
    for each in written:
        address = parse_address(each)
        if address is None:
            continue
        if address.last is not None and address.paragraph is None and address.item is None:
            out += [ArticleAddress(number) for number in range(address.article, address.last + 1)]
        else:
            out.append(address)
    return tuple(out[:_MOST_PLACES])


def _year(text: str) -> tuple[int, str]:
    match = _YEAR.search(text)
    if match is None:
        return 0, text
    return int(match[1]), (text[: match.start()] + " " + text[match.end():]).strip()


def _runs(text: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(units(part)) for part in text.split())
    return tuple(run for run in dict.fromkeys(found) if run)
