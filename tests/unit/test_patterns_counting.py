"""Patterns across cases: what counts together, what an episode is, and what a rule author is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FazhiError, Problem
from core.rulebook.load import load_rules
from core.rulebook.model import Level, Period, Unit
from core.rulebook.paths import shipped_rules
from core.rulebook.patterns import COUNTED, NUMBERS, SUPERVISION
from scoring.engine.reference import Reference
from scoring.life import Life
from scoring.patterns.counting import Counted, first_day, joined_windows, numbers_of, windows
from scoring.patterns.episodes import Change, Standing, changes, episodes
from scoring.ruletests.runner import run_tests
from tests.patterns_kit import PATTERNS, PLATFORM
from tests.scoring_kit import rulebook

START = date(2025, 1, 1)
YEAR = Period(365, Unit.DAYS)


def problem_of(old: str, new: str) -> Problem:
    assert old in PATTERNS
    with pytest.raises(FazhiError) as caught:
        rulebook(patterns=PATTERNS.replace(old, new), platform=PLATFORM)
    assert len(caught.value.problems) == 1, caught.value.render()
    return caught.value.problems[0]


def finding(number: int, day: int, **values: object) -> Counted:
    on = START + timedelta(days=day)
    return replace(Counted(f"f{number:03}", f"case-{number}", "a-gov", "a-gov", "zhang", "990121", "p/r", "R",
                           Level.RED, Life.RAISED, datetime.combine(on, time(4), UTC), on), **values)  # type: ignore[arg-type]


def at_days(*days: int) -> list[Counted]:
    return [finding(number, day) for number, day in enumerate(days)]


def three(numbers: object) -> bool:
    return numbers["count"] >= 3  # type: ignore[index, no-any-return]


def named(found: list[Change]) -> list[tuple[str | None, list[str] | None]]:
    return [(change.corrects, None if change.episode is None else [one.id for one in change.episode.last])
            for change in found]


within = st.none() | st.builds(Period, st.integers(0, 400), st.just(Unit.DAYS)) | st.builds(
    Period, st.integers(0, 30), st.just(Unit.MONTHS)) | st.builds(Period, st.integers(0, 3), st.just(Unit.YEARS))


@settings(max_examples=300, deadline=None)
@given(days=st.lists(st.integers(0, 900), max_size=25), period=within)
def test_durable_rules_puts_together_what_the_definition_puts_together(days: list[int], period: Period | None) -> None:
    found = at_days(*sorted(days))
    assert joined_windows(found, period) == windows(found, period)


def test_more_findings_than_can_be_joined_are_counted_all_the_same() -> None:
    found = at_days(*range(500))
    assert joined_windows(found, Period(10, Unit.DAYS)) == windows(found, Period(10, Unit.DAYS))


@pytest.mark.parametrize(("last", "period", "first"), [
    ("2026-03-31", Period(1, Unit.DAYS), "2026-03-31"), ("2026-03-31", Period(365, Unit.DAYS), "2025-04-01"),
    ("2026-03-31", Period(1, Unit.MONTHS), "2026-03-01"), ("2026-05-31", Period(3, Unit.MONTHS), "2026-03-01"),
    ("2028-02-29", Period(1, Unit.YEARS), "2027-03-01"), ("2026-01-15", Period(12, Unit.MONTHS), "2025-01-16"),
    ("0001-01-05", Period(30, Unit.DAYS), "0001-01-01"), ("0002-01-05", Period(9, Unit.YEARS), "0001-01-01"),
])
def test_the_stretch_of_time_ends_with_the_last_finding(last: str, period: Period, first: str) -> None:
    assert first_day(date.fromisoformat(last), period).isoformat() == first


def test_numbers_of_nothing_are_all_there_and_zero() -> None:
    assert numbers_of([]) == dict.fromkeys(NUMBERS, 0)
    several = [finding(1, 0), finding(2, 1, level=Level.BLUE, person="li", status=Life.CURED),
               finding(3, 2, case="case-1")]
    assert numbers_of(several) == {"count": 3, "red": 2, "orange": 0, "yellow": 0, "blue": 1, "confirmed": 1,
                                   "cases": 2, "rules": 1, "people": 2}


def test_three_in_a_year_are_an_episode_whenever_they_are_looked_at() -> None:
    assert episodes(at_days(0, 200, 400), YEAR, three, windows) == []
    (only,) = episodes(at_days(0, 200, 364), YEAR, three, windows)
    assert [one.id for one in only.last] == ["f000", "f001", "f002"]


def test_an_episode_goes_on_while_its_findings_are_shared() -> None:
    (only,) = episodes(at_days(0, 100, 200, 420), YEAR, three, windows)
    assert [one.id for one in only.last] == ["f001", "f002", "f003"]
    assert only.earlier == ("f000",)
    assert len(episodes(at_days(0, 1, 2, 800, 801, 802), YEAR, three, windows)) == 2


def test_a_fourth_finding_changes_the_count_that_nobody_has_determined() -> None:
    standing = [Standing("e1", frozenset({"f000", "f001", "f002"}), Life.RAISED)]
    assert named(list(changes(at_days(0, 1, 2, 3), standing, YEAR, three, windows))) == [
        ("e1", ["f000", "f001", "f002", "f003"])]


def test_what_a_person_determined_is_used_up() -> None:
    for status in (Life.CONFIRMED, Life.CURED, Life.DISMISSED):
        standing = [Standing("e1", frozenset({"f000", "f001", "f002"}), status)]
        assert named(list(changes(at_days(0, 1, 2, 3, 4), standing, YEAR, three, windows))) == []
        assert named(list(changes(at_days(0, 1, 2, 3, 4, 5), standing, YEAR, three, windows))) == [
            (None, ["f003", "f004", "f005"])]


def test_an_episode_falls_with_its_findings_unless_a_person_dismissed_it_before() -> None:
    def fallen(status: Life) -> list[tuple[str | None, list[str] | None]]:
        standing = [Standing("e1", frozenset({"f000", "f001", "f002"}), status)]
        return named(list(changes(at_days(0, 1), standing, YEAR, three, windows)))

    assert fallen(Life.RAISED) == fallen(Life.CONFIRMED) == [("e1", None)]
    assert fallen(Life.DISMISSED) == []


@settings(max_examples=200, deadline=None)
@given(days=st.lists(st.integers(0, 900), max_size=20), period=within)
def test_recording_what_changed_leaves_nothing_to_record(days: list[int], period: Period | None) -> None:
    found = at_days(*sorted(days))
    first = list(changes(found, [], period, three, windows))
    standing = [Standing(f"e{n}", change.episode.ids, Life.RAISED) for n, change in enumerate(first) if change.episode]
    again = list(changes(found, standing, period, three, windows))
    assert [(change.corrects, change.episode) for change in again] == [
        (f"e{n}", change.episode) for n, change in enumerate(first)]


def test_the_recorded_step_has_a_field_for_every_number() -> None:
    bundle = rulebook(patterns=PATTERNS, platform=PLATFORM)
    fields = bundle.procedures[SUPERVISION].events[COUNTED].fields
    for name, number in NUMBERS.items():
        assert (fields[name].title, fields[name].type) == (number.title, number.type)


def test_a_pattern_becomes_a_rule_that_judges_its_count_and_reads_as_a_sentence() -> None:
    bundle = rulebook(patterns=PATTERNS, platform=PLATFORM)
    first, second = bundle.patterns()
    assert (first.rule.id, second.rule.id) == (f"{SUPERVISION}/thrice", f"{SUPERVISION}/escalated")
    assert first.rule in bundle.rules(SUPERVISION)
    assert first.rule.condition is not None
    assert "问题个数" in first.rule.condition.sentence("zh")
    assert (first.met({**dict.fromkeys(NUMBERS, 0), "count": 3}), first.met(dict.fromkeys(NUMBERS, 0))) == (True, False)


def test_patterns_are_ordered_by_what_they_count_however_they_are_written() -> None:
    text = PATTERNS.replace("patterns: [thrice]", "patterns: [zz]").replace("id: thrice", "id: zz")
    head, _, rest = text.partition("  - id: zz")
    one, _, other = rest.partition("  - id: escalated")
    swapped = f"{head}  - id: escalated{other}  - id: zz{one}"
    found = rulebook(patterns=swapped, platform=PLATFORM).patterns()
    assert [pattern.local_id for pattern in found] == ["zz", "escalated"]


@pytest.mark.parametrize(("old", "new", "code", "words"), [
    ("patterns: [thrice]", "patterns: [thirce]", "pattern-misspelt", ["thirce", "thrice"]),
    ("patterns: [thrice]", "patterns: [escalated]", "pattern-circle", ["escalated", "删去一个名字"]),
    ("levels: [orange, red]", "patterns: [escalated]", "pattern-circle", ["绕一圈"]),
    ("levels: [orange, red]", "rules: [test.matter/review-frist]", "rule-misspelt", ["review-first"]),
    ("levels: [orange, red]", "codes: [T-REVEIW]", "code-misspelt", ["T-REVIEW"]),
    ("levels: [orange, red]", "levels: [purple]", "value-not-allowed", ["purple"]),
    ("{days: 365}", "{working_days: 365}", "pattern-window-unit", ["working_days", "{days: 365}"]),
    ("k.count >= p.times", "k.cuont >= p.times", "expression-unknown-name", ["k.cuont", "count"]),
    ("k.count >= p.times", "k.count >= p.tmies", "parameter-misspelt", ["times"]),
    ("k.count >= p.times", "k.count - 3 < p.times", "pattern-met-by-nothing", ["k.count >= 3"]),
    ("keyed_by: organ\n    same", "keyed_by: county\n    same", "value-not-allowed", ["organ", "person"]),
    ("{patterns: [thrice]", "{patterns: [thrice], procedures: [test.matter]", "pattern-two-sorts", ["只留一种"]),
])
def test_what_is_wrong_with_a_pattern_is_said_at_its_place(old: str, new: str, code: str, words: list[str]) -> None:
    problem = problem_of(old, new)
    assert problem.code == code
    assert problem.at is not None
    assert problem.at.line > 1
    for word in words:
        assert word in problem.render("zh")
    assert problem.render("en")


def test_rules_with_patterns_can_be_looked_at_without_the_platforms_own_procedures() -> None:
    bundle = load_rules([shipped_rules() / "decisions", shipped_rules() / "calendars"])
    assert [pattern.local_id for pattern in bundle.patterns()] == ["decisions-same-red-rule", "decisions-same-person"]
    assert run_tests(bundle, Reference()).misses == []
