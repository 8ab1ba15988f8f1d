"""The folded case and its steps: what rules, scores and pages look at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.ledger.event import Event
from core.rulebook.model import Procedure, Scalar


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What is fixed when a case is opened."""

    id: str
    procedure: str
    organ: str
    region: str
    title: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """An effective event at its place in the case, with the case folded up to and including it.

    Attributes:
        index: position in the case's order, from 0.
        event: the event that counts (a correction stands at its target's place).
        date: local calendar date in the procedure's time zone.
        fields: the event's payload, typed.
        state: the case's attributes after this step, typed; a missing key is an unknown value.
        origin: the event first recorded at this place; differs from ``event`` where that is a correction, so that
            findings keep their identity and the time of first recording when a step is corrected.
    """

    index: int
    event: Event
    date: date
    fields: Mapping[str, Scalar]
    state: Mapping[str, Scalar]
    origin: Event | None = None

    @property
    def type(self) -> str:
        return self.event.type

    @property
    def root(self) -> Event:
        """The event first recorded at this place."""
        return self.origin or self.event


@dataclass(frozen=True, slots=True)
class History:
    """Which steps a case has had up to a position; what ``happened()`` and ``last()`` in rules look at."""

    steps: tuple[Step, ...]
    positions: Mapping[str, tuple[int, ...]]
    upto: int

    def count(self, event_type: str) -> int:
        """How often ``event_type`` occurred up to this position."""
        return bisect_right(self.positions.get(event_type, ()), self.upto)

    def first(self, event_type: str) -> Step | None:
        """The first step of that type, or None."""
        return self.steps[self.positions[event_type][0]] if self.count(event_type) else None

    def last(self, event_type: str) -> Step | None:
        """The latest step of that type up to this position, or None."""
        found = self.count(event_type)
        return self.steps[self.positions[event_type][found - 1]] if found else None

    def anew(self, event_type: str, before: str) -> bool:
        """Did ``event_type`` occur between the last two steps of type ``before``, or before the first of them?

        Without such a step yet: did it occur at all.
        """
        seen = self.count(before)
        places = self.positions.get(before, ())
        end = places[seen - 1] if seen else self.upto + 1
        begin = places[seen - 2] if seen > 1 else -1
        steps = self.positions.get(event_type, ())
        return bisect_left(steps, end) > bisect_right(steps, begin)

    def materials(self) -> frozenset[str]:
        """Material requirements that hold at least one file, as ``event_type/requirement``."""
        return frozenset(
            f"{step.type}/{material.requirement}"
            for step in self.steps[: self.upto + 1]
            for material in step.event.materials
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A case at an as-of moment.

    Attributes:
        head: identity, organ and region.
        procedure: the procedure that it follows.
        steps: effective events in order, without platform events.
        as_of: close of what was looked at; None means everything recorded.
        platform_events: findings and publications recorded on the case, in order.
        last_seq: highest intake sequence among the events looked at, voided and corrected ones included.
    """

    head: CaseHead
    procedure: Procedure
    steps: tuple[Step, ...]
    as_of: datetime | None = None
    platform_events: tuple[Event, ...] = ()
    positions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    last_seq: int = 0

    @property
    def state(self) -> Mapping[str, Scalar]:
        """Attributes after the last step."""
        return self.steps[-1].state if self.steps else {}

    @property
    def closing(self) -> Step | None:
        """The step that closed the case, or None while it is open."""
        for step in self.steps:
            if step.type in self.procedure.closes_with:
                return step
        return None

    def history(self, upto: int | None = None) -> History:
        """The history up to and including position ``upto`` (default: all)."""
        return History(self.steps, self.positions, len(self.steps) - 1 if upto is None else upto)

    def between(self, event_type: str, after: int, before: int) -> tuple[Step, ...]:
        """Steps of a type at positions strictly between ``after`` and ``before``."""
        places = self.positions.get(event_type, ())
        return tuple(self.steps[i] for i in places[bisect_right(places, after) : bisect_left(places, before)])
