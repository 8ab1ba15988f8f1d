"""The score of a case, worked out by hand beside the tests. Scheme: A 60 (A1 40, A2 20), B 40 (B1 30, B2 10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from scoring.case_score import CaseScored
from scoring.trace import Status, TraceNode
from tests.scoring_kit import CHECKLIST, NOTICE, SCHEME, Story, full_story, rulebook

WITHOUT_B = rulebook(checklist=CHECKLIST.replace("rigid: true", "applies: c.technical"))
"""B1 applies to technical matters only: with B2 for public ones, all of B can fall away."""


def scored(story: Story) -> CaseScored:
    result = story.judged().scored
    assert result is not None
    return result


def node(result: CaseScored, name: str) -> TraceNode:
    return next(found for top in result.nodes if (found := top.find(name)))


def points(result: CaseScored) -> dict[str, str]:
    return {name: str(node(result, name).earned) for name in ("A", "A1", "A2", "B", "B1", "B2")}


def test_a_case_is_scored_as_worked_out_by_hand() -> None:
    # A2 does not apply: A1 takes all 60 of A. 20 days earn 1 of 3, replies 1 of 1: 2 of 4, so 60 × 2/4 = 30.00.
    # B1: 3 of 3, so 30.00. B2: 1 of 1, so 10.00. Together 70.00.
    result = scored(full_story())
    assert points(result) == {"A": "30.00", "A1": "30.00", "A2": "None", "B": "40.00", "B1": "30.00", "B2": "10.00"}
    assert (result.score, result.earned, result.due) == (Decimal("70.00"), Decimal("70.00"), Decimal(100))


def test_an_applicable_template_without_its_step_earns_nothing_once_the_case_is_closed() -> None:
    # A2 applies now: A1 40 × 2/4 = 20.00, A2 0, B 40.
    result = scored(full_story(technical=True))
    assert points(result)["A1"] == "20.00"
    assert (node(result, "A2").status, node(result, "A2").earned) == (Status.SCORED, Decimal("0.00"))
    assert [note.code for note in node(result, "A2").notes] == ["score-never-recorded"]
    assert result.score == Decimal("60.00")


def test_an_open_case_is_scored_on_what_is_due_and_says_that_it_is_provisional() -> None:
    # Only A1 is due: 20 of 40, brought to a base of 100: 50.00.
    story = (Story().then("opened", date(2025, 3, 3), technical=True, private=False)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=0))
    result = scored(story)
    assert (result.earned, result.due, result.score) == (Decimal("20.00"), Decimal("40.00"), Decimal("50.00"))
    assert node(result, "B1").status == Status.NOT_DUE
    assert result.provisional
    assert "score-provisional-open" in [note.code for note in result.notes]


def test_a_case_with_nothing_due_has_no_score() -> None:
    assert scored(Story().then("opened", date(2025, 3, 3))).score is None


def test_without_the_required_upload_a_template_earns_nothing_and_names_the_material() -> None:
    story = (Story().then("opened", date(2025, 3, 3), technical=True)
             .then("consulted", date(2025, 3, 4), days=40, replies=0))
    leaf = node(scored(story), "A1")
    assert (leaf.earned, leaf.children) == (Decimal("0.00"), ())
    assert "公告" in leaf.notes[0].text()


def test_a_partial_award_carries_its_flag() -> None:
    check = node(scored(full_story()), "A1/period")
    assert (check.status, check.earned, check.weight) == (Status.PARTIAL, Decimal(1), Decimal(3))
    assert "期限偏短" in check.notes[0].text()


def test_an_unknown_fact_earns_nothing_and_is_said_to_be_unknown() -> None:
    story = (Story().then("opened", date(2025, 3, 3), technical=False)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=40))
    check = node(scored(story), "A1/replies")
    assert (check.status, check.earned) == (Status.UNKNOWN, Decimal("0.00"))
    assert [(fact.name, fact.value) for fact in check.facts] == [("e.replies", None)]


def test_an_unknown_applicability_counts_as_applicable() -> None:
    story = Story().then("opened", date(2025, 3, 3)).then("closed", date(2025, 3, 4))
    assert node(scored(story), "A2").status == Status.SCORED


def test_the_weight_of_a_branch_without_applicable_children_goes_to_its_siblings() -> None:
    # B1 applies only to technical matters here and B2 only to public ones: B falls away and A takes all 100.
    # A1 alone: 100 × 2/4 = 50.00.
    story = (Story(WITHOUT_B).then("opened", date(2025, 3, 3), technical=False, private=True)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=0)
             .then("closed", date(2025, 5, 1)))
    result = scored(story)
    assert (node(result, "A").weight, node(result, "A1").weight, node(result, "A1").earned) == (
        Decimal("100.00"), Decimal("100.00"), Decimal("50.00"))
    assert node(result, "B").status == Status.NOT_APPLICABLE
    assert result.score == Decimal("50.00")


def test_a_rigid_template_applies_whatever_its_condition_says() -> None:
    assert node(scored(full_story()), "B1").status == Status.SCORED


def test_a_matter_that_was_given_up_owes_nothing_more() -> None:
    # A1 was done (2 of 4 of all 100), the rest is no longer owed.
    story = (Story().then("opened", date(2025, 3, 3), technical=True)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=0)
             .then("given_up", date(2025, 3, 20)))
    result = scored(story)
    assert result.score == Decimal("50.00")
    assert "score-withdrawn" in [note.code for note in node(result, "B1").notes]


def test_three_equal_parts_of_a_flawless_case_add_up_to_full_marks() -> None:
    thirds = SCHEME.split("nodes:")[0].replace("total: 100\n", "") + """
