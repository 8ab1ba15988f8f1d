"""Who may record which step of which case."""

from datetime import UTC, date, datetime

import pytest
from organs_kit import TODAY, found_the_region, someone

from core.cases.case import CaseHead
from core.cases.fold import fold
from core.database import connect, database
from core.errors import FazhiError
from core.ledger.event import Event
from core.organs.accounts import deactivate
from core.organs.grants import end_role
from core.organs.models import MODELS, CaseParticipant
from core.organs.participants import participants_of, remember_participants
from core.organs.permit import StepPermit, may_record
from core.organs.vocabulary import Role
from core.rulebook.model import EventType, Field, FieldType, Procedure, Stage
from core.text import Text

CASE = CaseHead("case-1", "demo.matter", "a-police", "990121", "演示事项")
ORGAN_FIELD = Field("reviewer", Text("审查机关"), FieldType.ORGAN)
EVENTS = {
    "opened": EventType("opened", Text("立项"), ("case_handler",), {"reviewer": ORGAN_FIELD}),
    "reviewed": EventType("reviewed", Text("合法性审查"), ("legal_reviewer",)),
    "urged": EventType("urged", Text("督办"), ("supervisor",)),
    "nobodys": EventType("nobodys", Text("无人可办")),
}
PROCEDURE = Procedure("demo.matter", Text("演示程序"), EVENTS, (Stage("all", Text("全部"), tuple(EVENTS)),),
                      ("opened",), ())


@pytest.fixture(autouse=True)
def _region():
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables(MODELS)
        found_the_region()
        yield


@pytest.fixture
def permit() -> StepPermit:
    return StepPermit(lambda: TODAY)


def step(seq: int, type_: str, corrects: str | None = None, **payload: str) -> Event:
    moment = datetime(2026, 3, seq, tzinfo=UTC)
    return Event(f"e{seq}", CASE.id, seq, type_, moment, moment, "li", CASE.organ, payload, corrects=corrects)


def refused(permit: StepPermit, account: str, organ: str, event_type: str) -> str:
    with pytest.raises(FazhiError) as caught:
        permit.may_record(account, organ, PROCEDURE, event_type, CASE)
    assert not may_record(permit, account, organ, PROCEDURE, event_type, CASE)
    return caught.value.problems[0].code


def test_a_handler_of_the_owning_organ_records_what_handlers_record(permit):
    someone("a-police", Role.CASE_HANDLER, account="li")
    permit.may_record("li", "a-police", PROCEDURE, "opened", CASE)
    assert refused(permit, "li", "a-police", "reviewed") == "step-role-missing"


def test_a_handler_elsewhere_does_not(permit):
    someone("b-police", Role.CASE_HANDLER, account="wang")
    someone("league-police", Role.CASE_HANDLER, account="upper")
    assert refused(permit, "wang", "b-police", "opened") == "step-organ-stranger"
    assert refused(permit, "upper", "league-police", "opened") == "step-organ-stranger"


def test_nobody_acts_for_an_organ_in_which_he_holds_no_role(permit):
    someone("b-police", Role.CASE_HANDLER, account="wang")
    assert refused(permit, "wang", "a-police", "opened") == "step-role-missing"


def test_a_supervisor_records_supervision_below_but_no_step_of_the_handlers_and_none_at_home(permit):
    someone("league-justice", Role.SUPERVISOR, account="zhao")
    permit.may_record("zhao", "league-justice", PROCEDURE, "urged", CASE)
    assert refused(permit, "zhao", "league-justice", "opened") == "step-role-missing"
    at_home = CaseHead("case-2", "demo.matter", "league-justice", "990100")
    with pytest.raises(FazhiError, match="step-organ-stranger"):
        permit.may_record("zhao", "league-justice", PROCEDURE, "urged", at_home)


def test_a_supervisor_of_another_county_does_not(permit):
    someone("b-justice", Role.SUPERVISOR, account="zhao")
    assert refused(permit, "zhao", "b-justice", "urged") == "step-organ-stranger"


def test_a_reviewer_records_once_the_case_names_his_organ_and_no_longer_when_that_is_corrected(permit):
    someone("b-justice", Role.LEGAL_REVIEWER, account="qian")
    assert refused(permit, "qian", "b-justice", "reviewed") == "step-organ-stranger"
    events = [step(1, "opened", reviewer="b-justice")]
    remember_participants([fold(CASE, PROCEDURE, events)])
    permit.may_record("qian", "b-justice", PROCEDURE, "reviewed", CASE)
    events.append(step(2, "opened", corrects="e1", reviewer="a-justice"))
    remember_participants([fold(CASE, PROCEDURE, events)])
    assert refused(permit, "qian", "b-justice", "reviewed") == "step-organ-stranger"
    assert [row.organ_id for row in CaseParticipant.select()] == ["a-justice"]


def test_an_organ_that_its_own_case_names_is_no_participant():
    assert participants_of(fold(CASE, PROCEDURE, [step(1, "opened", reviewer="a-police")])) == frozenset()


def test_a_step_that_names_no_role_is_nobodys(permit):
    someone("a-police", Role.CASE_HANDLER, Role.OFFICE_HEAD, account="all")
    assert refused(permit, "all", "a-police", "nobodys") == "step-role-missing"


def test_a_role_ended_or_an_account_deactivated_counts_at_once(permit):
    someone("a-police", Role.CASE_HANDLER, account="li")
    someone("a-police", Role.CASE_HANDLER, account="wu")
    permit.may_record("li", "a-police", PROCEDURE, "opened", CASE)
    permit.may_record("wu", "a-police", PROCEDURE, "opened", CASE)
    end_role("li", Role.CASE_HANDLER, "a-police", today=TODAY)
    deactivate("wu")
    assert refused(permit, "li", "a-police", "opened") == "step-role-missing"
    assert refused(permit, "wu", "a-police", "opened") == "person-inactive"
    assert refused(permit, "ghost", "a-police", "opened") == "person-unknown"


def test_a_role_limited_to_another_sub_platform_does_not_count(permit):
    someone("a-police", Role.CASE_HANDLER, account="li", procedures="enforcement.*")
    assert refused(permit, "li", "a-police", "opened") == "step-role-missing"


def test_a_remembering_permit_answers_alike():
    someone("a-police", Role.CASE_HANDLER, account="li")
    someone("b-police", Role.CASE_HANDLER, account="wang")
    remembering = StepPermit(lambda: date(2026, 3, 2), remember=True)
    for _ in range(2):
        remembering.may_record("li", "a-police", PROCEDURE, "opened", CASE)
        assert refused(remembering, "wang", "b-police", "opened") == "step-organ-stranger"


def test_the_refusal_says_who_may(permit):
    someone("a-police", Role.CASE_HANDLER, account="li")
    with pytest.raises(FazhiError) as caught:
        permit.may_record("li", "a-police", PROCEDURE, "reviewed", CASE)
    assert "合法性审查人员" in caught.value.problems[0].fix("zh")
    assert "legal reviewer" in caught.value.problems[0].fix("en")
