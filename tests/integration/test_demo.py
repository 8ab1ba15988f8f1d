"""The demonstration in a real instance: filled through the recorder, judged by the engine, shown in pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from core.database import database
from core.instance import Instance
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import load_cases
from core.organs.accounts import log_in
from core.organs.models import Person, RoleGrant
from plugins.decisions.demo import DemoSummary, generate
from plugins.decisions.evaluation import compare, evaluated_ids, issued_by_region
from scoring.models import CaseScore, FindingRow, VerdictRow
from tests.instance_kit import Clock, make_instance
from web.app import create_app
from web.demo import PASSWORD, demo_region
from web.demo.determining import determine
from web.demo.guide import accounts, closing_lines

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CASES = 150


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return make_instance(tmp_path_factory.mktemp("demo"), Clock(NOW))


@pytest.fixture(scope="module")
def summary(instance: Instance) -> DemoSummary:
    with database.connection_context():
        return generate(instance, 1, CASES)


@pytest.fixture
def connected(summary: DemoSummary) -> Iterator[None]:
    with database.connection_context():
        yield


@pytest.fixture
def client(instance: Instance, summary: DemoSummary) -> FlaskClient:
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    answer = client.post("/login", data={"account": "supervisor.justice.990000", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.usefixtures("connected")
def test_the_summary_counts_what_is_in_the_database(summary: DemoSummary) -> None:
    decisions = CaseRow.select().where(CaseRow.procedure == "decisions.decision").count()
    assert CASES * 0.9 < decisions <= CASES
    assert summary.cases == decisions
    assert summary.findings == FindingRow.select().count() > 50
    assert len(summary.leagues) == 6
    assert summary.leagues[0].name in "\n".join(summary.lines())


@pytest.mark.usefixtures("connected")
def test_what_is_printed_at_the_end_counts_everything_and_names_what_to_look_at(instance: Instance) -> None:
    printed = "\n".join(closing_lines(demo_region(1), instance.plugins.platforms))
    assert f"事项 {CaseRow.select().count():,}" in printed
    assert f"人员 {Person.select().count()}" in printed
    assert "决策后评估" in printed
    assert "庭室预订" in printed
    assert "类案不同罚" in printed
    assert PASSWORD in printed


@pytest.mark.usefixtures("connected")
def test_the_generator_writes_steps_and_the_engine_finds_the_faults() -> None:
    by_judge = EventRow.select().where(EventRow.type == "finding.raised")
    assert {row.actor for row in by_judge} == {"system:judge"}
    assert not EventRow.select().where(EventRow.type.startswith("score.")).exists()
    states = {row.state for row in VerdictRow.select(VerdictRow.state).distinct()}
    assert {"fulfilled", "violated", "pending"} <= states
    assert len({row.rule for row in FindingRow.select(FindingRow.rule).distinct()}) > 25


@pytest.mark.usefixtures("connected")
def test_organs_differ_in_how_well_they_do() -> None:
    scores = [row.score for row in CaseScore.select().where(CaseScore.score.is_null(False))]
    assert min(scores) < 70
    assert max(scores) > 95


@pytest.mark.usefixtures("connected")
def test_each_role_has_an_account_that_can_log_in() -> None:
    named = [account for _, account in accounts(demo_region(1))]
    for account in named:
        assert log_in(account, PASSWORD, 0.0).id == account
        assert RoleGrant.select().where(RoleGrant.person == account).exists()
    roles = {row.role for row in RoleGrant.select(RoleGrant.role).distinct()}
    assert {row.role for row in RoleGrant.select().where(RoleGrant.person.in_(named))} == roles


@pytest.mark.usefixtures("connected")
def test_some_cases_are_open_and_some_are_closed() -> None:
    decisions = CaseRow.select().where(CaseRow.procedure == "decisions.decision")
    assert decisions.where(CaseRow.closed_at.is_null()).count() > 20
    assert decisions.where(CaseRow.closed_at.is_null(False)).count() > 10
    assert len({row.stage for row in decisions}) >= 5


def test_published_catalogues_are_listed_with_what_became_of_their_items(client: FlaskClient) -> None:
    page = client.get("/decisions/catalogues").get_data(as_text=True)
    assert "年度重大行政决策事项目录" in page
    first = re.findall(r'href="(/decisions/catalogues/[^"?]+)"', page)[0]
    one = client.get(first).get_data(as_text=True)
    assert "集体讨论决定" in one
    assert "应当履行的程序" in one
    assert client.get("/decisions/catalogues/nothing").status_code == 404


def test_post_evaluations_are_compared_between_regions(client: FlaskClient, instance: Instance) -> None:
    page = client.get("/decisions/evaluations").get_data(as_text=True)
    assert "平均效果评分" in page
    with database.connection_context():
        evaluated = evaluated_ids("990000")
        lines = compare(issued_by_region("990000"), load_cases(evaluated, instance.bundles.current()), "990000")
    assert sum(line.evaluated for line in lines) == len(evaluated) > 0
    assert sum(line.issued for line in lines) > 40
    assert all(line.region == "990000" or line.region.endswith("00") for line in lines)


def test_pages_speak_english_too(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["language"] = "en"
    assert "Post-evaluation" in client.get("/decisions/evaluations").get_data(as_text=True)


@pytest.mark.usefixtures("connected")
def test_supervisors_have_looked_at_some_findings(instance: Instance) -> None:
    line = determine(instance, demo_region(1), 1)
    confirmed = FindingRow.select().where(FindingRow.status.in_(("confirmed", "cured"))).count()
    assert confirmed > 0
    assert f"确认 {confirmed}" in line
