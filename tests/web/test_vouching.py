"""A step recorded a few days late that answers an open finding waits for a second person, and the pages say so."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from core.database import database
from core.ledger.intake import NewEvent
from scoring.models import FindingRow
from tests.penalty_kit import decide, open_penalty
from tests.web.conftest import LogIn
from tests.web.world import World

CASE = "/cases/case-food"


@pytest.fixture
def answered(world: World) -> str:
    """The finding that the decision was not published in time, answered by a step dated five days back."""
    with database.connection_context():
        open_penalty(world.instance, on=date(2026, 5, 20))
        world.instance.recorder.record("case-food", NewEvent(
            "case_characterised", date(2026, 6, 1), {"complicated_or_major": False, "public_interest": False,
            "complex_relations": False, "in_major_list": False, "suspected_crime": False, "social_influence": True},
            actor="handler", organ="gov-c1"))
        decide(world.instance, 70000, on=date(2026, 6, 3))
        found = FindingRow.get(FindingRow.case == "case-food", FindingRow.code == "ENF-PUB-1",
                               FindingRow.status == "raised")
        world.instance.recorder.record("case-food", NewEvent(
            "published", date(2026, 6, 10), {"secrets_checked": True}, actor="handler", organ="gov-c1"))
        return str(found.id)


def test_the_finding_says_that_an_answer_waits_and_the_case_offers_to_vouch_for_it(
        answered: str, log_in: LogIn) -> None:
    head = log_in("head")
    waiting = BeautifulSoup(head.get(f"/findings/{answered}").text, "html.parser").select_one("[role=status] a")
    assert waiting is not None
    event = str(waiting["href"]).partition("#event-")[2]
    vouch = f"{CASE}/events/{event}/countersign"
    assert vouch in head.get(CASE).text
    assert head.post(vouch).status_code == 302
    assert "待复核" not in head.get(f"/findings/{answered}").text
    with database.connection_context():
        assert FindingRow.get_by_id(answered).status == "withdrawn"


def test_whoever_recorded_it_cannot_vouch_for_it(answered: str, log_in: LogIn) -> None:
    assert "/countersign" not in log_in("handler").get(CASE).text
