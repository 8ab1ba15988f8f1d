"""Regions: the shipped list is complete, loading repeats without harm, mistakes are located."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from organs_kit import REGIONS

from core.database import connect, database
from core.errors import FazhiError
from core.organs.models import MODELS, Region, RegionAlias
from core.organs.regions import ancestors, contains, level_of, load_regions, read_regions, shipped_regions, territory
from core.organs.vocabulary import RegionLevel


@pytest.fixture
def _database():
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables(MODELS)
        yield


def test_inner_mongolia_has_12_leagues_and_103_counties():
    (file,) = shipped_regions()
    levels = [level_of(region.code) for region in file.regions]
    assert levels.count(RegionLevel.REGION) == 1
    assert levels.count(RegionLevel.LEAGUE) == 12
    assert levels.count(RegionLevel.COUNTY) == 103


def test_the_counties_are_of_the_official_kinds():
    (file,) = shipped_regions()
    kinds = [region.kind for region in file.regions if level_of(region.code) is RegionLevel.COUNTY]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "district": 23, "banner": 49, "county": 17, "county_city": 11, "autonomous_banner": 3}


def test_every_shipped_region_has_a_chinese_and_an_english_name_and_its_doubts_are_kept():
    (file,) = shipped_regions()
    assert all(region.name and region.english for region in file.regions)
    assert any("尚未核对" in note for note in file.notes)
    assert not file.fictional


@pytest.mark.usefixtures("_database")
def test_loading_again_changes_nothing_and_renames_what_was_renamed():
    assert load_regions(shipped_regions()) == load_regions(shipped_regions()) == 116
    assert Region.select().count() == 116
    assert Region.get_by_id("150902").parent_id == "150900"
    assert RegionAlias.get_by_id("150172").within_id == "150100"
    load_regions([read_regions(REGIONS, "r.yaml")])
    load_regions([read_regions(REGIONS.replace("甲旗", "甲县"), "r.yaml")])
    assert Region.get_by_id("990121").name == "甲县"


@pytest.mark.usefixtures("_database")
def test_a_fictional_region_with_townships_loads_the_same_way(tmp_path):
    path = tmp_path / "regions.yaml"
    path.write_text(REGIONS, encoding="utf-8")
    assert load_regions([path]) == 5
    assert Region.get_by_id("990121001").level == "township"
    assert read_regions(REGIONS, "r.yaml").fictional


def test_a_code_tells_its_line_of_ancestors():
    assert ancestors("150902") == ("150000", "150900", "150902")
    assert ancestors("150000") == ("150000",)
    assert ancestors("990121001") == ("990000", "990100", "990121", "990121001")
    assert contains("150900", "150902")
    assert not contains("150902", "150900")


@given(st.integers(10, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 999), st.integers(10, 99))
def test_a_territory_holds_exactly_the_codes_whose_line_runs_through_it(first, second, third, fourth, other):
    code = f"{first:02}{second:02}{third if second else 0:02}" + (f"{fourth:03}" if fourth and second and third else "")
    for outer in (*ancestors(code), f"{other}0000", f"{first:02}{other:02}00"):
        low, high = territory(outer)
        assert (low <= code <= high) == contains(outer, code)


@pytest.mark.parametrize("code", ["", "15", "15090", "1509021", "A50000", "000000", "150902000", "１５０９０２"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(FazhiError) as caught:
        level_of(code)
    assert caught.value.problems[0].code == "region-code-malformed"


@pytest.mark.parametrize(("wrong", "right", "code", "line"), [
    ('"990122"', '"990121"', "region-code-twice", 14),
    ('"990122"', '"150122"', "region-outside-parent", 14),
    ('"990122"', "990122", "region-text-expected", 14),
    ('"990122"', '"99012"', "region-code-malformed", 14),
    ("kind: league", "kind: leage", "region-kind-unknown", 11),
    ("zh: 乙旗, ", "", "region-key-missing", 14),
    ("zh: 乙旗", "cn: 乙旗", "region-key-unknown", 14),
    ('within: "990100"', 'within: "990300"', "region-unknown", 16),
    ("kind: regions", "kind: region", "region-file-kind", 2),
])
def test_a_mistake_in_the_file_is_located(wrong, right, code, line):
    assert REGIONS.count(wrong) == 1
    with pytest.raises(FazhiError) as caught:
        read_regions(REGIONS.replace(wrong, right), "regions.yaml")
    found = {(problem.code, problem.at.line) for problem in caught.value.problems}
    assert (code, line) in found
    assert all(problem.message("zh") and problem.fix("en") for problem in caught.value.problems)


@pytest.mark.usefixtures("_database")
def test_townships_of_a_county_that_is_there_already_are_added_by_a_file_of_their_own():
    load_regions(shipped_regions())
    more = 'kind: regions\nregions:\n  - {code: "150902001", zh: 演示街道, kind: subdistrict}\n'
    load_regions([read_regions(more, "townships.yaml")])
    assert Region.get_by_id("150902001").parent_id == "150902"
