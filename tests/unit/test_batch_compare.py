"""Batch against the verdicts that pages read: the same, and where somebody meddles, the difference is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.calendars import close_of
from core.cases.case import CaseHead
from core.errors import FazhiError
from scoring.batch.compare import Comparison, Difference
from scoring.batch.segments import Segments
from scoring.models import VerdictRow
from scoring.rejudge import rejudge_open_cases
from scoring.sweep import sweep
from tests.scoring_kit import MATTER, NOTICE, SUPERVISION, Desk, desk_in, rulebook, step

TODAY = date(2025, 6, 2)
BY_CONTACT = SUPERVISION + """
  - id: named-contact
    code: T-CONTACT
    title: {zh: 联系人应当具名, en: A named contact}
    basis: [{law: 测试条例, article: "16"}]
    on: consulted
    must: e.contact != '某人'
"""
SETTABLE = SUPERVISION.replace("within: {working_days: 5}", """within: {working_days: $days}
    params: {days: {value: 5, open_to: {level: county, may: lower, min: 1}}}""")
OVERLAY = """
kind: overlay
region: "990121"
authority: {issuer: 县政府, document: 县政发〔2025〕1号}
valid: {from: 2025-01-01}
set: {test.matter/publish-in-time.days: 3}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(f"sqlite:///{tmp_path / 'judging.db'}") as made:
        made.clock.set(TODAY)
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "segments"


