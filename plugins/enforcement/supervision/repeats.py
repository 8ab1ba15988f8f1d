"""What other cases say about a step on its day: inspections of the same enterprise, fines for the same act, territory.

Recorded with the step as collected facts, so that the finding appears when the step is recorded and stays replayable.
Only organisations are looked up, by their credit code: a citizen's data is not searched across organs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from core.cases.case import Case
from core.instance import LOCAL_TIME
from core.ledger.intake import Given, NewEvent, StepFacts
from core.ledger.models import CaseRow, EventRow
from core.organs.codes import CODE, contains
from core.organs.models import Organ

ACT_YEARS = 2
"""行政处罚法 36: an act older than that is not punished any more, so no fine for it can be a second one."""


def step_facts(case: Case, step: NewEvent, day: date) -> StepFacts:
    """``inspections_this_year``, ``fined_before``, ``within_territory``; left out where nothing can be told."""
    wanted = {name for name, field in case.procedure.events[step.type].fields.items() if field.collected}
    facts: dict[str, Given] = {}
    if "inspections_this_year" in wanted and (code := _text(case, step, "inspected_party_code")):
        facts["inspections_this_year"] = _inspections(case.head.id, code, day)
    if "fined_before" in wanted and (code := _text(case, step, "party_code")) \
            and (act := _text(case, step, "suspected_act")):
        facts["fined_before"] = _fined(case.head.id, code, act, day)
    if "within_territory" in wanted and CODE.fullmatch(place := _text(case, step, "act_region")):
        organ: Any = Organ.get_or_none(Organ.id == case.head.organ)
        region = str(organ.region_id) if organ else case.head.region
        facts["within_territory"] = contains(region, place)
    return facts


def _inspections(case_id: str, code: str, day: date) -> int:
    """Inspections of the enterprise this year, of every organ, without those on complaint or order."""
    first = date(day.year, 1, 1)
    planned = _opened("inspection_planned", first - timedelta(days=366), "inspected_party_code", code)
    named = [case for case, payload in planned if case != case_id
             and payload.get("inspection_source") in ("yearly_plan", "random")]
    if not named:
        return 0
    begins, ends = _moment(first), _moment(date(day.year + 1, 1, 1))
    return int(EventRow.select(EventRow.case).where(
        EventRow.case.in_(named) & (EventRow.type == "inspected") & ~EventRow.void
        & (EventRow.occurred_at >= begins) & (EventRow.occurred_at < ends)).distinct().count())


def _fined(case_id: str, code: str, act: str, day: date) -> bool:
    """Whether another case has fined the same organisation for what bears the same name, and stands."""
    filed = [case for case, _ in _opened("filed", day - timedelta(days=366 * ACT_YEARS), "party_code", code)
             if case != case_id]
    sources: Any = EventRow.select(EventRow.case, EventRow.payload).where(
        EventRow.case.in_(filed) & (EventRow.type == "case_source_registered") & ~EventRow.void).tuples()
    named = [case for case, payload in sources if _plain(json.loads(payload).get("suspected_act")) == _plain(act)]
    decisions: Any = EventRow.select(EventRow.case, EventRow.payload).where(
        EventRow.case.in_(named) & (EventRow.type == "decision_made") & ~EventRow.void).tuples()
    fined = {case for case, payload in decisions if "fine" in (json.loads(payload).get("penalty_kinds") or ())}
    changed: Any = EventRow.select(EventRow.case).where(
        EventRow.case.in_(sorted(fined)) & (EventRow.type == "decision_changed") & ~EventRow.void).tuples()
    return bool(fined - {case for (case,) in changed})


def _opened(event_type: str, since: date, field: str, value: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Steps of a type since a day whose field has this value."""
    mark = json.dumps({field: value}, ensure_ascii=False, separators=(",", ":"))[1:-1]
    rows: Any = EventRow.select(EventRow.case, EventRow.payload).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        (EventRow.type == event_type) & (EventRow.recorded_at >= _moment(since)) & ~EventRow.void
        & EventRow.payload.contains(mark)).tuples()
    for case, payload in rows:
        found: Mapping[str, Any] = json.loads(payload)
        if found.get(field) == value:
            yield case, found


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_TIME)


def _text(case: Case, step: NewEvent, name: str) -> str:
    value = step.payload.get(name) or case.state.get(name)
    return value.strip() if isinstance(value, str) else ""


def _plain(value: object) -> str:
    return "".join(str(value or "").split())
