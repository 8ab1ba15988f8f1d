"""A procedure recomputed from its segments: range by range of cases, each under the rules of its region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.calendars import Calendar
from core.rulebook.model import Procedure, Rule
from scoring.batch.effective import effective
from scoring.batch.evaluator import Batch
from scoring.batch.late import late_records
from scoring.batch.segments import CaseRange, Segments
from scoring.batch.steps import Steps
from scoring.batch.verdicts import SCHEMA, Verdicts
from scoring.judgement import ScoringBundle
from scoring.late import late_rule

EVENTS_AT_ONCE = 250_000
"""Events in memory at a time; a case is never split."""


@dataclass(frozen=True, eq=False)
class Recomputed:
    """What batch says about a range of cases.

    Attributes:
        steps: how many were looked at.
        closures, referred: see ``Verdicts``.
    """

    frame: pl.DataFrame
    steps: int = 0
    closures: int = 0
    referred: int = 0


class Recomputer:
    """Judges events in columns under a bundle."""

    def __init__(self, bundle: ScoringBundle, procedure: str, batch: Batch | None = None) -> None:
        self.bundle, self.procedure = bundle, bundle.procedures[procedure]
        self._batch = batch or Batch()

    def judge(self, events: pl.DataFrame, at: datetime, as_of: datetime | None = None) -> Recomputed:
        """Every verdict on the cases of ``events``.

        Args:
            at: when clocks are read.
            as_of: only what happened before this moment; None: everything.
        """
        late, frames, steps_seen, closures, referred = late_rule(self.procedure), [], 0, 0, 0
        every = events["region"].unique().to_list()
        for regions, rules, calendar in self._jurisdictions(every):
            own = events if len(regions) == len(every) else events.filter(pl.col("region").is_in(regions))
            steps = Steps(effective(own, self.procedure.timezone, as_of), self.procedure)
            found: Verdicts = self._batch.evaluate(steps, rules, calendar, at)
            frames.append(found.frame())
            if late is not None and steps.size:
                frames.append(late_records(steps, late, self._batch.periods(calendar, self.procedure)))
            steps_seen, closures, referred = (steps_seen + steps.size, closures + found.closures,
                                              referred + found.referred)
        return Recomputed(pl.concat([pl.DataFrame(schema=dict(SCHEMA)), *frames]), steps_seen, closures, referred)

    def _jurisdictions(self, regions: Sequence[str]) -> Iterator[tuple[list[str], tuple[Rule, ...], Calendar]]:
        """Regions with the same rules and calendar together."""
        together: dict[tuple[int, int], list[str]] = defaultdict(list)
        for region in regions:
            rules, calendar = self.bundle.rules(self.procedure.id, region), self.bundle.calendar(region)
            together[id(rules), id(calendar)].append(region)
        for same in together.values():
            yield same, self.bundle.rules(self.procedure.id, same[0]), self.bundle.calendar(same[0])


def stream(segments: Segments, procedure: Procedure, rules: Sequence[Rule], calendar: Calendar, as_of: datetime,
           at_once: int = EVENTS_AT_ONCE) -> Iterator[tuple[CaseRange, Verdicts]]:
    """The verdicts on all cases, a range at a time, as of the same moment for occurrence and clocks."""
    batch = Batch()
    for part in segments.ranges(at_once):
        steps = Steps(effective(segments.read(part), procedure.timezone, as_of), procedure)
        yield part, batch.evaluate(steps, rules, calendar, as_of)
