"""The demonstration generator: invented, marked, and the same for the same seed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from core.instance import LOCAL_TIME
from core.ledger.event import MaterialRef
from core.materials.store import Stored
from core.organs.regions import shipped_regions
from core.organs.uscc import is_valid
from core.organs.vocabulary import OrganKind, RegionLevel
from core.rulebook.bundle import Bundle
from core.rulebook.load import load_rules
from core.rulebook.model import MaterialRequirement
from core.rulebook.paths import shipped_rules
from core.text import Text
from plugins.decisions.demo.materials import MARK, Samples, pdf
from plugins.decisions.demo.pen import Pen
from plugins.decisions.demo.story import tell
from plugins.decisions.demo.subject import Subject
from plugins.decisions.demo.words import departments
from web.demo.region import GOVERNMENT, JUSTICE, DemoRegion, plan_region

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = NOW.astimezone(LOCAL_TIME).date()


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_rules([shipped_rules() / "decisions", shipped_rules() / "platform", shipped_rules() / "calendars"])


@pytest.fixture(scope="module")
def region() -> DemoRegion:
    return plan_region(Random(1))


def told(bundle: Bundle, region: DemoRegion, seed: int) -> Pen:
    """One decision of some government, told with this seed."""
    rng = Random(seed)
    organ = rng.choice([organ for organ in region.organs if organ.line == GOVERNMENT])
    samples = Samples((Stored("0" * 64, 1, "text/plain", "a.txt"),))
    pen = Pen(rng, bundle.procedures["decisions.decision"], bundle.calendar(organ.region), samples, organ,
              region.reviewer_of(organ), date(2025, 6, 3))
    matter = rng.choice(rng.choice(departments()).matters)
    tell(pen, Subject(matter.named(organ.place, rng), matter, "演示〔2025〕1号", "1", date(2025, 3, 3), organ.id))
    return pen


def test_the_region_has_three_levels_and_some_hundreds_of_organs(region: DemoRegion) -> None:
    assert {organ.level for organ in region.organs} == {
        RegionLevel.REGION, RegionLevel.LEAGUE, RegionLevel.COUNTY}
    assert 200 <= len(region.organs) <= 500
    assert {organ.region for organ in region.organs if organ.line == JUSTICE} == {
        entry.code for entry in region.regions}


def test_no_real_place_is_named(region: DemoRegion) -> None:
    real = {entry.name for file in shipped_regions() for entry in file.regions}
    assert all(entry.code.startswith("99") for entry in region.regions)
    assert not real & {entry.name for entry in region.regions}


def test_every_organ_has_a_wellformed_code_and_its_government(region: DemoRegion) -> None:
    codes = [organ.id for organ in region.organs]
    assert len(codes) == len(set(codes))
    assert all(is_valid(code) for code in codes)
    for organ in region.organs:
        assert (organ.government is None) == (organ.kind in (OrganKind.GOVERNMENT, OrganKind.DISPATCHED_OFFICE))


def test_a_government_has_its_drafts_reviewed_by_the_justice_department(region: DemoRegion) -> None:
    government = next(organ for organ in region.organs if organ.line == GOVERNMENT)
    assert region.reviewer_of(government).line == JUSTICE


def test_the_same_seed_tells_the_same_story(bundle: Bundle, region: DemoRegion) -> None:
    assert told(bundle, region, 7).steps == told(bundle, region, 7).steps
    assert told(bundle, region, 7).steps != told(bundle, region, 8).steps


@pytest.mark.parametrize("seed", range(40))
def test_a_story_begins_with_its_proposal_and_is_recorded_after_it_happened(bundle: Bundle, region: DemoRegion,
                                                                            seed: int) -> None:
    events = told(bundle, region, seed).until(TODAY, LOCAL_TIME, NOW)
    assert events[0].type == "proposal_submitted"
    days = [event.occurred_at for event in events]
    records = [event.recorded_at for event in events if event.recorded_at]
    assert days == sorted(days)
    assert len(records) == len(events)
    assert records == sorted(records)
    for day, record in zip(days, records, strict=True):
        assert day <= record.astimezone(LOCAL_TIME).date()
        assert record <= NOW


def test_a_story_stops_at_the_present_day(bundle: Bundle, region: DemoRegion) -> None:
    pen = told(bundle, region, 3)
    until = [event.type for event in pen.until(date(2025, 7, 1), LOCAL_TIME, NOW)]
    assert 0 < len(until) < len(pen.steps)
    assert "archived" not in until


def test_files_are_marked_as_demonstration_data() -> None:
    file = pdf([MARK, "报告"])
    assert file.startswith(b"%PDF-")
    assert "演示数据".encode("utf-16-be").hex().encode() in file
    requirement = MaterialRequirement("draft", Text("决策草案"))
    answer: MaterialRef = Samples((Stored("0" * 64, 9, "application/pdf", "报告.pdf"),)).answer(requirement, Random(1))
    assert answer.name == "决策草案（演示数据）.pdf"
    assert answer.requirement == "draft"


def test_titles_are_varied(region: DemoRegion) -> None:
    rng = Random(5)
    titles = {matter.named("上坪县", rng) for department in departments() for matter in department.matters
              for _ in range(5)}
    assert len(titles) > 100
    assert all("{" not in title for title in titles)
