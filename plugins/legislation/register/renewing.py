"""The register kept up with the ledger: cases that went on are read anew, new events are read for mentions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from core.cases.case import Case, Step
from core.database import database
from core.instance import Instance
from core.instants import instant_text
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_cases
from core.ledger.rows import IN_ONE_QUERY
from core.organs.models import Organ
from plugins.legislation.register.models import Document, Mention, Scanned
from plugins.legislation.register.publishing import publish

PROCEDURE, RULE = "legislation.document", "legislation.rule"
PROCEDURES = (PROCEDURE, RULE)
CLEANED = ("cleanup_concluded", "cleaned_up")
ENDINGS = ("repealed", "expired")
SERIAL = re.compile(r"〔\d{4}〕\d{1,5}号")
"""The end of a document's number (党政机关公文格式 GB/T 9704); the organ's word before it has no mark of its own."""


def renew(instance: Instance) -> int:
    """Bring the register and the library up to date; returns how many documents were read anew.

    Cheap where nothing has happened: pages call it before they show a list.
    """
    bundle = instance.bundles.current()
    known = [procedure for procedure in PROCEDURES if procedure in bundle.procedures]
    if not known:
        return 0
    query: Any = CaseRow.select(CaseRow.id).join(
        Document, JOIN.LEFT_OUTER, on=(Document.case == CaseRow.id)).where(
        CaseRow.procedure.in_(known) & (Document.seq.is_null() | (Document.seq != CaseRow.last_seq))).tuples()
    stale = [case for (case,) in query]
    for start in range(0, len(stale), IN_ONE_QUERY):
        part = stale[start : start + IN_ONE_QUERY]
        cases = list(load_cases(part, bundle))
        organs: Any = Organ.select(Organ.id, Organ.name).where(Organ.id.in_([case.head.organ for case in cases]))
        makers: dict[str, str] = dict(organs.tuples())
        rows = [row_of(case) for case in cases]
        with database.atomic():
            for case, row in zip(cases, rows, strict=True):
                if row["published"] is not None:
                    publish(case, row, makers.get(case.head.organ, ""), instance.materials, instance.now())
            Document.delete().where(Document.case.in_(part)).execute()
            if rows:
                Document.insert_many(rows).execute()
    return len(stale)


def row_of(case: Case) -> dict[str, Any]:
    """A case as the register has it."""
    state = case.state
    rule = case.head.procedure == RULE
    number = state.get("document_number") or (_latest(case, "published", "order_number") if rule else "")
    demanded = state.get("conclusion") in ("correct", "annul") or bool(_all(case, "correction_ordered"))
    end, ending = _end(case)
    return {
        "case": case.head.id, "seq": case.last_seq, "organ": case.head.organ, "region": case.head.region,
        "title": case.head.title, "number": str(number or ""),
        "subject": str(state.get("subject_area") or ""),
        "kind": str(state.get("measure_kind" if rule else "document_class") or ""),
        "published": _first(case, "published"), "effective": state.get("effective_on"),
        "until": state.get("valid_until"), "ended": end, "ending": ending,
        "filed": _first(case, "filed"), "registered": _first(case, "filing_registered"),
        "reviewed": _last(case, "final_review"), "complete": state.get("material_complete"),
        "conclusion": str(state.get("conclusion") or ""),
        "corrected": any(step.fields.get("correction_accepted") is True for step in _all(case, "correction_verified"))
        if demanded else None,
        "cleaned": max((day for name in CLEANED if (day := _last(case, name))), default=None),
        "advice": str(_latest(case, "evaluated", "evaluation_advice") or ""),
        "informed": _sum(case, "informed"), "respondents": _sum(case, "respondents"),
        "stage": next((step.type for step in reversed(case.steps)), ""),
    }


def _end(case: Case) -> tuple[date | None, str]:
    for step in case.steps:
        if step.type in ENDINGS:
            return step.date, step.type
        if step.type in CLEANED and step.fields.get("cleanup_result") in ("repeal", "invalid"):
            return step.date, str(step.fields["cleanup_result"])
    return None, ""


def _all(case: Case, event_type: str) -> list[Step]:
    return [case.steps[at] for at in case.positions.get(event_type, ())]


def _first(case: Case, event_type: str) -> date | None:
    return next((step.date for step in _all(case, event_type)), None)


def _last(case: Case, event_type: str) -> date | None:
    return next((step.date for step in reversed(_all(case, event_type))), None)


def _latest(case: Case, event_type: str, name: str) -> object:
    return next((step.fields.get(name) for step in reversed(_all(case, event_type))), None)


def _sum(case: Case, name: str) -> int:
    return sum(value for step in _all(case, "awareness_surveyed") if isinstance(value := step.fields.get(name), int))


def read_mentions() -> int:
    """Read the events taken in since the last time for numbers of registered documents; how many mentions are new."""
    known: dict[str, list[str]] = defaultdict(list)
    numbers: Any = Document.select(Document.number).where(Document.number != "").distinct().tuples()
    for (number,) in numbers:
        if serial := SERIAL.search(number):
            known[serial[0]].append(number)
    mark = Scanned.get_or_none(Scanned.id == 1)
    events: Any = EventRow.select(EventRow.case, CaseRow.procedure, EventRow.payload, EventRow.taken_at).join(
        CaseRow, on=(EventRow.case == CaseRow.id)).where(
        EventRow.payload.contains("〔") & ~CaseRow.procedure.startswith("legislation.")).order_by(EventRow.taken_at)
    if mark is not None:
        # Not later than the mark: events of the same instant are read again, which a key makes harmless.
        events = events.where(EventRow.taken_at >= datetime.fromisoformat(mark.taken))
    found, latest = {}, None
    for case, procedure, payload, taken in events.tuples().iterator():
        latest = taken
        for number in {one for serial in SERIAL.findall(payload) for one in known.get(serial, ()) if one in payload}:
            found[number, case] = {"number": number, "case": case, "procedure": procedure,
                                   "on": taken.date().isoformat()}
    with database.atomic():
        added = sum(_insert(part) for part in _parts(found.values()))
        if latest is not None:
            Scanned.insert(id=1, taken=instant_text(latest)).on_conflict(
                conflict_target=[Scanned.id], update={Scanned.taken: instant_text(latest)}).execute()
    return added


def _insert(part: list[dict[str, Any]]) -> int:
    before = Mention.select().count()
    Mention.insert_many(part).on_conflict_ignore().execute()
    return int(Mention.select().count() - before)


def _parts(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    listed = list(items)
    for start in range(0, len(listed), IN_ONE_QUERY):
        yield listed[start : start + IN_ONE_QUERY]
