"""Enforcement cases for tests of their supervision."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date

from core.cases.case import CaseHead
from core.instance import Instance
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from tests.web.world import PDF

CODE = "91150900MA0N00001X"


def record(instance: Instance, case_id: str, event: str, on: str, organ: str = "gov-c1", actor: str = "handler",
           materials: tuple[str, ...] = (), **payload: Given) -> None:
    """Record a step of a case that is there."""
    instance.recorder.permitting(AnyoneMayRecord()).record(case_id, _event(instance, event, on, organ, actor,
                                                                          materials, payload))


def open_case(instance: Instance, case_id: str, procedure: str, event: str, on: str, organ: str = "gov-c1",
              region: str = "990121", actor: str = "handler", title: str = "", **payload: Given) -> str:
    """Open a case with its first step; the case's id."""
    instance.recorder.permitting(AnyoneMayRecord()).open_case(
        CaseHead(case_id, f"enforcement.{procedure}", organ, region, title or case_id),
        _event(instance, event, on, organ, actor, (), payload))
    return case_id


def _event(instance: Instance, event: str, on: str, organ: str, actor: str, materials: tuple[str, ...],
           payload: Mapping[str, Given]) -> NewEvent:
    stored = tuple(instance.materials.store(io.BytesIO(PDF), f"{name}.pdf").answers(name) for name in materials)
    return NewEvent(event, date.fromisoformat(on), payload, stored, actor=actor, organ=organ)


def penalty(instance: Instance, case_id: str, fine: int | None = None, act: str = "无证经营", organ: str = "gov-c1",
            region: str = "990121", materials: tuple[str, ...] = ("decision",), **filed: Given) -> str:
    """An ordinary penalty up to its decision, where a fine is given."""
    open_case(instance, case_id, "penalty", "case_source_registered", "2026-05-11", organ, region,
              title=f"{act}案（{case_id}）", source="inspection", suspected_act=act, party_kind="organisation",
              act_place="东河街", found_on="2026-05-11")
    record(instance, case_id, "filed", "2026-05-12", organ, sector="market", lead_officer="15000001",
           second_officer="15000002", recusal_checked=True, party_code=CODE, **filed)
    if fine is not None:
        record(instance, case_id, "decision_made", "2026-06-10", organ, materials=materials, penalty_kinds=["fine"],
               fine_amount=fine, statutory_min=1000, statutory_max=100000, tier="ordinary")
    return case_id
