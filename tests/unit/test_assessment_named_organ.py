"""A result may count for the organ that a case names, as the rate of respondents does for those complained of."""

from __future__ import annotations

from datetime import date

from scoring.assessment.entries import Entry, entries_of
from tests.assessment_kit import ORGANS, bundle
from tests.scoring_kit import PROCEDURE, SUPERVISION, Story

NAMED = ORGANS.replace("metric: ratio, view: effect, scope: government,",
                       "metric: ratio, view: effect, scope: government, organ: c.told,").replace(
    "metric: zero, view: conduct, findings", "metric: ratio, view: conduct, organ: c.told, findings")
TELLING = PROCEDURE.replace("attributes:\n", "attributes:\n  written: {}\n  replies: {}\n  told: {}\n").replace(
    "    by: [office_head]\n    record_within",
    "    by: [office_head]\n    fields: {told: {title: {zh: 抄送, en: told}, type: organ}}\n    record_within")


def entries(story: Story) -> dict[str, Entry]:
    judged = story.judged()
    found = entries_of(judged.case, tuple(judged.findings.values()), judged.bundle.organ_schemes(2025, "150902"),
                       judged.calendar)
    return {entry.leaf: entry for entry in found}


def told(*, answers: bool) -> Story:
    supervision = SUPERVISION.replace("    only_after: reviewed\n", "    only_after: reviewed\n    answers: c.told\n")
    story = Story(bundle(organs=NAMED, procedure=TELLING, supervision=supervision if answers else SUPERVISION))
    story.then("opened", date(2025, 3, 3), technical=False, private=False)
    story.then("decided", date(2025, 3, 4), told="respondent")
    return story


def test_the_case_counts_for_the_organ_that_it_names_and_for_the_owner_where_nothing_is_said() -> None:
    story = told(answers=True)
    story.then("reviewed", date(2025, 3, 5), written=True)
    found = entries(story)
    assert (found["LINE"].organ, found["SHARE"].organ) == ("respondent", story.judged().case.head.organ)


def test_only_findings_that_the_named_organ_answers_for_count_against_it() -> None:
    for answers in (True, False):
        story = told(answers=answers).determined("confirmed", "review-first")
        found = entries(story)["NONE"]
        assert (found.organ, found.numerator, found.denominator) == ("respondent", int(not answers), 1)


def test_a_case_that_names_nobody_counts_for_nobody() -> None:
    story = Story(bundle(organs=NAMED, procedure=TELLING))
    story.then("opened", date(2025, 3, 3), technical=False, private=False)
    story.then("reviewed", date(2025, 3, 4), written=True)
    assert "LINE" not in entries(story)
    assert "NONE" not in entries(story)
