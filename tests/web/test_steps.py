"""Recording through forms: generated fields, messages at the field, uploads, corrections, two people at once."""

from __future__ import annotations

import io
import re
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from core.database import database
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from tests.web.conftest import LogIn
from tests.web.world import DECISION, PDF, World

MEETING = {"occurred": "2026-06-12", "field.meeting_type": "executive_meeting", "field.meeting_result": "approved",
           "field.head_spoke_last": "true", "field.dissent": "none_expressed", "field.against_majority": "false"}
URL = "/cases/case-neat/steps/meeting_held"


def soup(client: FlaskClient, url: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(url).text, "html.parser")


def events(case_id: str) -> Any:
    with database.connection_context():
        return events_of(case_id)


def test_the_form_has_an_input_for_every_field_by_its_type(log_in: LogIn) -> None:
    page = soup(log_in("handler"), "/cases/case-neat/steps/consultation_announced")
    channels = page.select('input[name="field.consultation_channels"]')
    assert {one["type"] for one in channels} == {"checkbox"}
    assert len(channels) == 6
    assert page.select_one('input[name="field.comment_deadline"]')["type"] == "date"
    assert {one["value"] for one in page.select('input[name="field.draft_published"]')} == {"true", "false"}
    assert page.select_one('textarea[name="field.shortening_reason"]')
    assert page.select_one('input[name="material.notice"]').has_attr("multiple")


def test_a_recorded_step_is_on_the_ledger_with_person_and_organ(log_in: LogIn) -> None:
    answer = log_in("handler").post(URL, data=MEETING, follow_redirects=True)
    assert "已记录“集体讨论”" in answer.text
    step = next(event for event in events("case-neat") if event.type == "meeting_held")
    assert (step.actor, step.organ, step.payload["meeting_type"]) == ("handler", "gov-c1", "executive_meeting")


def test_a_step_that_breaks_a_rule_says_so_at_once(log_in: LogIn) -> None:
    answer = log_in("handler").post(URL, data=MEETING, follow_redirects=True)
    assert "疑似问题" in answer.text
    assert "合法性审查" in answer.text


def test_what_is_missing_or_unreadable_is_said_at_its_field_and_nothing_typed_is_lost(log_in: LogIn) -> None:
    client = log_in("handler")
    answer = client.post("/cases/case-neat/steps/draft_completed",
                         data={"occurred": "2026-06-12", "field.legal_basis_count": "好几件",
                               "field.alternatives": "3"})
    page = BeautifulSoup(answer.text, "html.parser")
    wrong = page.select_one("fieldset.is-wrong")
    assert answer.status_code == 422
    assert "应为整数" in wrong.text
    assert wrong.select_one("input")["value"] == "好几件"
    assert page.select_one('input[name="field.alternatives"]')["value"] == "3"
    assert not any(event.type == "draft_completed" for event in events("case-neat"))


