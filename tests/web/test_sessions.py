"""Logging in: refused without a hint, limited, never fixed beforehand, ended by a changed password."""

from __future__ import annotations

import re

from flask import Flask

from core.database import database
from core.organs.accounts import set_password
from tests.instance_kit import PASSWORD
from tests.web.conftest import LogIn
from tests.web.world import World
from web.app import create_app


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(app: Flask) -> None:
    answers = [app.test_client().post("/login", data={"account": account, "password": "falsch-2026"})
               for account in ("handler", "nobody-knows")]
    assert [answer.status_code for answer in answers] == [401, 401]
    problems = {re.search(r'role="alert">([^<]*)<', answer.text.split("login-box")[1]).group(1)  # type: ignore[union-attr]
                for answer in answers}
    assert len(problems) == 1


def test_an_account_locks_after_five_failures(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        client.post("/login", data={"account": "handler", "password": "falsch-2026"})
    answer = client.post("/login", data={"account": "handler", "password": PASSWORD})
    assert answer.status_code == 401


def test_too_many_attempts_from_one_address_are_stopped(world: World) -> None:
    client = create_app(world.instance, WTF_CSRF_ENABLED=False).test_client()
    statuses = [client.post("/login", data={"account": f"x{n}", "password": "x"}).status_code for n in range(22)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_what_a_cookie_held_before_log_in_is_gone_after_it(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by an attacker"
    client.post("/login", data={"account": "handler", "password": PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_changed_password_ends_open_sessions(log_in: LogIn) -> None:
    client = log_in("handler")
    assert client.get("/").status_code == 200
    with database.connection_context():
        set_password("handler", "另一个-Secret-77")
    assert client.get("/").location.startswith("/login")


def test_after_the_log_out_a_cookie_that_comes_back_opens_nothing(log_in: LogIn) -> None:
    client = log_in("handler")
    kept = client.get_cookie("fazhi")
    assert kept is not None
    client.post("/logout")
    client.set_cookie("fazhi", kept.value)
    assert client.get("/").location.startswith("/login")
    assert log_in("handler").get("/").status_code == 200, "other windows of the person stay open"


def test_a_person_whose_role_ended_may_do_nothing_more(log_in: LogIn) -> None:
    client = log_in("nobody")
    assert client.get("/").status_code == 403


def test_after_log_in_one_goes_on_where_one_wanted_to_but_never_elsewhere(app: Flask) -> None:
    for asked, reached in (("/cases?stage=P1", "/cases?stage=P1"), ("//evil.example", "/"),
                           ("https://evil.example", "/"), ("/\\evil.example", "/")):
        answer = app.test_client().post("/login", data={"account": "handler", "password": PASSWORD, "next": asked})
        assert answer.location == reached


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = create_app(world.instance, RATELIMIT_ENABLED=False).test_client()
    answer = client.post("/login", data={"account": "handler", "password": PASSWORD})
    assert answer.status_code == 400
    assert "请求无法受理" in answer.text


def test_pages_carry_a_strict_content_policy_and_are_not_cached(log_in: LogIn) -> None:
    answer = log_in("handler").get("/ranking")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert nonce.group(1) in answer.text or "data-chart" not in answer.text
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"""(src|href)=["']https?://""", answer.text), "nothing comes from another host"


def test_every_page_of_a_demonstration_says_so(log_in: LogIn) -> None:
    client = log_in("regional")
    for url in ("/", "/cases", "/ranking", "/cases/no-such-case"):
        assert "演示数据" in client.get(url).text
