"""The interface of the field page: what goes in through the recorder, and what wrong input is told."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from pypdf import PdfReader
from werkzeug.test import TestResponse

from core.database import database
from core.instance import Instance
from core.ledger.models import CaseRow
from core.ledger.reader import events_of, load_case
from plugins.enforcement.field.recordings import Stretch, longest_break
from plugins.enforcement.field.words import PHRASES
from tests.field_kit import LEAD, SECOND, make_field_instance
from tests.instance_kit import PASSWORD
from web.app import create_app

DOCUMENT = {"violated_text": "《条例》第十四条", "penalty_basis": "《条例》第三十六条", "pay_way": "电子支付系统",
            "court_name": "上坪县人民法院", "review_organ": "上坪县人民政府"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(80)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(range(200))
STATIC = Path(__file__).parents[2] / "plugins" / "enforcement" / "field" / "static"
ACT = {"suspected_act": "占道经营", "party_kind": "citizen", "party_name": "王小明", "act_place": "东河街",
       "lead_officer": LEAD, "second_officer": SECOND, "officers_present": "2"}
DECISION = {"penalty_kinds": ["fine"], "fine_amount": "50", "contents": ["act", "basis", "amount", "remedies", "organ",
                                                                          "signatures"], "correction_required": "true"}


@dataclass
class Officer:
    """A logged-in officer's phone."""

    client: FlaskClient
    counter: int = field(default=0)

    def post(self, path: str, body: object) -> TestResponse:
        return self.client.post(f"/field/api{path}", json=body)

    def body(self, step: str, values: object = None, **more: object) -> dict[str, object]:
        self.counter += 1
        return {"step": step, "occurred_at": datetime.now(UTC).isoformat(), "values": values or {},
                "key": f"key-{id(self)}-{self.counter:016}"[:64], **more}

    def open(self, **more: Any) -> TestResponse:
        return self.post("/cases", {**self.body("act_found", ACT), "procedure": "enforcement.penalty_summary",
                                    "title": "东河街占道经营", **more})

    def step(self, case: str, step: str, values: object = None, **more: object) -> TestResponse:
        return self.post(f"/cases/{case}/steps", self.body(step, values, **more))

    def upload(self, name: str, *chunks: bytes, started: int = 0, length: int = 0) -> str:
        upload = hashlib.md5(f"{id(self)}{name}{self.counter}{started}".encode()).hexdigest()
        self.counter += 1
        assert self.client.put(f"/field/api/uploads/{upload}", json={"name": name}).status_code == 200
        hashes = [hashlib.sha256(chunk).hexdigest() for chunk in chunks]
        for index, chunk in enumerate(chunks):
            at = started + index * length
            query = {"sha256": hashes[index], "from": str(at), "to": str(at + length)}
            answer = self.client.put(f"/field/api/uploads/{upload}/{index}", data=chunk, query_string=query)
            assert answer.status_code == 200, answer.text
        answer = self.client.post(f"/field/api/uploads/{upload}/finish", json={
            "hashes": hashes, "sha256": hashlib.sha256(b"".join(chunks)).hexdigest()})
        assert answer.status_code == 200, answer.text
        return upload


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return make_field_instance(tmp_path_factory.mktemp("field"))


@pytest.fixture
def officer(instance: Instance) -> Iterator[Callable[[str], Officer]]:
    app = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, PROPAGATE_EXCEPTIONS=True)

    def log_in(account: str) -> Officer:
        client = app.test_client()
        assert client.post("/login", data={"account": account, "password": PASSWORD}).status_code == 302
        return Officer(client)

    yield log_in
    if not database.is_closed():
        database.close()


LogIn = Callable[[str], Officer]


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json["problems"][0]  # type: ignore[index]
    assert found["message"]
    return found


def test_the_phone_is_told_who_works_his_badge_and_the_guide_of_each_procedure(officer: LogIn) -> None:
    start = officer("lead").client.get("/field/api/start").json
    assert start is not None
    assert [one["number"] for one in start["badges"]] == [LEAD]
    assert start["badges"][0]["qr"].startswith("data:image/svg")
    assert start["colleagues"] == [[LEAD, "宝音"], [SECOND, "苏日娜"]]
    summary = next(one for one in start["procedures"] if one["id"] == "enforcement.penalty_summary")
    assert [one["step"] for one in summary["guide"]][:3] == ["act_found", "identity_shown", "facts_established"]
    assert "执法证件" in summary["guide"][1]["prompt"]
    assert any("《行政处罚法》" in law for rule in summary["events"]["decision_made"]["basis"] for law in rule["laws"])
    ordinary = next(one for one in start["procedures"] if one["id"] == "enforcement.penalty")
    assert ordinary["guide"], "a procedure without a guide goes by its stages"


