"""The schemes that are in use in a region."""

from __future__ import annotations

from collections.abc import Sequence

from core.rulebook.schemes import Scheme
from web.kit.render import instance


def schemes_in_use(region: str, year: int) -> Sequence[Scheme]:
    """Schemes by which the organs of a region are assessed in a year."""
    return instance().bundles.current().organ_schemes(year, region)
