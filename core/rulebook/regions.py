"""Levels and parents of regions by their GB/T 2260 code: 150000 region, 150900 league, 150902 county."""

from __future__ import annotations

LEVELS = ("region", "league", "county", "township")


def level_of(code: str) -> str:
    """Level of a region code: ``region``, ``league``, ``county`` or ``township`` (more than six digits)."""
    if len(code) > 6:
        return "township"
    if code.endswith("0000"):
        return "region"
    return "league" if code.endswith("00") else "county"


def ancestors(code: str) -> tuple[str, ...]:
    """The region's parents from the top down, and the region itself: ``150000 150900 150902``."""
    if not code:
        return ()
    county = code[:6]
    chain = [county[:2] + "0000", county[:4] + "00", county, code]
    return tuple(dict.fromkeys(chain))
