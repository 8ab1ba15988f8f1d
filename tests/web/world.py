"""A small invented region with people in every role and relation, and a few cases, for tests of pages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from core.cases.case import CaseHead
from core.database import database
from core.extension.manager import load_plugins
from core.instance import Instance
from core.ledger.event import MaterialRef
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.marks import DEMO, set_mark
from core.rulebook.paths import shipped_rules
from scoring.aggregate import refresh
from tests.instance_kit import Clock, add_organ, add_person, add_region, make_instance

TODAY = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
DECISION = "decisions.decision"
COMPLAINT = "tests.complaint"
OWN = Path(__file__).parent / "rules" / "complaints"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
REGIONS = (
    ("990000", "演示自治区", "region", None), ("990100", "云岭市", "league", "990000"),
    ("990200", "青原市", "league", "990000"), ("990121", "上坪县", "county", "990100"),
    ("990122", "石泓旗", "county", "990100"), ("990221", "双榆旗", "county", "990200"),
)
GOVERNMENTS = {"990000": "gov-r", "990100": "gov-l1", "990200": "gov-l2", "990121": "gov-c1", "990122": "gov-c2",
               "990221": "gov-c3"}
PEOPLE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    # account: name, organ, roles
    "handler": ("宝音", "gov-c1", ("case_handler",)),
    "head": ("苏日娜", "gov-c1", ("office_head",)),
    "reviewer": ("陈立", "gov-c1", ("legal_reviewer",)),
    "neighbour": ("邻县经办", "gov-c2", ("case_handler", "office_head", "legal_reviewer")),
    "farhead": ("远方负责人", "gov-c3", ("office_head", "legal_reviewer")),
    "leaguehead": ("市负责人", "gov-l1", ("office_head", "legal_reviewer", "case_handler")),
    "supervisor": ("巴特尔", "just-l1", ("supervisor",)),
    "regional": ("李明", "just-r", ("supervisor",)),
    "stranger": ("外市监督", "just-l2", ("supervisor",)),
    "unit": ("林草局经办", "dept-l1", ("case_handler",)),
    "auditor": ("审计员", "gov-r", ("auditor",)),
    "author": ("规则编制", "just-r", ("rule_author",)),
    "approver": ("规则审批", "just-r", ("rule_approver",)),
    "admin": ("管理员", "just-r", ("admin",)),
    "nobody": ("无岗位", "gov-c1", ()),
}


@dataclass(frozen=True)
class World:
    """The instance and its cases by short name."""

    instance: Instance
    clock: Clock
    cases: Mapping[str, str]


def make_world(home: Path, demo: bool = True) -> World:
    """Regions, organs, people and cases: faulty, in order, discussed unreviewed, of a neighbour, far away."""
    clock = Clock(TODAY)
    instance = make_instance(home, clock, rules=own_rules())
    with database.connection_context():
        for code, name, level, parent in REGIONS:
            add_region(code, name, level, parent)
            government = GOVERNMENTS[code]
            add_organ(government, f"{name}人民政府", code, level)
            if level in ("region", "league"):
                add_organ(government.replace("gov", "just"), f"{name}司法局", code, level, "justice",
                          government=government)
        add_organ("dept-l1", "云岭市林业和草原局", "990100", "league", "department", government="gov-l1")
        for account, (name, organ, roles) in PEOPLE.items():
            add_person(account, name, organ, *roles)
        cases = {name: _case(instance, clock, name, organ, region, title) for name, organ, region, title in (
            ("faulty", "gov-c1", "990121", "关于调整城区公共汽车票价的决策事项"),
            ("neat", "gov-c1", "990121", "上坪县国土空间总体规划"),
            ("unreviewed", "gov-c1", "990121", "上坪县养老服务设施布局规划"),
            ("near", "gov-c2", "990122", "石泓旗草原生态保护补助奖励实施方案"),
            ("far", "gov-c3", "990221", "双榆旗集中供热改造工程"))}
        cases["complaint"] = _complaint(instance)
        _catalogue(instance)
        refresh()
        if demo:
            set_mark(DEMO)
    return World(instance, clock, cases)


def own_rules() -> tuple[Path, ...]:
    """A procedure with personal data; and the decisions rules where the plugin that brings them is not installed."""
    brought = {folder.name for platform in load_plugins().platforms for folder in platform.rules}
    return (OWN, *(() if "decisions" in brought else (shipped_rules() / "decisions",)))


def _case(instance: Instance, clock: Clock, name: str, organ: str, region: str, title: str) -> str:
    account = {"gov-c1": "handler", "gov-c2": "neighbour", "gov-c3": "farhead"}[organ]
    recorder = instance.recorder
    if organ == "gov-c3":
        recorder = recorder.permitting(AnyoneMayRecord())
    head = CaseHead(f"case-{name}", DECISION, organ, region, title, f"{region}〔2026〕000{len(name)}号")
    steps = [replace(step, actor=account, organ=organ, materials=_materials(instance, step.type)
                     if name in WITH_MATERIALS else ()) for step in STEPS[name]]
    for number, step in enumerate(steps):
        if name in RECORDED_IN_TIME:
            clock.moment = datetime.combine(step.occurred_at, time(9), UTC)
        _ = recorder.record(head.id, step) if number else recorder.open_case(head, step)
    clock.moment = TODAY
    return head.id


def _complaint(instance: Instance) -> str:
    """A closed case without a score, with personal data in it."""
    head = CaseHead("case-complaint", COMPLAINT, "gov-c1", "990121", "关于噪声扰民的投诉")
    steps = (_step("received", "2026-06-12", caller="王小明", phone="13900000000", about="夜间施工噪声"),
             _step("replied", "2026-06-15"))
    first, last = (replace(step, actor="handler", organ="gov-c1") for step in steps)
    instance.recorder.open_case(head, first)
    instance.recorder.record(head.id, last)
    return head.id


def _materials(instance: Instance, event_type: str) -> tuple[MaterialRef, ...]:
    """One small file for every material that the step may carry."""
    declared = instance.bundles.current().procedures[DECISION].events[event_type].materials
    return tuple(instance.materials.store(io.BytesIO(PDF), f"{one.id}.pdf").answers(one.id) for one in declared)


def _catalogue(instance: Instance) -> None:
    head = CaseHead("case-catalogue", "decisions.catalogue", "gov-c1", "990121", "上坪县 2026 年重大行政决策事项目录")
    instance.recorder.open_case(head, replace(
        _step("catalogue_drafted", "2026-06-10", catalogue_year=2026), actor="handler", organ="gov-c1"))


def _step(event_type: str, on: str, **payload: object) -> NewEvent:
    return NewEvent(event_type, date.fromisoformat(on), payload)  # type: ignore[arg-type]


OPENING = (
    _step("proposal_submitted", "2026-02-10", proposal_source="leader", decision_category="public_policy",
          proposal_reason="票价八年未作调整，运营成本持续上升。"),
    _step("study_completed", "2026-02-20", study_unit="县交通运输局"),
    _step("started", "2026-02-26", handling_unit="dept-l1", joint_handling=False),
)
CONSULTED = (
    _step("draft_completed", "2026-03-05", legal_basis_count=6, legal_basis_valid=True, alternatives=2),
    _step("consultation_announced", "2026-03-09", consultation_channels=["gov_site", "new_media"],
          notice_url="https://example.invalid/notice", comment_deadline="2026-03-24", draft_published=True,
          consultation_shortened=False),
)
WITH_MATERIALS = ("neat", "unreviewed")
RECORDED_IN_TIME = ("near", "far")
"""Recorded on the day of each step; the others all today, as an organ does that catches up."""
STEPS: Mapping[str, tuple[NewEvent, ...]] = {
    "faulty": (*OPENING, *CONSULTED, _step("consultation_ended", "2026-03-24", opinion_count=31)),
    "neat": OPENING,
    "unreviewed": (*OPENING, _step("meeting_held", "2026-06-10", meeting_type="executive_meeting",
                                   meeting_result="approved", head_spoke_last=True, dissent="none_expressed",
                                   against_majority=False)),
    "near": (*OPENING[:2], replace(OPENING[2], payload={"handling_unit": "gov-c2", "joint_handling": False}),
             *CONSULTED[:1]),
    "far": (*OPENING[:2], replace(OPENING[2], payload={"handling_unit": "gov-c3", "joint_handling": False})),
}
