"""The year that a page of figures is about."""

from __future__ import annotations

from flask import request

from web.kit.access import today_of
from web.kit.render import instance

EARLIEST = 2015


def asked_year() -> int:
    """The year of the page; this year unless the reader chose another."""
    today = today_of(instance())
    asked = request.values.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return year if EARLIEST <= year <= today.year else int(today.year)


def years() -> list[tuple[str, str]]:
    """Years to choose from, the latest first."""
    today = today_of(instance())
    return [(str(year), str(year)) for year in range(today.year, max(EARLIEST, today.year - 5) - 1, -1)]
