"""Discretion rows that a region narrows (细化量化不得扩大): each inside the parent's row, the table proved again.

国办发〔2022〕27号 (not checked against its text): a lower level may refine a benchmark of its superior, not widen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.discretion.cells import CellError, read_interval
from core.discretion.fines import Fine
from core.discretion.intervals import Interval
from core.discretion.model import Row, Table
from core.discretion.proof import prove
from core.errors import Location
from core.language.suggest import listing, nearest
from core.rulebook.build.context import Problems, Site
from core.rulebook.kinds.base import dates_of
from core.rulebook.kinds.overlay import NarrowSpec, OverlayDocument
from core.rulebook.model import DateRange
from core.rulebook.stretches import changes_of, cut, overlap


@dataclass(frozen=True, eq=False)
class Narrowing:
    """What one overlay narrows in one table."""

    region: str
    table: str
    valid: DateRange
    rows: tuple[tuple[NarrowSpec, Site], ...]


def narrowings(overlays: Iterable[tuple[OverlayDocument, Site]], known: Iterable[str], problems: Problems
               ) -> tuple[Narrowing, ...]:
    """What the overlays narrow; a table that does not exist, and one narrowed twice at a time, are reported."""
    tables = sorted(set(known))
    found: list[Narrowing] = []
    for document, site in overlays:
        for name, specs in document.narrow.items():
            place = site / "narrow" / name
            if name not in tables:
                near = nearest(name, tables)
                problems.add("narrow-table-misspelt" if near else "narrow-table-unknown", place.key, name=name,
                             suggestion=near, known=listing(tables) or "—")
                continue
            valid = dates_of(document.valid)
            if any(one.region == document.region and one.table == name and overlap(one.valid, valid)
                   for one in found):
                problems.add("narrow-twice", place.key, name=name, region=document.region)
                continue
            found.append(Narrowing(document.region, name, valid,
                                   tuple((spec, place / index) for index, spec in enumerate(specs))))
    return tuple(found)


class Narrower:
    """Narrows the tables of a chain of regions, from the top down; each table once for every stretch of time."""

    def __init__(self, found: Sequence[Narrowing], problems: Problems) -> None:
        self._found = found
        self._problems = problems
        self._apply = lru_cache(maxsize=None)(self._narrowed)

    def tables(self, tables: Sequence[Table], chain: Sequence[str]) -> tuple[Table, ...]:
        """The tables as the last region of the chain has them."""
        current = tuple(tables)
        for region in chain:
            for one in self._found:
                if one.region == region:
                    current = tuple(version for table in current for version in self._versions(table, one))
        return current

    def _versions(self, table: Table, one: Narrowing) -> Iterable[Table]:
        if table.id != one.table or overlap(table.valid, one.valid) is None:
            yield table
            return
        for stretch in cut(table.valid, changes_of([one.valid])):
            yield self._apply(table, one, stretch)

    def _narrowed(self, table: Table, one: Narrowing, stretch: DateRange) -> Table:
        if overlap(stretch, one.valid) is None:
            return replace(table, valid=stretch)
        rows = list(table.rows)
        for spec, site in one.rows:
            row = self._row(table, spec, site)
            if row is not None:
                rows[spec.row - 1] = row
        made = replace(table, rows=tuple(rows), valid=stretch, region=one.region,
                       origin={**table.origin, "region": one.region})
        before = {(flaw.code, flaw.rows) for flaw in prove(table)}
        for flaw in prove(made):
            if flaw.severe and (flaw.code, flaw.rows) not in before:
                self._problems.add("narrow-unsound", one.rows[0][1].at, name=table.id, flaw=flaw.code)
        return made

    def _row(self, table: Table, spec: NarrowSpec, site: Site) -> Row | None:
        if spec.row > len(table.rows):
            self._problems.add("narrow-row", (site / "row").at, row=spec.row, count=len(table.rows))
            return None
        row = table.rows[spec.row - 1]
        if row.tier != spec.tier:
            self._problems.add("narrow-tier", (site / "tier").at, row=spec.row, tier=spec.tier, parent=row.tier)
            return None
        place = (site / ("range" if spec.range is not None else "fixed")).at
        span = self._span(spec, place)
        if span is None:
            return None
        fine = row.fine
        if fine is None or not _inside(span, fine.span):
            self._problems.add("narrow-wider", place, row=spec.row, found=str(span),
                               parent=str(fine.span) if fine is not None else "—")
            return None
        return replace(row, fine=Fine(span, fine.base, fine.floor, fine.cap))

    def _span(self, spec: NarrowSpec, place: Location) -> Interval | None:
        written = spec.range if spec.range is not None else f"[{spec.fixed}..{spec.fixed}]"
        if (spec.range is None) == (spec.fixed is None):
            self._problems.add("narrow-range-or-fixed", place, row=spec.row)
            return None
        try:
            span = read_interval(written)
        except CellError as error:
            self._problems.add(error.code, place, **error.details)
            return None
        if span.low is None or span.high is None:
            self._problems.add("discretion-range-open", place, found=written)
            return None
        return span


def _inside(inner: Interval, outer: Interval) -> bool:
    """Whether every amount of one interval lies in another."""
    return inner.meet(outer) == inner
