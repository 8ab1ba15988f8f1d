"""The compared decisions, renewed from the ledger: what is new since the last time, or everything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import chunked

from core.database import database
from core.instance import LOCAL_TIME, Instance
from core.ledger.models import CaseRow, EventRow
from plugins.enforcement.discretion.deviation import Rule, place_of, spread
from plugins.enforcement.discretion.models import Decided, Group
from plugins.enforcement.discretion.vocabulary import PLACES

AT_ONCE = 400
DECIDING = tuple(sorted({place.step for place in PLACES.values() if place.decides and place.weighs}))
PROCEDURES = tuple(sorted({place.procedure for place in PLACES.values() if place.decides and place.weighs}))


def renew(_: Instance | None = None, rule: Rule | None = None) -> int:
    """Take in the cases whose decision was recorded or corrected since the last time; how many.

    A record that is committed late behind a newer one is found by ``renew_all``, every night.
    """
    newest = Decided.select(Decided.event).order_by(Decided.event.desc()).limit(1).scalar()
    return _take(_cases_after(newest or ""), rule or Rule())


def renew_all(_: Instance | None = None, rule: Rule | None = None) -> int:
    """Read every decision again."""
    with database.atomic():
        Decided.delete().execute()
        Group.delete().execute()
        return _take(_cases_after(""), rule or Rule())


def _cases_after(event: str) -> list[str]:
    query: Any = EventRow.select(EventRow.case).where(
        EventRow.type.in_(DECIDING) & (EventRow.id > event)).distinct().tuples()
    return [case for (case,) in query]


def _take(cases: Iterable[str], rule: Rule) -> int:
    touched: set[str] = set()
    count = 0
    with database.atomic():
        for part in chunked(cases, AT_ONCE):
            earlier: Any = Decided.select(Decided.alike).where(Decided.case.in_(part)).distinct().tuples()
            touched |= {alike for (alike,) in earlier}
            Decided.delete().where(Decided.case.in_(part)).execute()
            rows = list(_rows(part))
            for some in chunked(rows, 50):
                Decided.insert_many(some).execute()
            touched |= {row["alike"] for row in rows}
            count += len(rows)
        for alike in sorted(touched):
            sum_up(alike, rule)
    return count


def _rows(cases: list[str]) -> Iterable[Mapping[str, Any]]:
    query: Any = EventRow.select(EventRow, CaseRow).join(CaseRow).where(
        EventRow.case.in_(cases) & EventRow.type.in_(DECIDING) & CaseRow.procedure.in_(PROCEDURES)).order_by(
            EventRow.case, EventRow.seq)
    standing: dict[str, dict[str, Any]] = {}
    for row in query:
        steps = standing.setdefault(row.case_id, {})
        if row.corrects is not None:
            steps.pop(row.corrects, None)
        if not row.void:
            steps[row.id] = row
    for steps in standing.values():
        made = max(steps.values(), key=lambda row: (row.occurred_at, row.seq), default=None)
        compared = _compared(made) if made is not None else None
        if compared is not None:
            yield compared


def _compared(row: Any) -> Mapping[str, Any] | None:
    """The row of a decision with a fine and a range by the table; None for others."""
    payload = json.loads(row.payload)
    tier, table = payload.get("discretion_tier"), payload.get("violation")
    numbers = [payload.get(name) for name in ("fine_amount", "discretion_least", "discretion_most")]
    if not tier or not table or None in numbers:
        return None
    fine, least, most = (float(str(number)) for number in numbers)
    return {"case": row.case_id, "event": row.id, "organ": row.case.organ, "region": row.case.region,
            "officer": row.actor, "table": table, "tier": tier, "alike": f"{table}|{tier}",
            "fine": str(numbers[0]), "place": place_of(fine, least, most),
            "decided_on": row.occurred_at.astimezone(LOCAL_TIME).date()}


def sum_up(alike: str, rule: Rule) -> None:
    """Renew the summary of cases that are alike, and which of them lie apart."""
    Group.delete().where(Group.alike == alike).execute()
    query: Any = Decided.select(Decided.table, Decided.tier, Decided.place).where(Decided.alike == alike).tuples()
    rows = list(query)
    if not rows:
        return
    box = spread([place for _table, _tier, place in rows], rule)
    apart = (Decided.place > box.middle + box.width + 1e-9) | (Decided.place < box.middle - box.width - 1e-9)
    Decided.update(apart=False).where(Decided.alike == alike).execute()
    if box.width >= 0:
        Decided.update(apart=True).where((Decided.alike == alike) & apart).execute()
    table, tier, _place = rows[0]
    Group.create(alike=alike, table=table, tier=tier, cases=len(rows),
                 apart=sum(box.apart(place) for _table, _tier, place in rows), least=box.least, quarter=box.quarter,
                 middle=box.middle, three_quarters=box.three_quarters, most=box.most, width=box.width)
