"""The replay: recorded cases judged under both bundles at one moment. Reads the database and writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import fn

from core.cases.fold import fold
from core.ledger.event import Event
from core.ledger.models import CaseRow
from core.ledger.reader import head_of
from core.ledger.rows import events_of_cases
from core.rulebook.bundle import Bundle
from scoring.impact.changes import CaseChange, compare
from scoring.impact.differences import Differences, differences
from scoring.impact.meaning import Alike
from scoring.impact.tally import Tally
from scoring.judgement import Judgement, judge_case
from scoring.verdict import Evaluator

CASES_AT_ONCE = 200
KEPT = 200
Sink = Callable[[CaseChange], None]


@dataclass(slots=True)
class Impact:
    """What a candidate changes.

    Attributes:
        current, candidate: hashes of the two bundles.
        at: the moment at which both were asked.
        closed: whether closed cases were looked at too.
        cases: cases looked at; ``replayed``: of those, the cases whose rules differ and that were judged twice.
        lost: procedures with recorded cases that the candidate does not know, with how many.
        total: sums over all changed cases; ``regions`` by region code, ``organs`` by region code and organ id.
        kept: the first changed cases, for reading; every one went to the sinks.
    """

    current: str
    candidate: str
    at: datetime
    closed: bool
    differences: Differences
    cases: int = 0
    replayed: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    total: Tally = field(default_factory=Tally)
    regions: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    organs: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    kept: list[CaseChange] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        """Cases whose rules, checklists, scheme and calendar are the same in both bundles."""
        return self.cases - self.replayed

    def add(self, change: CaseChange) -> None:
        """Count one changed case."""
        head = change.head
        self.total.add(change)
        self.regions[head.region].add(change)
        self.organs[head.region, head.organ].add(change)
        if len(self.kept) < KEPT:
            self.kept.append(change)


def assess(candidate: Bundle, current: Bundle, evaluator: Evaluator, at: datetime, *, closed: bool = False,
           sinks: Sequence[Sink] = ()) -> Impact:
    """Judge recorded cases under both bundles.

    Cases of a procedure and region that both bundles judge alike are not read at all, so that a league's overlay
    replays that league alone. A few hundred cases are in memory at a time.

    Args:
        at: when clocks are read, for both.
        closed: look at closed cases too, as if they were judged again; by default only open ones, which an
            activation really judges again.
        sinks: told every changed case as it is found, in the order of ids within each procedure.
    """
    impact = Impact(current.hash, candidate.hash, at, closed, differences(current, candidate))
    for procedure, regions in _to_replay(impact, current, candidate).items():
        for head_row, events in _recorded(procedure, regions, closed):
            before, after = (_judge(head_row, events, bundle, evaluator, at) for bundle in (current, candidate))
            impact.replayed += 1
            change = compare(before, after)
            if change is not None:
                impact.add(change)
                for sink in sinks:
                    sink(change)
    return impact


def _to_replay(impact: Impact, current: Bundle, candidate: Bundle) -> Mapping[str, list[str]]:
    """Regions by procedure whose cases the two bundles judge differently; counts all cases on the way."""
    alike = Alike(current, candidate)
    found: dict[str, list[str]] = defaultdict(list)
    query: Any = (CaseRow.select(CaseRow.procedure, CaseRow.region, fn.COUNT(CaseRow.id)).where(_wanted(impact.closed))
                  .group_by(CaseRow.procedure, CaseRow.region).order_by(CaseRow.procedure, CaseRow.region).tuples())
    for procedure, region, number in query:
        impact.cases += number
        if procedure not in candidate.procedures:
            impact.lost[procedure] = impact.lost.get(procedure, 0) + number
        if not alike(procedure, region):
            found[procedure].append(region)
    return found


def _recorded(procedure: str, regions: Sequence[str], closed: bool) -> Iterator[tuple[Any, list[Event]]]:
    last = ""
    while True:
        rows: list[Any] = list(
            CaseRow.select().where(_wanted(closed) & (CaseRow.procedure == procedure) & CaseRow.region.in_(regions)
                                   & (CaseRow.id > last)).order_by(CaseRow.id).limit(CASES_AT_ONCE))
        if not rows:
            return
        events = events_of_cases([row.id for row in rows])
        for row in rows:
            yield row, events[row.id]
        last = rows[-1].id


def _wanted(closed: bool) -> Any:
    recorded = CaseRow.last_seq > 0
    return recorded if closed else recorded & CaseRow.closed_at.is_null()


def _judge(row: Any, events: Sequence[Event], bundle: Bundle, evaluator: Evaluator, at: datetime) -> Judgement | None:
    if row.procedure not in bundle.procedures:
        return None
    case = fold(head_of(row), bundle.procedures[row.procedure], events)
    return judge_case(case, bundle, evaluator, at) if case.steps else None
