"""What somebody who searches means: a place in a law, a law, words of the text, or words in a law."""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.citations.address import ArticleAddress, parse_address
from core.citations.numerals import NUMERAL, to_chinese, to_int
from plugins.legislation.library.catalogue import Catalogue, KnownLaw, Likeness
from plugins.legislation.library.units import units

LONGEST = 200
_ANY = rf"(?:\d+|{NUMERAL})"
_PLACE = re.compile(rf"第?\s*(?P<article>{_ANY})\s*(?:之\s*(?P<inside>{_ANY})\s*)?条(?![例件文目])"
                    rf"(?:\s*之\s*(?P<branch>{_ANY}))?(?:\s*第?\s*(?P<paragraph>{_ANY})\s*款)?"
                    rf"(?:\s*第?\s*[(]?\s*(?P<item>{_ANY})\s*[)]?\s*项)?")
_LISTED = re.compile(rf"第?\s*{_ANY}(?:\s*[、,和及与]\s*第?\s*{_ANY})+\s*条(?![例件文目])")
_SPAN = re.compile(rf"第?\s*({_ANY})\s*条?\s*[-—~至到]\s*第?\s*({_ANY})\s*条(?![例件文目])")
_NUMBERS = re.compile(r"(?:\d+(?:之\w)?(?:[-~至]\d+)?(?:\(\w+\)){0,2}[\s,、;和及与]*)+")
_NUMBER = re.compile(r"\d+(?:之\w)?(?:[-~至]\d+)?(?:\(\w+\)){0,2}")
_NUMBERED = re.compile(rf"(.*?)(第?\s*{_ANY}(?:[之(){NUMERAL[1:-2]}\d\s,、;和及与~至-]|款|项)*)")
_LONE = re.compile(rf"(?<![之(]){NUMERAL}")
_BRANCH = re.compile(r"(?<=之)\d")
_NAMED = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")
_QUOTED = re.compile(r"[<〈「『\"“]([^<>〈〉「」『』\"“”]+)[>〉」』\"”]")
_YEAR = re.compile(r"[(]\s*((?:19|20)\d\d)[^()]*[)]"
                   r"|((?:19|20)\d\d)(?:-\d\d-\d\d|年)?(?:新?修正|新?修订|通过)?(?:文本|版)?的?")
_BETWEEN = re.compile(r"[\s,、;和及与的]+")
_AROUND = " :·•,.、;。-—_/|'()\"“”‘’「」『』<>〈〉《》"
_LEADING = re.compile(r"(?:请问|查询|查找|查|参见|详见|见|根据|依据|依照|按照|参照|对照|违反了|违反|适用|符合|引用"
                      r"|援引|关于|按|依|现行有效|现行|最新|新修订|新修正|新|我国|的|和|与|及)+")
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
    named = _NAMED.search(text) or _QUOTED.search(text)
    if named is not None:
        found = _law_first(named[1], text[: named.start()] + " " + text[named.end():], catalogue)
        if found is not None and (found.exact or named.re is _NAMED):
            return found
    return (_place_in_law(text, catalogue) or _numbers_after_law(text, catalogue) or _words_in_law(text, catalogue)
            or Asked(words=_runs(text)))


def _narrow(query: str) -> str:
    return unicodedata.normalize("NFKC", query)[:LONGEST].translate(_simplified()).strip()


@cache
def _simplified() -> Mapping[int, str]:
    """Traditional signs to simplified ones."""
    text = importlib.resources.files(__package__).joinpath("traditional.txt").read_text(encoding="utf-8")
    return {ord(pair[0]): pair[1] for line in text.splitlines() if not line.startswith("#") for pair in line.split()}


def _law_first(name: str, rest: str, catalogue: Catalogue) -> Asked | None:
    """《行政处罚法》第58条, 《行政处罚法》 听证."""
    laws, exact = _named(name, catalogue)
    if not laws:
        return None
    year, rest = _year(rest)
    places, rest = _places(_one_by_one(rest))
    lead = _LEADING.fullmatch(rest.split(" ")[0]) if places else None
    return Asked(laws, exact, places, _runs(rest[lead.end():] if lead else rest), year)


