"""The order of the Penalty Law around a table: limitation, exemptions, old and new law, lightening, and the check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.discretion.model import Table
from core.discretion.penalties import Penalty
from core.text import Text
from scoring.discretion.answer import State
from scoring.discretion.assess import Assessment, Change, Conclusion, assess
from scoring.discretion.check import Decided, Remark, Result, check_assessment, check_decision
from scoring.discretion.circumstances import Capacity, Circumstances, Listed, ListKind, established_none
from scoring.discretion.laws import Law
from tests.unit.discretion_kit import load, shipped, text

ACT, FOUND, DECIDED = date(2024, 3, 1), date(2024, 5, 1), date(2024, 7, 1)
GRADE = "grade: {title: 情节, order: [轻, 中, 重]}"
ROWS = ["{tier: 从轻, if: {grade: 轻}, range: [1000, 3000]}", "{tier: 一般, if: {grade: 中}, range: [3000, 7000]}",
        "{tier: 从重, if: {grade: 重}, range: [7000, 10000]}"]
SEIZE = frozenset({Penalty.CONFISCATE_INCOME, Penalty.CONFISCATE_GOODS})


def table(*statute: str) -> Table:
    return load(text([GRADE], statute or ["{range: [1000, 10000]}"], ROWS))


def judged(grade: str = "中", versions: tuple[Table, ...] = (), **found: object) -> Assessment:
    return assess(versions or (table(),), {"grade": grade}, established_none(ACT, FOUND, DECIDED, **found))


def test_an_ordinary_case_gets_its_tier() -> None:
    result = judged()
    assert (result.conclusion, result.lighten, result.missing) == (Conclusion.ANSWERED, Change.NONE, ())
    assert result.fine is not None
    assert result.fine.text.zh == "3000—7000 元"
    assert result.explain()[0] == "2024-05-01 发现，未超过追责期限（至 2026-03-01）（《行政处罚法》第36条）"


@pytest.mark.parametrize(("found_on", "long", "conclusion"), [
    (date(2026, 3, 1), False, Conclusion.ANSWERED), (date(2026, 3, 2), False, Conclusion.TIME_BARRED),
    (date(2026, 3, 2), True, Conclusion.ANSWERED), (date(2026, 3, 2), None, Conclusion.NEEDS_FACT),
    (date(2029, 3, 2), None, Conclusion.TIME_BARRED), (None, False, Conclusion.NEEDS_FACT),
])
def test_limitation_is_two_years_or_five(found_on: date | None, long: bool | None, conclusion: Conclusion) -> None:
    known = replace(established_none(ACT, FOUND, date(2029, 6, 1)), found_on=found_on, long_limitation=long)
    assert assess((table(),), {"grade": "中"}, known).conclusion is conclusion


def test_limitation_of_a_continuing_act_runs_from_its_end() -> None:
    known = established_none(ACT, date(2026, 6, 1), date(2026, 7, 1), ended_on=date(2024, 6, 1))
    assert assess((table(),), {"grade": "中"}, known).conclusion is Conclusion.ANSWERED


def test_the_tax_law_has_a_limitation_of_five_years_of_its_own() -> None:
    facts = {"one_code": False, "party": "unit", "corrected": "late", "serious": False}
    known = established_none(ACT, date(2029, 3, 1), date(2029, 4, 1))
    result = assess((shipped("BM-TAX-CSJ-1"),), facts, known)
    assert result.conclusion is Conclusion.ANSWERED
    assert "《税收征收管理法》第86条" in result.explain()[0]


@pytest.mark.parametrize(("found", "words"), [
    ({"citizen": True, "age": 13, "capacity": Capacity.FULL}, "不满十四周岁"),
    ({"citizen": True, "age": 40, "capacity": Capacity.NONE}, "不能辨认"),
    ({"minor": True, "corrected_in_time": True, "no_harm": True}, "违法行为轻微并及时改正"),
    ({"no_fault_proven": True}, "没有主观过错"),
    ({"listed": (Listed(ListKind.NOT_PUNISHED, "A1", Text("未悬挂执照")),)}, "不予处罚清单"),
])
def test_no_penalty_is_imposed_where_the_law_forbids_it(found: dict[str, object], words: str) -> None:
    result = judged(**found)
    assert result.conclusion is Conclusion.NOT_PUNISHED
    assert words in result.explain()[-1]
    assert check_assessment(result, Decided(Decimal(1000))).result is Result.OUTSIDE
    assert check_assessment(result, Decided(penalties=frozenset({Penalty.ORDER_CORRECTION}))).result is Result.WITHIN


def test_two_of_three_conditions_do_not_spare_the_party() -> None:
    assert judged(minor=True, corrected_in_time=True).conclusion is Conclusion.ANSWERED


def test_a_law_that_does_not_ask_for_fault_takes_the_proof_away() -> None:
    assert judged(no_fault_proven=True, fault_irrelevant=True).conclusion is Conclusion.ANSWERED


def test_a_first_offence_may_be_spared_but_nothing_is_decided() -> None:
    result = judged(first_offence=True, slight_harm=True, corrected_in_time=True)
    assert (result.conclusion, result.may_spare) == (Conclusion.ANSWERED, True)
    assert check_assessment(result, Decided()).result is Result.WITHIN
    assert check_assessment(result, Decided(Decimal(3000))).result is Result.WITHIN


def test_what_only_the_agency_may_weigh_does_not_hold_the_case_up() -> None:
    result = judged(first_offence=None, slight_harm=True, corrected_in_time=True)
    assert (result.conclusion, result.open) == (Conclusion.ANSWERED, ("first_offence",))


def test_facts_that_must_be_weighed_are_asked_for() -> None:
    bare = Circumstances(ACT, FOUND, DECIDED, citizen=False)
    result = assess((table(),), {}, bare)
    assert result.conclusion is Conclusion.NEEDS_FACT
    assert {"minor", "removed_harm", "merit", "grade"} <= set(result.missing)
    assert "age" not in result.missing
    assert "情节" in result.explain()[-1]


def test_a_ground_to_lighten_moves_the_range_to_its_lowest_part() -> None:
    result = judged("重", removed_harm=True)
    assert (result.lighten, result.reducible) == (Change.MUST, True)
    assert result.fine is not None
    assert result.fine.text.zh == "1000—3700 元"
    assert check_assessment(result, Decided(Decimal(8000))).above == Decimal(4300)
    reduced = check_assessment(result, Decided(Decimal(500)))
    assert (reduced.result, Remark.REDUCED in reduced.remarks) == (Result.WITHIN, True)


def test_the_lightest_tier_already_is_lighter() -> None:
    result = judged("轻", citizen=True, age=17, capacity=Capacity.FULL)
    assert result.fine is not None
    assert result.fine.text.zh == "1000—3000 元"


def test_emergencies_aggravate_and_together_with_lightening_a_person_decides() -> None:
    result = judged("轻", against_emergency_measures=True)
    assert result.fine is not None
    assert result.fine.text.zh == "7300—10000 元"
    both = judged(against_emergency_measures=True, merit=True)
    assert (both.conclusion, both.fine) == (Conclusion.UNDECIDED, None)
    assert check_assessment(both, Decided(Decimal(1))).result is Result.NOT_ASSESSABLE


OLD, NEW = "valid: {to: 2024-05-31}}", "valid: {from: 2024-06-01}}"


@pytest.mark.parametrize(("old", "new", "counts"), [
    ("range: [1000, 10000]", "range: [500, 10000]", Law.AT_DECISION),
    ("range: [1000, 10000]", "range: [1000, 20000]", Law.AT_ACT),
    ("range: [1000, 10000]", "range: [1000, 10000]", Law.AT_ACT),
    ("range: [1000, 10000]", "range: [500, 20000]", None),
    ("range: [1000, 10000]", "range: [1000, 10000], optional: true", Law.AT_DECISION),
    ("range: [1000, 10000]", "range: [500, 10000], may: revoke_licence", None),
    ("range: [1000, 10000], must: revoke_licence", "range: [1000, 10000], may: revoke_licence", Law.AT_DECISION),
    ("range: [1000, 10000]", "lawful: true", Law.AT_DECISION),
    ("range: [1000, 10000]", "range: [1000, 10000], must: order_correction", Law.AT_ACT),
])
def test_the_newer_law_counts_only_where_it_is_lighter(old: str, new: str, counts: Law | None) -> None:
    written = text([GRADE], [f"{{{old}, {OLD}", f"{{{new}, {NEW}"], ROWS, "faults:",
                   *([] if "lawful" not in new else ["  - {fault: outside, note: 之后不再违法}"]))
    result = judged(versions=(load(written.removesuffix("faults:\n")),))
    assert result.readings is not None
    assert result.readings.counts is counts
    if counts is None:
        assert result.conclusion is Conclusion.UNDECIDED
        assert result.readings.at_act.fine is not None
        assert "两种结果都列出" in " ".join(result.explain())
    if "lawful" in new:
        assert result.answer is not None
        assert result.answer.state is State.LAWFUL
        assert check_assessment(result, Decided(Decimal(1))).result is Result.OUTSIDE


def test_an_older_road_case_decided_later_goes_by_the_lighter_new_statute() -> None:
    facts = {"illegal_income": 5000, "duration": 2, "refuses": False, "disrupts": False}
    known = established_none(date(2023, 5, 1), date(2023, 6, 1), date(2023, 9, 1))
    result = assess((shipped("BM-ROAD-GS-1.1"),), facts, known)
    assert result.readings is not None
    assert result.readings.counts is Law.AT_DECISION
    assert result.readings.at_act.tier == "一般"
    assert result.answer is not None
    assert (result.answer.state, result.fine) == (State.NO_TABLE, None)
    assert any("原规定 30000—100000 元，新规定 10000—100000 元" in line for line in result.explain())


def test_a_newer_lighter_benchmark_under_the_same_law_is_pointed_out_only() -> None:
    statute = ["{range: [1000, 10000]}"]
    old = load(text([GRADE], statute, ROWS, "valid: {to: 2024-05-31}"))
    lighter = [row.replace("[3000, 7000]", "[3000, 5000]").replace("[7000, 10000]", "[5000, 10000]") for row in ROWS]
    new = load(text([GRADE], statute, lighter, "valid: {from: 2024-06-01}"))
    result = judged(versions=(old, new))
    assert result.fine is not None
    assert result.fine.text.zh == "3000—7000 元"
    assert any("新的裁量基准较轻（3000—5000 元）" in line for line in result.explain())


FOOD = {"goods_value": 500, "circumstance": "一般"}


@pytest.mark.parametrize(("fine", "result", "above", "below"), [
    (65000, Result.WITHIN, 0, 0), (85000, Result.WITHIN, 0, 0), (85001, Result.OUTSIDE, 1, 0),
    (50000, Result.OUTSIDE, 0, 15000), (120000, Result.OUTSIDE, 35000, 0), (None, Result.OUTSIDE, 0, 65000),
])
def test_a_fine_is_compared_with_its_tier(fine: int | None, result: Result, above: int, below: int) -> None:
    decided = Decided(None if fine is None else Decimal(fine), SEIZE)
    check = check_decision(shipped("BM-FOOD-122"), FOOD, decided, DECIDED)
    assert (check.result, check.above, check.below) == (result, above, below)


def test_bounds_statute_and_approval_are_remarked() -> None:
    food = shipped("BM-FOOD-122")
    assert check_decision(food, FOOD, Decided(Decimal(65000), SEIZE), DECIDED).remarks == {Remark.AT_LOWEST}
    over = check_decision(food, FOOD, Decided(Decimal(120000), SEIZE, deviation_approved=True), DECIDED)
    assert over.remarks == {Remark.ABOVE_STATUTE, Remark.DEVIATION_APPROVED}
    assert over.explain()[0] == "罚款 120000 元，高于 65000—85000 元，超出 35000 元"


def test_penalties_beyond_or_short_of_the_law_are_named() -> None:
    food = shipped("BM-FOOD-122")
    extra = check_decision(food, FOOD, Decided(Decimal(70000), SEIZE | {Penalty.REVOKE_LICENCE}), DECIDED)
    assert (extra.result, extra.extra) == (Result.OUTSIDE, {Penalty.REVOKE_LICENCE})
    bare = check_decision(food, FOOD, Decided(Decimal(70000)), DECIDED)
    assert (bare.result, bare.remarks) == (Result.WITHIN, {Remark.NO_CONFISCATION})


def test_without_a_tier_only_the_statute_is_held_against_a_decision() -> None:
    road, day = shipped("BM-ROAD-GS-1.1"), date(2023, 5, 1)
    facts = {"illegal_income": 5000, "duration": 3, "refuses": False, "disrupts": False}
    assert check_decision(road, facts, Decided(Decimal(60000)), day).result is Result.NOT_ASSESSABLE
    over = check_decision(road, facts, Decided(Decimal(100001)), day)
    assert (over.result, over.above) == (Result.OUTSIDE, 1)
    assert check_decision(road, {"duration": 3}, Decided(Decimal(60000)), day).result is Result.NOT_ASSESSABLE