nodes:
  - {id: X, title: 一, weight: 1, leaf: {metric: template, checklist: B1}}
  - {id: Y, title: 二, weight: 1, leaf: {metric: template, checklist: B1}}
  - {id: Z, title: 三, weight: 1, leaf: {metric: template, checklist: B1}}
"""
    story = full_story()
    result = scored(Story(rulebook(scheme=thirds), story.events))
    assert [str(part.earned) for part in result.nodes] == ["33.34", "33.33", "33.33"]
    assert result.score == Decimal("100.00")


def test_an_open_finding_leaves_the_score_and_says_what_it_would_cost() -> None:
    # The cap on A is 20 of 60; A earned 30, so confirmation would take 10.
    result = scored(full_story())
    assert (result.score, result.at_risk, result.provisional) == (Decimal("70.00"), Decimal("10.00"), True)
    assert [line.kind for line in result.at_risk_lines] == ["cap"]


def test_a_confirmed_finding_caps_its_branch() -> None:
    # A: 30 capped at 20 → 20 + 40 = 60.00. The cap is a line of its own, so that the totals add up.
    result = scored(full_story().determined("confirmed", "consult-30"))
    assert (result.score, result.at_risk, result.provisional) == (Decimal("60.00"), Decimal("0.00"), False)
    assert (node(result, "A").earned, node(result, "A/cap-1").earned) == (Decimal("20.00"), Decimal("-10.00"))


def test_a_cap_grows_with_the_weight_that_its_branch_takes_over() -> None:
    # B falls away, A has 100 instead of 60: the cap of 20 becomes 20 × 100 / 60 = 33.33; A1 earned 50.00.
    story = (Story(WITHOUT_B).then("opened", date(2025, 3, 3), technical=False, private=True)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=0)
             .then("closed", date(2025, 5, 1)))
    result = scored(story.determined("confirmed", "consult-30"))
    assert (node(result, "A").weight, node(result, "A").earned, result.score) == (
        Decimal("100.00"), Decimal("33.33"), Decimal("33.33"))


def test_a_dismissed_finding_costs_nothing() -> None:
    result = scored(full_story().determined("dismissed", "consult-30"))
    assert (result.score, result.at_risk, result.provisional) == (Decimal("70.00"), Decimal("0.00"), False)


def test_a_deduction_counts_each_confirmed_activation() -> None:
    # 35 days: A1 is full, 60 + 40 = 100; published after 14 April: 2 off.
    result = scored(full_story(35, date(2025, 4, 20)).determined("confirmed", "publish-in-time"))
    assert result.score == Decimal("98.00")
    assert [(line.id, line.earned) for line in result.nodes if line.kind == "deduction"] == [
        ("deduction-1", Decimal("-2.00"))]


def test_a_confirmed_veto_sets_the_score_to_nothing() -> None:
    story = (Story().then("opened", date(2025, 3, 3), technical=False, private=True)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=35, replies=0)
             .then("decided", date(2025, 4, 7)).then("closed", date(2025, 5, 1)))
    before = scored(story)
    assert (before.score, before.at_risk) == (Decimal("60.00"), Decimal("60.00"))
    after = scored(story.determined("confirmed", "review-first"))
    assert after.score == Decimal("0.00")
    assert sum(line.earned or 0 for line in after.nodes) == 0


def test_a_scheme_may_count_findings_before_they_are_confirmed() -> None:
    strict = rulebook(scheme=SCHEME.replace("total: 100", "total: 100\ncounts: raised"))
    result = scored(Story(strict, full_story().events))
    assert (result.score, result.at_risk, result.provisional) == (Decimal("60.00"), Decimal("0.00"), False)


@pytest.mark.parametrize(("missing", "score", "provisional"), [("zero", "0.00", False), ("unscored", "100.00", True),
                                                               ("block", None, True)])
def test_a_template_not_yet_in_force_is_treated_as_the_scheme_says(missing: str, score: str | None,
                                                                   provisional: bool) -> None:
    later = CHECKLIST.replace("  - id: A1\n", "  - id: A1\n    valid: {from: 2025-12-01}\n")
    scheme = SCHEME.split("nodes:")[0].replace("total: 100\n", "") + f"""
nodes:
  - {{id: X, title: 一, weight: 1, leaf: {{metric: template, checklist: A1, missing: {missing}}}}}
""" + ("" if missing == "zero" else "  - {id: Y, title: 二, weight: 1, leaf: {metric: template, checklist: B1}}\n")
    result = scored(Story(rulebook(scheme=scheme, checklist=later), full_story(35).events))
    assert (None if result.score is None else str(result.score)) == score
    assert result.provisional is provisional


def test_a_corrected_step_is_scored_as_corrected() -> None:
    story = (Story().then("opened", date(2025, 3, 3), technical=False)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=0)
             .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=35, replies=0, corrects="e2"))
    assert node(scored(story), "A1").earned == Decimal("60.00")



def test_a_matter_that_was_proposed_and_refused_has_no_score_that_lifts_its_organ() -> None:
    bundle = rulebook(scheme=SCHEME.replace("total: 100", "total: 100\nscored_from: [reviewed, decided]"))
    proposed = Story(bundle).then("opened", date(2025, 3, 3), technical=False, private=False).then(
        "consulted", date(2025, 3, 4), materials=(NOTICE,), days=31, replies=3)
    assert scored(proposed).score is None
    refused = scored(proposed.then("given_up", date(2025, 3, 10)))
    assert (refused.score, refused.at_risk, refused.provisional) == (None, Decimal(0), False)
    assert [note.code for note in refused.notes] == ["score-not-begun"]
    assert scored(Story(bundle, full_story().events)).score == Decimal("70.00")
