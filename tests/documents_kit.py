"""A county's market regulator with a penalty case up to the notice, for tests of documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.cases.case import CaseHead
from core.instance import Instance
from core.ledger.event import MaterialRef
from core.ledger.intake import NewEvent, Recorded
from core.organs.models import Organ
from tests.instance_kit import add_organ, add_person, add_region

PENALTY = "enforcement.penalty"
FACTS: dict[str, Any] = {
    "penalty_kinds": ["fine"], "fine_amount": "10000", "party_address": "上坪县城关镇人民路 1 号",
    "party_identity": "99012119900101123X", "facts_text": "2026年5月1日，你在城关镇未经许可从事食品经营。",
    "evidence_text": "1.现场检查笔录\n2.询问笔录", "violated_text": "《中华人民共和国食品安全法》第三十五条第一款",
    "penalty_basis": "《中华人民共和国食品安全法》第一百二十二条第一款", "penalty_text": "罚款。",
    "pay_to": "上坪县农村信用社", "court_name": "上坪县人民法院", "review_organ": "上坪县人民政府"}
"""Everything that the decision asks for."""


def add_regulator(instance: Instance, organ: str = "market", region: str = "990121") -> None:
    """The organ, its region and a handler and head ``officer``."""
    add_region("990000", "演示自治区", "region", None)
    add_region(region, "上坪县", "county", "990000")
    add_organ(organ, "上坪县市场监督管理局", region, "county", "department")
    Organ.update(short_name="上市监").where(Organ.id == organ).execute()
    add_person("officer", "宝音", organ, "case_handler", "office_head")


def step(event_type: str, day: str, documents: tuple[str, ...] = (), materials: tuple[MaterialRef, ...] = (),
         corrects: str | None = None, reason: str = "", **payload: Any) -> NewEvent:
    """A step of the officer."""
    return NewEvent(event_type, date.fromisoformat(day), payload, materials, actor="officer", organ="market",
                    documents=documents, corrects=corrects, reason=reason)


def open_penalty(instance: Instance, case_id: str = "penalty-1") -> str:
    """A case of an ordinary penalty, filed."""
    head = CaseHead(case_id, PENALTY, "market", "990121", "涉嫌未经许可从事食品经营案")
    instance.recorder.open_case(head, step(
        "case_source_registered", "2026-05-01", source="inspection", suspected_act="未经许可从事食品经营",
        party_kind="citizen", party_name="王小明", act_place="上坪县城关镇", found_on="2026-05-01"))
    instance.recorder.record(case_id, step("filed", "2026-05-06", sector="market", lead_officer="A1",
                                           recusal_checked=True))
    return case_id


def decide(instance: Instance, case_id: str, day: str = "2026-06-10", **changes: Any) -> Recorded:
    """The decision with its document written by the platform."""
    return instance.recorder.record(case_id, step("decision_made", day, ("decision",), **{**FACTS, **changes}))
