"""What raises, cures and withdraws findings, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from core.calendars import close_of
from core.judge import PlatformEvent
from scoring.life import Finding, Life, advance, findings_of
from tests.scoring_kit import (
    CLOSE_OF_YEAR,
    NOTICE,
    PROCEDURE,
    SCHEME,
    SUPERVISION,
    ZONE,
    Story,
    full_story,
    rulebook,
)


def types(story: Story, at: datetime = CLOSE_OF_YEAR) -> list[tuple[str, str]]:
    return [(event.type, str(event.payload.get("code") or event.payload.get("reason") or event.payload.get("on")))
            for event in story.judged(at).events]


def only(story: Story, rule: str, at: datetime = CLOSE_OF_YEAR) -> Finding:
    return next(finding for finding in story.judged(at).findings.values() if finding.rule.endswith(rule))


def told(story: Story, at: datetime = CLOSE_OF_YEAR) -> Story:
    """The story with what the platform has to say written on its chain."""
    for event in story.judged(at).events:
        story.platform(event.type, event.payload, event.occurred_at or at, "system:judge")
    return story


def test_a_broken_rule_is_raised_once() -> None:
    story = full_story()
    assert types(story) == [("finding.raised", "T-CONSULT")]
    assert types(told(story)) == []


def test_late_compliance_keeps_the_finding_and_notes_when_it_was_cured() -> None:
    story = full_story(35, date(2025, 4, 20))
    assert types(story) == [("finding.raised", "T-PUBLISH"), ("finding.cured", "2025-04-20")]
    finding = only(story, "publish-in-time")
    assert (finding.status, finding.cured_on) == (Life.RAISED, date(2025, 4, 20))


def test_a_missed_deadline_is_raised_at_its_due_moment() -> None:
    # Decided on Monday 7 April, 5 working days: the last day is Monday 14 April.
    story = Story(events=full_story().events[:4])
    due = close_of(date(2025, 4, 14), ZONE)
    assert ("finding.raised", "T-PUBLISH") not in types(story, due - timedelta(seconds=1))
    assert ("finding.raised", "T-PUBLISH") in types(story, due)
    assert only(story, "publish-in-time", CLOSE_OF_YEAR).raised_at == due


def test_a_correction_that_removes_the_cause_withdraws_the_finding_even_if_it_was_confirmed() -> None:
    story = full_story().determined("confirmed", "consult-30")
    story.then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=31, replies=3, corrects="e2")
    assert types(story) == [("finding.withdrawn", "cause-removed")]


def test_a_correction_that_leaves_the_cause_leaves_the_finding_and_its_determination() -> None:
    story = full_story().determined("confirmed", "consult-30")
    story.then("consulted", date(2025, 3, 5), materials=(NOTICE,), days=25, replies=3, corrects="e2")
    assert types(story) == []
    assert only(story, "consult-30").status is Life.CONFIRMED


def test_a_withdrawn_finding_is_raised_again_when_the_cause_returns() -> None:
    story = told(full_story())
    story.then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=31, replies=3, corrects="e2")
    told(story)
    story.then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=12, replies=3, corrects="e2")
    assert types(story) == [("finding.raised", "T-CONSULT")]


def test_a_dismissed_finding_is_not_raised_again() -> None:
    assert types(full_story().determined("dismissed", "consult-30")) == []


def test_confirming_what_was_put_right_already_makes_it_cured() -> None:
    story = full_story(35, date(2025, 4, 20)).determined("confirmed", "publish-in-time")
    assert only(story, "publish-in-time").status is Life.CURED


def test_a_voided_late_answer_takes_the_cure_back() -> None:
    story = told(full_story(35, date(2025, 4, 20)))
    story.then("published", date(2025, 4, 20), corrects="e5", void=True)
    assert types(story) == [("finding.cured", "None")]
    assert only(told(story), "publish-in-time").cured_on is None


def test_a_rule_that_was_repealed_withdraws_its_findings_and_says_why() -> None:
    story = told(full_story())
    without = rulebook(supervision=SUPERVISION[: SUPERVISION.index("  - id: consult-30")],
                       scheme=SCHEME.replace("rules: [consult-30]", "rules: [review-first]"))
    assert types(Story(without, story.events)) == [("finding.withdrawn", "rule-no-longer-applies")]


def test_recording_later_than_allowed_is_a_finding() -> None:
    strict = rulebook(procedure=PROCEDURE.replace("record_within: {days: 400}", "record_within: {working_days: 3}"))
    in_time = Story(strict, full_story(35).events)
    assert types(in_time) == []
    late = Story(strict, full_story(35).events[:3]).then("decided", date(2025, 4, 7), recorded=date(2025, 4, 11))
    finding = only(late, "late-record")
    assert (finding.code, finding.cured_on, finding.actor) == ("LATE-RECORD", date(2025, 4, 11), "zhang")


def test_a_correction_does_not_make_a_step_late_that_was_recorded_in_time() -> None:
    strict = rulebook(procedure=PROCEDURE.replace("record_within: {days: 400}", "record_within: {working_days: 3}"))
    story = Story(strict, full_story(35).events[:4])
    story.then("decided", date(2025, 4, 8), corrects="e4", recorded=date(2025, 6, 30))
    assert not any(finding.code == "LATE-RECORD" for finding in story.judged().findings.values())


def test_the_person_who_recorded_the_offending_step_is_named() -> None:
    assert (only(full_story(), "consult-30").actor, only(full_story(), "consult-30").acting_organ) == (
        "zhang", "a-gov")


def test_findings_follow_from_the_chain_alone() -> None:
    story = full_story().determined("confirmed", "consult-30")
    found = findings_of("case-1", [event for event in story.events if event.is_platform])
    assert found == dict(story.judged().findings)
    name = next(iter(found))
    cure = PlatformEvent("finding.cured", {"finding": name, "on": "2025-06-01", "text": "补正"}, CLOSE_OF_YEAR)
    after = advance(found, "case-1", cure, "supervisor")
    assert (after.status, after.cured_on, after.cured_by) == (Life.CURED, date(2025, 6, 1), "supervisor")



def test_a_missed_duty_is_not_undone_by_a_backdated_answer_until_a_second_person_vouches_for_it() -> None:
    story = told(Story(events=full_story().events[:4]))
    story.then("published", date(2025, 4, 10), recorded=date(2025, 5, 20), channel="web")
    assert types(story) == []
    assert only(story, "publish-in-time").status is Life.RAISED
    story.platform("step.countersigned", {"event": story.events[-1].id}, CLOSE_OF_YEAR, "li")
    assert types(story) == [("finding.withdrawn", "cause-removed")]


def test_moving_a_late_answer_back_in_time_needs_the_second_person_too() -> None:
    story = Story(events=full_story().events[:4]).then("published", date(2025, 4, 20), channel="web")
    told(story)
    story.then("published", date(2025, 4, 10), recorded=date(2025, 5, 20), channel="web", corrects=story.events[4].id)
    assert types(story) == []


def test_an_answer_recorded_before_its_duty_was_found_broken_needs_nobody_else() -> None:
    story = Story(events=full_story().events[:4]).then("published", date(2025, 4, 10), channel="web")
    assert types(told(story)) == []
    assert not any(one.rule.endswith("publish-in-time") for one in story.judged().findings.values())


def test_a_rule_that_is_taken_away_takes_back_what_nobody_determined_and_nothing_else() -> None:
    without = rulebook(supervision=SUPERVISION[:SUPERVISION.index("  - id: consult-30")],
                       scheme=SCHEME[:SCHEME.index("caps:")])
    undetermined = told(full_story())
    undetermined.bundle = without
    assert types(undetermined) == [("finding.withdrawn", "rule-no-longer-applies")]
    confirmed = full_story().determined("confirmed", "consult-30")
    confirmed.bundle = without
    assert types(confirmed) == []


def test_recording_in_time_ends_with_the_last_day_and_not_a_moment_after() -> None:
    strict = rulebook(procedure=PROCEDURE.replace("record_within: {days: 400}", "record_within: {working_days: 3}"))
    story = Story(strict, full_story().events[:4])
    decided = story.events[3]
    for moment, late in ((close_of(date(2025, 4, 10), ZONE) - timedelta(microseconds=1), False),
                         (close_of(date(2025, 4, 10), ZONE), True)):
        story.events[3] = replace(decided, recorded_at=moment)
        assert any(one.code == "LATE-RECORD" for one in story.judged().findings.values()) is late
