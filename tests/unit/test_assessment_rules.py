"""The shipped procedures of the assessment: both outcomes of every rule shown, law and way out on each."""

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

PROCEDURES = ("report", "appeal", "problem", "annual", "disclosure")


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / name for name in ("assessment", "calendars", "platform")])


@pytest.fixture(scope="module")
def rules(bundle: Bundle) -> tuple[Rule, ...]:
    return tuple(rule for name in PROCEDURES for rule in bundle.rules(f"assessment.{name}"))


@pytest.mark.parametrize("evaluator", [Reference(), Live()], ids=["reference", "live"])
def test_every_example_of_the_rule_authors_holds(bundle: Bundle, evaluator: Evaluator) -> None:
    report = run_tests(bundle, evaluator)
    assert report.examples >= 18
    assert report.misses == []


def test_every_rule_is_shown_both_kept_and_broken(bundle: Bundle) -> None:
    uncovered = run_tests(bundle, Reference()).uncovered
    assert {rule: what for rule, what in uncovered.items() if rule.startswith("assessment.")} == {}


def test_every_rule_says_its_law_and_the_way_out_in_both_languages(rules: tuple[Rule, ...]) -> None:
    assert len(rules) > 40
    for rule in rules:
        assert rule.basis, rule.id
        assert rule.code.startswith("ASS-"), rule.id
        assert rule.remedy is not None, rule.id
        assert "en" in rule.remedy.others, rule.id
        assert "en" in rule.title.others, rule.id


def test_a_period_that_no_law_states_is_marked_unverified(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        if rule.local_id.endswith("-in-time") or all(one.confidence == "unverified" for one in rule.basis):
            assert rule.confidence == "unverified", rule.id
        for citation in rule.basis:
            assert citation.edition is not None or citation.confidence == "unverified", rule.id


def test_a_report_counts_only_while_its_latest_version_is_verified_and_true(bundle: Bundle) -> None:
    facts = bundle.procedures["assessment.report"].facts
    assert {"report_verified", "verified_after_last_report", "report_evidenced"} <= facts.keys()


def test_forms_are_short_and_bilingual_and_every_step_has_its_stage(bundle: Bundle) -> None:
    for name in PROCEDURES:
        procedure = bundle.procedures[f"assessment.{name}"]
        placed = [event for stage in procedure.stages for event in stage.events]
        assert len(placed) == len(set(placed)), name
        assert procedure.events.keys() == set(placed), name
        for event in procedure.events.values():
            assert len(event.fields) <= 8, event.id
            assert event.by, event.id
            for title in (event.title, *(field.title for field in event.fields.values()),
                          *(value for field in event.fields.values() for value in field.values.values()),
                          *(material.title for material in event.materials)):
                assert "en" in title.others, f"{event.id}: {title}"
