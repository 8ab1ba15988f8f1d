"""Seven supervision points, fifteen indicators, twenty-six templates, one hundred points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import Scheme
from core.rulebook.paths import shipped_rules

DECISION = "decisions.decision"
POINTS = {"P1": 8, "P2": 26, "P3": 11, "P4": 11, "P5": 18, "P6": 16, "P7": 10}
TEMPLATES = {
    "T01": 4, "T02": 2, "T03": 2, "T04": 3, "T05": 3, "T06": 5, "T07": 6, "T08": 4, "T09": 2, "T10": 3, "T11": 4,
    "T12": 4, "T13": 3, "T14": 3, "T15": 5, "T16": 3, "T17": 4, "T18": 4, "T19": 6, "T20": 4, "T21": 3, "T22": 6,
    "T23": 3, "T24": 4, "T25": 5, "T26": 5,
}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / folder for folder in ("platform", "decisions", "calendars")])


@pytest.fixture(scope="module")
def scheme(bundle: Bundle) -> Scheme:
    found = bundle.scheme_for(DECISION, date(2026, 1, 1), "case")
    assert found is not None
    return found


def test_the_scheme_has_seven_points_fifteen_indicators_and_twenty_six_templates(scheme: Scheme) -> None:
    indicators = [child for node in scheme.nodes for child in node.children]
    templates = [leaf for node in indicators for leaf in node.children]
    assert {node.id: int(node.weight) for node in scheme.nodes} == POINTS
    assert len(indicators) == 15
    assert {leaf.id: int(leaf.weight) for leaf in templates} == TEMPLATES
    assert sum(node.weight for node in scheme.nodes) == 100


def test_each_templates_checks_add_up_to_its_points(bundle: Bundle) -> None:
    assert {each.id: each.points for each in bundle.checklists(DECISION)} == {
        name: Decimal(points) for name, points in TEMPLATES.items()}


def test_legality_review_and_collective_discussion_can_never_be_set_aside(bundle: Bundle) -> None:
    assert {each.id for each in bundle.checklists(DECISION) if each.rigid} == {"T19", "T22"}


def test_every_award_is_reachable_and_the_best_comes_first(bundle: Bundle) -> None:
    for checklist in bundle.checklists(DECISION):
        for check in checklist.checks:
            awards = [award.points for award in check.awards]
            assert awards == sorted(awards, reverse=True), f"{checklist.id}/{check.id}"
            assert awards[0] == check.points, f"{checklist.id}/{check.id}"


def test_the_scheme_says_that_the_breakdown_is_derived(scheme: Scheme) -> None:
    assert scheme.note is not None
    assert "未公开" in scheme.note.zh
    assert "derived" in scheme.note.to("en")


def test_points_go_only_after_a_person_has_confirmed(scheme: Scheme) -> None:
    assert scheme.counts == "confirmed"
    assert {cap.node: cap.most for cap in scheme.caps} == {"I04": 5, "I05": 0, "P4": 0}
    assert [deduction.points for deduction in scheme.deductions] == [1]
    assert len(scheme.deductions[0].rules) == 11
