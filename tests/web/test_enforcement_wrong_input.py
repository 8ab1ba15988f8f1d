"""Wrong input in enforcement: a clear answer or a clear finding, and nothing of what was entered is lost."""

from __future__ import annotations

import io
from datetime import date

import pytest

from core.database import database
from core.errors import FazhiError
from core.ledger.intake import NewEvent
from core.ledger.models import EventRow
from plugins.enforcement.officers.models import Body
from scoring.models import FindingRow
from tests.officers_kit import certificate, load_bodies, load_certificates
from tests.supervision_kit import open_case, penalty, record
from tests.web.conftest import LogIn
from tests.web.world import PDF, World

DECISION = {"occurred": "2026-06-15", "field.penalty_kinds": ["fine"], "field.fine_amount": "60000",
            "field.statutory_min": "50000", "field.statutory_max": "100000", "field.tier": "ordinary"}


def codes(case_id: str) -> set[str]:
    with database.connection_context():
        return {row.code for row in FindingRow.select().where(FindingRow.case == case_id)}


def steps(case_id: str, event: str) -> int:
    with database.connection_context():
        return EventRow.select().where((EventRow.case == case_id) & (EventRow.type == event)).count()


@pytest.fixture
def noticed(world: World) -> str:
    """A case whose party was told of the right to a hearing three days ago."""
    with database.connection_context():
        case = penalty(world.instance, "p-hearing")
        record(world.instance, case, "notice_served", "2026-06-12", notice_contents=[
            "penalty", "facts", "reasons", "basis", "defence_right", "hearing_right"],
            proposed_kinds=["fine"], proposed_fine=60000)
    return case


def test_a_decision_before_the_hearing_period_ends_is_kept_and_found_at_once(noticed: str, log_in: LogIn) -> None:
    head = log_in("head")
    page = head.post(f"/cases/{noticed}/steps/decision_made", data=DECISION | {
        "material.decision": (io.BytesIO(PDF), "决定书.pdf")}, follow_redirects=True).text
    assert "疑似问题" in page
    assert steps(noticed, "decision_made") == 1, "what happened is on record, lawful or not"
    with database.connection_context():
        rules = {row.rule for row in FindingRow.select().where(FindingRow.case == noticed)}
    assert "enforcement.penalty/hearing-period-respected" in rules


def test_a_fine_outside_the_statute_is_kept_and_found_at_once(noticed: str, log_in: LogIn) -> None:
    log_in("head").post(f"/cases/{noticed}/steps/decision_made", data=DECISION | {"field.fine_amount": "150000"})
    assert steps(noticed, "decision_made") == 1
    assert "ENF-DIS-1" in codes(noticed)


def test_a_fine_that_is_no_number_is_answered_with_everything_else_still_in_the_form(
        noticed: str, log_in: LogIn) -> None:
    answer = log_in("head").post(f"/cases/{noticed}/steps/decision_made", data=DECISION | {
        "field.fine_amount": "六万元", "material.decision": (io.BytesIO(PDF), "决定书.pdf")})
    assert answer.status_code == 422
    assert "六万元" in answer.text
    assert "2026-06-15" in answer.text
    assert "决定书.pdf" in answer.text, "the file need not be sent again"
    assert steps(noticed, "decision_made") == 0


def test_an_officer_of_another_organ_may_not_record_and_is_told_why(noticed: str, world: World, log_in: LogIn) -> None:
    assert log_in("neighbour").post(f"/cases/{noticed}/steps/decision_made", data=DECISION).status_code == 404
    with database.connection_context(), pytest.raises(FazhiError) as refused:
        world.instance.recorder.record(noticed, NewEvent(
            "decision_made", date(2026, 6, 15), {"penalty_kinds": ["fine"]}, actor="neighbour", organ="gov-c2"))
    assert "邻县经办" in refused.value.render()
    assert steps(noticed, "decision_made") == 0


def test_a_certificate_of_another_body_is_found_when_it_is_used(world: World) -> None:
    with database.connection_context():
        load_bodies(world.instance, ("gov-c1", "法定行政机关", "", "演示〔2020〕1号", "2020-01-01"),
                    ("gov-c2", "法定行政机关", "", "演示〔2020〕2号", "2020-01-01"))
        load_certificates(world.instance, certificate("15000001", "本局人员", "gov-c1"),
                          certificate("15000002", "外局人员", "gov-c2"))
        assert Body.select().count() == 2
        penalty(world.instance, "p-foreign")
    assert "ENF-OFF-1" in codes("p-foreign")


def test_a_step_in_the_future_is_refused_and_nothing_is_recorded(world: World, log_in: LogIn) -> None:
    with database.connection_context():
        case = open_case(world.instance, "r-2", "random_inspection", "plan_made", "2026-06-10", plan_year=2026,
                         inspection_items="食品经营", approved_by_head=True)
    answer = log_in("handler").post(f"/cases/{case}/steps/object_inspected", data={
        "occurred": "2026-07-01", "field.object_name": "甲超市", "field.problem_found": "false"})
    assert answer.status_code == 422
    assert "甲超市" in answer.text
    assert steps(case, "object_inspected") == 0