def open_cases(desk: Desk, count: int = 12, first: int = 0) -> None:
    """Cases in two counties, some published in time, late or not at all, some closed, some given up."""
    batch = []
    for number in range(first, first + count):
        steps = [step("opened", date(2025, 3, 3), technical=number % 2 == 0),
                 step("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20 + number, contact=f"联系人{number}")]
        if number % 3:
            steps.append(step("reviewed", date(2025, 4, 1), lawful=True))
        steps.append(step("decided", date(2025, 5, 26) if number % 4 < 2 else date(2025, 4, 7)))
        if number % 4 == 2:
            steps.append(step("published", date(2025, 4, 7) + timedelta(days=number), channel="web"))
        if number % 5 == 0:
            steps.append(step("closed" if number % 2 else "given_up", date(2025, 5, 30)))
        region, organ = ("990121", "a-gov") if number % 2 else ("990122", "b-gov")
        batch.append((CaseHead(f"case-{number:03}", MATTER, organ, region, f"事项{number}"), steps))
    desk.recorder.record_many(batch)


def compared(desk: Desk, folder: Path, as_of: date | None = None, at_once: int = 1000) -> Comparison:
    moment = close_of(as_of, rulebook().procedures[MATTER].timezone) if as_of else None
    return Comparison(desk.bundles, folder, MATTER, desk.clock(), moment, at_once)


def differences(desk: Desk, folder: Path, as_of: date | None = None) -> list[Difference]:
    return list(compared(desk, folder, as_of).differences())


def test_the_verdicts_in_the_database_are_found_again(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    comparison = compared(desk, folder, at_once=10)
    assert list(comparison.differences()) == []
    assert comparison.tally.cases == 12
    assert comparison.tally.verdicts == VerdictRow.select().count() > 30
    assert {"violated", "fulfilled", "pending", "vacuous"} <= set(comparison.tally.by_state)


def test_a_changed_a_removed_and_an_invented_verdict_are_named(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    publish = VerdictRow.rule == f"{MATTER}/publish-in-time"
    VerdictRow.update(state="fulfilled").where(publish & (VerdictRow.case == "case-003")).execute()
    VerdictRow.delete().where(publish & (VerdictRow.case == "case-006")).execute()
    VerdictRow.update(activation="other").where(publish & (VerdictRow.case == "case-007")).execute()
    found = differences(desk, folder)
    assert [one.case for one in found] == ["case-003", "case-006", "case-007", "case-007"]
    assert found[0].live.startswith("state=fulfilled")
    assert found[0].batch.startswith("state=violated")
    assert not found[1].live
    words = [one.problem().message() for one in found]
    assert "只有批量重算的判定" in words[1]
    assert {"只有实时判定" in words[2], "只有实时判定" in words[3]} == {True, False}


def test_what_is_recorded_later_goes_into_a_new_segment_and_corrections_count(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    assert differences(desk, folder) == []
    decided = VerdictRow.get((VerdictRow.case == "case-007") & (VerdictRow.rule == f"{MATTER}/publish-in-time"))
    desk.recorder.record("case-007", step("decided", date(2025, 5, 28), corrects=decided.activation, reason="日期有误"))
    desk.recorder.record("case-003", step("published", date(2025, 6, 1), channel="board"))
    open_cases(desk, 3, first=12)
    assert differences(desk, folder) == []
    segments = Segments(folder, rulebook().procedures[MATTER])
    assert sorted(path.name for path in segments.folder.glob("*.events.parquet")) == [
        "000000.events.parquet", "000001.events.parquet"]
    again = VerdictRow.get((VerdictRow.case == "case-007") & (VerdictRow.rule == f"{MATTER}/publish-in-time"))
    assert again.activation == decided.activation
    assert again.due_date > decided.due_date


def test_a_duty_whose_time_ran_out_unswept_is_an_alarm_until_the_sweep(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    desk.clock.set(date(2025, 6, 20))
    comparison = compared(desk, folder)
    found = list(comparison.differences())
    assert {one.rule for one in found} == {f"{MATTER}/publish-in-time"}
    assert comparison.tally.overdue == len(found) > 0
    sweep(desk.recorder, desk.clock())
    assert differences(desk, folder) == []


def test_as_of_an_earlier_day_batch_and_live_engine_agree(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    for day in (date(2025, 3, 2), date(2025, 3, 31), date(2025, 4, 14), date(2025, 5, 30)):
        comparison = compared(desk, folder, day)
        assert list(comparison.differences()) == []
        assert (comparison.tally.verdicts > 0) is (day > date(2025, 3, 3))


def test_personal_values_are_judged_but_never_written_to_a_segment(desk: Desk, folder: Path) -> None:
    desk.bundles.bundle = rulebook(supervision=BY_CONTACT)
    open_cases(desk)
    comparison = compared(desk, folder)
    assert list(comparison.differences()) == []
    assert any(rule.endswith("named-contact") for (rule,) in VerdictRow.select(VerdictRow.rule).distinct().tuples())
    for path in folder.rglob("*.parquet"):
        assert not [name for name in pl.read_parquet_schema(path) if name.startswith("contact")]
    desk.recorder.seal("case-001", ["contact"], reason="依法删除", actor="zhang", organ="a-gov")
    assert differences(desk, folder) == []


def test_each_case_is_compared_under_the_bundle_that_judged_it(desk: Desk, folder: Path) -> None:
    open_cases(desk)
    stricter = rulebook(supervision=SUPERVISION.replace("working_days: 5", "working_days: 40"))
    desk.bundles.bundle = stricter
    rejudge_open_cases(desk.recorder, stricter.hash)
    assert {row.bundle for row in VerdictRow.select(VerdictRow.bundle).distinct()} == {rulebook().hash, stricter.hash}
    assert differences(desk, folder) == []


def test_each_county_is_judged_by_its_own_settings(desk: Desk, folder: Path) -> None:
    desk.bundles.bundle = rulebook(supervision=SETTABLE, overlay=OVERLAY)
    open_cases(desk)
    publish = VerdictRow.select().where(VerdictRow.rule == f"{MATTER}/publish-in-time")
    dues = {(row.region, row.due_date) for row in publish if row.case in ("case-001", "case-004")}
    assert len({due for _, due in dues}) == 2
    assert differences(desk, folder) == []


def test_an_unknown_procedure_is_refused(desk: Desk, folder: Path) -> None:
    with pytest.raises(FazhiError, match="procedure-unknown"):
        Comparison(desk.bundles, folder, "test.other", desk.clock())
