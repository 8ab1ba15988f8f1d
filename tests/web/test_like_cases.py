"""Like cases compared: which fines lie apart, who may see them, and that corrections are followed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from core.database import database
from core.ledger.intake import NewEvent
from core.ledger.reader import events_of
from plugins.enforcement.discretion.deviation import Rule, place_of, spread
from plugins.enforcement.discretion.models import Decided, Group
from plugins.enforcement.discretion.renewal import renew, renew_all
from tests.penalty_kit import decide, open_penalty
from tests.web.conftest import LogIn
from tests.web.world import World

FINES = (74000, 75000, 75000, 75500, 76000, 84500)


@pytest.fixture
def decided(world: World) -> World:
    """Six cases alike, one of them fined much more than the others."""
    with database.connection_context():
        for number, fine in enumerate(FINES):
            open_penalty(world.instance, f"case-{number}")
            decide(world.instance, fine, f"case-{number}")
        renew()
    return world


def kept() -> list[tuple[object, ...]]:
    with database.connection_context():
        query: Any = Decided.select(Decided.case, Decided.alike, Decided.place, Decided.apart).tuples()
        return sorted(query)


def test_a_fine_far_from_those_of_like_cases_lies_apart(decided: World) -> None:
    assert [case for case, _alike, _place, apart in kept() if apart] == ["case-5"]
    with database.connection_context():
        group = Group.get()
    assert (group.alike, group.cases, group.apart) == ("BM-FOOD-122|一般", 6, 1)


def test_a_corrected_decision_counts_as_corrected_and_a_void_one_not_at_all(decided: World) -> None:
    with database.connection_context():
        recorder = decided.instance.recorder
        made = next(event for event in events_of("case-5") if event.type == "decision_made")
        recorder.record("case-5", NewEvent("decision_made", date(2026, 6, 10), {
            "penalty_kinds": ("fine", "confiscation"), "fine_amount": Decimal(75000), "violation": "BM-FOOD-122",
            "discretion_facts": ("circumstance=一般", "goods_value=8000"), "circumstances_checked": True},
            corrects=made.id, actor="handler", organ="gov-c1", reason="笔误"))
        made = next(event for event in events_of("case-0") if event.type == "decision_made")
        recorder.record("case-0", NewEvent("decision_made", date(2026, 6, 10), corrects=made.id, void=True,
                                           actor="handler", organ="gov-c1", reason="没有作出"))
        assert renew() == 1
    assert [case for case, *_ in kept()] == ["case-1", "case-2", "case-3", "case-4", "case-5"]
    assert not any(apart for *_, apart in kept())


def test_reading_everything_again_gives_the_same(decided: World) -> None:
    before = kept()
    with database.connection_context():
        assert renew() == 0
        assert renew_all() == len(FINES)
    assert kept() == before


def test_a_supervisor_sees_the_case_that_lies_apart_and_opens_it(decided: World, log_in: LogIn) -> None:
    soup = BeautifulSoup(log_in("supervisor").get("/enforcement/deviation").text, "html.parser")
    assert [link["href"] for link in soup.select("a[href^='/cases/case-']")] == ["/cases/case-5"]
    assert "四分之三位" in soup.select_one("#chart-deviation").get_text()  # type: ignore[union-attr]
    assert "宝音" in soup.text


def test_who_may_not_see_an_organ_sees_neither_its_cases_nor_its_officers(decided: World, log_in: LogIn) -> None:
    soup = BeautifulSoup(log_in("stranger").get("/enforcement/deviation?apart=all").text, "html.parser")
    assert not soup.select("a[href^='/cases/case-']")
    assert "宝音" not in soup.text


PLACES = st.lists(st.floats(-1, 2, allow_nan=False).map(lambda number: round(number, 3)), min_size=1, max_size=30)


@given(PLACES)
def test_never_half_of_the_cases_lie_apart(places: list[float]) -> None:
    box = spread(places, Rule())
    assert 2 * sum(box.apart(place) for place in places) <= len(places)
    assert box.least <= box.quarter <= box.middle <= box.three_quarters <= box.most


@given(PLACES, st.randoms())
def test_the_order_of_the_cases_does_not_matter(places: list[float], chance: object) -> None:
    shuffled = list(places)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert spread(shuffled, Rule()) == spread(places, Rule())


def test_few_cases_are_not_compared_and_a_fixed_amount_has_one_place() -> None:
    assert not spread([0.0, 0.0, 1.0], Rule()).apart(1.0)
    assert [place_of(fine, 200, 200) for fine in (100, 200, 300)] == [-1.0, 0.0, 1.0]