def test_a_step_is_recorded_at_the_moment_of_the_device_with_its_materials(officer: LogIn) -> None:
    lead = officer("lead")
    case = lead.open().json["case"]  # type: ignore[index]
    moment = datetime.now(UTC) - timedelta(minutes=3)
    upload = lead.upload("当事人手写签名（图像）.png", PNG)
    answer = lead.step(case, "facts_established", {"facts_clear": "true"}, occurred_at=moment.isoformat(),
                       materials={"party_signature": [upload]})
    assert answer.status_code == 200, answer.text
    assert [one["type"] for one in answer.json["state"]["steps"]] == ["facts_established", "act_found"]  # type: ignore[index]
    with database.connection_context():
        event = next(one for one in events_of(case) if one.type == "facts_established")
    assert event.occurred_at == moment
    assert event.precision == "instant"
    assert event.materials[0].sha256 == hashlib.sha256(PNG).hexdigest()


def test_the_same_step_sent_twice_is_recorded_once(officer: LogIn) -> None:
    lead = officer("lead")
    body = {**lead.body("act_found", ACT), "procedure": "enforcement.penalty_summary", "title": "重复发送"}
    first, second = lead.post("/cases", body), lead.post("/cases", body)
    assert first.json["case"] == second.json["case"]  # type: ignore[index]
    case = first.json["case"]  # type: ignore[index]
    step = lead.body("identity_shown", {"recorder_on": "true"})
    assert [lead.post(f"/cases/{case}/steps", step).status_code for _ in range(2)] == [200, 200]
    with database.connection_context():
        assert [one.type for one in events_of(case) if not one.is_platform] == ["act_found", "identity_shown"]
        assert CaseRow.select().where(CaseRow.title == "重复发送").count() == 1


def test_a_chunk_that_arrives_damaged_is_named_and_kept_out(officer: LogIn) -> None:
    lead = officer("lead")
    upload = "0f" * 16
    lead.client.put(f"/field/api/uploads/{upload}", json={"name": "录像.webm"})
    answer = lead.client.put(f"/field/api/uploads/{upload}/6", data=WEBM + b"?",
                             query_string={"sha256": hashlib.sha256(WEBM).hexdigest()})
    found = problem(answer, 422)
    assert found["code"] == "chunk-damaged"
    assert "第 7 段" in found["message"]
    finish = lead.client.post(f"/field/api/uploads/{upload}/finish", json={"hashes": ["0" * 64], "sha256": "0" * 64})
    assert problem(finish, 422)["details"]["indexes"] == "0"


def test_an_upload_belongs_to_the_officer_who_began_it(officer: LogIn) -> None:
    lead, foreign = officer("lead"), officer("foreign")
    upload = lead.upload("笔录.png", PNG)
    taken = foreign.client.put(f"/field/api/uploads/{upload}", json={"name": "笔录.png"})
    assert problem(taken, 422)["code"] == "upload-unknown"
    case = foreign.open().json["case"]  # type: ignore[index]
    answer = foreign.step(case, "facts_established", {"facts_clear": "true"}, materials={"record": [upload]})
    assert problem(answer, 422)["code"] == "upload-unknown"


@pytest.mark.parametrize(("path", "method"), [("", "get"), ("/steps", "post")])
def test_the_case_of_another_body_does_not_exist_for_an_officer(officer: LogIn, path: str, method: str) -> None:
    lead, foreign = officer("lead"), officer("foreign")
    case = lead.open().json["case"]  # type: ignore[index]
    for name in (case, "no-such-case"):
        answer = foreign.client.open(f"/field/api/cases/{name}{path}", method=method.upper(),
                                     json=foreign.body("identity_shown"))
        assert problem(answer, 404)["code"] == "http-404"


