"""A step that leads to a case of another procedure: opened once, with what is recorded, both chains saying so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.cases.case import CaseHead
from core.database import connect, database
from core.errors import FazhiError
from core.judge import NoJudge
from core.ledger.following import LED_TO, OPENED_FROM
from core.ledger.intake import AnyoneMayRecord, NewEvent, Recorded
from core.ledger.models import MODELS, CaseRow
from core.ledger.reader import events_of, load_case
from core.ledger.recorder import Recorder
from core.organs.models import MODELS as ORGANS
from core.organs.models import CaseParticipant, Organ, Region
from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from tests.ledger_kit import START

COMMITTEE, BUREAU = "committee", "bureau"


class Shipped:
    """The rules of the sub-platform."""

    def __init__(self) -> None:
        self.bundle = load_rules([shipped_rules() / "disputes", shipped_rules() / "calendars"])

    def current(self) -> Bundle:
        return self.bundle

    def get(self, bundle_hash: str, /) -> Bundle:
        return self.bundle


@pytest.fixture(scope="module")
def rules() -> Shipped:
    return Shipped()


@pytest.fixture
def recorder(tmp_path: Path, rules: Shipped) -> Iterator[Recorder]:
    connect(f"sqlite:///{tmp_path / 'next.db'}")
    with database.connection_context():
        database.create_tables([*MODELS, *ORGANS])
        Region.create(code="990121", name="某县", level="county")
        for name in (COMMITTEE, BUREAU):
            Organ.create(id=name, name=name, region="990121", level="county", kind="department")
        yield Recorder(rules, NoJudge(), AnyoneMayRecord(), lambda: START)


def mediation(recorder: Recorder) -> Recorded:
    return recorder.open_case(CaseHead("m-1", "disputes.mediation", COMMITTEE, "990121", "草场纠纷"), step(
        "applied", source="application", dispute_kind="land", parties=2, amount=5000, all_agree=True))


def step(event_type: str, corrects: str | None = None, **fields: object) -> NewEvent:
    return NewEvent(event_type, date(2026, 5, 20), fields, actor="zhang", organ=COMMITTEE, corrects=corrects,  # type: ignore[arg-type]
                    reason="写错了" if corrects else "")


def refer(recorder: Recorder, corrects: str | None = None, **fields: object) -> Recorded:
    return recorder.record("m-1", step("referred_on", corrects, **fields))


def others() -> list[CaseRow]:
    return list(CaseRow.select().where(CaseRow.id != "m-1"))


def test_the_receiving_organ_has_the_case_with_what_was_recorded(recorder: Recorder, rules: Shipped) -> None:
    mediation(recorder)
    refer(recorder, referred_to="admin_mediation", to_body=BUREAU)
    [row] = others()
    case = load_case(row.id, rules.bundle)
    assert (row.procedure, row.organ, row.title) == ("disputes.admin_mediation", BUREAU, "草场纠纷")
    assert row.number
    assert dict(case.steps[0].fields) == {"dispute_kind": "land", "from_kind": "mediation", "from_body": COMMITTEE}
    assert [(event.type, event.payload["case"]) for each in ("m-1", row.id) for event in events_of(each)
            if event.is_platform] == [(LED_TO, row.id), (OPENED_FROM, "m-1")]
    assert CaseParticipant.select().where(
        (CaseParticipant.case_id == row.id) & (CaseParticipant.organ_id == COMMITTEE)).exists()


@pytest.mark.parametrize("fields", [{"referred_to": "court"}, {"referred_to": "admin_mediation"},
                                    {"referred_to": "arbitration", "to_body": BUREAU}])
def test_no_case_without_a_receiving_organ_or_where_a_party_has_to_apply(recorder: Recorder, fields: dict[str, str]
                                                                        ) -> None:
    mediation(recorder)
    refer(recorder, **fields)
    assert not others()


def test_a_corrected_referral_opens_no_second_case_unless_it_goes_elsewhere(recorder: Recorder) -> None:
    mediation(recorder)
    first = refer(recorder, referred_to="admin_mediation", to_body=BUREAU).events[0]
    second = refer(recorder, first.id, referred_to="admin_mediation", to_body=BUREAU).events[0]
    assert len(others()) == 1
    refer(recorder, second.id, referred_to="admin_mediation", to_body=COMMITTEE)
    assert {row.organ for row in others()} == {BUREAU, COMMITTEE}


def test_an_opinion_names_the_respondent_and_is_refused_while_nobody_is_named(recorder: Recorder, rules: Shipped
                                                                             ) -> None:
    recorder.open_case(CaseHead("r-1", "disputes.reconsideration", COMMITTEE, "990121", "不服处罚"),
                       step("received", channel="post", applicant_kind="citizen"))
    with pytest.raises(FazhiError) as refused:
        recorder.record("r-1", step("opinion_issued", opinion_text="告知不规范"))
    assert [problem.code for problem in refused.value.problems] == ["next-case-incomplete"]
    assert "收文机关" in refused.value.problems[0].message("zh")
    recorder.record("r-1", step("registered", respondent=BUREAU, domain="market", act_kind="penalty"))
    recorder.record("r-1", step("opinion_issued", opinion_text="告知不规范"))
    [letter] = CaseRow.select().where(CaseRow.procedure == "disputes.recommendation")
    assert load_case(letter.id, rules.bundle).state["addressee"] == BUREAU
    assert [event.type for event in events_of("r-1")].count("opinion_issued") == 1
