"""Levels and parents of the regions that overlays name."""

from __future__ import annotations

from functools import lru_cache

from core.organs import codes
from core.organs.vocabulary import RegionLevel

LEVELS = tuple(level.value for level in RegionLevel)
"""Levels from the top down, as ``open_to`` names them."""


def level_of(code: str) -> str:
    """Level of a region code, one of ``LEVELS``."""
    return str(codes.level_of(code))


@lru_cache(maxsize=4096)
def ancestors(code: str) -> tuple[str, ...]:
    """The region's parents from the top down, and itself last; nothing for what is no region code."""
    return codes.ancestors(code) if codes.CODE.fullmatch(code) else ()
