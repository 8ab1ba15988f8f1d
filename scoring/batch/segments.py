"""Segments: events of a procedure in columnar files. Events never change, so a segment never does.

What is recorded later goes into a new segment, also for cases that earlier segments hold: a correction is an
event like any other, and what counts is worked out when steps are folded (``scoring.batch.effective``). Files
belong to one reading of the payload; where a bundle types a field otherwise, another folder is filled anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.rulebook.model import Procedure
from scoring.batch.events import SCHEMA

FORMAT = 1
ROWS_IN_A_GROUP = 60_000
_COVERS = {"case": pl.String(), "events": pl.Int64(), "upto": pl.Int64()}


@dataclass(frozen=True, slots=True)
class CaseRange:
    """Cases from ``first`` to ``last``, both included, in the order of their ids."""

    first: str
    last: str
    events: int


class Segments:
    """The segments of one procedure.

    Args:
        folder: where all procedures' segments lie.
    """

    def __init__(self, folder: Path, procedure: Procedure) -> None:
        self.procedure = procedure
        self.folder = folder / procedure.id / reading_of(procedure)

    def append(self, events: pl.DataFrame, upto: pl.DataFrame) -> None:
        """Write a new segment.

        Args:
            events: see ``scoring.batch.events``, without personal values.
            upto: ``case`` and ``upto``, the intake number up to which the ledger was read for each case; events
                of the platform are not in the segment, but they count here.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        number = len(self._files("covers"))
        counted = upto.join(events.group_by("case").agg(pl.len().cast(pl.Int64).alias("events")), on="case", how="left")
        _write(events.sort("case", "seq"), self.folder / f"{number:06}.events.parquet")
        # written last: without it the segment is not there
        _write(counted.select("case", pl.col("events").fill_null(0), "upto").sort("case"),
               self.folder / f"{number:06}.covers.parquet")

    def covered(self) -> pl.DataFrame:
        """Each case with its number of events and the intake number that it was read up to, by case id."""
        files = self._files("covers")
        if not files:
            return pl.DataFrame(schema=_COVERS)
        return (pl.scan_parquet(files).group_by("case").agg(pl.col("events").sum(), pl.col("upto").max())
                .sort("case").collect())

    def ranges(self, at_once: int) -> list[CaseRange]:
        """All cases in ranges of about ``at_once`` events."""
        cases = self.covered().filter(pl.col("events") > 0)
        if not cases.height:
            return []
        parts = cases.with_columns(((pl.col("events").cum_sum() - 1) // at_once).alias("part"))
        found = parts.group_by("part", maintain_order=True).agg(
            pl.col("case").first().alias("first"), pl.col("case").last().alias("last"), pl.col("events").sum())
        return [CaseRange(first, last, events) for first, last, events in
                found.select("first", "last", "events").iter_rows()]

    def read(self, of: CaseRange) -> pl.DataFrame:
        """The events of a range of cases, sorted by case and intake number."""
        inside = pl.col("case").is_between(pl.lit(of.first), pl.lit(of.last))
        parts = [pl.scan_parquet(file).filter(inside).collect()
                 for file in (self.folder / name.replace("covers", "events") for name in self._names("covers"))]
        found = pl.concat([pl.DataFrame(schema=dict(SCHEMA)), *(part for part in parts if part.height)],
                          how="diagonal")
        return found if found["case"].is_sorted() and len(parts) == 1 else found.sort("case", "seq")

    def _names(self, kind: str) -> list[str]:
        return sorted(path.name for path in self.folder.glob(f"*.{kind}.parquet"))

    def _files(self, kind: str) -> list[Path]:
        return [self.folder / name for name in self._names(kind)]


def reading_of(procedure: Procedure) -> str:
    """A name for how payloads of a procedure are read: other types of fields give another one."""
    fields = {event.id: {field.id: [field.type.value, field.personal] for field in event.fields.values()}
              for event in procedure.events.values()}
    text = json.dumps([FORMAT, procedure.timezone.key, fields], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    frame.write_parquet(unfinished, compression="zstd", row_group_size=ROWS_IN_A_GROUP)
    os.replace(unfinished, path)
