"""Long lists in pages that the database cuts, not Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request

T = TypeVar("T")
PAGE_SIZE = 20
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        number: this page, from 1.
        total: entries in the whole list.
    """

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first entry shown, from 1; 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last entry shown."""
        return min(self.number * self.size, self.total)

    def window(self, around: int = 2) -> list[int | None]:
        """Page numbers to offer: both ends, the neighbours, None for a gap."""
        near = range(max(1, self.number - around), min(self.pages, self.number + around) + 1)
        wanted = sorted({1, self.pages, *near})
        out: list[int | None] = []
        for number in wanted:
            if out and out[-1] is not None and number - out[-1] > 1:
                out.append(None)
            out.append(number)
        return out


def asked_page() -> int:
    """The page number of the request, 1 where it is missing or nonsense."""
    asked = request.args.get("page", "1")
    return min(max(int(asked), 1), MAX_PAGE) if asked.isascii() and asked.isdigit() else 1


def paginate(query: Any, size: int = PAGE_SIZE, shape: Callable[[Any], T] | None = None) -> Page[Any]:
    """The page of a peewee query that the request asks for.

    Args:
        query: a select with a stable order.
        shape: makes what the template reads out of a row.
    """
    total = query.count()
    number = min(asked_page(), max(1, -(-total // size)))
    rows = list(query.paginate(number, size))
    return Page([shape(row) for row in rows] if shape else rows, number, size, total)
