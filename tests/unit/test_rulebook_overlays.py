"""Regions change what their parents opened, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.effective import added_rules, effective
from tests.unit.rulebook_kit import bundle, overlay, refused

KEY = "demo.penalty/publish-in-time.days"
LEAGUE, COUNTY, NEIGHBOUR = "150900", "150902", "150600"
DAY = date(2026, 6, 1)


def shared(open_to: str = "", value: str = "value: 10") -> str:
    opened = f", open_to: {open_to}" if open_to else ""
    return f"kind: parameters\nid: demo.shared\nprocedure: demo.penalty\nparameters: {{limit: {{{value}{opened}}}}}\n"


def days(made: Bundle, region: str, day: date = DAY) -> int | None:
    rule = made.rule("demo.penalty/publish-in-time", day, region)
    assert rule is not None
    return rule.within.length if rule.within else None


def set_to(value: object, key: str = KEY) -> str:
    return f"set: {{{key}: {value}}}"


def test_a_leagues_value_counts_there_and_below_and_nowhere_else() -> None:
    made = bundle(o=overlay(LEAGUE, set_to(5)))
    assert [days(made, region) for region in (LEAGUE, COUNTY, NEIGHBOUR, "150000", "")] == [5, 5, 7, 7, 7]


def test_a_value_counts_from_its_first_to_its_last_day() -> None:
    made = bundle(o=overlay(LEAGUE, set_to(5), until="2026-06-30"))
    around = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [days(made, LEAGUE, day) for day in around] == [7, 5, 5, 7]
    versions = [rule.valid for rule in made.rules("demo.penalty", LEAGUE) if rule.local_id == "publish-in-time"]
    assert [(v.start, v.end) for v in versions] == [
        (None, date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), None)]


def test_rules_that_a_region_does_not_touch_are_the_same_objects() -> None:
    made = bundle(o=overlay(LEAGUE, set_to(5)))
    assert made.rules("demo.penalty", LEAGUE)[0] is made.rules("demo.penalty")[0]


def test_the_parent_comes_before_the_child() -> None:
    opened = "{level: county, may: lower, min: 2}"
    base = {"p": shared(opened), "league": overlay(LEAGUE, set_to(8, "demo.shared.limit"))}
    made = bundle(**base, county=overlay(COUNTY, set_to(6, "demo.shared.limit")))
    found = {region: next(v.value for v in made.parameters(region, DAY) if v.key == "demo.shared.limit")
             for region in ("", LEAGUE, COUNTY, "150921")}
    assert found == {"": 10, LEAGUE: 8, COUNTY: 6, "150921": 8}
    assert refused(**base, county=overlay(COUNTY, set_to(9, "demo.shared.limit"))) == ["setting-not-lower"]


def test_a_child_is_checked_on_every_date_against_what_its_parent_then_has() -> None:
    opened = "{level: county, may: lower, min: 2}"
    county = overlay(COUNTY, set_to(9, "demo.shared.limit"))
    later = overlay(LEAGUE, set_to(8, "demo.shared.limit"), since="2026-09-01")
    assert refused(p=shared(opened), county=county) == []
    assert refused(p=shared(opened), county=county, league=later) == ["setting-not-lower"]


def test_a_parent_may_narrow_or_close_what_is_below_it() -> None:
    opened = "{level: county, may: lower, min: 2}"
    county = overlay(COUNTY, set_to(4, "demo.shared.limit"))
    narrow = "{value: 8, open_to: {level: county, may: lower, min: 5}}"
    for value, codes in (("8", []), ("{value: 8, closed: true}", ["setting-closed"]),
                         (narrow, ["setting-out-of-bounds"]),
                         ("{value: 8, open_to: {level: county, may: any, min: 5}}", ["opening-wider"]),
                         ("{value: 8, open_to: {level: league, may: lower, min: 5}}", ["setting-level"])):
        league = overlay(LEAGUE, set_to(value, "demo.shared.limit"))
        assert refused(p=shared(opened), league=league, county=county) == codes, value


@pytest.mark.parametrize(("may", "value", "code"), [
    ("raise", 12, None), ("raise", 9, "setting-not-raise"), ("raise", 10, None),
    ("lower", 9, None), ("lower", 12, "setting-not-lower"), ("any", 3, None), ("any", 20, None),
    ("any", 2, "setting-out-of-bounds"), ("any", 21, "setting-out-of-bounds"), ("any", '"10"', "setting-type"),
])
def test_direction_and_bounds_hold_at_their_edges(may: str, value: object, code: str | None) -> None:
    opened = f"{{level: league, may: {may}, min: 3, max: 20}}"
    found = refused(p=shared(opened), o=overlay(LEAGUE, set_to(value, "demo.shared.limit")))
    assert found == ([code] if code else [])


def test_what_nobody_opened_stays_closed_to_every_level() -> None:
    for region in ("150000", LEAGUE, COUNTY):
        assert refused(p=shared(), o=overlay(region, set_to(9, "demo.shared.limit"))) == ["setting-closed"]


def test_a_partys_statutory_period_may_only_grow() -> None:
    for may, codes in (("lower", ["party-period-opened"]), ("any", ["party-period-opened"]), ("raise", [])):
        value = f"value: 7, statutory_party_period: true, open_to: {{level: league, may: {may}}}"
        assert refused(p=shared(value=value)) == codes


def test_dates_resolve_before_regions() -> None:
    values = "values: [{value: 10}, {from: 2026-07-01, value: 6}]"
    opened = "{level: league, may: lower}"
    o = overlay(LEAGUE, set_to(8, "demo.shared.limit"), until="2026-06-30")
    made = bundle(p=shared(opened, values), o=o)
    found = [next(v.value for v in made.parameters(LEAGUE, day) if v.key == "demo.shared.limit")
             for day in (date(2025, 1, 1), date(2026, 3, 1), date(2026, 8, 1))]
    assert found == [10, 8, 6]
    # 8 is no lowering once the base itself has come down to 6
    assert refused(p=shared(opened, values), o=overlay(LEAGUE, set_to(8, "demo.shared.limit"))) == ["setting-not-lower"]


def test_each_effective_value_names_its_origin() -> None:
    made = bundle(o=overlay(LEAGUE, set_to(5)))
    league = {value.key: value for value in effective(made, COUNTY, DAY)}[KEY]
    assert (league.value, league.base, league.changed, league.region) == (5, 7, True, LEAGUE)
    assert league.origin == "o.yaml:5"
    assert league.document == "某司法局 某司发〔2026〕1号"
    base = {value.key: value for value in effective(made, NEIGHBOUR, DAY)}[KEY]
    assert (base.value, base.changed, base.origin, base.document) == (7, False, "supervision.yaml:17", None)
    rule = made.rule("demo.penalty/publish-in-time", DAY, LEAGUE)
    assert rule is not None
    assert rule.origin["p.days"] == "o.yaml:5"
    assert rule.origin["file"] == "supervision.yaml"


ADDED = """add:
  - id: 150900-close-in-time
    procedure: demo.penalty
    title: 按期结案
    basis: [{law: 某市办法, article: 9}]
    on: case_filed
    followed_by: case_closed
    within: {days: $days}
    params: {days: {value: 60, open_to: {level: county, may: lower}}}"""


def test_a_region_adds_rules_of_its_own_that_its_counties_may_tighten() -> None:
    made = bundle(o=overlay(LEAGUE, ADDED),
                  c=overlay(COUNTY, set_to(45, "demo.penalty/150900-close-in-time.days")))
    found = {region: next((r.within.length for r in made.rules("demo.penalty", region)
                           if r.within and r.local_id == "150900-close-in-time" and DAY in r.valid), None)
             for region in ("", "150000", NEIGHBOUR, LEAGUE, COUNTY)}
    assert found == {"": None, "150000": None, NEIGHBOUR: None, LEAGUE: 60, COUNTY: 45}
    assert [rule.region for rule in added_rules(made, COUNTY, DAY)] == [LEAGUE]
    assert added_rules(made, COUNTY, date(2025, 1, 1)) == ()


def test_no_region_may_change_a_rule_of_a_neighbour() -> None:
    codes = refused(o=overlay(LEAGUE, ADDED),
                    n=overlay("150602", set_to(45, "demo.penalty/150900-close-in-time.days")))
    assert codes == ["setting-foreign"]


def test_an_added_rule_reads_like_any_other_and_is_checked_like_one() -> None:
    assert refused(o=overlay(LEAGUE, ADDED.replace("case_closed", "case_close"))) == ["event-misspelt"]
    assert refused(o=overlay(LEAGUE, ADDED.replace("150900-close", "150600-close"))) == ["added-rule-id"]


def test_a_regions_own_holiday_is_no_working_day_there() -> None:
    calendar = ("kind: calendar\nid: cn-2026\nyear: 2026\nsource: 国务院办公厅关于2026年部分节假日安排的通知\n"
                "holidays: [2026-01-01]\n")
    made = bundle(cal=calendar, o=overlay("150000", "holidays: [{from: 2026-08-11, name: 那达慕}]"))
    naadam = date(2026, 8, 11)
    assert not made.calendar(LEAGUE).is_working_day(naadam)
    assert made.calendar("110000").is_working_day(naadam)
    assert made.calendar().is_working_day(naadam)


def test_an_overlay_changes_the_hash() -> None:
    assert len({bundle().hash, bundle(o=overlay(LEAGUE, set_to(5))).hash, bundle(o=overlay(LEAGUE, set_to(4))).hash,
                bundle(o=overlay(NEIGHBOUR, set_to(5))).hash}) == 4
