"""A penalty case for tests of discretion: food sold without a licence, goods of 8,000 yuan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.cases.case import CaseHead
from core.instance import Instance
from core.ledger.intake import NewEvent, Recorded

PENALTY = "enforcement.penalty"
TABLE = "BM-FOOD-122"
FACTS = ("circumstance=一般", "goods_value=8000")


def open_penalty(instance: Instance, case_id: str = "case-food", on: date = date(2026, 6, 1), organ: str = "gov-c1",
                 region: str = "990121", actor: str = "handler", **fields: Any) -> Recorded:
    """A case whose source is registered."""
    head = CaseHead(case_id, PENALTY, organ, region, "某店未取得许可从事食品经营案")
    given = {"source": "inspection", "suspected_act": "未取得许可从事食品经营", "party_kind": "organisation",
             "act_place": "东河街", "found_on": on.isoformat(), "act_ended_on": on.isoformat(), **fields}
    return instance.recorder.open_case(head, NewEvent("case_source_registered", on, given, actor=actor, organ=organ))


def decide(instance: Instance, fine: object, case_id: str = "case-food", on: date = date(2026, 6, 10),
           organ: str = "gov-c1", actor: str = "handler", **fields: Any) -> Recorded:
    """The decision, with the table's facts and every circumstance looked into."""
    given = {"penalty_kinds": ("fine", "confiscation"), "fine_amount": Decimal(str(fine)), "violation": TABLE,
             "discretion_facts": FACTS, "circumstances_checked": True, **fields}
    kept = {name: value for name, value in given.items() if value is not None}
    return instance.recorder.record(case_id, NewEvent("decision_made", on, kept, actor=actor, organ=organ))


def approve(instance: Instance, case_id: str = "case-food", on: date = date(2026, 6, 9)) -> Recorded:
    """The head of the organ approves to leave the table."""
    return instance.recorder.record(case_id, NewEvent(
        "deviation_approved", on, {"deviation_reasons": "机械适用显失公平"}, actor="head", organ="gov-c1"))
