"""Batch and live verdicts side by side: any difference is an alarm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from core.errors import Problem, fail
from core.instants import instant_text
from core.ledger.models import CaseRow
from core.ledger.reader import load_cases
from scoring.batch.ledger import fill, with_personal
from scoring.batch.recompute import EVENTS_AT_ONCE, Recomputed, Recomputer
from scoring.batch.segments import CaseRange, Segments
from scoring.batch.verdicts import SCHEMA
from scoring.columns import tuples
from scoring.engine.live import Live
from scoring.judge import Bundles
from scoring.judgement import ScoringBundle
from scoring.late import late_rule, late_verdicts
from scoring.models import CaseScore, VerdictRow

KEY = ("case", "rule", "activation")
SAID = ("state", "due", "due_date", "answered_by", "cured_on", "days_late", "order_uncertain", "level", "provisional")
_LIVE = {name: SCHEMA[name] for name in (*KEY, *SAID)} | {"wake_at": pl.String()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One verdict that live and batch do not agree on.

    Attributes:
        live, batch: what each says, as text; empty where it has no such verdict.
        overdue: the live verdict waits for a sweep that should have come.
    """

    case: str
    rule: str
    activation: str
    live: str
    batch: str
    overdue: bool = False

    def problem(self) -> Problem:
        """In words."""
        code = "batch-differs" if self.live and self.batch else (
            "batch-verdict-only-live" if self.live else "batch-verdict-only-batch")
        return Problem(code, None, {"case": self.case, "rule": self.rule, "activation": self.activation or "—",
                                    "live": self.live, "batch": self.batch})


@dataclass(slots=True)
class Tally:
    """What was compared.

    Attributes:
        moved_on: cases in which something was recorded while they were compared; the next run compares them.
        closures, referred: see ``scoring.batch.verdicts.Verdicts``.
    """

    cases: int = 0
    steps: int = 0
    verdicts: int = 0
    differences: int = 0
    overdue: int = 0
    moved_on: int = 0
    closures: int = 0
    referred: int = 0
    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Comparison:
    """Recomputes a procedure from the ledger and compares with the live verdicts.

    Args:
        folder: where segments are kept.
        as_of: compares with the live evaluator run as of this moment; None: with the verdicts in the database, each
            case under the bundle that judged it, at ``now``.
    """

    def __init__(self, bundles: Bundles, folder: Path, procedure: str, now: datetime, as_of: datetime | None = None,
                 at_once: int = EVENTS_AT_ONCE) -> None:
        if procedure not in bundles.current().procedures:
            raise fail("case-procedure-unknown", procedure=procedure)
        self.tally = Tally()
        self._bundles, self._folder, self._procedure = bundles, folder, procedure
        self._now, self._as_of, self._at_once = now, as_of, at_once
        self._live = Live()
        self._recomputers: dict[str, Recomputer] = {}

    def differences(self) -> Iterator[Difference]:
        """Every difference, case range by case range; ``tally`` is complete when they are through."""
        segments = Segments(self._folder, self._bundles.current().procedures[self._procedure])
        fill(segments)
        for part in segments.ranges(self._at_once):
            found = self._judged(segments, part)
            said = self._database(part) if self._as_of is None else self._evaluated(part)
            self._count(found)
            yield from self._settled(segments, list(_unequal(said, found.frame, self._now)))

    def _judged(self, segments: Segments, part: CaseRange) -> Recomputed:
        """Batch verdicts, each case under the bundle that live judged it by."""
        events = segments.read(part)
        self.tally.cases += events["case"].n_unique()
        current = self._bundles.current()
        if self._as_of is not None:
            return self._recomputer(current).judge(with_personal(events, segments.procedure), self._as_of, self._as_of)
        judged_by = _bundles_of(part, self._procedure)
        frames = []
        for bundle_hash in sorted({current.hash, *judged_by.values()}):
            others = [case for case, judged in judged_by.items() if judged != bundle_hash]
            own = events.filter(~pl.col("case").is_in(others)) if bundle_hash == current.hash else events.filter(
                pl.col("case").is_in([case for case, judged in judged_by.items() if judged == bundle_hash]))
            if own.height:
                frames.append(self._under(bundle_hash, own, part))
        return Recomputed(pl.concat([pl.DataFrame(schema=dict(SCHEMA)), *(one.frame for one in frames)]),
                          *(sum(getattr(one, name) for one in frames) for name in ("steps", "closures", "referred")))

    def _under(self, bundle_hash: str, events: pl.DataFrame, part: CaseRange) -> Recomputed:
        current = self._bundles.current()
        bundle = current if bundle_hash == current.hash else self._bundles.get(bundle_hash)
        procedure = bundle.procedures[self._procedure]
        segments = Segments(self._folder, procedure)
        if segments.folder != Segments(self._folder, current.procedures[self._procedure]).folder:
            fill(segments)  # that bundle read payloads otherwise
            events = segments.read(part).filter(pl.col("case").is_in(events["case"].unique().implode()))
        return self._recomputer(bundle).judge(with_personal(events, procedure), self._now)

    def _recomputer(self, bundle: ScoringBundle) -> Recomputer:
        if bundle.hash not in self._recomputers:
            self._recomputers[bundle.hash] = Recomputer(bundle, self._procedure)
        return self._recomputers[bundle.hash]

    def _database(self, part: CaseRange) -> pl.DataFrame:
        query = VerdictRow.select(
            VerdictRow.case, VerdictRow.rule, VerdictRow.activation, VerdictRow.state, VerdictRow.due,
            VerdictRow.due_date, VerdictRow.answered_by, VerdictRow.cured_on, VerdictRow.days_late,
            VerdictRow.order_uncertain, VerdictRow.level, VerdictRow.provisional, VerdictRow.wake_at).where(
            (VerdictRow.procedure == self._procedure) & VerdictRow.case.between(part.first, part.last))
        rows = [(*row[:-1], None if row[-1] is None else instant_text(row[-1])) for row in tuples(query)]
        return pl.DataFrame(rows, schema=_LIVE, orient="row")

    def _evaluated(self, part: CaseRange) -> pl.DataFrame:
        """What the live evaluator says now about the cases as they stood."""
        assert self._as_of is not None
        bundle, rows = self._bundles.current(), []
        recording = late_rule(bundle.procedures[self._procedure])
        ids = [case for (case,) in tuples(CaseRow.select(CaseRow.id).where(
            (CaseRow.procedure == self._procedure) & CaseRow.id.between(part.first, part.last)))]
        for case in load_cases(ids, bundle, self._as_of):
            if not case.steps:
                continue
            region = case.head.region
            calendar = bundle.calendar(region)
            verdicts = self._live.evaluate(case, bundle.rules(self._procedure, region), calendar, self._as_of)
            if recording is not None:
                verdicts += late_verdicts(case, recording, calendar)
            for v in verdicts:
                root = None if v.activation_index is None else case.steps[v.activation_index].root.id
                rows.append((case.head.id, v.rule, root or "", v.state.value, v.due, v.due_date, v.answered_by,
                             v.cured_on, v.days_late, v.order_uncertain, v.level.value, v.provisional, None))
        return pl.DataFrame(rows, schema=_LIVE, orient="row")

    def _count(self, found: Recomputed) -> None:
        tally = self.tally
        tally.steps += found.steps
        tally.verdicts += found.frame.height
        tally.closures += found.closures
        tally.referred += found.referred
        for state, count in found.frame["state"].value_counts().iter_rows():
            tally.by_state[state] += count

    def _settled(self, segments: Segments, found: list[Difference]) -> Iterator[Difference]:
        """Differences but for cases that moved on while they were compared."""
        if not found:
            return
        read = dict(segments.covered().select("case", "upto").iter_rows())
        moved = {case for case in {one.case for one in found} if _last_seq(case) != read.get(case)}
        self.tally.moved_on += len(moved)
        for one in found:
            if one.case not in moved:
                self.tally.differences += 1
                self.tally.overdue += one.overdue
                yield one


