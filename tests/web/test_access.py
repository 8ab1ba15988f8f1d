"""The written table role × relation × route against every route of the URL map: objects 404, functions 403."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from core.database import database
from core.documents.models import IssuedDocument
from core.draws.holding import Draws
from core.draws.plan import Candidate, Plan
from core.ledger.intake import NewEvent
from core.organs.credentials import Credential, add_system
from core.organs.models import Person, RoleGrant
from plugins.disputes.experts.models import Expert
from plugins.disputes.questions.models import Lawyer as Answering
from plugins.disputes.rooms.models import Booking, Room
from scoring.models import CaseScore, FindingRow
from tests.instance_kit import PASSWORD, add_organ
from tests.officers_kit import register_county_officer
from tests.web.world import DECISION, PDF, World
from web.app import create_app

ROLES = {"handler": "case_handler", "reviewer": "legal_reviewer", "head": "office_head", "supervisor": "supervisor",
         "author": "rule_author", "approver": "rule_approver", "auditor": "auditor", "admin": "admin", "none": ""}
ORGANS = {"own": "gov-c1", "subordinate": "just-l1", "participant": "dept-l1", "upper": "dept-c1",
          "stranger": "just-l2"}
"""What the county government is to the organ of the reader."""

ALLOWED = {200, 302, 422}


def read_table() -> dict[str, Any]:
    """All tables beside this file: the platform's, and one for each plugin with pages."""
    table: dict[str, Any] = {}
    for file in sorted((Path(__file__).parent / "access").glob("*.yaml")):
        table.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    return table


TABLE = read_table()


@dataclass(frozen=True)
class Scene:
    """What the routes are tried on."""

    app: Flask
    values: Mapping[str, str]
    opened: dict[tuple[str, str], FlaskClient]

    def browser(self, role: str, relation: str) -> FlaskClient:
        """The browser of a person of this role and relation, logged in once."""
        if (role, relation) not in self.opened:
            self.opened[role, relation] = _browser(self.app, f"{relation}.{role}")
        return self.opened[role, relation]

    def ask(self, route: str, role: str, relation: str) -> int:
        """The status that a person of this role and relation gets."""
        return self.request(route, self.browser(role, relation)).status_code

    def request(self, route: str, browser: FlaskClient) -> Any:
        endpoint, method = route.split()
        rule = next(rule for rule in self.app.url_map.iter_rules(endpoint) if method in (rule.methods or ()))
        entry = TABLE[route] if isinstance(TABLE[route], dict) else {}
        values = {**self.values, **entry.get("values", {})}
        with self.app.test_request_context():
            url = self.app.url_for(endpoint, **{name: values[name] for name in rule.arguments})
        return browser.open(url, method=method, data=entry.get("form", {}))


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    """People of every role in every relation, and a case, a finding, a receipt and a file of the county."""
    with database.connection_context():
        add_organ("dept-c1", "上坪县林业局", "990121", "county", "department", government="gov-c1")
        secret = Person.get(Person.id == "handler").password_hash
        Person.create(id="target", name="被管理的人", organ="gov-c1", password_hash=secret)
        for relation, organ in ORGANS.items():
            for name, role in ROLES.items():
                Person.create(id=f"{relation}.{name}", name=name, organ=organ, password_hash=secret)
                if role:
                    RoleGrant.create(person=f"{relation}.{name}", role=role, organ=organ)
        case_id = world.cases["faulty"]
        stored = world.instance.materials.store(io.BytesIO(PDF), "纪要.pdf")
        recorded = world.instance.recorder.record(case_id, NewEvent(
            "meeting_held", date(2026, 6, 1), MEETING, (stored.answers("meeting_minutes"),), actor="head",
            organ="gov-c1"))
        certificate = register_county_officer(world.instance)
        room = Room.create(id=1, region="990121", organ="gov-c1", name="第一听证室", kind="hearing")
        Booking.create(id=1, room=room, on=date(2026, 6, 20), begins=30, ends=32, purpose="听证", organ="gov-c1",
                       person="target", made_at=world.clock())
        Answering.create(id=1, region="990121", number="L01", name="律师甲", city="990100", level="local")
        Expert.create(id=1, region="990121", number="Z01", name="专家甲", fields="土地")
        add_system("sys.c1", "审批系统", "gov-c1", (DECISION,), "admin", date(2026, 1, 1))
        Credential.create(id="sys-key", person="sys.c1", secret_hash="0" * 64, issued_by="admin",
                          issued_at=world.clock(), valid_until=world.clock())
        draw = Draws.of(world.instance).hold(Plan("抽样", (Candidate("a"), Candidate("b")), 1), "own.handler", "gov-c1")
        IssuedDocument.insert(id="paper-1", document="tests.paper", case_id=case_id, event_id=recorded.events[0].id,
                              material="x", organ="gov-c1", title="文书", issued_on=date(2026, 6, 1),
                              issued_at=world.clock(), sha256=stored.sha256).execute()
        finding = FindingRow.get(FindingRow.case == case_id, FindingRow.code == "DEC-CONSULT-NOTICE")
        values = {"case_id": case_id, "event_type": "meeting_held", "event_id": recorded.events[0].id,
                  "finding_id": finding.id, "receipt_id": CaseScore.get(CaseScore.case == case_id).receipt,
                  "person_id": "target", "procedure_id": DECISION, "rule_id": f"{DECISION}/consultation-30-days",
                  "what": "people", "filename": "app.css", "sha256": stored.sha256,
                  "number": certificate.number, "code": certificate.code, "draw_id": draw.id, "document_id": "paper-1"}
    return Scene(app, values, {})


