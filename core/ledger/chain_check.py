"""Is one case's chain sound? Answered in a stream; what is wrong is found by ``diagnosis``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.cases.case import CaseHead
from core.ledger.chain import Record, event_hash, genesis
from core.ledger.merkle import Leaf


@dataclass(frozen=True, slots=True)
class Summary:
    """What the case row says of its chain."""

    head: CaseHead
    last_seq: int
    head_hash: str

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Summary:
        """From a row in the order id, procedure, organ, region, title, number, last_seq, head_hash."""
        return cls(CaseHead(*row[:6]), row[6], row[7])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a chain must agree with.

    Attributes:
        summary: None where the case row is gone.
        leaf: the case in the signed root; None where the root does not know it.
        made_at: text of the moment of the root; None without a root.
    """

    case_id: str
    summary: Summary | None
    leaf: Leaf | None
    made_at: str | None

    @property
    def promised(self) -> int:
        """How many events there must be at least."""
        numbers = [part.last_seq for part in (self.summary, self.leaf) if part is not None]
        return max((number for number in numbers if isinstance(number, int)), default=0)

    def backdated(self, record: Record) -> bool:
        """True for an event that claims to have been taken in before a root which does not know it."""
        known = self.leaf.last_seq if self.leaf else 0
        return (self.made_at is not None and isinstance(record.taken_at, str) and record.seq > known
                and record.taken_at < self.made_at)


def intact(record: Record) -> bool:
    """True where an event bears the hash of its content."""
    try:
        return event_hash(record) == record.hash
    except (ValueError, TypeError, AttributeError):  # a column holds what it never held when it was written
        return False


def begins_well(record: Record, head: CaseHead) -> bool:
    """True where the first event stands on the hash of the case's head."""
    try:
        return record.previous_hash == genesis(record.algorithm, head)
    except (ValueError, TypeError, AttributeError):
        return False


def is_sound(claim: Claim, records: Iterable[Record]) -> bool:
    """True where everything about the chain fits. Stops reading at the first thing that does not."""
    if claim.summary is None:
        return False
    previous, last = "", 0
    for record in records:
        linked = record.previous_hash == previous if last else begins_well(record, claim.summary.head)
        vouched = claim.leaf is None or record.seq != claim.leaf.last_seq or record.hash == claim.leaf.head_hash
        if record.seq != last + 1 or not linked or not vouched or claim.backdated(record) or not intact(record):
            return False
        previous, last = record.hash, record.seq
    return last == claim.promised == claim.summary.last_seq and previous == claim.summary.head_hash
