"""The enforcement part of the demonstration: registers and cases, judged by the engine, shown on ordinary pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from core.database import database
from core.documents.models import IssuedDocument
from core.draws.checking import verify
from core.draws.holding import Draws
from core.instance import Instance
from core.ledger.models import CaseRow, EventRow
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from plugins.decisions.demo import generate as fill_decisions
from plugins.enforcement.demo import generate
from plugins.enforcement.demo.teams import plan_teams
from plugins.enforcement.demo.words import trades
from plugins.enforcement.discretion.models import Decided, Group
from plugins.enforcement.officers.models import Body, Certificate
from scoring.models import CaseScore, FindingRow, VerdictRow
from tests.instance_kit import Clock, make_instance
from web.app import create_app

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PROCEDURES = {f"enforcement.{name}" for name in ("penalty", "penalty_summary", "licence", "coercion", "inspection")}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return make_instance(tmp_path_factory.mktemp("demo"), Clock(NOW))


@pytest.fixture(scope="module")
def lines(instance: Instance) -> tuple[str, ...]:
    with database.connection_context():
        assert generate(instance, 1, 10) == ()  # without a region there is nobody who enforces
        fill_decisions(instance, 1, 20)
        return generate(instance, 1, 800)


@pytest.fixture
def connected(lines: tuple[str, ...]) -> Iterator[None]:
    with database.connection_context():
        yield


@pytest.mark.usefixtures("connected")
def test_every_kind_of_case_is_there_and_counted(lines: tuple[str, ...]) -> None:
    cases = CaseRow.select().where(CaseRow.procedure.in_(PROCEDURES))
    assert {row.procedure for row in cases} == PROCEDURES
    assert 100 <= cases.count() <= 126
    assert "行政处罚（普通程序）" in lines[0]
    assert cases.where(CaseRow.closed_at.is_null()).count() > 0


@pytest.mark.usefixtures("connected")
def test_bodies_and_certificates_are_in_the_registers_but_for_one() -> None:
    teams = plan_teams(Random(1))
    assert len(teams) - Body.select().count() == len(teams) // 60
    assert Certificate.select().count() == 5 * Body.select().count()


@pytest.mark.usefixtures("connected")
def test_what_the_registers_say_is_recorded_with_the_step() -> None:
    filed = [json.loads(row.payload) for row in EventRow.select().where(EventRow.type == "filed")]
    assert len(filed) > 5
    assert all("body_qualified" in payload for payload in filed)
    assert any(payload["officers_qualified"] for payload in filed)


@pytest.mark.usefixtures("connected")
def test_the_generator_writes_steps_and_the_engine_finds_the_faults() -> None:
    findings = FindingRow.select().where(FindingRow.procedure.in_(PROCEDURES))
    assert len({row.rule for row in findings}) > 15
    verdicts = VerdictRow.select().where(VerdictRow.rule.startswith("enforcement."))
    assert not verdicts.where(VerdictRow.state == "not_assessable").exists()
    assert CaseScore.select().where(CaseScore.procedure.in_(PROCEDURES) & CaseScore.score.is_null(False)).count() > 40


@pytest.mark.usefixtures("connected")
def test_like_cases_can_be_compared_and_some_lie_apart() -> None:
    assert Group.select().where(Group.cases >= 5).exists()
    apart = Decided.select().where(Decided.apart).count()
    assert 0 < apart < Decided.select().count() / 2


@pytest.mark.usefixtures("connected")
def test_some_decisions_are_written_by_the_platform_and_nothing_is_late(lines: tuple[str, ...]) -> None:
    papers = list(IssuedDocument.select())
    assert len(papers) == 6
    for paper in papers:
        event = EventRow.get_by_id(paper.event_id)
        assert json.loads(event.payload)["decision_number"] == paper.number
        assert not FindingRow.select().where((FindingRow.case == paper.case_id)
                                             & (FindingRow.activation == paper.event_id)
                                             & FindingRow.rule.contains("record")).exists()


def test_a_case_file_opens_to_its_score(instance: Instance, lines: tuple[str, ...]) -> None:
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    client.post("/login", data={"account": "supervisor.justice.990000", "password": "Yanshi-2026"})
    with database.connection_context():
        case = (CaseRow.select().join(CaseScore, on=(CaseScore.case == CaseRow.id))
                .where((CaseRow.procedure == "enforcement.penalty") & CaseScore.score.is_null(False)).first())
    page = client.get(f"/cases/{case.id}").get_data(as_text=True)
    assert "行政处罚（普通程序）" in page
    assert "执法主体和人员" in page


def test_a_line_of_departments_is_known_by_its_name() -> None:
    assert {trade.sector for trade in trades()} >= {"market", "transport", "environment"}
    sectors = load_rules([shipped_rules() / "enforcement", shipped_rules() / "calendars"]).procedures[
        "enforcement.penalty"].attributes["sector"].values
    assert {trade.sector for trade in trades()} <= sectors.keys()
    assert all(act.least <= act.most for trade in trades() for act in trade.acts)


@pytest.mark.usefixtures("connected")
def test_supervision_is_shown_with_its_clocks_and_draws_that_hold(instance: Instance, lines: tuple[str, ...]) -> None:
    assert "案卷评查" in lines[-1]
    for name in ("letter", "filing", "publicity", "random_inspection", "file_review"):
        assert CaseRow.select().where(CaseRow.procedure == f"enforcement.{name}").exists(), name
    drawn = [Draws.of(instance).find(row.id) for row in CaseRow.select().where(CaseRow.procedure == "platform.draw")]
    assert drawn
    assert all(verify(one.record_text()).holds for one in drawn)
