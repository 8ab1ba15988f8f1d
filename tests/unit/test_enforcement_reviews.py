"""Review sheets and case scores of enforcement: a hundred points each, no amounts of fines, vetoes once confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import FieldType, Level, Scheme
from core.rulebook.paths import shipped_rules

PROCEDURES = ("enforcement.penalty", "enforcement.penalty_summary", "enforcement.licence", "enforcement.coercion",
              "enforcement.inspection")
POINTS = {"R1": 10, "R2": 25, "R3": 25, "R4": 20, "R5": 10, "R6": 10}
"""Subject, facts, procedure, law and discretion, documents, execution and archive."""


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "enforcement", shipped_rules() / "calendars"])


def scheme_of(bundle: Bundle, procedure: str) -> Scheme:
    found = bundle.scheme_for(procedure, date(2026, 1, 1), "case")
    assert found is not None
    return found


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_each_file_is_reviewed_for_one_hundred_points(bundle: Bundle, procedure: str) -> None:
    assert {node.id: int(node.weight) for node in scheme_of(bundle, procedure).nodes} == POINTS
    assert {each.id: int(each.points) for each in bundle.checklists(procedure)} == POINTS


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_no_amount_of_a_fine_earns_points(bundle: Bundle, procedure: str) -> None:
    amounts = {f"c.{field.id}" for field in bundle.procedures[procedure].attributes.values()
               if field.type in (FieldType.DECIMAL, FieldType.INT) and field.unit == "yuan"}
    for checklist in bundle.checklists(procedure):
        for check in checklist.checks:
            for award in check.awards:
                assert not amounts & award.when.reads, f"{checklist.id}/{check.id}"


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_file_fails_outright_only_for_the_gravest_confirmed_findings(bundle: Bundle, procedure: str) -> None:
    scheme = scheme_of(bundle, procedure)
    levels = {rule.id: rule.level for rule in bundle.rules(procedure)}
    vetoed = [name for veto in scheme.vetoes for name in veto.rules]
    assert f"{procedure}/body-qualified" in vetoed
    assert {levels[name] for name in vetoed} == {Level.RED}
    assert scheme.counts == "confirmed"


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_matter_without_an_outcome_is_not_scored(bundle: Bundle, procedure: str) -> None:
    assert scheme_of(bundle, procedure).scored_from


def test_only_the_sheet_on_procedure_can_never_be_set_aside(bundle: Bundle) -> None:
    for procedure in PROCEDURES:
        assert {each.id for each in bundle.checklists(procedure) if each.rigid} == {"R3"}
