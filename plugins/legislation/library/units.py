"""Text as search sees it: characters, numbers and Latin words, without punctuation and blanks.

A number is one unit however it is written: 六十日, 60日 and ６０日 are the same; 二十日 does not stand in 一百二十日.
的 and 了 are left out, as people do now and then: 违法建筑物 is 违法的建筑物. Not so in 目的, 标的, 了解.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.citations.numerals import NUMERAL, to_int

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = re.compile(rf"(?P<share>百分之(?:{NUMERAL}|{_DIGITS})|{_DIGITS}%)|(?P<digits>{_DIGITS})|(?P<numeral>{NUMERAL})"
                   r"|[a-z]+|(?!(?<![目标])的(?!士))(?!了(?![解结]))[^\W_]")


def units(text: str) -> list[str]:
    """The units of a text, in order."""
    return [_unit(match) for match in _UNIT.finditer(_narrow(text))]


def placed_units(text: str) -> list[tuple[str, int, int]]:
    """The units of a text with the places (start and end) of what was written."""
    signs = [_narrow_sign(written) for written in text]
    narrow = "".join(signs)
    places: Sequence[int] = range(len(text))
    if len(narrow) != len(text):
        places = [place for place, written in enumerate(signs) for _ in written]
    found = _UNIT.finditer(narrow)
    return [(_unit(match), places[match.start()], places[match.end() - 1] + 1) for match in found]


@lru_cache(maxsize=8192)
def _narrow_sign(written: str) -> str:
    return _narrow(written)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("两", "二")


def _unit(match: re.Match[str]) -> str:
    written = match[0]
    if match.lastindex is None:
        return written
    if match["share"]:
        return "百分之" + _plain(written.removeprefix("百分之").removesuffix("%"))
    return _plain(written) if match["digits"] or match["numeral"] else written


def _plain(number: str) -> str:
    if number[0].isdigit() and number.isascii():
        return number.replace(",", "").replace(".", "点")
    value = to_int(number)
    return number if value is None else str(value)
