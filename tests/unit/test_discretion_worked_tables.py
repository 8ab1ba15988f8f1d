"""The three published tables that come with the platform, by the numbers of their own texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.discretion.penalties import Penalty
from scoring.discretion.answer import State
from scoring.discretion.evaluate import evaluate
from tests.unit.discretion_kit import shipped, worked

ROAD_DAY, DAY = date(2023, 5, 1), date(2024, 5, 1)


def fine(table: str, day: date, **facts: object) -> tuple[str, int, int]:
    answer = evaluate(shipped(table), facts, day)  # type: ignore[arg-type]
    assert answer.state is State.TIER, answer.explain()
    assert answer.tier is not None
    assert answer.fine is not None
    return answer.tier, int(answer.fine.low), int(answer.fine.high)


def test_the_published_tables_pass_the_proof_with_the_faults_that_they_declare() -> None:
    assert worked().warnings == ()
    assert {table.id: len(table.faults) for table in worked().discretion()} == {
        "BM-ROAD-GS-1.1": 3, "BM-TAX-CSJ-1": 0, "BM-FOOD-122": 0}


@pytest.mark.parametrize(("goods", "circumstance", "expected"), [
    (0, "从轻", (50000, 65000)), (9999, "一般", (65000, 85000)), (9999, "从重", (85000, 100000)),
    (10000, "从轻", (100000, 130000)), (10000, "一般", (130000, 170000)), (20000, "从重", (340000, 400000)),
])
def test_food_without_licence(goods: int, circumstance: str, expected: tuple[int, int]) -> None:
    assert fine("BM-FOOD-122", DAY, goods_value=goods, circumstance=circumstance) == (circumstance, *expected)


def test_food_fines_of_fractions_of_a_yuan_are_exact() -> None:
    answer = evaluate(shipped("BM-FOOD-122"), {"goods_value": Decimal("12345.67"), "circumstance": "一般"}, DAY)
    assert answer.fine is not None
    assert (answer.fine.low, answer.fine.high) == (Decimal("160493.71"), Decimal("209876.39"))
    assert {Penalty.CONFISCATE_INCOME, Penalty.CONFISCATE_GOODS} == answer.penalties


@pytest.mark.parametrize(("income", "months", "refuses", "disrupts", "expected"), [
    (5000, 2, False, False, ("一般", 30000, 50000)), (20000, 2, True, False, ("一般", 40000, 80000)),
    (19999, 3, True, False, ("较重", 50000, 70000)), (30000, 4, True, False, ("较重", 120000, 210000)),
    (0, 12, False, True, ("严重", 70000, 100000)), (100000, 12, False, True, ("严重", 700000, 1000000)),
])
def test_passenger_transport_without_licence(income: int, months: int, refuses: bool, disrupts: bool,
                                             expected: tuple[str, int, int]) -> None:
    found = fine("BM-ROAD-GS-1.1", ROAD_DAY, illegal_income=income, duration=months, refuses=refuses,
                 disrupts=disrupts)
    assert found == expected


def test_the_gap_of_the_road_table_is_answered_with_no_tier() -> None:
    facts = {"illegal_income": 5000, "duration": 3, "refuses": False, "disrupts": False}
    answer = evaluate(shipped("BM-ROAD-GS-1.1"), facts, ROAD_DAY)
    assert (answer.state, answer.tier, answer.fine) == (State.NO_TIER, None, None)
    assert any("原基准的缺陷：原表没有规定持续3个月以上" in line for line in answer.explain())
    assert answer.provided is not None
    assert answer.provided.fine is not None
    assert answer.provided.fine.text.zh == "30000—100000 元"


def test_tiers_that_do_not_exclude_each_other_are_ambiguous() -> None:
    facts = {"illegal_income": 5000, "duration": 3, "refuses": True, "disrupts": True}
    answer = evaluate(shipped("BM-ROAD-GS-1.1"), facts, ROAD_DAY)
    assert (answer.state, answer.possible, answer.rows) == (State.AMBIGUOUS, ("较重", "严重"), (4, 6))


def test_the_road_table_says_nothing_about_acts_under_the_newer_statute() -> None:
    facts = {"illegal_income": 5000, "duration": 1, "refuses": False, "disrupts": False}
    answer = evaluate(shipped("BM-ROAD-GS-1.1"), facts, date(2023, 7, 20))
    assert answer.state is State.NO_TABLE
    assert answer.provided is not None
    assert answer.provided.fine is not None
    assert (answer.provided.fine.low, answer.provided.fine.high) == (10000, 100000)


@pytest.mark.parametrize(("party", "corrected", "serious", "expected"), [
    ("individual", "in_time", False, ("主动或限期内改正", 20, 20)),
    ("unit", "in_time", False, ("主动或限期内改正", 200, 200)),
    ("individual", "late", False, ("逾期改正", 20, 2000)), ("unit", "late", False, ("逾期改正", 200, 2000)),
    ("unit", "refused", False, ("拒不改正或其他严重情节", 2000, 10000)),
    ("individual", "in_time", True, ("拒不改正或其他严重情节", 2000, 10000)),
])
def test_late_tax_registration(party: str, corrected: str, serious: bool, expected: tuple[str, int, int]) -> None:
    found = fine("BM-TAX-CSJ-1", DAY, one_code=False, party=party, corrected=corrected, serious=serious)
    assert found == expected


def test_taxpayers_under_one_code_are_outside_the_tax_table() -> None:
    answer = evaluate(shipped("BM-TAX-CSJ-1"), {"one_code": True}, DAY)
    assert answer.state is State.NOT_APPLICABLE
    assert "一照一码纳税人" in answer.explain()[0]
