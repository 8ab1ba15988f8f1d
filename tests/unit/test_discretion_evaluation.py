"""A table's answer: what it needs to know, what it refuses, and how it explains itself."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from core.discretion.penalties import Penalty
from core.errors import FazhiError
from scoring.discretion.answer import State, receipt
from scoring.discretion.evaluate import evaluate
from tests.unit.discretion_kit import load, shipped, text

DAY = date(2024, 5, 1)
INCOME = 'income: {title: 违法所得, unit: yuan, domain: "[0..)"}'
GRADE = "grade: {title: 情节, order: [轻, 中, 重]}"


def test_the_missing_fact_is_named_with_the_tiers_that_remain_possible() -> None:
    answer = evaluate(shipped("BM-FOOD-122"), {"goods_value": 500}, DAY)
    assert (answer.state, answer.missing) == (State.NEEDS_FACT, ("circumstance",))
    assert answer.possible == ("从轻", "一般", "从重")
    assert answer.explain() == ("尚需查明：情节；可能的阶次：从轻、一般、从重",)


def test_a_fact_that_makes_no_difference_is_not_asked_for() -> None:
    facts = {"one_code": False, "serious": True}
    answer = evaluate(shipped("BM-TAX-CSJ-1"), facts, DAY)
    assert (answer.state, answer.tier) == (State.TIER, "拒不改正或其他严重情节")


def test_a_base_that_only_the_amount_needs_is_asked_for() -> None:
    written = text([INCOME, GRADE], ["{factor_of: income, range: [1, 5]}"],
                   ["{tier: 一般, factor_of: income, range: [1, 5]}"])
    answer = evaluate(load(written), {"grade": "轻"}, DAY)
    assert (answer.state, answer.missing, answer.possible) == (State.NEEDS_FACT, ("income",), ("一般",))


def test_possible_tiers_include_those_between_which_the_table_does_not_decide() -> None:
    answer = evaluate(shipped("BM-ROAD-GS-1.1"), {"illegal_income": 1, "duration": 2}, date(2023, 5, 1))
    assert (answer.state, answer.missing, answer.possible) == (State.NEEDS_FACT, ("disrupts",), ("一般", "严重"))


@pytest.mark.parametrize(("facts", "code"), [
    ({"goods_value": 1.5}, "discretion-fact-impossible"), ({"goods_value": -1}, "discretion-fact-impossible"),
    ({"goods_value": True}, "discretion-fact-impossible"), ({"circumstance": "轻微"}, "discretion-fact-impossible"),
    ({"goods": 1}, "discretion-fact-unknown"), ({"goods_value": Decimal("NaN")}, "discretion-fact-impossible"),
])
def test_impossible_facts_are_refused(facts: dict[str, object], code: str) -> None:
    with pytest.raises(FazhiError) as refused:
        evaluate(shipped("BM-FOOD-122"), facts, DAY)  # type: ignore[arg-type]
    assert refused.value.problems[0].code == code
    assert refused.value.problems[0].fix()


def test_a_row_outside_the_statute_is_cut_to_it_and_says_so() -> None:
    written = text([INCOME], ["{range: [1000, 10000]}"], ["{tier: 一般, range: [500, 3000]}"],
                   "faults:", "  - {fault: outside, note: 原表低于法定最低}")
    answer = evaluate(load(written), {"income": 1}, DAY)
    assert answer.fine is not None
    assert (answer.state, answer.fine.text.zh) == (State.TIER, "1000—3000 元")
    assert any("基准幅度 500—3000 元 超出法定幅度的部分不适用" in line for line in answer.explain())


def test_a_row_wholly_outside_the_statute_is_not_used() -> None:
    written = text([INCOME], ["{range: [1000, 10000]}"], ["{tier: 一般, range: [100, 300]}"],
                   "faults:", "  - {fault: outside, note: 原表低于法定最低}")
    answer = evaluate(load(written), {"income": 1}, DAY)
    assert (answer.state, answer.fine) == (State.OUTSIDE_STATUTE, None)


def test_confiscation_fine_and_revocation_come_from_one_row() -> None:
    statute = ["{range: [1000, 10000], must: confiscate_income, may: [revoke_licence, order_suspension]}"]
    written = text([INCOME], statute, ["{tier: 从重, range: [8000, 10000], with: revoke_licence}"])
    answer = evaluate(load(written), {"income": 1}, DAY)
    assert answer.penalties == {Penalty.CONFISCATE_INCOME, Penalty.REVOKE_LICENCE}
    assert answer.allowed == {Penalty.ORDER_SUSPENSION}
    assert "应当同时：没收违法所得、吊销许可证件（《某某条例》第20条）" in answer.explain()


def test_a_warning_alone_needs_a_law_that_leaves_the_fine_open() -> None:
    statute = ["{range: [0, 200], optional: true, may: warning}"]
    answer = evaluate(load(text([INCOME], statute, ["{tier: 从轻, with: warning}"])), {"income": 1}, DAY)
    assert (answer.state, answer.fine, answer.penalties) == (State.TIER, None, {Penalty.WARNING})


def test_hit_policies_choose_as_they_are_named() -> None:
    rows = ["{tier: 从轻, if: {grade: [轻, 中]}, range: [1000, 3000]}",
            "{tier: 从重, if: {grade: [中, 重]}, range: [3000, 9000]}"]
    base = text([GRADE], ["{range: [1000, 10000]}"], rows)
    found = {}
    for hit in ("hit: first", "hit: priority", "hit: priority\nprefer: lightest", "hit: collect"):
        answer = evaluate(load(base + hit + "\n"), {"grade": "中"}, DAY)
        assert answer.fine is not None
        found[hit] = (answer.tier, int(answer.fine.high), answer.rows)
    assert found == {"hit: first": ("从轻", 3000, (1,)), "hit: priority": ("从重", 9000, (2,)),
                     "hit: priority\nprefer: lightest": ("从轻", 3000, (1,)), "hit: collect": ("从重", 9000, (1, 2))}


def test_the_answer_goes_into_a_receipt_as_plain_data_in_both_languages() -> None:
    facts = {"goods_value": 20000, "circumstance": "一般"}
    plain = receipt(evaluate(shipped("BM-FOOD-122"), facts, DAY))
    assert json.loads(json.dumps(plain)) == plain
    assert isinstance(plain, dict)
    assert plain["fine"] == {"low": "260000", "high": "340000", "low_closed": True, "high_closed": True}
    assert plain["why"][1]["zh"].startswith("货值金额 20000 元、情节：一般，适用第 4 行，阶次“一般”")
    assert plain["why"][1]["en"].startswith("Value of goods 20000 yuan")
