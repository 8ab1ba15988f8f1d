"""The proof of a table finds what is wrong, with a case in which it really happens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.discretion import partition
from core.discretion.comparing import somewhere_outside
from core.discretion.fines import Fine
from core.discretion.intervals import Interval
from core.errors import FazhiError
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from tests.unit.discretion_kit import codes, load, problems, text
from tests.unit.rulebook_kit import overlay

INCOME = 'income: {title: 违法所得, unit: yuan, domain: "[0..)"}'
GOODS = 'goods: {title: 货值金额, unit: yuan, domain: "[0..)"}'
GRADE = "grade: {title: 情节, order: [轻, 中, 重]}"
COUNT = 'times: {title: 次数, type: int, domain: "[1..)", graver: higher}'
FLAT = "{range: [1000, 10000]}"
WHOLE = "{tier: 一般, range: [1000, 10000]}"


def test_a_sound_table_has_nothing_to_report() -> None:
    assert codes(text([INCOME], [FLAT], [WHOLE])) == []


def test_whole_numbers_leave_no_gap_between_neighbours() -> None:
    rows = ['{tier: 一般, if: {times: "[1..2]"}, range: [1000, 5000]}',
            '{tier: 从重, if: {times: "[3..)"}, range: [5000, 10000]}']
    assert codes(text([COUNT], [FLAT], rows)) == []


def test_amounts_do_leave_a_gap_between_neighbouring_yuan() -> None:
    rows = ['{tier: 一般, if: {income: "[0..9999]"}, range: [1000, 5000]}',
            '{tier: 从重, if: {income: "[10000..)"}, range: [5000, 10000]}']
    (found,) = problems(text([INCOME], [FLAT], rows))
    assert found.code == "discretion-gap"
    assert "违法所得 9999.1 元" in found.message()


def test_a_multiple_below_a_fixed_minimum_is_found_where_it_drops_below() -> None:
    (found,) = problems(text([INCOME], [FLAT], ['{tier: 一般, factor_of: income, range: [1, 1], cap: 10000}']))
    assert found.code == "discretion-outside"
    assert "违法所得 0 元，第 1 行给出 0 元" in found.message()


def test_a_floor_keeps_a_multiple_inside_the_statute() -> None:
    row = "{tier: 一般, factor_of: income, range: [1, 2], floor: 1000, cap: 10000}"
    assert codes(text([INCOME], [FLAT], [row])) == []


def test_a_fixed_range_fails_against_multiples_far_away() -> None:
    statute = '{factor_of: income, range: [1, 5]}'
    (found,) = problems(text(['income: {title: 违法所得, unit: yuan, domain: "[5000..)"}'], [statute],
                             ["{tier: 一般, range: [20000, 25000]}"]))
    assert found.code == "discretion-outside"
    assert "违法所得 30000 元，第 1 行给出 20000—25000 元，《某某条例》第20条规定 30000—150000 元" in found.message()


def test_a_bound_that_the_statute_excludes_may_not_be_included() -> None:
    """超过2000元 excludes 2000; a row that begins at 2000 is outside by exactly that amount."""
    found = problems(text([INCOME], ['{range: "(2000..10000]"}'], ["{tier: 一般, range: [2000, 10000]}"]))
    assert [each.code for each in found] == ["discretion-outside"]
    assert codes(text([INCOME], ['{range: "(2000..10000]"}'], ['{tier: 一般, range: "(2000..10000]"}'])) == []


def test_multiples_of_another_base_than_the_statutes_are_compared_over_both() -> None:
    found = problems(text([INCOME, GOODS], ["{factor_of: income, range: [1, 5]}"],
                          ["{tier: 一般, factor_of: goods, range: [1, 5]}"]))
    assert [each.code for each in found] == ["discretion-outside"]
    assert "货值金额" in found[0].message()
    assert "违法所得" in found[0].message()


def fine(low: str, high: str, base: str | None = None, floor: int | None = None, cap: int | None = None) -> Fine:
    limits = [None if limit is None else Decimal(limit) for limit in (floor, cap)]
    return Fine(Interval(Decimal(low), Decimal(high), high_closed=True), base, *limits)


@pytest.mark.parametrize(("given", "allowed", "span", "expected"), [
    (fine("1", "10"), fine("0", "1", "b"), Interval(Decimal(0), None), True),
    (fine("1", "10"), fine("0", "1", "b"), Interval(Decimal(10), None), False),
    (fine("1", "10"), fine("0", "1", "b"), Interval(Decimal(10), None, False), False),
    (fine("1", "10"), fine("0", "1", "b"), Interval(Decimal("9.999999"), None, False), True),
    (fine("0", "3", "b", cap=10), fine("0", "2", "b", cap=10), Interval(Decimal(5), None), False),
    (fine("0", "3", "b", cap=10), fine("0", "2", "b", cap=10), Interval(Decimal("4.9"), None), True),
    (fine("0", "3", "b"), fine("0", "3", "b", cap=1000), Interval(Decimal(0), None), True),
    (fine("3", "4", "b"), fine("3", "4", "b", floor=10), Interval(Decimal(0), Decimal("2.5")), True),
    (fine("3", "4", "b"), fine("3", "4", "b", floor=10), Interval(Decimal(4), None), False),
    (fine("1", "1", "c"), fine("0", "1", "b"), Interval(Decimal(0), Decimal(10)), True),
])
def test_a_fine_outside_another_is_found_only_where_it_is(given: Fine, allowed: Fine, span: Interval,
                                                          expected: bool) -> None:
    found = somewhere_outside(given, allowed, {"b": span, "c": Interval(Decimal(0), None)})
    assert (found is not None) is expected
    if found is not None:
        assert found.get("b", Decimal(0)) in span
        values = [found.get(each.base or "") for each in (given, allowed)]
        assert not given.at(values[0]).within(allowed.at(values[1]))


def test_a_fine_that_excludes_an_end_reaches_it_where_floor_or_a_zero_base_holds_it() -> None:
    over = Fine(Interval(Decimal(1), Decimal(2), low_closed=False), "b", floor=Decimal(10))
    assert over.at(Decimal(0)).text.zh == "10 元"
    assert (over.at(Decimal(6)).low_closed, over.at(Decimal(10)).low_closed) == (True, False)


def test_a_graver_circumstance_may_not_get_a_lighter_tier_even_across_a_gap() -> None:
    rows = ["{tier: 从重, if: {grade: 轻}, range: [8000, 10000]}",
            "{tier: 从轻, if: {grade: 重}, range: [1000, 3000]}"]
    found = codes(text([GRADE], [FLAT], rows, "faults:", "  - {fault: gap, if: {grade: 中}, note: 原表没有}"))
    assert found == ["reversed-tier"]


def test_a_declared_reversal_excuses_it() -> None:
    rows = ["{tier: 从重, if: {grade: [轻, 中]}, range: [8000, 10000]}",
            "{tier: 从轻, if: {grade: 重}, range: [1000, 3000]}"]
    assert codes(text([GRADE], [FLAT], rows, "faults:", "  - {fault: reversed, if: {grade: 重}, note: 原表}")) == []


def test_more_violations_may_not_cost_less() -> None:
    rows = ["{tier: 一般, if: {times: 1}, range: [5000, 10000]}",
            '{tier: 一般, if: {times: "> 1"}, range: [1000, 5000]}']
    (found,) = problems(text([COUNT], [FLAT], rows))
    assert found.code == "discretion-reversed-fine"
    assert "“次数 2”的处罚反而轻于“次数 1”" in found.message()


def test_revocation_instead_of_a_fine_is_no_lighter() -> None:
    rows = ["{tier: 一般, if: {grade: [轻, 中]}, range: [5000, 10000]}",
            "{tier: 从重, if: {grade: 重}, with: revoke_licence}"]
    assert codes(text([GRADE], ["{range: [1000, 10000], optional: true, may: revoke_licence}"], rows)) == []


def test_a_declared_outside_range_is_excused_and_named_by_no_error() -> None:
    rows = ["{tier: 一般, range: [500, 10000]}"]
    assert codes(text([INCOME], [FLAT], rows, "faults:", "  - {fault: outside, note: 原表低于法定最低}")) == []


def test_a_new_edition_that_makes_a_row_unlawful_is_named_with_its_day() -> None:
    statute = ["{range: [1000, 10000], valid: {to: 2023-12-31}}", "{range: [1000, 8000], valid: {from: 2024-01-01}}"]
    (found,) = problems(text([INCOME], statute, [WHOLE]))
    assert found.code == "discretion-outside"
    assert "规定 1000—8000 元" in found.message()
    assert codes(text([INCOME], statute, [WHOLE], "valid: {to: 2023-12-31}")) == []


def test_days_without_any_statute_are_reported_with_the_first_of_them() -> None:
    (found,) = problems(text([INCOME], ["{range: [1000, 10000], valid: {to: 2023-12-31}}"], [WHOLE]))
    assert found.code == "discretion-statute-gap"
    assert "自 2024-01-01 起" in found.message()


def test_an_act_that_became_lawful_may_not_be_in_the_table_any_more() -> None:
    statute = ["{range: [1000, 10000], valid: {to: 2023-12-31}}", "{lawful: true, valid: {from: 2024-01-01}}"]
    assert codes(text([INCOME], statute, [WHOLE])) == ["lawful-act"]


def test_first_hits_need_no_disjoint_rows() -> None:
    rows = ["{tier: 从重, if: {grade: 重}, range: [8000, 10000]}", "{tier: 一般, range: [1000, 8000]}"]
    assert codes(text([GRADE], [FLAT], rows)) == ["overlap"]
    assert codes(text([GRADE], [FLAT], rows, "hit: first")) == []
    assert codes(text([GRADE], [FLAT], rows, "hit: priority")) == []


def test_equal_priorities_with_different_fines_are_an_overlap() -> None:
    rows = ["{tier: 一般, if: {grade: 重}, range: [8000, 10000]}", "{tier: 一般, range: [1000, 8000]}"]
    assert codes(text([GRADE], [FLAT], rows, "hit: priority")) == ["overlap"]


def test_collected_fines_count_once_and_must_be_comparable() -> None:
    rows = ["{tier: 一般, range: [1000, 5000]}",
            "{tier: 从重, if: {grade: 重}, range: [4000, 10000], with: revoke_licence}"]
    statute = ["{range: [1000, 10000], may: revoke_licence}"]
    assert codes(text([GRADE], statute, rows, "hit: collect")) == []
    crossing = [rows[0], "{tier: 从重, if: {grade: 重}, range: [500, 10000]}"]
    assert "overlap" in codes(text([GRADE], ["{range: [500, 10000]}"], crossing, "hit: collect"))


def test_outside_the_tables_own_conditions_nothing_is_asked_of_it() -> None:
    rows = ["{tier: 一般, if: {grade: [轻, 中]}, range: [1000, 10000]}"]
    assert codes(text([GRADE], [FLAT], rows)) == ["gap"]
    assert codes(text([GRADE], [FLAT], rows, 'applies: {grade: "not(重)"}')) == []


def test_a_table_beyond_proof_is_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "MOST_WORK", 20_000)
    inputs = [f'x{n}: {{unit: yuan, domain: "[0..)"}}' for n in range(6)]
    rows = [f"{{tier: 一般, if: {{x{n % 6}: {n}, x{(n + 1) % 6}: {n + 1}}}, range: [1000, 10000]}}" for n in range(60)]
    (found,) = problems(text(inputs, [FLAT], rows, "hit: first"))
    assert found.render().startswith("demo.yaml:15:1 rows [discretion-too-large] 情形太多，不能逐一证明")


def test_of_a_thousand_faults_only_a_few_are_told_and_the_rest_counted() -> None:
    rows = [f'{{tier: 一般, if: {{times: ">= {n}"}}, range: [1000, 10000]}}' for n in range(1, 60)]
    found = problems(text([COUNT], [FLAT], rows))
    assert len(found) == 20
    assert "另有 38 种情形" in found[-1].message()


def test_a_parameter_moves_the_bounds_for_a_region_and_is_proved_there() -> None:
    rows = ['{tier: 一般, if: {income: "[0..$large)"}, range: [1000, 5000]}',
            '{tier: 从重, if: {income: ">= $large"}, range: [5000, 10000]}']
    table = load(text([INCOME], [FLAT], rows, "params:", "  large: {value: 10000, unit: yuan}"))
    assert [str(row.cells["income"].intervals[0]) for row in table.rows] == ["[0..10000)", "[10000..)"]


def test_a_table_of_a_region_counts_there_and_below_only() -> None:
    written = text([INCOME], [FLAT], [WHOLE], 'region: "150900"')
    assert load(written, "150902").region == "150900"
    with pytest.raises(ValueError, match="not enough values"):
        load(written, "150100")


def test_statutes_are_found_by_day() -> None:
    statute = ["{range: [1000, 10000], valid: {to: 2023-12-31}}", "{range: [1000, 10000], valid: {from: 2024-01-01}}"]
    table = load(text([INCOME], statute, [WHOLE]))
    assert [index for index, _ in table.statutes_on(date(2024, 1, 1))] == [1]


def test_what_a_region_sets_is_proved_for_that_region_too() -> None:
    rows = ["{tier: 一般, range: [1000, $most]}"]
    opened = "  most: {value: 9000, unit: yuan, open_to: {level: league, may: any}}"
    table = text([INCOME], [FLAT], rows, "params:", opened)

    def with_overlay(value: int) -> Bundle:
        region = overlay("150900", f"set: {{demo.most: {value}}}", since="2024-01-01")
        return load_sources([Source("demo.yaml", table.encode()), Source("region.yaml", region.encode())])

    found = with_overlay(8000)
    highest = [[str(row.fine.span.high) for version in found.discretion_versions("demo", region)
                for row in version.rows if row.fine] for region in ("150100", "150902")]
    assert highest == [["9000"], ["9000", "8000"]]
    with pytest.raises(FazhiError) as refused:
        with_overlay(12000)
    assert [problem.code for problem in refused.value.problems] == ["discretion-outside"]
