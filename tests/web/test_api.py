"""Other systems record through the API: their own keys, the same checks, nothing twice, errors that name the field."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.database import database
from core.ledger.models import CaseRow, EventRow
from core.organs.credentials import Credential, add_system, issue, revoke
from tests.docs.pages import blocks
from tests.web.conftest import LogIn
from tests.web.world import DECISION, PDF, TODAY, World
from web.api.operation import operation_of

Call = Callable[..., Any]


@pytest.fixture
def key(world: World) -> str:
    """The key of a system of the county government that may record decisions."""
    with database.connection_context():
        add_system("sys.approval", "审批系统", "gov-c1", (DECISION,), "admin", TODAY.date())
        return issue("sys.approval", "admin", world.clock())


@pytest.fixture
def call(app: Flask, key: str) -> Call:
    """Calls the API with that key."""
    client = app.test_client()

    def ask(method: str, path: str, *, request_key: str = "", **given: Any) -> Any:
        headers = {"Authorization": f"Bearer {given.pop('key', key)}", **given.pop("headers", {})}
        if method == "POST" and "json" in given:
            headers["Idempotency-Key"] = request_key or uuid.uuid4().hex
        return client.open(f"/api/v1{path}", method=method, headers=headers, **given)

    return ask


def proposal(call: Call) -> dict[str, Any]:
    """A case as another system sends it, with its material uploaded."""
    made = call("POST", "/materials?name=建议书.pdf", data=io.BytesIO(PDF).read())
    assert made.status_code == 201, made.text
    return {"procedure": DECISION, "title": "城区供热价格调整", "step": {
        "type": "proposal_submitted", "occurred_at": "2026-06-01",
        "fields": {"proposal_source": "department_or_lower", "decision_category": "public_policy"},
        "materials": [{"requirement": "proposal", "token": made.json["token"]}]}}


def test_a_case_opened_by_another_system_is_a_case_like_any_other(call: Call, log_in: LogIn) -> None:
    answer = call("POST", "/cases", json=proposal(call))
    assert answer.status_code == 201, answer.text
    case = answer.json["case"]
    assert answer.json["step"]["materials"][0]["name"] == "建议书.pdf"
    assert answer.json["duties"], "the platform says what is due"
    page = log_in("handler").get(f"/cases/{case['id']}").text
    assert "城区供热价格调整" in page
    assert "审批系统" in page, "the system is named as who recorded"
    assert call("GET", f"/cases/{case['id']}").json["steps"][0]["type"] == "proposal_submitted"
    assert case["id"] in [one["id"] for one in call("GET", "/cases").json["items"]]


def test_the_request_of_the_guide_is_recorded(call: Call) -> None:
    (block,) = (one for one in blocks("how-to/api.md") if one.mark == "case")
    sent = json.loads(block.body[block.body.index("-d '") + 4 : block.body.rindex("'")])
    sent["step"]["materials"] = proposal(call)["step"]["materials"]
    assert call("POST", "/cases", json=sent).status_code == 201


def test_a_request_that_is_sent_again_records_nothing_twice(call: Call) -> None:
    sent = proposal(call)
    first = call("POST", "/cases", json=sent, request_key="one")
    again = call("POST", "/cases", json=sent, request_key="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json["repeated"] is True
    assert again.json["step"] == first.json["step"]
    with database.connection_context():
        assert CaseRow.select().where(CaseRow.title == sent["title"]).count() == 1


def test_a_request_key_that_comes_back_with_something_else_is_refused(call: Call) -> None:
    sent = proposal(call)
    call("POST", "/cases", json=sent, request_key="one")
    sent["step"]["fields"]["decision_category"] = "major_project"
    answer = call("POST", "/cases", json=sent, request_key="one")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "request-key-reused")


@pytest.mark.parametrize(("change", "field", "code"), [
    ({"fields": {"proposal_source": "nobody"}}, "step.fields.proposal_source", "event-field-option"),
    ({"fields": {"proposal_sauce": "department_or_lower"}}, "step.fields.proposal_sauce", None),
    ({"occurred_at": "2.6.2026"}, "step.occurred_at", "api-moment"),
    ({"occurred_at": "2026-06-01T10:00:00"}, "step.occurred_at", "api-time-zone"),
    ({"occurred_at": "2027-06-01"}, "step.occurred_at", None),
    ({"materials": [{"requirement": "proposal", "token": "forged"}]}, "step.materials.0.token", "api-material-token"),
    ({"colour": "red"}, "step.colour", "api-field-unknown"),
    ({"type": 7}, "step.type", "api-field-wrong"),
])
def test_what_is_wrong_is_named_with_its_field_and_nothing_is_recorded(
        call: Call, change: dict[str, Any], field: str, code: str | None) -> None:
    sent = proposal(call)
    sent["step"] |= change
    with database.connection_context():
        before = EventRow.select().count()
    answer = call("POST", "/cases", json=sent)
    assert answer.status_code == 422, answer.text
    problems = answer.json["error"]["problems"]
    assert field in [problem["field"].replace("step.proposal_sauce", "step.fields.proposal_sauce")
                     for problem in problems], problems
    assert code is None or code in [problem["code"] for problem in problems], problems
    assert all(problem["message"] for problem in problems)
    with database.connection_context():
        assert EventRow.select().count() == before


def test_a_step_recorded_meanwhile_refuses_one_that_did_not_know_it(call: Call) -> None:
    made = call("POST", "/cases", json=proposal(call)).json
    step = {"type": "proposal_submitted", "occurred_at": "2026-06-02", "fields": {}, "expected_seq": 0}
    answer = call("POST", f"/cases/{made['case']['id']}/steps", json=step)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "case-moved-on")


def test_a_file_uploaded_by_one_system_serves_no_other(call: Call, world: World) -> None:
    with database.connection_context():
        add_system("sys.other", "另一系统", "gov-c1", (DECISION,), "admin", TODAY.date())
        other = issue("sys.other", "admin", world.clock())
    answer = call("POST", "/cases", json=proposal(call), key=other)
    assert answer.json["error"]["code"] == "api-material-token"


def test_cases_of_other_organs_and_procedures_are_not_there(call: Call, world: World) -> None:
    with database.connection_context():
        foreign = next(row.id for row in CaseRow.select().where(CaseRow.organ != "gov-c1"))
    assert call("GET", f"/cases/{foreign}").status_code == 404
    sent = proposal(call) | {"procedure": "tests.complaint"}
    assert call("POST", "/cases", json=sent).status_code == 404


def test_without_a_valid_key_nothing_opens(call: Call, app: Flask, world: World, log_in: LogIn) -> None:
    for key in ("", "fz_0000000000000000_x", "garbage", "fz_\x7f"):
        answer = call("GET", "/me", key=key)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json["error"]["problems"][0]["message"]
    assert log_in("handler").get("/api/v1/me").status_code == 401, "a browser's cookie is no key"
    with database.connection_context():
        revoke(Credential.get().id, "admin", world.clock())
    assert call("GET", "/me").status_code == 401


def test_a_key_ends_with_its_days(call: Call, world: World) -> None:
    with database.connection_context():
        short = issue("sys.approval", "admin", world.clock() - timedelta(days=3), days=2)
    assert call("GET", "/me", key=short).status_code == 401
    assert call("GET", "/me").json["account"] == "sys.approval"


def test_personal_values_stay_on_the_platform(call: Call, world: World) -> None:
    for row in call("GET", "/cases?size=100").json["items"]:
        for step in call("GET", f"/cases/{row['id']}").json["steps"]:
            assert not set(step["withheld"]) & step["fields"].keys()


def test_errors_are_json_also_where_there_is_nothing(call: Call) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/cases", 405), ("GET", "/cases?page=0", 422)):
        answer = call(method, path)
        assert (answer.status_code, answer.is_json) == (status, True)
    answer = call("POST", "/cases", data="{", headers={"Content-Type": "application/json", "Idempotency-Key": "k"})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "api-json-malformed")
    answer = call("POST", "/cases", json=proposal(call), headers={"Idempotency-Key": ""}, request_key=" ")
    assert answer.json["error"]["problems"][0]["field"] == "Idempotency-Key"


def test_the_document_describes_every_operation(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    described = {(path, method.upper()) for path, one in document["paths"].items() for method in one}
    assert len(described) == sum(operation_of(app.view_functions[rule.endpoint]) is not None
                                 for rule in app.url_map.iter_rules())
    text = str(document)
    for name in {part.partition("'")[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"], name


def test_the_administrator_makes_a_system_and_sees_its_key_once(log_in: LogIn, app: Flask) -> None:
    admin = log_in("admin")
    page = admin.post("/systems", data={"account": "sys.permits", "name": "许可系统", "organ": "gov-c1",
                                        "procedures": [DECISION], "days": "30"}).text
    key = page.split('id="key">')[1].partition("<")[0]
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert answer.json["name"] == "许可系统"
    shown = admin.get("/systems/sys.permits").text
    assert key not in shown
    public = key.split("_")[1]
    assert public in shown
    admin.post(f"/systems/sys.permits/keys/{public}/revoke")
    assert app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_an_account_that_people_use_gets_no_key_and_a_system_cannot_log_in(log_in: LogIn, app: Flask, key: str) -> None:
    admin = log_in("admin")
    assert admin.get("/systems/handler").status_code == 404
    refused = admin.post("/systems", data={"account": "handler", "name": "x", "organ": "gov-c1",
                                           "procedures": [DECISION]})
    assert refused.status_code == 422
    assert "已有人使用" in refused.text
    login = app.test_client().post("/login", data={"account": "sys.approval", "password": key})
    assert login.status_code == 401

