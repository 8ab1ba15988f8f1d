"""What the next event's check must know of the case so far; grows with each event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.cases.fold import effective
from core.ledger.event import Event
from core.rulebook.model import Procedure

STATE_SECRET = "state_secret"


@dataclass(slots=True)
class Progress:
    """The standing steps of a case, counted.

    Attributes:
        closed_at: when the earliest closing step happened.
        superseded: id of an event to the id of what corrected it.
        opening: id of the event that now stands where the case was opened.
    """

    procedure: Procedure
    events: list[Event] = field(default_factory=list)
    by_id: dict[str, Event] = field(default_factory=dict)
    standing: Counter[str] = field(default_factory=Counter)
    superseded: dict[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None
    opening: str | None = None
    secret: bool = False

    @classmethod
    def of(cls, procedure: Procedure, events: Iterable[Event]) -> Progress:
        """Progress after these events, in intake order."""
        progress = cls(procedure)
        for event in events:
            progress.add(event)
        return progress

    def add(self, event: Event) -> None:
        """Take in the next event."""
        self.events.append(event)
        self.by_id[event.id] = event
        if event.is_platform:
            return
        if self.opening is None:
            self.opening = event.id
            self.secret = event.payload.get(STATE_SECRET) is True
        if event.corrects is None:
            self._count(event)
            return
        self.superseded[event.corrects] = event.id
        if self.opening == event.corrects:
            self.opening = event.id
        self._recount()

    def _count(self, event: Event) -> None:
        self.standing[event.type] += 1
        if event.type in self.procedure.closes_with:
            self.closed_at = event.occurred_at if self.closed_at is None else min(self.closed_at, event.occurred_at)

    def _recount(self) -> None:
        self.standing.clear()
        self.closed_at = None
        for event in effective(self.events):
            self._count(event)
