"""Findings that another organ than the case's own answers for, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.ledger.event import Event
from scoring.answering import answering_organ
from scoring.life import findings_of
from tests.scoring_kit import CLOSE_OF_YEAR, SUPERVISION, Story, full_story, rulebook

ANSWERS = rulebook(supervision=SUPERVISION.replace(
    "  - id: consult-30\n", "  - id: consult-30\n    answers: recorder\n"))


def by_another(story: Story) -> list[Event]:
    """The events, the consultation recorded by another organ."""
    return [replace(event, organ="reviewer") if event.type == "consulted" else event for event in story.events]


def told(story: Story) -> Story:
    for event in story.judged().events:
        story.platform(event.type, event.payload, event.occurred_at or CLOSE_OF_YEAR, "system:judge")
    return story


def test_what_another_organ_answers_for_neither_lowers_nor_threatens_the_score_of_the_case() -> None:
    owned, answered = full_story().judged(), Story(ANSWERS, by_another(full_story())).judged()
    assert owned.scored is not None
    assert answered.scored is not None
    assert (owned.scored.at_risk > 0, answered.scored.at_risk) == (True, 0)
    assert [finding.organ for finding in answered.findings.values()] == ["reviewer"]


def test_who_answers_is_on_the_chain() -> None:
    story = told(Story(ANSWERS, by_another(full_story())))
    assert [finding.organ for finding in findings_of("case-1", story.events).values()] == ["reviewer"]
    assert story.judged().events == ()


def test_a_rule_that_now_says_who_answers_moves_what_nobody_has_determined() -> None:
    before = told(Story(events=by_another(full_story())))
    moved = Story(ANSWERS, before.events).judged()
    assert [(event.type, event.payload.get("reason"), event.payload.get("organ")) for event in moved.events] == [
        ("finding.withdrawn", "another-organ-answers", None), ("finding.raised", None, "reviewer")]
    determined = Story(events=by_another(full_story())).determined("confirmed", "consult-30")
    assert Story(ANSWERS, determined.events).judged().events == ()


def test_the_organ_that_recorded_its_own_step_answers_as_ever() -> None:
    assert [finding.organ for finding in Story(ANSWERS, full_story().events).judged().findings.values()] == [""]


def test_whoever_recorded_late_answers_for_that() -> None:
    story = full_story()
    late = [replace(event, organ="reviewer", recorded_at=CLOSE_OF_YEAR + timedelta(days=365))
            if event.type == "decided" else event for event in story.events]
    judged = Story(events=late).judged(CLOSE_OF_YEAR + timedelta(days=366))
    found = next(one for one in judged.findings.values() if one.code == "LATE-RECORD")
    verdict = next(one for one in judged.verdicts if one.rule == found.rule)
    assert (found.organ, answering_organ(judged.case, judged.rule_of(verdict), verdict)) == ("reviewer", "reviewer")
