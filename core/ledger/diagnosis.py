"""What happened to a chain that is not sound: change, swap, insertion, deletion, cut tail, re-hash."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence

from core.ledger.chain import Record
from core.ledger.chain_check import Claim, begins_well, intact
from core.ledger.damage import Damage, Kind

LOOKED_AT_TOGETHER = 60
"""How many broken events of a case are compared with each other to tell a swap from two changes."""


def diagnose(claim: Claim, records: Sequence[Record]) -> list[Damage]:
    """Every damage of one case, in the order of its chain.

    Args:
        records: all its events in the order of intake numbers.
    """
    if not records:
        whole = claim.summary is None
        return [Damage(claim.case_id, 0, Kind.REMOVED_CASE) if whole
                else Damage(claim.case_id, 1, Kind.CUT_TAIL, str(claim.promised))]
    numbered = [record for record in records if isinstance(record.seq, int)]
    diagnosis = _Diagnosis(claim, numbered)
    if len(numbered) < len(records):
        diagnosis.found(0, Kind.CHANGE)
    return diagnosis.run()


class _Diagnosis:
    """Each stage leaves alone what an earlier one explained."""

    def __init__(self, claim: Claim, records: Sequence[Record]) -> None:
        self.claim = claim
        self.records = records
        self.broken = [record for record in records if not intact(record)]
        self.hashes: dict[int, set[str]] = defaultdict(set)
        for record in records:
            self.hashes[record.seq].add(record.hash)
        self.last = records[-1].seq if records else 0
        self.damages: set[Damage] = set()
        self.explained: set[int] = set()
        self.lost = self.extra = 0

    def run(self) -> list[Damage]:
        """All stages, from what is certain to what remains."""
        self._moved()
        self._repeated()
        self._gaps()
        self._backdated()
        self._changed()
        self._unlinked()
        self._length()
        self._row()
        return sorted(self.damages)

    def found(self, seq: int, kind: Kind, other: str = "") -> None:
        """Note a damage."""
        self.damages.add(Damage(self.claim.case_id, seq, kind, other))
        self.explained.add(seq)

    def _moved(self) -> None:
        """Events that are whole but stand under another number than they were recorded with."""
        origins = {record.seq: self._origin(record) for record in self.broken}
        swapped = {seq for seq, origin in origins.items() if origin is not None and origins.get(origin) == seq}
        for seq in swapped:
            self.explained.add(seq)
            if seq < (origins[seq] or 0):
                self.found(seq, Kind.SWAP, str(origins[seq]))
        down = {seq for seq, origin in origins.items() if origin == seq + 1} - swapped
        up = {seq for seq, origin in origins.items() if origin == seq - 1} - swapped
        for seq in sorted(down - {seq + 1 for seq in down}):
            self.found(seq, Kind.DELETION)
            self.lost += 1
        for seq in sorted(up - {seq + 1 for seq in up}):
            self.found(seq - 1, Kind.INSERTION)
            self.extra += 1
        self.explained |= down | up

    def _origin(self, record: Record) -> int | None:
        others = [other.seq for other in self.broken[:LOOKED_AT_TOGETHER] if other.seq != record.seq]
        return next((seq for seq in (record.seq - 1, record.seq + 1, *others) if intact(record._replace(seq=seq))),
                    None)

    def _repeated(self) -> None:
        for seq, times in Counter(record.seq for record in self.records).items():
            if times > 1:
                self.found(seq, Kind.INSERTION)

    def _gaps(self) -> None:
        before = 0
        for seq in sorted(self.hashes):
            if seq > before + 1:
                self.found(before + 1, Kind.DELETION, str(seq - 1) if seq > before + 2 else "")
            before = seq

    def _backdated(self) -> None:
        if self.claim.leaf is None:
            if self.claim.made_at is not None and any(self.claim.backdated(record) for record in self.records):
                self.found(0, Kind.INSERTED_CASE)
            return
        for record in self.records:
            if self.claim.backdated(record):
                self.found(record.seq, Kind.INSERTION)

    def _changed(self) -> None:
        for record in self.broken:
            if record.seq not in self.explained:
                self.found(record.seq, Kind.CHANGE if record.seq <= self.claim.promised else Kind.INSERTION)

    def _unlinked(self) -> None:
        """Events that carry a right hash of their own but are not what their successor stands on."""
        breaks = {earlier.seq for earlier, later in itertools.pairwise(self.records)
                  if later.seq == earlier.seq + 1 and later.previous_hash not in self.hashes[earlier.seq]
                  and not {earlier.seq, later.seq} & self.explained}
        for seq in sorted(breaks - {seq - 1 for seq in breaks}):  # between two breaks it is the later one's event
            self.found(seq, Kind.CHANGE)

    def _length(self) -> None:
        promised, leaf = self.claim.promised, self.claim.leaf
        if self.last + self.lost < promised:
            self.found(self.last + 1, Kind.CUT_TAIL, str(promised))
        elif self.last - self.extra > promised:
            for seq in range(promised + 1, self.last + 1):
                if seq not in self.explained:
                    self.found(seq, Kind.INSERTION)
        if leaf is None or self.damages or leaf.head_hash in self.hashes[leaf.last_seq]:
            return
        alone = leaf.last_seq == self.last and self.claim.summary is not None \
            and self.claim.summary.head_hash not in self.hashes[self.last]
        self.found(leaf.last_seq, Kind.CHANGE if alone else Kind.REHASH)

    def _row(self) -> None:
        """The case row: its head, which the chain stands on, and its summary of the chain."""
        summary, leaf = self.claim.summary, self.claim.leaf
        if summary is None:
            self.found(0, Kind.SUMMARY)
            return
        first = self.records[0] if self.records else None
        if first is not None and first.seq == 1 and 1 not in self.explained and not begins_well(first, summary.head):
            self.found(0, Kind.HEAD)
        if self.damages:
            return
        if summary.head_hash not in self.hashes[self.last] and (leaf is None or leaf.last_seq < self.last):
            self.found(self.last, Kind.CHANGE)
        else:
            self.found(0, Kind.SUMMARY)