def test_a_date_in_the_future_is_refused_at_the_date(log_in: LogIn) -> None:
    answer = log_in("handler").post(URL, data={**MEETING, "occurred": "2027-01-01"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert page.select_one("fieldset.is-wrong #occurred")


def test_several_files_reach_the_store_and_only_those_who_may_get_them(log_in: LogIn, world: World) -> None:
    client = log_in("handler")
    files = [(io.BytesIO(PDF + bytes([n])), f"会议纪要{n}.pdf") for n in range(2)]
    client.post(URL, data={**MEETING, "material.meeting_minutes": files}, content_type="multipart/form-data")
    step = next(event for event in events("case-neat") if event.type == "meeting_held")
    assert [one.name for one in step.materials] == ["会议纪要0.pdf", "会议纪要1.pdf"]
    link = f"/cases/case-neat/events/{step.id}/materials/{step.materials[0].sha256}"
    answer = client.get(link)
    assert answer.data == PDF + b"\0"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert log_in("auditor").get(link).status_code == 404
    assert world.instance.materials.intact(step.materials[1].sha256)


def test_a_file_that_is_not_what_its_name_says_is_refused_at_its_field(log_in: LogIn) -> None:
    answer = log_in("handler").post(URL, content_type="multipart/form-data", data={
        **MEETING, "material.meeting_minutes": (io.BytesIO(b"MZ\x90 program"), "纪要.pdf")})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert page.select_one('fieldset.is-wrong input[name="material.meeting_minutes"]')


def test_files_need_not_be_sent_again_when_another_field_was_wrong(log_in: LogIn) -> None:
    client = log_in("handler")
    first = client.post(URL, content_type="multipart/form-data", data={
        **MEETING, "occurred": "", "material.meeting_minutes": (io.BytesIO(PDF), "纪要.pdf")})
    token = BeautifulSoup(first.text, "html.parser").select_one('input[name="kept"]')["value"]
    client.post(URL, data={**MEETING, "kept": token})
    step = next(event for event in events("case-neat") if event.type == "meeting_held")
    assert [one.name for one in step.materials] == ["纪要.pdf"]


def test_a_note_of_a_file_that_was_tampered_with_is_worth_nothing(log_in: LogIn) -> None:
    client = log_in("handler")
    client.post(URL, data={**MEETING, "kept": "eyJzaGEyNTYiOiJhIn0.forged"})
    step = next(event for event in events("case-neat") if event.type == "meeting_held")
    assert step.materials == ()


def test_too_large_a_form_is_refused_unread(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"account": "长" * 2_000_000})
    assert answer.status_code == 413
    assert "文件过大" in answer.text


def test_who_works_on_an_old_view_of_the_case_is_told(log_in: LogIn) -> None:
    client = log_in("handler")
    seen = soup(client, URL).select_one('input[name="seen"]')["value"]
    log_in("head").post("/cases/case-neat/steps/draft_completed",
                        data={"occurred": "2026-06-11", "field.legal_basis_count": "3"})
    draft = {"occurred": "2026-06-11", "field.legal_basis_count": "3"}
    client.post("/cases/case-neat/steps/draft_completed", data=draft)
    answer = client.post(URL, data={**MEETING, "seen": seen})
    assert answer.status_code == 409


def test_a_form_sent_twice_is_recorded_once(log_in: LogIn) -> None:
    client = log_in("handler")
    key = soup(client, URL).select_one('input[name="request_key"]')["value"]
    for _ in range(2):
        assert client.post(URL, data={**MEETING, "request_key": key}).status_code == 302
    assert sum(event.type == "meeting_held" for event in events("case-neat")) == 1


def test_a_correction_needs_a_reason_and_leaves_both_records_visible(log_in: LogIn) -> None:
    client = log_in("handler")
    target = next(event for event in events("case-neat") if event.type == "study_completed")
    url = f"/cases/case-neat/events/{target.id}/correct"
    form = soup(client, url)
    assert form.select_one('input[name="field.study_unit"]')["value"] == "县交通运输局"
    changed = {"occurred": "2026-02-21", "field.study_unit": "县发展和改革委员会"}
    assert "请填写更正理由" in client.post(url, data=changed).text
    page = client.post(url, data={**changed, "reason": "单位名称录入有误"}, follow_redirects=True).text
    assert "县交通运输局" in page
    assert "县发展和改革委员会" in page
    assert "已被更正" in page
    assert "单位名称录入有误" in page


def test_a_step_that_never_happened_can_be_voided(log_in: LogIn) -> None:
    client = log_in("handler")
    target = next(event for event in events("case-neat") if event.type == "study_completed")
    answer = client.post(f"/cases/case-neat/events/{target.id}/correct", follow_redirects=True,
                         data={"occurred": "2026-02-20", "void": "true", "reason": "重复录入"})
    assert "作废" in answer.text


def test_a_case_is_opened_for_the_own_organ(log_in: LogIn) -> None:
    url = f"/cases/new/{DECISION}/proposal_submitted"
    client = log_in("handler")
    proposal = {"occurred": "2026-06-14", "field.proposal_source": "leader", "field.decision_category": "plan"}
    assert "请填写事项名称" in client.post(url, data=proposal).text
    answer = client.post(url, data={**proposal, "title": "上坪县水资源规划"})
    assert answer.status_code == 302
    with database.connection_context():
        row = CaseRow.get(CaseRow.title == "上坪县水资源规划")
    assert (row.organ, row.region) == ("gov-c1", "990121")


def test_steps_that_answer_a_duty_or_lie_ahead_are_offered_first(log_in: LogIn) -> None:
    page = soup(log_in("handler"), "/cases/case-faulty/steps")
    first = page.select(".panel")[0].select("a.choice")
    assert "研究公众意见" in first[0].text or "opinions_handled" in first[0]["href"]
    assert re.search(r"应于 \d{4}-\d\d-\d\d 前完成", first[0].text)


def test_suggestions_name_organs_and_people(log_in: LogIn) -> None:
    client = log_in("handler")
    assert "林业和草原局" in client.get("/organs/suggest?from=x&x=林业").text
    people = client.get("/people/suggest?from=x&x=苏").text
    assert "苏日娜" in people
    assert "巴特尔" not in people
