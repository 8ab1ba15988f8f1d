"""Levels and parents of the regions that overlays name."""

from __future__ import annotations

from functools import lru_cache

from core.organs import codes

LEVELS = ("region", "league", "county", "township")
"""Levels from the top down, as ``open_to`` names them."""


def level_of(code: str) -> str:
    """Level of a region code, one of ``LEVELS``."""
    return str(codes.level_of(code))
LEVEL_WORDS = {"region": "自治区", "league": "盟市", "county": "旗县", "township": "苏木乡镇"}


@lru_cache(maxsize=4096)
def ancestors(code: str) -> tuple[str, ...]:
    """The region's parents from the top down, and itself last; nothing for what is no region code."""
    return codes.ancestors(code) if codes.CODE.fullmatch(code) else ()
