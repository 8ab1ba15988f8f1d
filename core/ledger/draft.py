"""A case while events are being appended to it: its chain grows in memory, then is written at once."""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.instants import instant_text
from core.judge import PlatformEvent
from core.ledger.canonical import canonical, stored
from core.ledger.chain import Record, genesis, hashed
from core.ledger.commitments import Personal, commit
from core.ledger.event import Event, MaterialRef, Precision, Value
from core.ledger.intake import ProcedureBundle
from core.ledger.progress import Progress
from core.ledger.rows import materials_text
from core.ledger.validation import Checked

_counter = itertools.count()


@dataclass(slots=True)
class Draft:
    """The working copy of one case.

    Attributes:
        written: False for a case whose row does not exist yet.
        records, personal: rows that are not written yet.
        appended: events of this call.
        rules: the rules in force, for registers that look something up in them.
        taken_at: the moment of this call; recording times never run backwards within a case.
    """

    head: CaseHead
    progress: Progress
    bundle: str
    algorithm: str
    taken_at: datetime
    last_seq: int = 0
    head_hash: str = ""
    written: bool = False
    records: list[Record] = field(default_factory=list)
    personal: list[Personal] = field(default_factory=list)
    appended: list[Event] = field(default_factory=list)
    rules: ProcedureBundle | None = None

    def append(self, checked: Checked, actor: str, organ: str, *, corrects: str | None = None, void: bool = False,
               recorded_at: datetime | None = None) -> Event:
        """Append a checked step."""
        return self._append(checked.type, checked.occurred_at, checked.precision, checked.payload, checked.personal,
                            checked.materials, actor, organ, corrects, void, recorded_at or self.taken_at)

    def append_platform(self, event: PlatformEvent, actor: str, organ: str) -> Event:
        """Append an event that the platform writes by itself."""
        payload = {name: stored(value) for name, value in event.payload.items()}
        return self._append(event.type, event.occurred_at or self.taken_at, "instant", payload, {}, (), actor, organ,
                            None, False, self.taken_at)

    def case(self) -> Case:
        """The case as it stands with everything appended so far."""
        return fold(self.head, self.progress.procedure, self.progress.events)

    def with_platform_events(self, case: Case) -> Case:
        """A case folded before the judge spoke, with what the judge had recorded."""
        platform = tuple(event for event in self.progress.events if event.is_platform)
        return replace(case, platform_events=platform, last_seq=self.last_seq)

    def take_rows(self) -> tuple[list[Record], list[Personal]]:
        """Rows to be written now; they are handed out once."""
        rows = self.records, self.personal
        self.records, self.personal = [], []
        return rows

    def _append(self, type_: str, occurred_at: datetime, precision: Precision, payload: dict[str, Value],
                personal: dict[str, Value], materials: tuple[MaterialRef, ...], actor: str, organ: str,
                corrects: str | None, void: bool, recorded_at: datetime) -> Event:
        event_id = new_event_id()
        commitments: dict[str, str] = {}
        if personal:
            commitments, rows = commit(self.head.id, event_id, personal, self.algorithm)
            self.personal.extend(rows)
        record = hashed(Record(
            event_id, self.head.id, self.last_seq + 1, type_, instant_text(occurred_at), instant_text(recorded_at),
            instant_text(self.taken_at), precision, actor, organ, canonical(payload), canonical(commitments),
            materials_text(materials), corrects, void, self.bundle, self.algorithm,
            self.head_hash or genesis(self.algorithm, self.head), ""))
        self.records.append(record)
        self.last_seq, self.head_hash = record.seq, record.hash
        event = Event(event_id, self.head.id, record.seq, type_, occurred_at, recorded_at, actor, organ,
                      {**payload, **personal}, materials, precision, corrects, void, record.previous_hash,
                      record.hash, self.bundle)
        self.appended.append(event)
        self.progress.add(event)
        return event


def new_event_id() -> str:
    """A globally unique id that grows with time, so that the index of a large ledger is written at its end."""
    return f"{time.time_ns() // 1000:013x}{next(_counter) & 0xFFF:03x}{os.urandom(8).hex()}"


def stage_of(case: Case) -> str:
    """Stage of the latest step that belongs to one; empty before the first."""
    stages = {name: stage.id for stage in case.procedure.stages for name in stage.events}
    return next((stages[step.type] for step in reversed(case.steps) if step.type in stages), "")
