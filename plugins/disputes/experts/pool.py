"""Who may be drawn for a case, and who is left out for what reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.cases.case import Case
from core.database import database
from core.draws.plan import Candidate, LeftOut, Plan
from core.errors import FazhiError, Problem
from core.organs.models import Organ
from core.organs.participants import participants_of
from plugins.disputes.experts.models import Expert
from plugins.disputes.tables import listed, rows_of

COLUMNS = ("编号", "姓名", "领域", "单位", "利害关系")
PARTY_FIELDS = ("applicant", "applicant_name", "respondent", "third_party", "party_a", "party_b")


def all_fields(region: str) -> Sequence[str]:
    """Every field of the region's active experts."""
    rows = Expert.select(Expert.fields).where((Expert.region == region) & Expert.active)
    return sorted({field for row in rows for field in listed(row.fields)})


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a case is about: organs, which may be named, and parties, whose names stay out of the record of a draw."""

    organs: frozenset[str]
    persons: frozenset[str]


def parties_of(case: Case) -> Parties:
    """The case's organ, those that take part, and the parties that its attributes name."""
    organs = {case.head.organ, *participants_of(case)}
    names = frozenset(row.name for row in Organ.select(Organ.name).where(Organ.id.in_(list(organs))))
    state = case.state
    persons = frozenset(value for name, value in state.items() if isinstance(value, str)
                        and (name in PARTY_FIELDS or name.endswith("_name")))
    return Parties(names, persons - names)


def plan_for(case: Case, region: str, field: str, pick: int, spares: int, recused: Mapping[int, str]) -> Plan:
    """The draw of experts for a case.

    Args:
        field: the field asked for.
        recused: expert id → why a person asks to leave the expert out.

    Raises:
        FazhiError: ``draw-too-few`` and the like, of the plan.
    """
    parties = parties_of(case)
    candidates, left_out = [], []
    for row in Expert.select().where((Expert.region == region) & Expert.active).order_by(Expert.number):
        if field not in listed(row.fields):
            continue
        label = f"{row.number} {row.name}"
        reason = recused.get(row.id) or _tie(row, parties)
        if reason:
            left_out.append(LeftOut(row.number, label, reason))
        else:
            candidates.append(Candidate(row.number, label))
    return Plan("抽取专家", candidates=tuple(candidates), pick=pick, spares=spares, left_out=tuple(left_out),
                rules={"领域": field}, about=case.head.id)


def _tie(row: Any, parties: Parties) -> str:
    bound = [name for name in (row.employer, *listed(row.ties)) if name]
    if met := next((name for name in bound if name in parties.organs), ""):
        return f"与“{met}”有利害关系"
    return "与当事人有利害关系" if parties.persons.intersection(bound) else ""


def import_experts(data: bytes, name: str, region: str) -> int:
    """Take the pool from a table; a number that is there already is renewed. All rows or none.

    Raises:
        FazhiError: every row that is wrong, with its line.
    """
    problems: list[Problem] = []
    rows: dict[str, dict[str, Any]] = {}
    for at, cells in rows_of(data, name, COLUMNS, 3, "expert-column"):
        number, fields = cells["编号"], listed(cells["领域"])
        if not number or not cells["姓名"] or not fields:
            problems.append(Problem("expert-row", at))
        elif number in rows:
            problems.append(Problem("expert-twice", at, {"number": number}))
        else:
            rows[number] = {"region": region, "number": number[:20], "name": cells["姓名"][:100],
                            "fields": "\n".join(fields), "employer": cells["单位"][:200],
                            "ties": "\n".join(listed(cells["利害关系"])), "active": True}
    if problems:
        raise FazhiError(problems)
    return _write(rows.values())


def _write(rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with database.atomic():
        for row in rows:
            changed = Expert.update(row).where(
                (Expert.region == row["region"]) & (Expert.number == row["number"])).execute()
            if not changed:
                Expert.create(**row)
            count += 1
    return count
