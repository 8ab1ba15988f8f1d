from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.points import mean, rounded, share_out
from scoring.ranking import ranked
from scoring.units import Counts, Unit, organ_unit, region_unit


@pytest.mark.parametrize(("exact", "shown"), [
    (Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67"), (Decimal("0.005"), "0.01"), (Decimal("2.675"), "2.68"),
    (Decimal("-0.005"), "-0.01"), (7, "7.00"), (Fraction(0), "0.00")])
def test_points_are_rounded_half_up_to_the_hundredth(exact: Fraction | Decimal | int, shown: str) -> None:
    assert str(rounded(exact)) == shown


def test_the_largest_remainders_get_what_cutting_left_over() -> None:
    # 10 split 1 : 1 : 4 is 1.666…, 1.666…, 6.666…; cut: 1.66 + 1.66 + 6.66 = 9.98; two hundredths are left.
    assert [str(part) for part in share_out(Decimal(10), [Fraction(1), Fraction(1), Fraction(4)])] == [
        "1.67", "1.67", "6.66"]


def test_a_mean_of_nothing_is_nothing() -> None:
    assert mean([]) is None


def test_a_mean_is_rounded_half_up() -> None:
    # (70.00 + 70.01) ÷ 2 = 70.005
    assert mean([Decimal("70.00"), Decimal("70.01")]) == Decimal("70.01")


def unit(subject: str, score: str | None = None, kind: str = "organ", region: str = "990121") -> Unit:
    return Unit("p", 2025, kind, subject, region, "county", "government", None if score is None else Decimal(score), 0,
                Counts())


def test_a_region_is_the_mean_of_its_organs_each_counted_once() -> None:
    # One organ with ten cases of 60 and one with a single case of 90: (60 + 90) ÷ 2 = 75, not the mean of 11 cases.
    many = organ_unit(unit("x"), [Decimal(60)] * 10, Counts(cases=10, scored=10))
    one = organ_unit(unit("y"), [Decimal(90)], Counts(cases=1, scored=1))
    none = organ_unit(unit("z"), [], Counts(cases=2))
    region = region_unit(unit("990121", kind="region"), [many, one, none])
    assert (region.score, region.organs, region.counts.cases) == (Decimal("75.00"), 2, 13)


def test_equal_scores_share_a_rank_and_units_without_score_come_last() -> None:
    lines = ranked([unit("a", "80.00"), unit("b"), unit("c", "90.00"), unit("d", "80.00"), unit("e", "70.00")], {})
    assert [(line.unit.subject, line.rank) for line in lines] == [
        ("c", 1), ("a", 2), ("d", 2), ("e", 4), ("b", None)]


def test_a_unit_is_provisional_while_one_of_its_cases_is() -> None:
    assert organ_unit(unit("x"), [Decimal(60)], Counts(cases=1, unsettled=1)).provisional
    assert not organ_unit(unit("x"), [Decimal(60)], Counts(cases=1)).provisional
