"""What goes into the recorder and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from core.cases.case import Case, CaseHead
from core.ledger.event import Event, MaterialRef, Precision, Value
from core.rulebook.model import Procedure

if TYPE_CHECKING:
    from core.ledger.draft import Draft

Given = Value | date | datetime | Decimal | Sequence[str] | frozenset[str] | set[str]
"""A payload value as a caller may give it; the recorder brings it into its stored form."""

StepFacts = Mapping[str, Given]
"""What registers say about a step, by the names of collected fields; left out: unknown."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A step to be recorded.

    Attributes:
        occurred_at: an aware moment, or a local calendar date of the procedure's time zone.
        precision: None takes the event type's. ``date`` moves the moment to that day's local midnight.
        corrects: id of the event whose place this one takes.
        void: with ``corrects``: that event did not happen; nothing but ``reason`` is given then.
        actor, organ: who did it, acting for which organ.
        reason: why a correction is made; kept in the payload as ``correction_reason``.
        recorded_at: only in ``record_many``, for logs that bring their own times of recording.
        documents: materials of the step that the platform shall write itself, unless a file is given for them.
    """

    type: str
    occurred_at: datetime | date
    payload: Mapping[str, Given] = field(default_factory=dict)
    materials: tuple[MaterialRef, ...] = ()
    precision: Precision | None = None
    corrects: str | None = None
    void: bool = False
    actor: str = ""
    organ: str = ""
    reason: str = ""
    recorded_at: datetime | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one call appended, and the case as it stands after it.

    Attributes:
        repeated: the request had been recorded before, under the same key; nothing was appended now.
    """

    case_id: str
    events: tuple[Event, ...]
    case: Case
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What ``record_many`` appended; ``platform_events`` are among ``events``.

    Attributes:
        repeated: the batch had been recorded before, under the same request key.
    """

    cases: int = 0
    events: int = 0
    platform_events: int = 0
    repeated: bool = False

    def plus(self, drafts: Sequence[Draft]) -> BatchResult:
        """This result and what these drafts appended."""
        appended = [event for draft in drafts for event in draft.appended]
        return BatchResult(self.cases + len(drafts), self.events + len(appended),
                           self.platform_events + sum(event.is_platform for event in appended))


@dataclass(frozen=True, slots=True)
class Issue:
    """Documents that were written for a step.

    Attributes:
        facts: fields of the step that they fill in (their numbers).
        register: keeps them in the register of documents, once the step is an event of the chain.
    """

    materials: tuple[MaterialRef, ...]
    facts: Mapping[str, Value]
    register: Callable[[Event], None]


class IssueDocuments(Protocol):
    """Writes the documents of a step inside its transaction; filled by the composition root."""

    def __call__(self, case: Case, event: Event, wanted: Sequence[str], bundle: str) -> Issue: ...


class Collect(Protocol):
    """Asks the registers what they say about a step on its day; filled by the composition root."""

    def __call__(self, case: Case, step: NewEvent, day: date, rules: ProcedureBundle) -> StepFacts: ...


class ProcedureBundle(Protocol):
    """The part of a rule bundle that recording needs."""

    @property
    def hash(self) -> str: ...
    @property
    def procedures(self) -> Mapping[str, Procedure]: ...


class BundleSource(Protocol):
    """Hands out the bundle in force, and earlier ones by hash."""

    def current(self) -> ProcedureBundle: ...
    def get(self, bundle_hash: str, /) -> ProcedureBundle: ...


class Permit(Protocol):
    """Decides who may record what; filled by the composition root."""

    def may_record(self, person: str, organ: str, procedure: Procedure, event_type: str, case: CaseHead) -> None:
        """Raise ``FazhiError`` where the person may not."""


class AnyoneMayRecord:
    """Refuses nobody: for imports that an authorised person started, and for tests."""

    def may_record(self, person: str, organ: str, procedure: Procedure, event_type: str, case: CaseHead) -> None:
        """Allow."""
