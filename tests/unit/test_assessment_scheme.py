"""The shipped schemes: 8/129/231 derived from the plan and 9/32/100 for demonstration areas; nobody is asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from core.rulebook.schemes import Metric, Node, Scheme, View
from plugins.assessment.inventory import asked, asked_twice, results_of

OTHERS = ("decisions", "enforcement", "disputes", "legislation")
PLAN, DEMONSTRATION = "assessment.plan-2015", "assessment.demonstration"


def load(*folders: str) -> Bundle:
    return load_rules([shipped_rules() / name for name in (*folders, "calendars", "platform")])


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load("assessment", "decisions", "enforcement", "disputes", "legislation")


@pytest.fixture(scope="module")
def plan(bundle: Bundle) -> Scheme:
    return bundle.schemes[PLAN]


@pytest.fixture(scope="module")
def demonstration(bundle: Bundle) -> Scheme:
    return bundle.schemes[DEMONSTRATION]


def widths(scheme: Scheme) -> tuple[int, int, int]:
    """How many nodes on the three levels."""
    second = [node for top in scheme.nodes for node in top.children]
    return len(scheme.nodes), len(second), sum(len(node.children) for node in second)


def test_the_plan_has_8_aspects_129_measures_231_results(plan: Scheme) -> None:
    assert widths(plan) == (8, 129, 231)
    assert [result.id for result in results_of(plan)] == [f"R{number:03d}" for number in range(1, 232)]


def test_the_demonstration_framework_has_9_32_100_and_says_that_it_is_not_official(demonstration: Scheme) -> None:
    assert widths(demonstration) == (9, 32, 100)
    assert "参考框架（非官方）" in demonstration.title.zh
    assert all(node.derived for node in demonstration.nodes)


def test_the_plan_is_labelled_derived(plan: Scheme) -> None:
    assert plan.title.zh == "《2015—2020年方案分解》派生"
    assert plan.note is not None
    assert "没有公开" in plan.note.zh
    assert all(node.derived for node in plan.nodes)


def test_aspects_weigh_15_13_15_20_13_12_6_6_and_every_level_adds_up(plan: Scheme, demonstration: Scheme) -> None:
    assert [node.weight for node in plan.nodes] == [15, 13, 15, 20, 13, 12, 6, 6]
    for scheme in (plan, demonstration):
        assert sum(node.weight for node in scheme.nodes) == 100
        for node in inner(scheme.nodes):
            assert sum(child.weight for child in node.children) == node.weight, node.id


def inner(nodes: Sequence[Node]) -> list[Node]:
    """Nodes with children, at every depth."""
    return [node for top in nodes if top.children for node in (top, *inner(top.children))]


def test_siblings_weigh_the_same_but_for_a_hundredth(plan: Scheme) -> None:
    for node in inner(plan.nodes):
        scored = [child.weight for child in node.children if not shown_only(child)]
        assert max(scored) - min(scored) <= Decimal("0.01"), node.id


def shown_only(node: Node) -> bool:
    return node.leaf is not None and node.leaf.metric == Metric.MONITOR


def test_every_result_has_data_or_a_reason_and_the_counts_are_known(plan: Scheme, demonstration: Scheme) -> None:
    for scheme, counts in ((plan, {"data": 105, "self_report": 89, "none": 37}),
                           (demonstration, {"data": 47, "self_report": 39, "none": 14})):
        results = results_of(scheme)
        assert Counter(result.source for result in results) == counts
        for result in results:
            assert (result.why is not None) == (result.source == "none"), result.id
            if result.source == "data":
                assert result.measure.procedure, result.id


def test_every_result_has_a_view_and_all_three_views_are_used(plan: Scheme) -> None:
    views = Counter(result.measure.view for result in results_of(plan))
    assert views.keys() == set(View)
    assert min(views.values()) > 30


def test_what_is_reported_names_its_evidence(plan: Scheme) -> None:
    for result in results_of(plan):
        if result.source == "self_report":
            assert result.evidence is not None, result.id
            assert result.evidence.zh.startswith("证据："), result.id


def test_governments_are_assessed_by_nearly_all_departments_by_what_applies_to_them(plan: Scheme) -> None:
    results = results_of(plan)
    governments = sum(result.applies("government", "region") for result in results)
    departments = sum(result.applies("department", "county") for result in results)
    assert governments > 200
    assert 30 < departments < 120
    assert sum(result.applies("government", "county") for result in results) < governments


def test_nobody_is_asked_for_the_same_fact_twice(plan: Scheme, demonstration: Scheme) -> None:
    assert asked_twice((plan, demonstration)) == ()
    one, both = (asked(schemes, "government", "county") for schemes in ((plan,), (plan, demonstration)))
    assert len(both) == len(one) + 3


def test_what_departments_report_counts_for_their_government_and_is_not_asked_of_it_again(plan: Scheme) -> None:
    government, justice = ({one.id for one in asked((plan,), kind, "county")} for kind in ("government", "justice"))
    assert government & justice == set()
    assert "R230" in justice  # 法治机构人员配备率
    assert "R009" in government


def test_a_fact_that_two_schemes_ask_for_separately_is_found(plan: Scheme) -> None:
    copied = replace(plan, id="assessment.copy")
    twice = asked_twice((plan, copied))
    assert len(twice) == 89
    assert all(len(group) == 2 for group in twice)


def test_a_report_that_is_shared_exists_in_the_other_scheme(plan: Scheme, demonstration: Scheme) -> None:
    reported = {result.id for result in results_of(plan) if result.source == "self_report"}
    for result in results_of(demonstration):
        if result.measure.reported_as:
            assert result.measure.reported_as[0] == PLAN
            assert result.measure.reported_as[1] in reported, result.id


def test_no_result_counts_fines_or_their_amounts(plan: Scheme, demonstration: Scheme) -> None:
    """行政处罚法 74; the loader refuses such expressions, titles are checked here."""
    for scheme in (plan, demonstration):
        for result in results_of(scheme):
            for expression in (result.measure.among, result.measure.where, result.measure.numerator,
                               result.measure.denominator):
                assert expression is None or "fine_amount" not in expression.source, result.id


@pytest.mark.parametrize("off", OTHERS)
def test_with_another_sub_platform_off_the_scheme_loads_and_lists_what_is_missing(bundle: Bundle, off: str) -> None:
    kept = [name for name in OTHERS if name != off]
    without = load("assessment", *kept).schemes[PLAN]
    before = {result.id: result for result in results_of(bundle.schemes[PLAN])}
    lost = [result for result in results_of(without) if result.source != before[result.id].source]
    assert lost
    for result in lost:
        was = before[result.id].measure.procedure
        assert was is not None
        assert was.startswith(f"{off}.")
        assert result.why is not None
        assert off in result.why.zh


def test_only_the_derived_plan_is_in_use_until_a_region_switches_the_other_on(bundle: Bundle) -> None:
    assert [scheme.id for scheme in bundle.organ_schemes(2026, "150902")] == [PLAN]
    assert bundle.schemes[PLAN].valid.start == date(2020, 1, 1)


