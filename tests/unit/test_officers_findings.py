"""Acts by too few, by an expired officer or outside the powers are findings as soon as they are recorded.

The procedure is a department's own, written in YAML alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.instance import Instance
from core.ledger.intake import NewEvent
from core.ledger.reader import events_of
from scoring.models import FindingRow
from tests.instance_kit import Clock, add_organ, add_person, add_region, make_instance
from tests.officers_kit import certificate, load_certificates, load_changes, register

PROCEDURE = """
kind: procedure
id: demo.forest_inspection
title: {zh: 林区防火检查, en: Fire inspection in forests}
opens_with: [inspected]
closes_with: [closed]
stages:
  - {id: all, title: {zh: 检查, en: Inspection}, events: [inspected, closed]}
events:
  inspected:
    title: {zh: 现场检查, en: Inspected}
    by: [case_handler]
    fields:
      officers: {title: {zh: 执法人员证件编号, en: Officers}, type: set}
      act_kind:
        title: {zh: 行为, en: Act}
        type: enum
        values: {inspection: 行政检查, penalty: 行政处罚}
      power_item: {title: {zh: 权责事项, en: Item}, type: string}
      officer_count: {title: {zh: 持有效证件的人数, en: Certified officers}, type: int, collected: true}
      officers_qualified: {title: {zh: 均持有效证件, en: All certified}, type: bool, collected: true}
      body_qualified: {title: {zh: 主体合格, en: Body qualified}, type: bool, collected: true}
      within_powers: {title: {zh: 在权责清单之内, en: Within the powers}, type: bool, collected: true}
  closed: {title: {zh: 结束, en: Closed}, by: [case_handler]}
"""
RULES = """
kind: supervision
procedure: demo.forest_inspection
title: {zh: 防火检查监督, en: Supervision of fire inspections}
rules:
  - {id: two, code: OFF-TWO, title: 两名以上执法人员, on: inspected, must: e.officer_count >= 2, level: orange,
     basis: [{law: 行政处罚法, article: "42(1)", confidence: unverified}]}
  - {id: certified, code: OFF-CERT, title: 执法人员持有效证件, on: inspected, must: e.officers_qualified, level: orange,
     basis: [{law: 行政处罚法, article: "42(1)", confidence: unverified}]}
  - {id: powers, code: OFF-POWER, title: 在法定职权之内, on: inspected, must: e.within_powers, level: red,
     basis: [{law: 行政处罚法, article: "17", confidence: unverified}]}
"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A league whose forestry bureau inspects."""
    rules = tmp_path_factory.mktemp("rules") / "demo"
    rules.mkdir()
    (rules / "procedure.yaml").write_text(PROCEDURE, encoding="utf-8")
    (rules / "rules.yaml").write_text(RULES, encoding="utf-8")
    made = make_instance(tmp_path_factory.mktemp("findings"), Clock(), rules=[rules], disabled=("decisions",))
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region("990100", "云岭市", "league", "990000")
        add_organ("gov-l1", "云岭市人民政府", "990100", "league")
        add_organ("just-l1", "云岭市司法局", "990100", "league", "justice", government="gov-l1")
        add_organ("dept-l1", "云岭市林业和草原局", "990100", "league", "department", government="gov-l1")
        add_person("supervisor", "巴特尔", "just-l1", "supervisor")
        add_person("unit", "林草局经办", "dept-l1", "case_handler")
        register(made)
        load_certificates(made, certificate("15090003", until="2026-06-10"))
        yield made


def raised(instance: Instance, case: str, officers: tuple[str, ...], item: str = "CF-1") -> set[str]:
    """Codes of the findings that recording an inspection raised at once."""
    head = CaseHead(case, "demo.forest_inspection", "dept-l1", "990100", "防火检查")
    recorded = instance.recorder.open_case(head, NewEvent(
        "inspected", date(2026, 6, 12), {"officers": officers, "act_kind": "penalty", "power_item": item},
        actor="unit", organ="dept-l1"))
    return {str(event.payload["code"]) for event in recorded.events if event.type == "finding.raised"}


def test_two_certified_officers_within_the_powers_raise_nothing(instance: Instance) -> None:
    assert raised(instance, "fine", ("15090001", "15090002")) == set()


def test_one_officer_alone_is_a_finding(instance: Instance) -> None:
    assert raised(instance, "alone", ("15090001",)) == {"OFF-TWO"}


def test_an_expired_officer_is_a_finding_and_does_not_count(instance: Instance) -> None:
    assert raised(instance, "expired", ("15090001", "15090003")) == {"OFF-TWO", "OFF-CERT"}


def test_somebody_without_certificate_is_a_finding(instance: Instance) -> None:
    assert raised(instance, "unknown", ("15090001", "15090002", "99999999")) == {"OFF-CERT"}


def test_an_act_outside_the_list_of_powers_is_a_finding(instance: Instance) -> None:
    assert raised(instance, "outside", ("15090001", "15090002"), "CF-9") == {"OFF-POWER"}


def test_what_was_found_stays_when_the_register_changes_afterwards(instance: Instance) -> None:
    assert raised(instance, "before", ("15090001", "15090002")) == set()
    load_changes(instance, ("15090002", "注销", "追溯注销", "2026-06-01"))
    instance.recorder.rejudge(["before"])
    assert not FindingRow.select().where(FindingRow.case == "before").exists()
    assert events_of("before")[0].payload["officer_count"] == 2
    assert raised(instance, "after", ("15090001", "15090002")) == {"OFF-TWO", "OFF-CERT"}
