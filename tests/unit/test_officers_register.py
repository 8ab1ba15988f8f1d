"""Registers of bodies and certificates: what they say of a day, what may be changed, what the ledger keeps of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.cases.case import CaseHead
from core.cases.fold import fold
from core.database import connect, database
from core.errors import FazhiError
from core.instance import Instance
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.ledger.verify import verify
from core.rulebook.model import EventType, Field, FieldType, Procedure, Stage
from core.text import Text
from plugins.enforcement.officers.facts import step_facts
from plugins.enforcement.officers.models import Body, Certificate, Change, Power
from plugins.enforcement.officers.records import PROCEDURE, intact
from plugins.enforcement.officers.register import body_has_power, body_on, certificate_on
from plugins.enforcement.officers.vocabulary import State
from tests.instance_kit import Clock, add_organ, add_person, add_region, make_instance
from tests.officers_kit import (
    DAY,
    certificate,
    load_bodies,
    load_certificates,
    load_changes,
    load_powers,
    register,
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """A league with a justice department and a bureau that enforces."""
    instance = make_instance(tmp_path_factory.mktemp("officers"), Clock(), disabled=("decisions",))
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region("990100", "云岭市", "league", "990000")
        add_region("990200", "青原市", "league", "990000")
        add_organ("gov-r", "演示自治区人民政府", "990000", "region")
        add_organ("gov-l1", "云岭市人民政府", "990100", "league", government="gov-r")
        add_organ("just-l1", "云岭市司法局", "990100", "league", "justice", government="gov-l1")
        add_organ("just-l2", "青原市司法局", "990200", "league", "justice", government="gov-r")
        add_organ("dept-l1", "云岭市林业和草原局", "990100", "league", "department", government="gov-l1")
        add_organ("team", "云岭市林草执法队", "990100", "league", "entrusted", government="gov-l1")
        add_organ("dept-l2", "青原市林业和草原局", "990200", "league", "department", government="gov-r")
        add_person("supervisor", "巴特尔", "just-l1", "supervisor")
        add_person("stranger", "外市监督", "just-l2", "supervisor")
        add_person("unit", "林草局经办", "dept-l1", "case_handler")
        register(instance)
    return instance


@pytest.fixture
def instance(built: Instance, tmp_path: Path) -> Iterator[Instance]:
    shutil.copy(built.settings.home / "fazhi.db", tmp_path / "fazhi.db")
    connect(f"sqlite:///{tmp_path / 'fazhi.db'}")
    with database.connection_context():
        yield built


def told(refused: pytest.ExceptionInfo[FazhiError]) -> list[tuple[str, int]]:
    """Codes with the rows that they name."""
    return [(problem.code, problem.at.line if problem.at else 0) for problem in refused.value.problems]


def test_a_certificate_is_valid_from_its_issue_to_its_last_day(instance: Instance) -> None:
    states = {day: certificate_on("15090001", date.fromisoformat(day)).state
              for day in ("2024-01-09", "2024-01-10", "2030-01-09", "2030-01-10")}
    assert list(states.values()) == [State.NOT_YET, State.VALID, State.VALID, State.EXPIRED]


def test_a_certificate_is_found_by_its_holders_account(instance: Instance) -> None:
    assert certificate_on("unit", DAY).number == "15090002"
    assert certificate_on("nobody", DAY).state is State.UNKNOWN


def test_suspension_restoration_and_cancellation_count_from_their_days(instance: Instance) -> None:
    load_changes(instance, ("15090001", "暂扣", "考核不合格", "2026-03-01"))
    load_changes(instance, ("15090001", "恢复", "补考合格", "2026-04-01"))
    load_changes(instance, ("15090001", "注销", "退休", "2026-06-01"))
    states = [certificate_on("15090001", date(2026, month, 2)).state for month in (2, 3, 4, 6)]
    assert states == [State.VALID, State.SUSPENDED, State.VALID, State.CANCELLED]
    assert Certificate.get_by_id("15090001").state == "cancelled"


def test_a_renewal_does_not_heal_the_gap_before_it(instance: Instance) -> None:
    load_certificates(instance, certificate("15090003", issued="2019-05-01", until="2025-04-30"))
    load_changes(instance, ("15090003", "换发", "到期换发", "2026-06-10", "2032-06-09"))
    assert certificate_on("15090003", date(2026, 1, 1)).state is State.EXPIRED
    assert certificate_on("15090003", date(2026, 6, 11)).until == date(2032, 6, 9)


@pytest.mark.parametrize(("row", "code"), [
    (("15090009", "注销", "退休"), "certificate-unknown"),
    (("15090001", "注销", ""), "cell-empty"),
    (("15090001", "恢复", "复查"), "certificate-change-impossible"),
    (("15090001", "换发", "到期", "2026-06-01", "2029-01-01"), "certificate-renewal-dates"),
    (("15090001", "注销", "退休", "2026-06-16"), "certificate-change-in-future"),
    (("15090001", "注销", "退休", "2023-01-01"), "certificate-change-before-last"),
    (("15090001", "开除", "退休"), "cell-choice"),
    (("15090001", "注销", "退休", "昨天"), "cell-date"),
])
def test_a_change_that_cannot_be_is_named_with_its_row_and_nothing_is_changed(
        row: tuple[str, ...], code: str, instance: Instance) -> None:
    before = Change.select().count()
    with pytest.raises(FazhiError) as refused:
        load_changes(instance, ("15090002", "注销", "退休"), row)
    assert told(refused) == [(code, 3)]
    assert (Change.select().count(), certificate_on("15090002", DAY).state) == (before, State.VALID)


def test_nobody_changes_certificates_beyond_his_reach_or_twice_in_a_list(instance: Instance) -> None:
    with pytest.raises(FazhiError) as refused:
        load_changes(instance, ("15090001", "注销", "退休"), by="stranger")
    assert told(refused) == [("certificate-unknown", 2)]
    with pytest.raises(FazhiError) as refused:
        load_changes(instance, ("15090001", "注销", "退休"), ("15090001", "注销", "退休"))
    assert told(refused) == [("certificate-twice", 3)]


def test_nobody_handles_his_own_certificate(instance: Instance) -> None:
    Certificate.update(account="supervisor").where(Certificate.number == "15090001").execute()
    with pytest.raises(FazhiError) as refused:
        load_changes(instance, ("15090001", "暂扣", "调查"))
    assert told(refused) == [("certificate-own", 2)]


def test_wrong_cells_of_an_import_of_officers_are_all_named(instance: Instance) -> None:
    rows = [certificate("15090001"), certificate("x"), certificate("15090004", organ="无此机关"),
            certificate("15090005", organ="team"), certificate("15090006", issued="2026-07-01", until="2027-01-01"),
            certificate("15090007", until="2020-01-01"), certificate("15090008", account="ghost"),
            certificate("15090008"), certificate("15090010", organ="dept-l2")]
    report = load_certificates(instance, *rows, dry_run=True)
    assert [(problem.code, problem.at.line) for problem in report.errors if problem.at] == [
        ("certificate-number", 3), ("organ-reference-unknown", 4), ("body-not-registered", 5),
        ("certificate-issued-in-future", 6), ("grant-dates", 7), ("person-unknown", 8), ("row-twice", 9),
        ("body-out-of-reach", 10)]
    assert not report.applied


def test_a_trial_run_changes_nothing_and_the_real_one_reports_what_it_did(instance: Instance) -> None:
    rows = [certificate("15090001", "甲一"), certificate("15090002", "改名", account="unit"), certificate("15090004")]
    trial = load_certificates(instance, *rows, dry_run=True)
    assert Certificate.select().count() == 2
    done = load_certificates(instance, *rows)
    assert (trial.new, trial.changed, trial.unchanged) == (done.new, done.changed, done.unchanged) == (1, 1, 1)
    corrected = Change.select().where(Change.certificate == "15090002").order_by(Change.id.desc()).get()
    assert (corrected.kind, corrected.reason) == ("updated", "name：甲二 → 改名")


def test_a_validity_of_more_than_six_years_is_pointed_out(instance: Instance) -> None:
    report = load_certificates(instance, certificate("15090004", until="2031-01-10"))
    assert [problem.code for problem in report.problems] == ["certificate-too-long"]
    assert report.applied


def test_each_set_of_changes_leaves_a_record_whose_hash_covers_the_rows(instance: Instance) -> None:
    load_changes(instance, ("15090001", "注销", "退休"), ("15090002", "注销", "调离"))
    change = Change.select().order_by(Change.id.desc()).get()
    record = events_of(change.record)[0]
    assert CaseRow.get_by_id(change.record).procedure == PROCEDURE
    assert (record.payload["change_count"], record.payload["file_name"], record.actor) == (
        2, "changes.csv", "supervisor")
    assert intact(change.record)
    assert not verify().damages
    Change.update(reason="无").where(Change.id == change.id).execute()
    assert not intact(change.record)


def test_an_entrusted_body_needs_its_entruster_and_others_have_none(instance: Instance) -> None:
    with pytest.raises(FazhiError) as refused:
        load_bodies(instance, ("team", "受委托组织", "", "委托书1号", "2026-01-01"),
                    ("gov-l1", "法定行政机关", "gov-r", "公告1号", "2026-01-01"),
                    ("dept-l2", "法定行政机关", "", "公告2号", "2026-01-01"))
    assert told(refused) == [("cell-empty", 2), ("body-not-entrusted", 3), ("body-out-of-reach", 4)]


def test_a_body_is_qualified_and_has_its_powers_only_within_their_dates(instance: Instance) -> None:
    load_powers(instance, ("dept-l1", "JC-1", "行政检查", "对林木采伐的检查", "森林法", "66", "2026-05-31"))
    assert body_on("dept-l1", date(2021, 7, 14)) is None
    assert body_has_power("dept-l1", "penalty", DAY) is True
    assert body_has_power("dept-l1", "penalty", DAY, "CF-2") is False
    assert body_has_power("dept-l1", "inspection", date(2026, 5, 31)) is True
    assert body_has_power("dept-l1", "inspection", DAY) is False
    assert body_has_power("dept-l1", "penalty", date(2021, 1, 1)) is False
    assert body_has_power("dept-l1", None, DAY) is None


def test_a_body_without_a_list_of_powers_is_not_judged_by_it(instance: Instance) -> None:
    load_bodies(instance, ("gov-l1", "法定行政机关", "", "公告1号", "2026-01-01"))
    assert body_has_power("gov-l1", "penalty", DAY) is None


def _collected(name: str, kind: FieldType) -> Field:
    return Field(name, Text(name), kind, collected=True)


ACT = EventType("act", Text("检查"), fields={
    "officers": Field("officers", Text("执法人员"), FieldType.SET),
    "officers_qualified": _collected("officers_qualified", FieldType.BOOL),
    "officer_count": _collected("officer_count", FieldType.INT),
    "body_qualified": _collected("body_qualified", FieldType.BOOL),
    "within_powers": _collected("within_powers", FieldType.BOOL)})
PENALTY = Procedure("enforcement.penalty", Text("处罚"), {"act": ACT}, (Stage("s", Text("s"), ("act",)),), ("act",), ())


def facts(organ: str = "dept-l1", day: date = DAY, **payload: object) -> dict[str, object]:
    case = fold(CaseHead("c", PENALTY.id, organ, "990100", "案件"), PENALTY, [])
    return dict(step_facts(case, NewEvent("act", day, payload), day))  # type: ignore[arg-type]


def test_two_valid_officers_of_the_body_within_its_powers_are_in_order(instance: Instance) -> None:
    assert facts(officers=("15090001", "unit")) == {
        "officers_qualified": True, "officer_count": 2, "body_qualified": True, "within_powers": True}


def test_an_expired_a_suspended_an_unknown_and_a_foreign_officer_are_told_apart_from_a_valid_one(
        instance: Instance) -> None:
    load_changes(instance, ("15090002", "暂扣", "调查", "2026-06-01"))
    assert facts(officers=("15090001", "15090002"))["officers_qualified"] is False
    assert facts(officers=("15090001", "15090002"))["officer_count"] == 1
    assert facts(officers=("15090001", "nobody"))["officer_count"] == 1
    assert facts(day=date(2030, 2, 1), officers=("15090001",))["officer_count"] == 0
    assert facts("gov-l1", officers=("15090001",)) == {
        "officers_qualified": False, "officer_count": 0, "body_qualified": False, "within_powers": False}


def test_registers_that_nobody_has_filled_yet_know_nothing(instance: Instance) -> None:
    for table in (Change, Certificate, Power, Body):
        table.delete().execute()
    assert facts(officers=("15090001",)) == {}


def test_the_same_officer_named_twice_counts_once(instance: Instance) -> None:
    assert facts(officers=("15090002", "unit"))["officer_count"] == 1


def test_nobody_named_counts_none_and_says_nothing_of_qualification(instance: Instance) -> None:
    assert facts() == {"officer_count": 0, "body_qualified": True, "within_powers": True}


def test_officers_of_an_entrusted_team_act_for_its_entruster(instance: Instance) -> None:
    load_bodies(instance, ("team", "受委托组织", "dept-l1", "委托书1号", "2026-01-01", "2026-12-31"))
    load_certificates(instance, certificate("15090011", organ="team"))
    assert facts(officers=("15090001", "15090011"))["officer_count"] == 2
    assert facts(day=date(2027, 1, 2), officers=("15090001", "15090011"))["officer_count"] == 1


def test_lead_and_second_officer_are_read_and_an_item_outside_the_list_is_outside_the_powers(
        instance: Instance) -> None:
    found = facts(lead_officer="15090001", second_officer="15090002", power_item="CF-9")
    assert (found["officer_count"], found["within_powers"]) == (2, False)
    assert facts(act_kind="permit")["within_powers"] is False


def test_facts_are_recorded_with_the_step_by_the_platform_itself(instance: Instance) -> None:
    recorder = instance.recorder
    assert recorder.collect is not None
    case = fold(CaseHead("c", PENALTY.id, "dept-l1", "990100", "案件"), PENALTY, [])
    step = NewEvent("act", DAY, {"officers": ("15090001", "unit")})
    assert recorder.collect(case, step, DAY, instance.bundles.current())["officer_count"] == 2
    assert recorder.collect(case, replace(step, payload={}), DAY, instance.bundles.current())["officer_count"] == 0
