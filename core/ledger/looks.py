"""What verification looks at beside the chain: personal values and the files of materials."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from core.ledger.chain import Record
from core.ledger.commitments import Personal, commitment
from core.ledger.damage import Damage, Kind
from core.ledger.sealing import SEALED

Entry = tuple[Record, Mapping[str, Personal]]
MaterialCheck = Callable[[str], bool]
REMEMBERED = 100_000


class Look(Protocol):
    """Is shown every event of a case, then asked what it found."""

    def at(self, record: Record, personal: Mapping[str, Personal]) -> None: ...
    def of_case(self) -> list[Damage]: ...


class PersonalLook:
    """Personal values against their commitments; an empty one must have been sealed."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._found: list[Damage] = []
        self._empty: dict[tuple[str, str], Damage] = {}
        self._sealed: set[tuple[str, str]] = set()

    def at(self, record: Record, personal: Mapping[str, Personal]) -> None:
        """Look at one event."""
        if record.type == SEALED:
            seal = _plain(record.payload)
            self._sealed.update((str(seal.get("event")), str(name)) for name in seal.get("fields", ()))
        if record.commitments == "{}":
            return
        committed = _plain(record.commitments)
        for name in sorted(committed.keys() | personal.keys()):
            damage = Damage(record.case_id, record.seq, Kind.PERSONAL, name)
            row = personal.get(name)
            if row is None or name not in committed:
                self._found.append(damage)
            elif row.value is None and row.salt is None:
                self._empty[record.id, name] = damage
            elif row.case_id != record.case_id or _commitment(row, record.algorithm) != committed[name]:
                self._found.append(damage)

    def of_case(self) -> list[Damage]:
        """What does not fit; starts afresh for the next case."""
        found = [*self._found, *(damage for key, damage in self._empty.items() if key not in self._sealed)]
        self._start()
        return found


class MaterialLook:
    """Files that events name: there, and with the content that their hash says."""

    def __init__(self, intact: MaterialCheck) -> None:
        self._intact = intact
        self._known: OrderedDict[str, bool] = OrderedDict()
        self._found: list[Damage] = []

    def at(self, record: Record, personal: Mapping[str, Personal]) -> None:
        """Look at one event."""
        if record.materials == "[]":
            return
        for item in _plain(f'{{"all":{record.materials}}}').get("all", ()):
            if not self._is_intact(str(item.get("sha256"))):
                self._found.append(Damage(record.case_id, record.seq, Kind.MATERIAL, str(item.get("name"))))

    def of_case(self) -> list[Damage]:
        """What is missing or differs; starts afresh for the next case."""
        found, self._found = self._found, []
        return found

    def _is_intact(self, sha256: str) -> bool:
        if sha256 not in self._known:
            self._known[sha256] = self._intact(sha256)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known.get(sha256, True)


def _plain(text: str) -> dict[str, Any]:
    """Parsed JSON; nothing where it is damaged, which the chain reports."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _commitment(row: Personal, algorithm: str) -> str | None:
    try:
        return commitment(row, algorithm)
    except (ValueError, TypeError):
        return None
