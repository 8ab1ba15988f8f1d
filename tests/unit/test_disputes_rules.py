"""The shipped rules on disputes: every procedure, both outcomes of every rule, the law on each, clocks that move."""

from __future__ import annotations

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import Rule
from core.rulebook.paths import shipped_rules
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.ruletests.runner import run_tests
from scoring.verdict import Evaluator

AT_ANY_STAGE = {"opinion_issued"}

@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "disputes", shipped_rules() / "calendars"])


@pytest.fixture(scope="module")
def rules(bundle: Bundle) -> tuple[Rule, ...]:
    return tuple(rule for name in bundle.procedures for rule in bundle.rules(name))


@pytest.mark.parametrize("evaluator", [Reference(), Live()], ids=["reference", "live"])
def test_every_example_of_the_rule_authors_holds(bundle: Bundle, evaluator: Evaluator) -> None:
    report = run_tests(bundle, evaluator)
    assert report.misses == []


def test_every_rule_is_shown_both_kept_and_broken(bundle: Bundle) -> None:
    assert run_tests(bundle, Reference()).uncovered == {}


def test_every_rule_says_its_law_and_the_way_out_in_both_languages(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert rule.basis, rule.id
        assert rule.code.startswith("DIS-"), rule.id
        assert rule.remedy is not None, rule.id
        assert "en" in rule.remedy.others, rule.id
        assert "en" in rule.title.others, rule.id


def test_a_rule_without_verified_law_says_so(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        if all(citation.confidence == "unverified" for citation in rule.basis):
            assert rule.confidence == "unverified", rule.id
        for citation in rule.basis:
            assert citation.edition is not None or citation.confidence == "unverified", rule.id


def test_forms_are_short_and_bilingual_and_every_step_belongs_to_one_stage(bundle: Bundle) -> None:
    for procedure in bundle.procedures.values():
        placed = [event for stage in procedure.stages for event in stage.events]
        assert len(placed) == len(set(placed)), procedure.id
        assert procedure.events.keys() - set(placed) <= AT_ANY_STAGE, procedure.id
        for event in procedure.events.values():
            asked = [field for field in event.fields.values() if not field.collected and not field.document]
            assert len(asked) <= 9, event.id
            assert event.by, event.id
            for title in (event.title, *(field.title for field in event.fields.values()),
                          *(value for field in event.fields.values() for value in field.values.values()),
                          *(material.title for material in event.materials)):
                assert "en" in title.others, f"{event.id}: {title}"


def test_the_period_of_a_reconsideration_stops_and_is_extended_as_the_law_allows(bundle: Bundle) -> None:
    by_id = {rule.local_id: rule for rule in bundle.rules("disputes.reconsideration")}
    ordinary, summary = by_id["decided-60-days"].clock, by_id["decided-30-days"].clock
    assert ordinary is not None
    assert {"suspended", "examination_started"} <= set(ordinary.suspended_by)
    assert ordinary.extended_by["period_extended"].length == 30
    assert summary is not None
    assert not summary.extended_by