def test_people_without_a_working_role_upload_nothing(officer: LogIn) -> None:
    answer = officer("auditor").client.put(f"/field/api/uploads/{'ab' * 16}", json={"name": "照片.jpg"})
    assert problem(answer, 403)["code"] == "http-403"
    assert problem(officer("auditor").open(), 404)["code"] == "http-404"


def test_an_officer_whose_certificate_is_of_another_body_is_found(officer: LogIn) -> None:
    answer = officer("lead").open(values={**ACT, "second_officer": "15000009"})
    assert answer.status_code == 200
    assert "执法人员证件当日有效、属于本机关" in [one["title"] for one in answer.json["state"]["findings"]]  # type: ignore[index]


@pytest.mark.parametrize(("kind", "fine", "found"), [("citizen", "200", False), ("citizen", "200.01", True),
                                                      ("organisation", "3000", False), ("organisation", "3001", True)])
def test_a_fine_above_200_or_3000_on_the_spot_is_a_finding_in_the_answer(officer: LogIn, kind: str, fine: str,
                                                                          found: bool) -> None:
    lead = officer("lead")
    case = lead.open(values={**ACT, "party_kind": kind}).json["case"]  # type: ignore[index]
    answer = lead.step(case, "decision_made", {**DECISION, "fine_amount": fine})
    assert answer.status_code == 200, answer.text
    titles = [one["title"] for one in answer.json["state"]["findings"]]  # type: ignore[index]
    assert ("当场处罚限于警告和小额罚款" in titles) is found


def test_wrong_values_are_answered_at_their_inputs_and_nothing_is_recorded(officer: LogIn) -> None:
    lead = officer("lead")
    case = lead.open().json["case"]  # type: ignore[index]
    answer = lead.step(case, "decision_made", {**DECISION, "fine_amount": "五十"})
    assert problem(answer, 422)["at"] == "field.fine_amount"
    assert problem(lead.step(case, "decision_made", {"nonsense": "1"}), 422)["code"] == "event-field-unknown"
    assert problem(lead.step(case, "decision_made", {}), 422)["at"].startswith("field.")
    assert problem(lead.step(case, "no_such_step"), 404)["code"] == "http-404"
    with database.connection_context():
        assert [one.type for one in events_of(case) if not one.is_platform] == ["act_found"]


@pytest.mark.parametrize("body", [{}, [], {"step": "act_found"}, {"step": "act_found", "occurred_at": "gestern",
                                                                "key": "k" * 20}, {"extra": 1}])
def test_a_malformed_request_is_answered_not_stumbled_over(officer: LogIn, body: object) -> None:
    lead = officer("lead")
    assert problem(lead.post("/cases", body), 422)
    assert problem(lead.client.post("/field/api/cases", data="{", content_type="application/json"), 422)


def test_the_decision_is_written_with_the_hand_signatures_and_shown_to_the_party(officer: LogIn) -> None:
    lead = officer("lead")
    case = lead.open().json["case"]  # type: ignore[index]
    strokes = Image.new("RGB", (400, 160), "white")
    ImageDraw.Draw(strokes).line([(20, 20), (200, 140), (380, 30)], fill="black", width=6)
    picture = io.BytesIO()
    strokes.save(picture, "PNG")
    upload = lead.upload("主办执法人员手写签名（图像）.png", picture.getvalue())
    body = lead.body("decision_made", {**DECISION, **DOCUMENT}, documents=["decision"],
                     materials={"lead_signature": [upload]})
    answers = [lead.post(f"/cases/{case}/steps", body) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200], answers[0].text
    issued = answers[1].json["state"]["documents"]  # type: ignore[index]
    assert [one["title"] for one in issued] == ["当场行政处罚决定书"]
    assert issued[0]["number"]
    assert issued[0]["qr"].startswith("data:image/svg")
    shown = lead.client.get(issued[0]["url"])
    assert shown.mimetype == "application/pdf"
    assert len(PdfReader(io.BytesIO(shown.data)).pages[0].images) == 1
    assert officer("foreign").client.get(issued[0]["url"]).status_code == 404


def test_a_document_that_lacks_what_it_needs_is_refused_at_its_inputs(officer: LogIn) -> None:
    lead = officer("lead")
    case = lead.open().json["case"]  # type: ignore[index]
    answer = lead.step(case, "decision_made", DECISION, documents=["decision"])
    assert answer.status_code == 422
    assert "field.violated_text" in {one["at"] for one in answer.json["problems"]}  # type: ignore[index]


