"""Verification of the whole ledger against its chains and the last signed root, in bounded memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.errors import FazhiError
from core.instants import instant_text
from core.ledger.chain import Record
from core.ledger.chain_check import Claim, Summary, is_sound
from core.ledger.commitments import Personal
from core.ledger.damage import Damage, Kind, Report
from core.ledger.diagnosis import diagnose
from core.ledger.looks import Entry, Look, MaterialCheck, MaterialLook, PersonalLook
from core.ledger.models import PersonalValue
from core.ledger.root_file import Root, Trusted, latest_root_file, read_root
from core.ledger.snapshot import pages_of_records, records_of, rows_by_id, snapshot

MOST_DAMAGES = 1000
_CASE_COLUMNS = ("id", "procedure", "organ", "region", "title", "number", "last_seq", "head_hash")


def verify(root_file: Path | None = None, *, folder: Path | None = None, trusted_key: Trusted = None,
           material_intact: MaterialCheck | None = None) -> Report:
    """Verify every case.

    Args:
        root_file: the signed root to hold the ledger against.
        folder: where the newest root file is taken from if ``root_file`` is not given.
        trusted_key: public key, or keys one of which, must have signed the root; None trusts the key that the file
            names.
        material_intact: tells for a content hash whether its file is there and has that hash; None leaves
            materials out.
    """
    file = root_file or (latest_root_file(folder) if folder else None)
    damages: list[Damage] = []
    root: Root | None = None
    if file is not None:
        try:
            root = read_root(file, trusted_key)
        except FazhiError as refused:
            damages.extend(Damage("", 0, Kind.ROOT_FILE, problem.message()) for problem in refused.problems)
    cases = events = 0
    looks: list[Look] = [PersonalLook()]
    if material_intact is not None:
        looks.append(MaterialLook(material_intact))
    with snapshot():
        for claim, entries in _aligned(root):
            seen = _Counted(entries, looks)
            if not is_sound(claim, seen.records()):
                seen.drain()
                damages.extend(diagnose(claim, list(records_of(claim.case_id))))
            damages.extend(damage for look in looks for damage in look.of_case())
            cases, events = cases + bool(seen.count), events + seen.count
            if len(damages) >= MOST_DAMAGES:
                return Report(tuple(damages[:MOST_DAMAGES]), cases, events, file, cut_short=True)
    return Report(tuple(damages), cases, events, file)


class _Counted:
    """The events of one case on their way to the check of the chain, shown to the other looks as they pass."""

    def __init__(self, entries: Iterator[Entry], looks: Sequence[Look]) -> None:
        self._entries, self._looks, self.count = entries, looks, 0

    def records(self) -> Iterator[Record]:
        for record, personal in self._entries:
            self.count += 1
            for look in self._looks:
                look.at(record, personal)
            yield record

    def drain(self) -> None:
        """Show the rest to the looks."""
        for _ in self.records():
            continue


def _aligned(root: Root | None) -> Iterator[tuple[Claim, Iterator[Entry]]]:
    """Case rows, chains and signed heads side by side; all three come in the order of case ids."""
    made_at = instant_text(root.made_at) if root else None
    rows = _Stream((row[0], Summary.of(row)) for row in rows_by_id("case_", _CASE_COLUMNS))
    chains = _Stream(itertools.groupby(_entries(), key=lambda entry: entry[0].case_id))
    leaves = _Stream((leaf.case_id, leaf) for leaf in (root.leaves() if root else ()))
    while keys := [key for key in (rows.key, chains.key, leaves.key) if key is not None]:
        case_id = min(keys)
        yield (Claim(case_id, rows.at(case_id), leaves.at(case_id), made_at), chains.at(case_id) or iter(()))
        for stream in (rows, chains, leaves):
            stream.leave(case_id)


class _Stream:
    """A sorted stream of keyed values with its next key in view."""

    def __init__(self, source: Any) -> None:
        self._source = iter(source)
        self.key: str | None = None
        self._value: Any = None
        self._advance()

    def at(self, key: str) -> Any:
        """The value of this key, or None."""
        return self._value if self.key == key else None

    def leave(self, key: str) -> None:
        """Go on where this key was."""
        if self.key == key:
            self._advance()

    def _advance(self) -> None:
        self.key, self._value = next(self._source, (None, None))


def _entries() -> Iterator[Entry]:
    """Every event with the rows behind its commitments by field."""
    for page in pages_of_records():
        ids = [record.id for record in page if record.commitments != "{}"]
        personal: dict[str, dict[str, Personal]] = {}
        for start in range(0, len(ids), 400):
            query: Any = PersonalValue.select(
                PersonalValue.event, PersonalValue.case_id, PersonalValue.field, PersonalValue.value,
                PersonalValue.salt).where(PersonalValue.event.in_(ids[start : start + 400])).tuples()
            for values in query:
                row = Personal(*values)
                personal.setdefault(row.event_id, {})[row.field] = row
        for record in page:
            yield record, personal.get(record.id, {})
