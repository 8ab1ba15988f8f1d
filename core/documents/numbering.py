"""Numbers of documents (文号): counted without gaps for each organ, year and document."""

from __future__ import annotations

import hashlib
import re

from core.ledger.models import SerialRow
from core.ledger.numbering import next_serial

PLACEHOLDER = re.compile(r"\{(organ_short|year|serial)(?::0([1-9]))?\}")


def take_number(pattern: str, document: str, organ: str, organ_short: str, year: int) -> str:
    """The next number; a transaction that fails gives it back.

    Args:
        pattern: text with ``{organ_short}``, ``{year}`` and ``{serial}`` or ``{serial:04}``.
    """
    return filled(pattern, organ_short, year, next_serial(scope_of(document, organ, year)))


def likely_number(pattern: str, document: str, organ: str, organ_short: str, year: int) -> str:
    """The number that the next document gets unless another is issued before; takes none."""
    row = SerialRow.get_or_none(SerialRow.scope == scope_of(document, organ, year))
    return filled(pattern, organ_short, year, (int(row.last) if row else 0) + 1)


def scope_of(document: str, organ: str, year: int) -> str:
    """The counter of a document of an organ in a year; long names are shortened to a digest."""
    scope = f"doc|{document}|{organ}|{year}"
    return scope if len(scope) <= 96 else "doc|" + hashlib.sha256(scope.encode()).hexdigest()


def filled(pattern: str, organ_short: str, year: int, serial: int) -> str:
    """A pattern with its values."""
    values = {"organ_short": organ_short, "year": str(year), "serial": str(serial)}
    return PLACEHOLDER.sub(lambda found: values[found[1]].zfill(int(found[2] or 0)), pattern)
