"""The shipped rules on enforcement: five procedures, the findings of one case, both outcomes of every rule shown."""

from __future__ import annotations

from collections import defaultdict

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import Level, Rule, Template
from core.rulebook.paths import shipped_rules
from plugins.enforcement.discretion import PANELS
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.ruletests.runner import run_tests
from scoring.verdict import Evaluator

PROCEDURES = ("penalty", "penalty_summary", "licence", "coercion", "inspection")
OF_ONE_CASE = {
    "ENF-SUB-1", "ENF-OFF-1", "ENF-OFF-2", "ENF-OFF-3", "ENF-FIL-1", "ENF-TIM-1", "ENF-TIM-2", "ENF-EVD-1", "ENF-NOT-1",
    "ENF-NOT-2", "ENF-HEA-1", "ENF-HEA-2", "ENF-LEG-1", "ENF-COL-1", "ENF-DIS-1", "ENF-DIS-2", "ENF-DIS-3", "ENF-DBL-1",
    "ENF-DOC-1", "ENF-SRV-1", "ENF-PUB-1", "ENF-COLL-1", "ENF-TRF-1", "ENF-INS-1", "ENF-BAK-1",
}
"""Of the 26 findings of the catalogue, those that the steps of one case show; registers answer for the first."""

CRITICAL = {"ENF-SUB-1", "ENF-NOT-1", "ENF-HEA-1", "ENF-LEG-1", "ENF-TRF-1"}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "enforcement", shipped_rules() / "calendars"])


@pytest.fixture(scope="module")
def rules(bundle: Bundle) -> tuple[Rule, ...]:
    return tuple(rule for name in PROCEDURES for rule in bundle.rules(f"enforcement.{name}"))


@pytest.mark.parametrize("evaluator", [Reference(), Live()], ids=["reference", "live"])
def test_every_example_of_the_rule_authors_holds(bundle: Bundle, evaluator: Evaluator) -> None:
    report = run_tests(bundle, evaluator)
    assert report.examples >= 40
    assert report.misses == []


def test_every_rule_is_shown_both_kept_and_broken(bundle: Bundle) -> None:
    uncovered = run_tests(bundle, Reference()).uncovered
    ours = tuple(f"enforcement.{name}/" for name in PROCEDURES)
    assert {rule: what for rule, what in uncovered.items() if rule.startswith(ours)} == {}


def test_the_findings_that_one_case_shows_are_all_there(rules: tuple[Rule, ...]) -> None:
    assert OF_ONE_CASE - {rule.code for rule in rules} == set()


def test_what_makes_a_penalty_void_is_a_red_finding(rules: tuple[Rule, ...]) -> None:
    gravest: dict[str, set[Level]] = defaultdict(set)
    for rule in rules:
        gravest[rule.code].add(rule.level)
    assert {code for code in CRITICAL if Level.RED not in gravest[code]} == set()


def test_every_rule_says_its_law_and_the_way_out_in_both_languages(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert rule.basis, rule.id
        assert rule.code.startswith("ENF-"), rule.id
        assert rule.remedy is not None, rule.id
        assert "en" in rule.remedy.others, rule.id
        assert "en" in rule.title.others, rule.id


def test_a_rule_without_verified_law_says_so(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        if all(citation.confidence == "unverified" for citation in rule.basis):
            assert rule.confidence == "unverified", rule.id


def test_a_verified_basis_has_its_edition(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        for citation in rule.basis:
            assert citation.edition is not None or citation.confidence == "unverified", rule.id


def test_forms_are_short_and_bilingual(bundle: Bundle) -> None:
    for name in PROCEDURES:
        for event in bundle.procedures[f"enforcement.{name}"].events.values():
            apart = {field for panel in PANELS if panel.step == event.id for field in panel.fields}
            asked = [field for field in event.fields.values() if not (field.collected or field.document)
                     and field.id not in apart]
            assert len(asked) <= 8, event.id
            assert event.by, event.id
            for title in (event.title, *(field.title for field in event.fields.values()),
                          *(value for field in event.fields.values() for value in field.values.values()),
                          *(material.title for material in event.materials)):
                assert "en" in title.others, f"{event.id}: {title}"


def test_every_step_belongs_to_one_stage(bundle: Bundle) -> None:
    for name in PROCEDURES:
        procedure = bundle.procedures[f"enforcement.{name}"]
        placed = [event for stage in procedure.stages for event in stage.events]
        assert len(placed) == len(set(placed)), name
        assert procedure.events.keys() == set(placed), name
    assert len(bundle.procedures["enforcement.penalty"].stages) == 15


def test_the_party_keeps_its_periods_in_every_region(bundle: Bundle) -> None:
    periods = {"enforcement.penalty-limits.hearing_request_days": 5, "enforcement.penalty-limits.pay_days": 15}
    found = {each.key: each for each in bundle.parameters() if each.key in periods}
    assert found.keys() == periods.keys()
    assert all(each.opening is None for each in found.values())


def test_clocks_can_be_suspended_and_extended_as_the_statutes_allow(bundle: Bundle) -> None:
    by_id = {rule.id: rule for name in PROCEDURES for rule in bundle.rules(f"enforcement.{name}")}
    for name, extended in (("penalty/decided-in-90-days", "period_extended"),
                           ("licence/decided-20-days", "period_extended"),
                           ("coercion/seizure-30-days", "extension_approved")):
        clock = by_id[f"enforcement.{name}"].clock
        assert clock is not None
        assert clock.suspended_by
        assert clock.resumed_by
        assert extended in clock.extended_by
    frozen = by_id["enforcement.coercion/freeze-30-days"].clock
    assert frozen is not None
    assert frozen.suspended_by == ()
    assert by_id["enforcement.coercion/one-extension"].template is Template.AT_MOST


def test_the_person_who_investigates_does_not_review(bundle: Bundle) -> None:
    templates = {rule.local_id: rule.template for rule in bundle.rules("enforcement.penalty")}
    assert templates["reviewer-is-not-investigator"] is Template.DIFFERENT_PERSON
