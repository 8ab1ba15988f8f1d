"""Publishing a score: asked once more, then on the ledger, with its receipt whole and by whom and when on it."""

from __future__ import annotations

from datetime import date

import pytest

from core.database import database
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.ledger.reader import events_of
from scoring.models import ReceiptRow
from tests.web.conftest import LogIn
from tests.web.world import World

CASE = "/cases/case-unreviewed"


@pytest.fixture
def closed(world: World) -> World:
    """The case that was discussed without review, ended."""
    with database.connection_context():
        world.instance.recorder.permitting(AnyoneMayRecord()).record("case-unreviewed", NewEvent(
            "decision_completed", date(2026, 6, 14), {}, actor="head", organ="gov-c1"))
    return world


def test_an_open_case_has_no_score_to_publish(log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert "公布得分" not in client.get(CASE).text
    assert "办结后才能公布" in client.post(f"{CASE}/publish", follow_redirects=True).text
    with database.connection_context():
        assert not [event for event in events_of("case-unreviewed") if event.type == "score.published"]


def test_the_question_says_what_will_be_published_and_publishes_nothing(closed: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    assert f"{CASE}/publish" in client.get(CASE).text
    page = client.get(f"{CASE}/publish").text
    assert "将要公布的得分" in page
    assert "如全部确认将再减" in page
    with database.connection_context():
        assert not [event for event in events_of("case-unreviewed") if event.type == "score.published"]


def test_a_published_score_says_by_whom_and_when_and_keeps_its_receipt_whole(closed: World, log_in: LogIn) -> None:
    client = log_in("supervisor")
    receipt = client.post(f"{CASE}/publish", follow_redirects=True)
    assert "得分已公布" in receipt.text
    assert "巴特尔（云岭市司法局）于 2026-06-15 12:00 公布" in receipt.text
    assert "因公布得分保存全文" in receipt.text
    with database.connection_context():
        row = ReceiptRow.get(ReceiptRow.id == receipt.request.path.rpartition("/")[2])
        assert row.body
        published = events_of("case-unreviewed")[-1]
        assert (published.type, published.payload["receipt"]) == ("score.published", row.id)
    case = log_in("handler").get(CASE).text
    assert "已公布" in case
    assert row.id in case
    assert "再次公布得分" in client.get(CASE).text


def test_only_a_supervisor_above_publishes(closed: World, log_in: LogIn) -> None:
    for account in ("handler", "head", "stranger", "auditor"):
        client = log_in(account)
        assert client.post(f"{CASE}/publish").status_code == 404
        assert f"{CASE}/publish" not in client.get(CASE).text