def test_a_clock_that_runs_ahead_is_named_and_nothing_is_recorded(officer: LogIn) -> None:
    later = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    found = problem(officer("lead").open(occurred_at=later), 422)
    assert found["code"] == "field-clock-ahead"
    assert 590 <= found["details"]["seconds"] <= 600


def test_what_somebody_else_recorded_meanwhile_stops_the_step(officer: LogIn) -> None:
    lead, second = officer("lead"), officer("second")
    opened = lead.open().json
    assert opened is not None
    seen = opened["state"]["seq"]
    assert second.step(opened["case"], "identity_shown", {"recorder_on": "true"}).status_code == 200
    answer = lead.step(opened["case"], "identity_shown", {"recorder_on": "true"}, seen=seen)
    assert problem(answer, 409)["code"] == "case-moved-on"


def test_a_break_in_the_recording_is_measured_and_found(officer: LogIn) -> None:
    lead = officer("lead")
    begun = datetime.now(UTC) - timedelta(minutes=10)
    case = lead.open(occurred_at=begun.isoformat()).json["case"]  # type: ignore[index]
    at = int(begun.timestamp() * 1000)
    first = lead.upload("录像.webm", WEBM, b"more", started=at, length=60_000)
    last = lead.upload("录像二.webm", WEBM + b"2", started=at + 420_000, length=180_000)
    lead.step(case, "identity_shown", {"recorder_on": "true"}, occurred_at=begun.isoformat(),
              materials={"recording": [first]})
    answer = lead.step(case, "delivered", {"receipt_signed": "signed"}, materials={"recording": [last]})
    assert "全程音像记录不得中断" in [one["title"] for one in answer.json["state"]["findings"]]  # type: ignore[index]
    with database.connection_context():
        delivered = load_case(case, lead_bundle(lead)).steps[-1]
    assert delivered.fields["recording_gap"] == 300


def lead_bundle(lead: Officer) -> Any:
    return lead.client.application.extensions["fazhi"].bundles.current()


def test_the_longest_break_is_before_between_or_after_the_recordings() -> None:
    def moment(second: int) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=second)

    stretches = [Stretch(moment(10), moment(40)), Stretch(moment(30), moment(50)), Stretch(moment(57), moment(90))]
    assert longest_break(stretches, moment(0), moment(92)) == 10
    assert longest_break(stretches, None, moment(92)) == 7
    assert longest_break(stretches, moment(10), moment(120)) == 30
    assert longest_break([Stretch(moment(0), moment(9), 4_200)], moment(0), moment(9)) == 4


def test_the_shell_holds_nobodys_data_and_the_worker_keeps_no_answer(officer: LogIn) -> None:
    client = officer("lead").client
    shell = client.get("/field/").text
    assert "宝音" not in shell
    assert "csrf" not in shell
    worker = client.get("/field/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "/field/api" not in re.sub(r"/\*.*?\*/", "", worker.text)
    for file in re.findall(r'"(/[^"]+\.(?:js|css|svg))"', worker.text):
        assert client.get(file).status_code == 200, file


def test_the_interface_wants_the_form_token(instance: Instance) -> None:
    client = create_app(instance, RATELIMIT_ENABLED=False).test_client()
    page = client.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    client.post("/login", data={"account": "lead", "password": PASSWORD, "csrf_token": token[1]})
    assert problem(client.post("/field/api/cases", json={}), 400)["code"] == "form-expired"
    given = client.get("/field/api/start").json["csrf"]  # type: ignore[index]
    answer = client.post("/field/api/cases", json={}, headers={"X-CSRFToken": given})
    assert problem(answer, 422)["code"] == "request-malformed"


def test_every_phrase_of_the_scripts_is_in_the_catalogue() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    spoken = set(re.findall(r'\bt\("((?:[^"\\]|\\.)*)"', scripts))
    assert spoken <= set(PHRASES)
    assert all(f'"{phrase}"' in scripts for phrase in PHRASES)


def test_the_scripts_stay_below_the_stated_floor_of_browsers() -> None:
    too_new = re.compile(r"\?\?=|\|\|=|&&=|\.at\(|replaceAll|structuredClone|randomUUID|replaceChildren|^await ", re.M)
    for path in STATIC.glob("*.js"):
        assert not too_new.search(path.read_text(encoding="utf-8")), path.name
