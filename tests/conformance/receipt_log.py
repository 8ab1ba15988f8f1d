"""The receipt log of the shared conformance folder as cases of our own."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.model import Procedure

REPOSITORY = Path(__file__).resolve().parents[2]
LOG = Path(os.environ.get("FAZHI_SHARED") or REPOSITORY.parent / "shared") / "conformance" / "receipt"
RULES = Path(__file__).parent / "receipt"


def available() -> bool:
    """True where the log is on this machine; it is not part of the repository."""
    return (LOG / "log.csv.gz").is_file()


def aliases(procedure: Procedure) -> dict[str, str]:
    """The log's names of steps to our event types."""
    return {alias: event.id for event in procedure.events.values() for alias in event.aliases}


@cache
def expected() -> Mapping[str, Any]:
    """The verdicts that several independent tools agree on."""
    loaded: dict[str, Any] = json.loads((LOG / "expected.json").read_text(encoding="utf-8"))["rules"]
    return loaded


def rows() -> Iterator[dict[str, str]]:
    """The rows of the log in its order."""
    with gzip.open(LOG / "log.csv.gz", "rb") as packed:
        yield from csv.DictReader(io.TextIOWrapper(packed, "utf-8"))


def events_by_case(types: Mapping[str, str]) -> dict[str, list[Event]]:
    """Our events of each case; ``types`` maps the log's names to event types."""
    found: dict[str, list[Event]] = {}
    for row in rows():
        at = datetime.fromisoformat(row["timestamp"]).astimezone(UTC)
        case, seq = row["case_id"], int(row["seq"]) + 1
        found.setdefault(case, []).append(Event(
            f"{case}/{seq}", case, seq, types[row["event"]], at, at, row["resource"], "municipality",
            payload={"after_deadline": int(row["after_deadline"]) if row["after_deadline"] else None},
            precision="instant",
        ))
    return found


def folded(procedure: Procedure, events: Mapping[str, Iterable[Event]], as_of: datetime | None = None) -> list[Case]:
    """The cases that have begun by ``as_of``."""
    cases = (fold(CaseHead(name, procedure.id, "municipality", "NL"), procedure, own, as_of)
             for name, own in events.items())
    return [case for case in cases if case.steps]


def digest(case_ids: Iterable[str]) -> str:
    """The hash by which ``expected.json`` names a set of cases."""
    return hashlib.sha256("\n".join(sorted(set(case_ids))).encode()).hexdigest()
