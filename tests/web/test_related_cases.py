"""Referral between the kinds of mediation: the next case opens where it goes, or is offered there."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from tests.web.conftest import LogIn
from tests.web.world import World


def refer(world: World, **fields: str) -> str:
    """A mediation of the county that is referred on; the id of the step."""
    recorder = world.instance.recorder.permitting(AnyoneMayRecord())

    def step(event_type: str, **values: object) -> NewEvent:
        return NewEvent(event_type, date(2026, 6, 10), values, actor="handler", organ="gov-c1")  # type: ignore[arg-type]

    with database.connection_context():
        recorder.open_case(CaseHead("m-1", "disputes.mediation", "gov-c1", "990121", "草场边界纠纷"), step(
            "applied", source="application", dispute_kind="land", amount=6000, party_names="其木格、王某",
            all_agree=True))
        return recorder.record("m-1", step("referred_on", **fields)).events[0].id


def other() -> CaseRow:
    with database.connection_context():
        return CaseRow.get(CaseRow.procedure.startswith("disputes."), CaseRow.id != "m-1")


def test_the_receiving_organ_finds_the_case_and_both_pages_lead_to_each_other(world: World, log_in: LogIn) -> None:
    refer(world, referred_to="admin_mediation", to_body="gov-c2")
    row = other()
    theirs = log_in("neighbour").get(f"/cases/{row.id}").text
    assert "由其他事项而来" in theirs
    assert 'href="/cases/m-1"' in theirs, "the receiving organ takes part in the case that it comes from"
    mine = log_in("handler").get("/cases/m-1").text
    assert "产生后续事项" in mine
    assert f'href="/cases/{row.id}"' in mine
    assert "石泓旗人民政府" in mine


def test_where_the_party_has_to_apply_the_receiving_organ_opens_the_case_with_what_is_known(
        world: World, log_in: LogIn) -> None:
    event = refer(world, referred_to="arbitration", to_body="gov-c2")
    client = log_in("neighbour")
    page = client.get("/cases/m-1").text
    [address] = re.findall(r'href="(/cases/new/disputes\.arbitration/applied\?after=[^"]+)"', page)
    form = client.get(address).text
    assert "草场边界纠纷" in form
    assert 'value="6000"' in form
    assert "其木格" not in form, "personal data stay where they are"
    sent = client.post(address, data={"after": f"m-1:{event}", "title": "草场边界纠纷", "occurred": "2026-06-12",
                                      "field.field": "rural", "field.amount": "6000"})
    assert sent.status_code == 302
    assert other().organ == "gov-c2"
    again = client.get("/cases/m-1").text
    assert "据此立案" not in again
    assert sent.location in again
    assert client.get(address).status_code == 404, "opened already"


@pytest.mark.parametrize("account", ["handler", "stranger"])
def test_nobody_else_opens_it(world: World, log_in: LogIn, account: str) -> None:
    event = refer(world, referred_to="arbitration", to_body="gov-c2")
    assert log_in(account).get(f"/cases/new/disputes.arbitration/applied?after=m-1:{event}").status_code == 404


def test_a_finding_that_others_answer_for_is_named_but_leads_nowhere(world: World, log_in: LogIn) -> None:
    recorder = world.instance.recorder.permitting(AnyoneMayRecord())
    steps: tuple[tuple[str, date, dict[str, Any]], ...] = (
        ("received", date(2026, 4, 1), {"channel": "post", "applicant_kind": "citizen"}),
        ("registered", date(2026, 4, 1), {"respondent": "dept-l1", "domain": "land", "act_kind": "licence"}),
        ("accepted", date(2026, 4, 2), {"mode": "ordinary", "reviewers": 2, "major": False}),
        ("copy_sent", date(2026, 4, 3), {}))
    with database.connection_context():
        for number, (event, on, fields) in enumerate(steps):
            new = NewEvent(event, on, fields, actor="handler", organ="gov-c1")
            _ = recorder.record("r-1", new) if number else recorder.open_case(
                CaseHead("r-1", "disputes.reconsideration", "gov-c1", "990121", "不服许可"), new)
    page = log_in("handler").get("/cases/r-1").text
    assert "被申请人十个工作日内答复" in page
    for address in re.findall(r'href="(/findings/[0-9a-f]+)"', page):
        assert log_in("handler").get(address).status_code == 200
    assert "被申请人十个工作日内答复" in log_in("unit").get("/findings").text


def test_an_organ_is_named_in_words_and_one_that_is_not_registered_is_refused(world: World, log_in: LogIn) -> None:
    refer(world, referred_to="court")
    client = log_in("handler")
    sent = {"occurred": "2026-06-12", "field.referred_to": "admin_mediation", "request_key": "k1"}
    wrong = client.post("/cases/m-1/steps/referred_on", data=sent | {"field.to_body": "石泓旗政府"})
    assert wrong.status_code == 422
    assert "平台没有登记这个机关，请从列表中选择" in wrong.text
    assert 'value="石泓旗政府"' in wrong.text, "nothing typed is lost"
    assert client.post("/cases/m-1/steps/referred_on", data=sent | {
        "field.to_body": "石泓旗人民政府"}).status_code == 302
    assert other().organ == "gov-c2"
    assert 'value="石泓旗人民政府"' in client.get("/organs/suggest?from=x&x=石泓&names=1").text
    with database.connection_context():
        event = next(one.id for one in reversed(events_of("m-1")) if one.type == "referred_on")
    assert 'value="石泓旗人民政府"' in client.get(f"/cases/m-1/events/{event}/correct").text