MEETING = {"meeting_type": "executive_meeting", "meeting_result": "approved", "head_spoke_last": True,
           "dissent": "none_expressed", "against_majority": False}


def _browser(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"account": account, "password": PASSWORD}).status_code == 302
    return client


def routes(app: Flask) -> set[str]:
    """Every route of the application as ``endpoint METHOD``."""
    return {f"{rule.endpoint} {method}" for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_every_route_is_in_the_table_and_every_line_is_a_route(app: Flask) -> None:
    assert routes(app) == set(TABLE)


def expected(entry: Any, role: str, relation: str) -> tuple[bool, int]:
    """Whether the table lets this person in, and the status that tells the others off."""
    if entry in ("public", "list"):
        return True, 200
    if "function" in entry:
        permitted = (entry["function"] == "everyone" and role != "none") or role in entry["function"]
        if not permitted or "object" not in entry:
            return permitted, 403
    if "opening" in entry:
        return role in entry["opening"], 404
    return role in entry["object"].get(relation, ()), 404


def tried() -> Iterator[str]:
    """Routes in an order in which what one changes does not disturb the next."""
    yield from sorted(TABLE, key=lambda route: (route.startswith(("session.", "people.")), route))


def test_the_table_is_what_the_pages_do_for_every_role_in_every_relation(scene: Scene) -> None:
    wrong = []
    for route in tried():
        if TABLE[route] in ("public", "key"):
            continue
        relations = ("own",) if "object" not in TABLE[route] else tuple(ORGANS)
        for relation in relations:
            for role in ROLES:
                let_in, refusal = expected(TABLE[route], role, relation)
                status = scene.ask(route, role, relation)
                if (status in ALLOWED) if let_in else (status == refusal):
                    continue
                wrong.append(f"{route} {role} {relation}: {status}, expected {'in' if let_in else refusal}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("route", sorted(route for route, entry in TABLE.items() if entry not in ("public", "key")))
def test_visitors_are_sent_to_the_log_in_page(route: str, app: Flask) -> None:
    endpoint, method = route.split()
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or ()))
    with app.test_request_context():
        url = app.url_for(endpoint, **{name: "1" if f"<int:{name}>" in rule.rule else "people"
                                       for name in rule.arguments})
    answer = app.test_client().open(url, method=method)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


@pytest.mark.parametrize("route", sorted(route for route, entry in TABLE.items() if entry == "key"))
def test_the_interface_of_other_systems_opens_to_no_browser(route: str, scene: Scene) -> None:
    answer = scene.request(route, scene.browser("admin", "own"))
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "credential-missing"


def test_public_pages_open_without_an_account(app: Flask) -> None:
    for url in ("/login", "/activate", "/static/app.css"):
        assert app.test_client().get(url).status_code == 200


def test_a_page_that_was_not_marked_shows_nothing_to_anybody(world: World) -> None:
    app = create_app(world.instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = _browser(app, "regional")
    answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_an_object_that_does_not_exist_and_one_that_may_not_be_seen_look_the_same(scene: Scene) -> None:
    stranger = scene.browser("handler", "stranger")
    hidden = stranger.get(f"/cases/{scene.values['case_id']}")
    missing = stranger.get("/cases/no-such-case")
    assert hidden.status_code == missing.status_code == 404
    assert _without_tokens(hidden.text) == _without_tokens(missing.text)


def _without_tokens(page: str) -> str:
    return re.sub(r'(content|value)="[^"]*"', "", page)


def test_lists_and_search_leave_out_what_may_not_be_seen(scene: Scene) -> None:
    title = "关于调整城区公共汽车票价的决策事项"
    for url in ("/", "/cases", "/findings", "/search?q=票价"):
        assert title in scene.browser("handler", "own").get(url).text, url
        assert title not in scene.browser("handler", "stranger").get(url).text, url
