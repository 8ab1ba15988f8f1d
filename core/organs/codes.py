"""Region codes: what GB/T 2260 and GB/T 10114 say by the digits alone."""

from __future__ import annotations

import re

from core.errors import fail
from core.organs.vocabulary import RegionLevel

CODE = re.compile(r"[1-9][0-9]{5}(?:(?!000)[0-9]{3})?")


def level_of(code: str) -> RegionLevel:
    """The level that a code stands for.

    Args:
        code: six digits (GB/T 2260), or nine for a township (GB/T 10114).

    Raises:
        FazhiError: ``region-code-malformed``.
    """
    if not CODE.fullmatch(code):
        raise fail("region-code-malformed", region=code)
    if len(code) == 9:
        return RegionLevel.TOWNSHIP
    if code.endswith("0000"):
        return RegionLevel.REGION
    return RegionLevel.LEAGUE if code.endswith("00") else RegionLevel.COUNTY


def ancestors(code: str) -> tuple[str, ...]:
    """The code's line from the top down, the code itself last: 150902 → 150000, 150900, 150902."""
    level = level_of(code)
    line = (code[:2] + "0000", code[:4] + "00", code[:6], code)
    return line[: level.rank + 1]


def territory(code: str) -> tuple[str, str]:
    """First and last code that can lie in a region, both included: 150900 → ("1509", "150999999").

    A range of text is answered from an index in every database and needs no pattern matching.
    """
    prefix = code[: (2, 4, 6, 9)[level_of(code).rank]]
    return prefix, prefix.ljust(9, "9")


def contains(outer: str, inner: str) -> bool:
    """True where ``inner`` is ``outer`` or lies in it."""
    return outer in ancestors(inner)
