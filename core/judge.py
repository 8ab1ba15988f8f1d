"""What core needs from scoring inside its transaction; the composition root fills it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.cases.case import Case
from core.ledger.event import Value


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """An event that the platform writes on a case by itself (``finding.raised``, ``finding.withdrawn`` …)."""

    type: str
    payload: Mapping[str, Value] = field(default_factory=dict)
    occurred_at: datetime | None = None


class Judge(Protocol):
    """Renews the verdicts of cases inside the caller's transaction."""

    def judge(self, cases: Sequence[Case], now: datetime) -> Mapping[str, Sequence[PlatformEvent]]:
        """Evaluate each case, update the projections, and return the platform events to append by case id."""


class NoJudge:
    """Judges nothing; for instances and tests that only record."""

    def judge(self, cases: Sequence[Case], now: datetime) -> Mapping[str, Sequence[PlatformEvent]]:
        """No verdicts, no events."""
        return {}
