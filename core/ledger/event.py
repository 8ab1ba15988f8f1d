"""The recorded step: who did what in which case, when it happened and when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

Value = bool | int | Decimal | str | tuple[str, ...] | None
"""A payload value as it is stored: decimals as exact text, dates and datetimes as ISO 8601 text, sets as sorted
tuples. ``Step.fields`` of the folded case has them in their declared types."""

Precision = Literal["instant", "date"]


@dataclass(frozen=True, slots=True)
class MaterialRef:
    """A material as an event names it: the requirement it answers, its content hash and file name."""

    requirement: str
    sha256: str
    name: str
    size: int = 0
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Event:
    """One appended step. Nothing about it ever changes.

    Attributes:
        id: globally unique, opaque, ASCII.
        case_id: the case it belongs to.
        seq: intake sequence in its case, from 1, without gaps.
        type: an event type of the case's procedure, or a platform event (``finding.raised`` …).
        occurred_at: when it happened, timezone-aware UTC. With ``precision == "date"`` the local midnight.
        recorded_at: when the platform took it in, timezone-aware UTC.
        actor: person id; ``system:<name>`` for the platform's own events.
        organ: the organ the actor acted for.
        corrects: id of the event whose place in the case's order it takes.
        void: with ``corrects``: the target did not happen at all.
        bundle: hash of the rule bundle that it was checked against when it was recorded.
        sealed: personal fields whose values were erased lawfully; they are unknown from then on.
    """

    id: str
    case_id: str
    seq: int
    type: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    organ: str
    payload: Mapping[str, Value] = field(default_factory=dict)
    materials: tuple[MaterialRef, ...] = ()
    precision: Precision = "instant"
    corrects: str | None = None
    void: bool = False
    previous_hash: str = ""
    hash: str = ""
    bundle: str = ""
    sealed: tuple[str, ...] = ()

    @property
    def is_platform(self) -> bool:
        """True for events that the platform itself writes (findings, scores), not steps of the procedure."""
        return "." in self.type
