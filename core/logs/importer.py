"""From the rows of a log to recorded cases: everything is checked first, then all is recorded or nothing."""

from __future__ import annotations

import difflib
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError, Location, Problem, fail
from core.ledger.event import Value
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.recorder import Recorder
from core.logs.csv_log import read_csv_log
from core.logs.rows import LogRow, parse_time
from core.logs.values import TYPE_NAMES, parse_cell
from core.logs.xes_log import read_xes_log
from core.rulebook.model import EventType, Procedure

MOST_PROBLEMS = 200
CASES_A_BATCH = 500
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """The organ and region that imported cases belong to."""

    organ: str
    region: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import recorded; ``ignored`` columns stand in no field of the procedure."""

    cases: int
    events: int
    ignored: tuple[str, ...]


def read_log(path: Path) -> Iterator[LogRow]:
    """Rows of a log, by the file's name: ``.xes``/``.xes.gz`` as XES, anything else as CSV.

    Raises:
        FazhiError: what the readers raise; ``log-bad-gzip``.
    """
    try:
        yield from read_xes_log(path) if path.name.removesuffix(".gz").endswith(".xes") else read_csv_log(path)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise fail("log-bad-gzip", Location(path.name)) from None


def import_log(rows: Iterable[LogRow], procedure: Procedure, recorder: Recorder, default: Place,
               place_of: Callable[[str], Place | None]) -> ImportReport:
    """Record every case of a log.

    Args:
        default: where cases go whose rows name no organ.
        place_of: the place of an organ id, None where it is not known.

    Raises:
        FazhiError: every row that cannot be taken, with file and line; nothing was recorded then.
    """
    reader = _Reader(procedure, default, place_of)
    for row in rows:
        reader.take(row)
        if len(reader.problems) >= MOST_PROBLEMS:
            break
    reader.refuse_known_cases()
    if reader.problems:
        raise FazhiError(reader.problems)
    if not reader.cases:
        raise fail("log-empty")
    batch = list(reader.cases.values())
    with database.atomic():
        for start in range(0, len(batch), CASES_A_BATCH):
            recorder.record_many(batch[start : start + CASES_A_BATCH])
    return ImportReport(len(batch), sum(len(events) for _, events in batch), tuple(sorted(reader.ignored)))


def imported_case_id(procedure: str, case: str) -> str:
    """The platform's id for a case of another system; its own id is kept as the case's number."""
    return "imp-" + hashlib.sha256(f"{procedure}|{case}".encode()).hexdigest()[:20]


class _Reader:
    """Turns rows into cases and collects what is wrong with them."""

    def __init__(self, procedure: Procedure, default: Place, place_of: Callable[[str], Place | None]) -> None:
        self.procedure = procedure
        self.default = default
        self.place_of = place_of
        self.names = _event_names(procedure)
        self.cases: dict[str, tuple[CaseHead, list[NewEvent]]] = {}
        self.first_line: dict[str, Location] = {}
        self.problems: list[Problem] = []
        self.ignored: set[str] = set()

    def take(self, row: LogRow) -> None:
        if not row.case:
            self.problems.append(Problem("log-without-case", row.at))
            return
        event_type = self.names.get(row.event)
        if event_type is None:
            near = difflib.get_close_matches(row.event, self.names, 3, 0.5)
            self.problems.append(Problem("log-unknown-event", row.at, {
                "event": row.event, "procedure": self.procedure.title.zh, "near": "、".join(near) or "—"}))
            return
        moment = parse_time(row.occurred, self.procedure.timezone, row.at)
        place = self.place_of(row.organ) if row.organ else self.default
        if place is None:
            self.problems.append(Problem("log-unknown-organ", row.at, {"organ": row.organ}))
            return
        payload = self._payload(row, event_type)
        if isinstance(moment, Problem):
            self.problems.append(moment)
            return
        head, events = self.cases.setdefault(row.case, (self._head(row, place), []))
        self.first_line.setdefault(row.case, row.at)
        events.append(NewEvent(type=event_type.id, occurred_at=moment[0], precision=moment[1], payload=payload,
                               actor=f"log:{row.resource}" if row.resource else "log:", organ=head.organ))

    def refuse_known_cases(self) -> None:
        """A case that was imported before is refused whole: a log states cases, it does not continue them."""
        ids = {imported_case_id(self.procedure.id, case): case for case in self.cases}
        known = list(ids)
        for start in range(0, len(known), 500):
            for found in CaseRow.select(CaseRow.id).where(CaseRow.id.in_(known[start : start + 500])):
                case = ids[found.id]
                self.problems.append(Problem("log-case-exists", self.first_line[case], {"case": case}))

    def _head(self, row: LogRow, place: Place) -> CaseHead:
        return CaseHead(imported_case_id(self.procedure.id, row.case), self.procedure.id, place.organ, place.region,
                        title=f"{self.procedure.title.zh} {row.case}", number=row.case)

    def _payload(self, row: LogRow, event_type: EventType) -> Mapping[str, Value]:
        payload: dict[str, Value] = {}
        for name, text in row.fields.items():
            field = event_type.fields.get(name)
            if field is None or field.collected:
                self.ignored.add(name)
                continue
            try:
                payload[name] = parse_cell(text, field)
            except ValueError:
                self.problems.append(Problem("log-bad-value", row.at, {
                    "field": field.title.zh, "value": text[:LONGEST_SHOWN],
                    "type": TYPE_NAMES.get(field.type, field.type.value)}))
        self.ignored -= set(payload)
        return payload


def _event_names(procedure: Procedure) -> dict[str, EventType]:
    names: dict[str, EventType] = {}
    for event_type in procedure.events.values():
        for name in (event_type.id, event_type.title.zh, *event_type.title.others.values(), *event_type.aliases):
            names.setdefault(name, event_type)
    return names