def _bundles_of(part: CaseRange, procedure: str) -> dict[str, str]:
    return dict(tuples(CaseScore.select(CaseScore.case, CaseScore.bundle).where(
        (CaseScore.procedure == procedure) & CaseScore.case.between(part.first, part.last))))


def _last_seq(case: str) -> int | None:
    row: Any = CaseRow.get_or_none(CaseRow.id == case)
    return None if row is None else int(row.last_seq)


def _unequal(live: pl.DataFrame, batch: pl.DataFrame, now: datetime) -> Iterator[Difference]:
    """Verdicts that are not the same on both sides."""
    ours = batch.select(*KEY, *SAID).with_columns(pl.col("activation").fill_null(""), pl.lit(True).alias("there"))
    theirs = live.with_columns(pl.lit(True).alias("there"))
    both = theirs.join(ours, on=KEY, how="full", suffix=" batch", coalesce=True)
    same = pl.all_horizontal(pl.col("there").eq_missing(pl.col("there batch")),
                             *(pl.col(name).eq_missing(pl.col(f"{name} batch")) for name in SAID))
    until = instant_text(now)
    for row in both.filter(~same).sort(KEY).iter_rows(named=True):
        differing = [name for name in SAID if row[name] != row[f"{name} batch"]]
        yield Difference(
            row["case"], row["rule"], row["activation"],
            _text(row, differing, "") if row["there"] else "", _text(row, differing, " batch") if row["there batch"]
            else "", bool(row["wake_at"] and row["wake_at"] <= until))


def _text(row: dict[str, Any], names: list[str], side: str) -> str:
    shown = dict.fromkeys(("state", *names))
    return " ".join(f"{name}={row[f'{name}{side}']}" for name in shown)
