"""Two bundles are compared by what they decide, region by region."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.rulebook.bundle import Bundle
from scoring.impact import Differences, differences
from scoring.impact.meaning import Alike, digest
from tests.unit.rulebook_kit import bundle, overlay, sources

LEAGUE, COUNTY, NEIGHBOUR = "150900", "150902", "150600"
KEY = "demo.penalty/publish-in-time.days"
PROCEDURE = "demo.penalty"
CALENDAR = ("kind: calendar\nid: cn-{0}\nyear: {0}\nsource: 通知\nholidays: [{0}-01-01]\n")


def changed(name: str, old: str, new: str) -> Bundle:
    """The base with one passage of one file replaced."""
    text = sources()[name]
    assert old in text
    return bundle(**{name: text.replace(old, new)})


def found(candidate: Bundle, current: Bundle | None = None) -> Differences:
    return differences(current or bundle(), candidate)


def parameters(candidate: Bundle, current: Bundle | None = None) -> list[tuple[Any, ...]]:
    return [(each.key, each.region, each.before, each.after, each.valid.start, each.valid.end)
            for each in found(candidate, current).parameters]


def test_a_bundle_is_like_itself_loaded_again() -> None:
    assert not found(bundle())
    assert Alike(bundle(), bundle())(PROCEDURE, LEAGUE)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("supervision", "title: 处罚决定按期公示", "title: 处罚决定应当按期公示"),
    ("supervision", "article: 48", "article: 49"),
    ("supervision", "kind: supervision", "# 说明\nkind: supervision"),
    ("procedure", "title: 举行听证", "title: 召开听证会"),
])
def test_words_and_citations_decide_nothing(name: str, old: str, new: str) -> None:
    candidate = changed(name, old, new)
    assert not found(candidate)
    assert Alike(bundle(), candidate)(PROCEDURE, LEAGUE)


@pytest.mark.parametrize(("name", "old", "new", "sorts"), [
    ("supervision", "level: red", "level: orange", {"rule"}),
    ("supervision", "only_after: legal_review_passed", "also_requires: legal_review_passed", {"rule"}),
    ("supervision", "only_after: case_filed", "each_after_a_new: case_filed", {"rule"}),
    ("checklist", "c.hearing_held, points: 3", "c.hearing_held, points: 2", {"checklist"}),
    ("scheme", "rules: [review-first]", "rules: [publish-in-time]", {"scheme"}),
    ("procedure", 'decimal("10000", "yuan")', 'decimal("20000", "yuan")', {"procedure", "rule"}),
])
def test_whatever_decides_is_found(name: str, old: str, new: str, sorts: set[str]) -> None:
    candidate = changed(name, old, new)
    assert {each.sort for each in found(candidate).content} == sorts, "a changed fact changes the rules that read it"
    assert not Alike(bundle(), candidate)(PROCEDURE, LEAGUE)


def test_an_overlay_concerns_its_region_and_what_lies_below() -> None:
    candidate = bundle(o=overlay(LEAGUE, f"set: {{{KEY}: 5}}"))
    alike = Alike(bundle(), candidate)
    assert [alike(PROCEDURE, region) for region in (LEAGUE, COUNTY, NEIGHBOUR, "150000")] == [False, False, True, True]
    assert parameters(candidate) == [(KEY, LEAGUE, 7, 5, date(2026, 1, 1), None)]


def test_an_overlay_for_a_time_is_listed_with_its_days() -> None:
    candidate = bundle(o=overlay(LEAGUE, f"set: {{{KEY}: 5}}", until="2026-06-30"))
    assert parameters(candidate) == [(KEY, LEAGUE, 7, 5, date(2026, 1, 1), date(2026, 6, 30))]


def test_a_change_of_the_base_is_listed_once_and_again_only_where_it_means_something_else() -> None:
    league = overlay(LEAGUE, f"set: {{{KEY}: 5}}")
    base = sources()["supervision"].replace("value: 7, open_to", "value: 9, open_to")
    listed = parameters(bundle(supervision=base, o=league), bundle(o=league))
    assert listed == [(KEY, "", 7, 9, None, None), (KEY, LEAGUE, 7, 9, None, date(2025, 12, 31))], \
        "the league has its own value from 2026 on"


def test_a_taken_back_overlay_shows_the_base_value_again() -> None:
    current = bundle(o=overlay(LEAGUE, f"set: {{{KEY}: 5}}"))
    assert parameters(bundle(), current) == [(KEY, LEAGUE, 5, 7, date(2026, 1, 1), None)]


def test_a_rule_that_a_region_adds_is_that_regions_alone() -> None:
    added = """add:
  - id: 150900-close-in-time
    procedure: demo.penalty
    title: 按期结案
    basis: [{law: 某市办法, article: 9}]
    on: case_filed
    followed_by: case_closed
    within: {days: $days}
    params: {days: {value: 60, open_to: {level: county, may: lower}}}"""
    listed = found(bundle(o=overlay(LEAGUE, added)))
    assert [(each.how, each.sort, each.region) for each in listed.content] == [("added", "rule", LEAGUE)]
    assert [(each.region, each.before, each.after) for each in listed.parameters] == [(LEAGUE, None, 60)]


def test_a_new_notice_concerns_every_region_and_is_listed_once() -> None:
    current = bundle(cal=CALENDAR.format(2026), o=overlay(LEAGUE, "holidays: [2026-08-11]"))
    candidate = bundle(cal=CALENDAR.format(2026), o=overlay(LEAGUE, "holidays: [2026-08-11]"), n=CALENDAR.format(2027))
    listed = found(candidate, current).calendars
    assert [(each.region, each.year, each.how, each.off) for each in listed] == [
        ("", 2027, "added", (date(2027, 1, 1),))]
    assert not Alike(current, candidate)(PROCEDURE, NEIGHBOUR)


def test_a_working_holiday_is_told_from_a_day_off() -> None:
    text = CALENDAR.format(2026)
    listed = found(bundle(cal=text.replace("holidays: [2026-01-01]", "workdays: [2026-02-14]")), bundle(cal=text))
    (change,) = listed.calendars
    assert (change.how, change.off, change.on) == ("changed", (), (date(2026, 1, 1), date(2026, 2, 14)))


def test_equal_numbers_written_otherwise_mean_the_same() -> None:
    from decimal import Decimal
    assert digest({"a": Decimal("1.50")}) == digest({"a": Decimal("1.5")})
    assert digest({"a": 1}) != digest({"a": True})
    assert digest(("1",)) != digest((1,))
