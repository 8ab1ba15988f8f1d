"""The rules that watch supervision itself: documents, filings, file reviews, legal publicity, random inspections."""

from __future__ import annotations

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.ruletests.runner import run_tests
from scoring.verdict import Evaluator

PROCEDURES = ("letter", "filing", "file_review", "publicity", "random_inspection")
OURS = (*(f"enforcement.{name}/" for name in PROCEDURES), "platform.supervision/", "platform.draw/")


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / folder for folder in ("platform", "calendars", "enforcement")])


@pytest.mark.parametrize("evaluator", [Reference(), Live()], ids=["reference", "live"])
def test_every_rule_is_shown_both_kept_and_broken(bundle: Bundle, evaluator: Evaluator) -> None:
    report = run_tests(bundle, evaluator)
    assert report.misses == []
    assert {rule: what for rule, what in report.uncovered.items() if rule.startswith(OURS)} == {}


def test_rules_and_steps_speak_both_languages_and_name_their_law(bundle: Bundle) -> None:
    for name in PROCEDURES:
        procedure = bundle.procedures[f"enforcement.{name}"]
        for rule in bundle.rules(procedure.id):
            assert rule.basis, rule.id
            assert rule.remedy is not None, rule.id
            assert "en" in rule.remedy.others, rule.id
            assert "en" in rule.title.others, rule.id
            if all(citation.confidence == "unverified" for citation in rule.basis):
                assert rule.confidence == "unverified", rule.id
        for event in procedure.events.values():
            assert "en" in event.title.others, event.id
            assert len([field for field in event.fields.values() if not field.collected]) <= 8, event.id
            for field in event.fields.values():
                assert "en" in field.title.others, f"{event.id}.{field.id}"


def test_every_step_belongs_to_one_stage(bundle: Bundle) -> None:
    for name in PROCEDURES:
        procedure = bundle.procedures[f"enforcement.{name}"]
        placed = [event for stage in procedure.stages for event in stage.events]
        assert sorted(placed) == sorted(procedure.events), name


def test_the_government_decides_since_the_state_councils_regulation_and_not_before(bundle: Bundle) -> None:
    (rule,) = [one for one in bundle.rules("enforcement.letter") if one.local_id == "decision-by-government"]
    assert rule.valid.start is not None
    assert rule.valid.start.isoformat() == "2026-02-01"
    (earlier,) = [one for one in bundle.rules("enforcement.letter") if one.local_id == "reported-30-days"]
    assert earlier.valid.start is not None
    assert earlier.valid.start < rule.valid.start