def _place_in_law(text: str, catalogue: Catalogue) -> Asked | None:
    """行政处罚法第五十八条, 处罚法58条第一款 听证, 依据行政处罚法第58条, 第58条 行政处罚法."""
    text = _one_by_one(text)
    first = _PLACE.search(text)
    if first is None:
        return None
    places, after = _places(text[first.start():])
    year, name = _year(text[: first.start()])
    name = name.strip(_AROUND)
    if not name:
        head, _, tail = _PLACE.sub(" ", text).strip(_AROUND).partition(" ")
        laws, exact = _named(head, catalogue)
        return Asked(laws, exact, places, _runs(tail)) if exact or head.endswith(_ENDINGS) else None
    laws, exact = _meant(name, catalogue)
    if laws:
        return Asked(laws, exact, places, _runs(after), year)
    head, _, tail = name.partition(" ")
    laws, exact = _meant(head, catalogue)
    return Asked(laws, exact, places, _runs(f"{tail} {after}"), year) if laws and tail else None


def _one_by_one(text: str) -> str:
    """14、15、16条 as 第14条第15条第16条, 第十条至第十二条 as 第10条第11条第12条."""
    text = _SPAN.sub(_all_between, text)
    return _LISTED.sub(lambda match: "".join(f"第{number}条" for number in re.findall(_ANY, match[0])), text)


def _all_between(match: re.Match[str]) -> str:
    low, high = to_int(match[1]) or 0, to_int(match[2]) or 0
    numbers = range(low, min(high, low + _MOST_PLACES - 1) + 1) if 0 < low <= high else ()
    return "".join(f"第{number}条" for number in numbers) or match[0]


def _meant(name: str, catalogue: Catalogue) -> tuple[tuple[KnownLaw, ...], bool]:
    """The law that a name means, with small words before it or a part of the law after it.

    根据行政处罚法, 请问新公司法, 民法典合同编.
    """
    plain = "".join(name.split()).removesuffix("的")
    laws, exact = _named(plain, catalogue)
    lead = None if exact else _LEADING.match(plain)
    if lead is not None:
        inner = _named(plain[lead.end():].strip(_AROUND), catalogue)
        if inner[0]:
            return inner
    if laws or plain.endswith(_ENDINGS):
        return laws, exact
    for end in range(len(plain) - 1, _SHORTEST - 1, -1):
        inner = _named(plain[:end], catalogue) if plain[:end].endswith(_ENDINGS) else ((), False)
        if inner[0]:
            return inner
    return (), False


def _numbers_after_law(text: str, catalogue: Catalogue) -> Asked | None:
    """行政许可法 42 45, 行政处罚法58, 刑法·385, 2023年公司法 47."""
    year, text = _year(text)
    numbered = _NUMBERED.fullmatch(text)
    if numbered is None:
        return None
    # 刑法修正案十二 一: a name may end with a number itself.
    ends = [end for end in range(len(text) - 1, numbered.end(1), -1) if catalogue.exact(text[:end].strip(_AROUND))]
    end = ends[0] if ends else numbered.end(1)
    rest = _arabic(text[end:].strip(_AROUND))
    laws, exact = _meant(text[:end].strip(_AROUND), catalogue)
    if not laws or not _NUMBERS.fullmatch(rest):
        return None
    return Asked(laws, exact, _spread(_NUMBER.findall(rest)), year=year)


def _arabic(text: str) -> str:
    """第五十四 as 54, 三百八十八之1 as 388之一."""
    plain = _LONE.sub(lambda match: str(to_int(match[0]) or match[0]), text.removeprefix("第").strip())
    return _BRANCH.sub(lambda match: to_chinese(int(match[0])), plain)


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
    article, inside, branch, paragraph, item = (to_int(part) if part else None for part in match.groups())
    return ArticleAddress(article, branch or inside or 0, paragraph, item) if article else None


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
    return int(match[1] or match[2]), (text[: match.start()] + " " + text[match.end():]).strip()


def _runs(text: str) -> tuple[tuple[str, ...], ...]:
    found = (tuple(units(part)) for part in text.split())
    return tuple(run for run in dict.fromkeys(found) if run)
