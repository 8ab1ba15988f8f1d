"""The bell: what is new since the last look at the workbench, for whom it concerns, and cheaply."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core.database import database
from core.ledger.intake import AnyoneMayRecord, NewEvent
from tests.web.conftest import LogIn
from tests.web.world import STEPS, TODAY, World


def number(client: FlaskClient) -> int:
    """What the bell says, asked as an open page asks."""
    answer = client.get("/pulse?shown=none", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return int(answer.text.partition("shown=")[2].partition('"')[0])


@pytest.fixture
def later(world: World) -> World:
    """A quarter of an hour after everything was recorded."""
    world.clock.moment = TODAY + timedelta(minutes=15)
    yield world
    world.clock.moment = TODAY


def record_fault(world: World) -> None:
    """The discussion of a decision that was never reviewed, on a date before the last look."""
    world.clock.moment += timedelta(minutes=1)
    step = next(step for step in STEPS["unreviewed"] if step.type == "meeting_held")
    with database.connection_context():
        world.instance.recorder.permitting(AnyoneMayRecord()).record("case-near", NewEvent(
            step.type, step.occurred_at, step.payload, actor="neighbour", organ="gov-c2"))


def test_what_was_there_when_the_workbench_opened_is_not_new(later: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert number(client) > 0
    client.get("/")
    assert number(client) == 0


def test_a_colleagues_fault_counts_even_where_it_happened_long_ago(later: World, log_in: LogIn) -> None:
    client, elsewhere, auditor = log_in("supervisor"), log_in("stranger"), log_in("auditor")
    for one in (client, elsewhere, auditor):
        one.get("/")
    record_fault(later)
    assert number(client) > 0
    assert number(elsewhere) == number(auditor) == 0
    page = client.get("/").text
    assert "新</span>" in page
    assert number(client) == 0


def test_an_unchanged_number_sends_nothing(later: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    client.get("/")
    answer = client.get("/pulse?shown=0")
    assert (answer.status_code, answer.data) == (204, b"")


def test_the_bell_asks_the_database_little(later: World, log_in: LogIn, caplog: pytest.LogCaptureFixture) -> None:
    client = log_in("supervisor")
    client.get("/pulse")
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        client.get("/pulse")
    asked = [str(record.msg) for record in caplog.records if record.name == "peewee"]
    assert sum('"finding"' in text or '"verdict"' in text for text in asked) <= 2


def test_asking_never_prolongs_the_session(later: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert "Set-Cookie" in client.get("/findings").headers
    assert "Set-Cookie" not in client.get("/pulse").headers


def test_an_ended_session_leaves_the_open_page_alone(later: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    client.post("/logout")
    assert client.get("/pulse", headers={"HX-Request": "true"}).status_code == 401
