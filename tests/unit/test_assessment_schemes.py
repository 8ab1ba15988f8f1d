"""Schemes for organs as rule authors and regions write them: what is refused, and what a region may change."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import FazhiError
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from core.rulebook.schemes import Ladder, leaves_of
from tests.assessment_kit import ORGANS, bundle

BASE = Path(__file__).parents[1] / "broken_rules" / "base"
SCHEME = """kind: indicators
id: demo.organs
title: 考核
per: organ
in_use: $used
params: {used: {title: 采用, value: false, open_to: {level: county, may: any}}}
nodes:
  - {id: A, title: 案件, weight: 10, leaf: {metric: METRIC, view: effect, procedure: demo.penalty, HOW}}
"""
OVERLAY = """kind: overlay
region: "150902"
authority: {issuer: 某区, document: 某办发〔2025〕1号}
valid: {from: 2026-01-01}
set: {"demo.organs.used": true}
"""


def codes(scheme: str = "", **others: str) -> list[str]:
    files = {path.name: path.read_bytes() for path in BASE.glob("*.yaml")} | {
        f"{name}.yaml": text.encode() for name, text in others.items()}
    if scheme:
        files["organs.yaml"] = scheme.encode()
    try:
        load_sources([Source(name, content) for name, content in files.items()])
    except FazhiError as error:
        return [problem.code for problem in error.problems]
    return []


def leaf(metric: str, how: str) -> str:
    return SCHEME.replace("METRIC", metric).replace("HOW", how)


@pytest.mark.parametrize(("metric", "how", "code"), [
    ("count", 'where: "c.fine > decimal(\'0\', \'yuan\')", score: {target: 9}', "indicator-reads-fines"),
    ("ratio", "where: c.review_required", "indicator-reads-fines"),  # the fact rests on the amount
    ("count", "numerator: c.fine, score: {target: 9}", "indicator-reads-fines"),
])
def test_no_result_reads_the_amount_of_fines_directly_or_through_a_fact(metric: str, how: str, code: str) -> None:
    assert codes(leaf(metric, how)) == [code]


def test_whether_large_fines_were_reviewed_may_be_assessed() -> None:
    assert not codes(leaf("ratio", "among: c.review_required, where: happened('legal_review_passed')"))


def test_no_template_reads_the_amount_of_fines() -> None:
    text = (BASE / "checklist.yaml").read_text(encoding="utf-8")
    spoiled = text.replace("happened('decision_published')", "c.review_required")
    assert "indicator-reads-fines" in codes(checklist=spoiled if spoiled != text else text.replace(
        "cel: ", "cel: c.review_required && ", 1))


def test_no_deduction_demands_fines_of_some_amount() -> None:
    rules = """kind: supervision
procedure: demo.penalty
rules:
  - id: fine-enough
    title: 罚够
    basis: [{law: 某某办法, article: "1"}]
    on: penalty_decided
    must: RULE
"""
    scheme = leaf("exists", "where: c.hearing_held") + (
        "deductions: [{rules: [demo.penalty/fine-enough], points: 1, title: 少罚}]\n")
    enough, little = ('e.fine >= decimal("500", "yuan")', 'e.fine <= decimal("500", "yuan")')
    assert codes(scheme, quota=rules.replace("RULE", enough)) == ["scheme-rule-demands-fines"]
    assert not codes(scheme, quota=rules.replace("RULE", little))


def test_a_region_adopts_a_scheme_by_overlay_from_a_date_on() -> None:
    files = {path.name: path.read_bytes() for path in BASE.glob("*.yaml")}
    files |= {"organs.yaml": leaf("exists", "where: c.hearing_held").encode(), "adopt.yaml": OVERLAY.encode()}
    rules = load_sources([Source(name, content) for name, content in files.items()])
    assert [each.id for each in rules.organ_schemes(2026, "150902")] == ["demo.organs"]
    assert not rules.organ_schemes(2025, "150902")
    assert not rules.organ_schemes(2026, "150903")


def test_a_league_refines_weights_and_steps_that_were_opened() -> None:
    overlay = OVERLAY.replace('"150902"', '"150900"').replace("\"demo.organs.used\": true",
                                                               "test.organs.floor: 0.9, test.organs.w_share: 40")
    changed = bundle(refined=overlay)
    below = changed.organ_scheme("test.organs", 2026, "150902")
    assert below is not None
    share = next(node for node in leaves_of(below.nodes) if node.id == "SHARE")
    assert share.weight == Decimal(40)
    assert share.leaf is not None
    assert share.leaf.measure is not None
    assert isinstance(share.leaf.measure.score, Ladder)
    assert share.leaf.measure.score.rungs[1].bound == Decimal("0.9")
    before = changed.organ_scheme("test.organs", 2025, "150902")
    assert before is not None
    assert next(node for node in leaves_of(before.nodes) if node.id == "SHARE").weight == Decimal(20)


def test_a_result_of_a_sub_platform_that_is_not_there_is_no_error_but_a_wrong_name_is() -> None:
    assert bundle().organ_schemes(2025)  # AWAY names elsewhere.review
    wrong = ORGANS.replace("procedure: elsewhere.review", "procedure: test.mater")
    with pytest.raises(FazhiError, match=r"test\.matter"):
        bundle(organs=wrong)
