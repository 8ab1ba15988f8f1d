"""Self-reports, verification, random re-checks, problems, burden report and sources of data, as pages show them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.database import database
from core.draws.checking import verify
from core.draws.holding import Draws
from core.instance import Instance
from core.ledger.models import CaseRow
from core.ledger.reader import load_case
from plugins.assessment.reports import report_of
from tests.web.conftest import LogIn
from tests.web.world import World


def reports(world: World) -> list[Any]:
    with database.connection_context():
        return list(CaseRow.select().where(CaseRow.procedure == "assessment.report").order_by(CaseRow.opened_at))


def state_of(instance: Instance, case_id: str) -> str:
    with database.connection_context():
        return report_of(load_case(case_id, instance.bundles.current())).state


def form_of(client: FlaskClient, result: str) -> str:
    """The address of the prefilled form that the list offers for a result."""
    page = client.get("/assessment/reports").text
    found = re.search(rf'href="([^"]*field\.result={result}[^"]*)"', page)
    assert found, page
    return unescape(found[1])


def send_report(client: FlaskClient, result: str, **fields: str) -> None:
    sent = {"title": f"{result} 自报", "occurred": "2026-06-15", "field.scheme": "assessment.plan-2015",
            "field.year": "2026", "field.result": result, **{f"field.{name}": value for name, value in fields.items()}}
    answer = client.post(form_of(client, result), data=sent)
    assert answer.status_code == 302, answer.text


def test_an_organ_sees_what_it_has_to_report_with_the_evidence_wanted(log_in: LogIn) -> None:
    page = log_in("handler").get("/assessment/reports").text
    assert "本机关应当报告" in page
    assert "R009 权责清单公布并统一编码" in page
    assert "证据：清单网址" in page
    assert "许可按期办结率" not in page  # comes by itself
    assert "待核验的报告" not in page


def test_the_link_opens_the_form_filled_in_and_the_person_may_change_it(log_in: LogIn, world: World) -> None:
    client = log_in("handler")
    form = client.get(form_of(client, "R009")).text
    assert 'value="assessment.plan-2015"' in form
    assert 'value="R009"' in form
    assert "权责清单公布并统一编码" in form
    send_report(client, "R009", in_place="true")
    (row,) = reports(world)
    assert (row.organ, row.title) == ("gov-c1", "R009 自报")
    assert "待核验" in client.get("/assessment/reports").text


def test_a_report_goes_to_the_supervisor_who_verifies_it(log_in: LogIn, world: World) -> None:
    send_report(log_in("handler"), "R009", in_place="true", evidence_url="https://example.invalid/list")
    (row,) = reports(world)
    supervisor = log_in("supervisor")
    page = supervisor.get("/assessment/reports").text
    assert "R009 权责清单公布并统一编码" in page
    assert f"/cases/{row.id}" in page
    assert state_of(world.instance, row.id) == "waiting"
    verified = supervisor.post(f"/cases/{row.id}/steps/verified", data={
        "occurred": "2026-06-15", "field.verified_by": "website"})
    assert verified.status_code == 302, verified.text
    assert state_of(world.instance, row.id) == "verified"
    assert "没有待核验的报告" in supervisor.get("/assessment/reports").text


def test_a_returned_report_waits_again_once_it_is_corrected(log_in: LogIn, world: World) -> None:
    handler, supervisor = log_in("handler"), log_in("supervisor")
    send_report(handler, "R017", in_place="true")
    (row,) = reports(world)
    supervisor.post(f"/cases/{row.id}/steps/returned", data={
        "occurred": "2026-06-15", "field.returned_reason": "缺评估报告"})
    assert state_of(world.instance, row.id) == "returned"
    assert "退回补正" in handler.get("/assessment/reports").text
    handler.post(f"/cases/{row.id}/steps/resubmitted", data={"occurred": "2026-06-15", "field.in_place": "true"})
    assert state_of(world.instance, row.id) == "waiting"


def test_a_draw_for_re_checks_can_be_computed_again_by_anybody(log_in: LogIn, world: World) -> None:
    handler, supervisor = log_in("handler"), log_in("supervisor")
    for result in ("R009", "R017", "R036"):
        send_report(handler, result, in_place="true")
    for row in reports(world):
        supervisor.post(f"/cases/{row.id}/steps/verified", data={
            "occurred": "2026-06-15", "field.verified_by": "material"})
    answer = supervisor.post("/assessment/reports/draw", data={"year": "2026"})
    assert answer.status_code == 302
    draw = answer.location.rsplit("/", 1)[-1]
    with database.connection_context():
        drawn = Draws.of(world.instance).find(draw)
        (chosen,) = drawn.chosen
        assert verify(drawn.record_text()).holds
        case = load_case(chosen, world.instance.bundles.current())
    assert case.steps[-1].fields["draw_number"] == draw
    supervisor.post("/assessment/reports/draw", data={"year": "2026"})
    supervisor.post("/assessment/reports/draw", data={"year": "2026"})
    again = supervisor.post("/assessment/reports/draw", data={"year": "2026"}, follow_redirects=True)
    assert "没有可以抽取的报告" in again.text  # what was drawn is not drawn twice


def test_the_yearly_reports_are_opened_from_the_first_of_january(log_in: LogIn) -> None:
    page = unescape(log_in("handler").get("/assessment/reports").text)
    assert "occurred=2026-01-01" in page
    assert "field.reporter=government" in page


def test_a_supervisor_puts_a_problem_on_the_list_of_an_organ_below(log_in: LogIn, world: World) -> None:
    supervisor = log_in("supervisor")
    sent = {"organ": "gov-c1", "found_by": "inspection", "problem": "规范性文件未按期报备", "rectify_by": "2026-08-01",
            "repeated": "true"}
    assert supervisor.post("/assessment/problems/new", data=sent).status_code == 302
    page = log_in("handler").get("/assessment/problems").text
    assert "规范性文件未按期报备" in page
    assert "整改中" in page
    assert "规范性文件未按期报备" not in log_in("neighbour").get("/assessment/problems").text


@pytest.mark.parametrize(("change", "word"), [
    ({"organ": "gov-c3"}, "只能是本机关监督的机关"), ({"rectify_by": "明年"}, "请填写整改期限"),
    ({"problem": ""}, "请写明问题")])
def test_a_problem_that_is_not_complete_is_not_recorded(log_in: LogIn, change: dict[str, str], word: str) -> None:
    sent = {"organ": "gov-c1", "found_by": "inspection", "problem": "未报备", "rectify_by": "2026-08-01", **change}
    answer = log_in("supervisor").post("/assessment/problems/new", data=sent)
    assert answer.status_code == 422
    assert word in answer.text


def test_the_burden_report_counts_facts_per_kind_of_organ_and_none_is_asked_twice(log_in: LogIn) -> None:
    page = log_in("supervisor").get("/assessment/burden").text
    assert "没有：每个事实最多填报一次" in page
    assert "人民政府" in page
    assert "旗县级" in page


def test_every_result_is_listed_with_its_source_or_the_reason(log_in: LogIn) -> None:
    client = log_in("handler")
    page = client.get("/assessment/supply").text
    assert page.count("<tr>") == 232
    missing = client.get("/assessment/supply?source=none").text
    assert "法律法规应用管理子平台尚未记录" in missing
    assert "参考框架（非官方）" in client.get("/assessment/supply?scheme=assessment.demonstration").text


def test_the_pages_speak_english(log_in: LogIn) -> None:
    client = log_in("handler")
    client.post("/language", data={"language": "en"})
    assert "What this organ reports" in client.get("/assessment/reports").text
