"""The assessment part of the demonstration: reports with faults, 95 problems in miniature, appeals, yearly reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.database import database
from core.instance import Instance
from core.ledger.models import CaseRow, EventRow
from plugins.assessment.demo import generate
from scoring.models import FindingRow, VerdictRow
from tests.instance_kit import Clock, make_instance
from web.demo.region import demo_region

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PROCEDURES = {f"assessment.{name}" for name in ("report", "problem", "appeal", "annual")}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return make_instance(tmp_path_factory.mktemp("demo"), Clock(NOW))


@pytest.fixture(scope="module")
def lines(instance: Instance) -> tuple[str, ...]:
    with database.connection_context():
        assert generate(instance, 1, 10) == ()  # without a region there is nobody who reports
        demo_region(1)
        return generate(instance, 1, 400)


@pytest.fixture
def connected(lines: tuple[str, ...]) -> Iterator[None]:
    with database.connection_context():
        yield


@pytest.mark.usefixtures("connected")
def test_every_kind_of_matter_is_there(lines: tuple[str, ...]) -> None:
    assert {row.procedure for row in CaseRow.select().where(CaseRow.procedure.startswith("assessment."))} == PROCEDURES
    assert "考核成果自行报告" in lines[0]


@pytest.mark.usefixtures("connected")
def test_of_95_problems_some_69_are_rectified() -> None:
    problems = CaseRow.select().where(CaseRow.procedure == "assessment.problem")
    assert problems.count() == 95
    assert 60 <= problems.where(CaseRow.closed_at.is_null(False)).count() <= 69


@pytest.mark.usefixtures("connected")
def test_the_faults_are_found_by_the_rules_and_everything_can_be_judged() -> None:
    findings = FindingRow.select().where(FindingRow.procedure.in_(PROCEDURES))
    assert len({row.rule for row in findings}) >= 6
    verdicts = VerdictRow.select().where(VerdictRow.rule.startswith("assessment."))
    assert not verdicts.where(VerdictRow.state == "not_assessable").exists()


@pytest.mark.usefixtures("connected")
def test_an_appeal_that_was_granted_says_by_whom_and_why() -> None:
    granted = EventRow.select().where(EventRow.type == "appeal_granted")
    assert granted.exists()
    assert all("ground" in row.payload and row.actor.startswith("supervisor") for row in granted)
