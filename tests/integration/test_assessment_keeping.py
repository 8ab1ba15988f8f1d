"""Scores of organs follow what is recorded: at once, for the organ and its government, and exactly."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import FazhiError
from core.ledger.signing import SigningKey
from core.organs.models import Organ, Region
from scoring.assessment.distance import to_full_marks
from scoring.assessment.explain import explain_organ
from scoring.assessment.history import organ_as_of, rebuild_entries
from scoring.assessment.keeping import World, refresh
from scoring.assessment.models import EntryRow, OrganScoreRow, ScoreDayRow
from scoring.assessment.queries import cases_behind, line_of, organ_detail, ranking, regions, trend, unsupplied
from scoring.assessment.receipts import About, organ_receipt
from scoring.assessment.release import publish_year, read_archive
from scoring.sweep import sweep
from tests.assessment_kit import bundle
from tests.scoring_kit import NOTICE, Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(f"sqlite:///{tmp_path}/a.db") as made:
        made.bundles.bundle = bundle()
        for code, name, level, parent in (("990000", "某区", "region", None), ("990100", "某市", "league", "990000"),
                                          ("990121", "某县", "county", "990100")):
            Region.create(code=code, name=name, level=level, parent=parent)
        Organ.create(id="gov", name="某县人民政府", region="990121", level="county", kind="government")
        Organ.create(id="a-gov", name="某局", region="990121", level="county", kind="department", government="gov")
        yield made


def score(organ: str) -> OrganScoreRow:
    return OrganScoreRow.get(organ=organ, year=2025)


def test_a_recorded_step_changes_the_score_of_the_organ_and_of_its_government(desk: Desk) -> None:
    desk.clock.set(date(2025, 5, 2))
    desk.open(technical=False, private=False)
    desk.record("consulted", date(2025, 3, 4), materials=(NOTICE,), days=31, replies=12)
    desk.record("reviewed", date(2025, 4, 1), lawful=True, written=True)
    desk.record("decided", date(2025, 4, 7))
    refresh(desk.bundles.current(), desk.clock())
    before = score("a-gov")
    # EX 10, SHARE 0 of 20, LINE 10, NONE 10, MANY 12/30 of 10; DAY 0 of 10, LIMIT 0 of 10 (due 17 April),
    # OFTEN: the first quarter ended without, the second has one: 1/2
    assert before.earned == Decimal("39.00")
    assert before.due == Decimal("90.00")
    desk.record("published", date(2025, 4, 14), channel="web")
    refresh(desk.bundles.current(), desk.clock())
    # SHARE 20, LIMIT 10 (in time); DAY: thirteen days late, still 0
    assert score("a-gov").earned == Decimal("69.00")
    # the government has no cases of its own; LINE looks at what it governs. Of A remain EX, LINE, MANY at 20.00 each,
    # LINE with full marks and the others not due yet; of B remain DAY 13.34 (missed), OFTEN and AWAY (no data)
    government = score("gov")
    assert (government.earned, government.due) == (Decimal("20.00"), Decimal("33.34"))
    assert ScoreDayRow.get(organ="a-gov").day == date(2025, 5, 2)


def test_what_falls_due_counts_from_the_day_after(desk: Desk) -> None:
    desk.clock.set(date(2025, 4, 17))
    desk.open(technical=False, private=False)
    desk.record("decided", date(2025, 4, 7))
    refresh(desk.bundles.current(), desk.clock())
    with_time = score("a-gov")
    desk.clock.set(date(2025, 4, 18))
    desk.record("consulted", date(2025, 4, 18), materials=(NOTICE,), days=31, replies=0)
    refresh(desk.bundles.current(), desk.clock())
    # before: LINE and LIMIT did not apply and MANY was not due; now LIMIT is overdue and MANY has its first case
    assert (with_time.due, score("a-gov").due) == (Decimal("74.67"), Decimal("90.00"))


def test_a_deadline_that_passes_turns_the_score_at_the_next_sweep(desk: Desk) -> None:
    desk.clock.set(date(2025, 4, 14))
    desk.open(technical=False, private=False)
    desk.record("decided", date(2025, 4, 7))
    refresh(desk.bundles.current(), desk.clock())
    before = score("a-gov")
    assert sweep(desk.recorder, desk.clock()).raised == 0
    desk.clock.set(date(2025, 4, 18), 1)
    assert sweep(desk.recorder, desk.clock()).raised > 0
    assert refresh(desk.bundles.current(), desk.clock()) == 2  # the organ and its government, nobody else
    # LIMIT: overdue since midnight; the finding on the late publication puts points at risk
    assert score("a-gov").due > before.due
    assert score("a-gov").at_risk > before.at_risk


def test_what_pages_read_agrees_with_what_was_kept(desk: Desk) -> None:
    desk.clock.set(date(2025, 5, 2))
    for number, published in (("1", True), ("2", False)):
        desk.open(f"case-{number}", technical=False, private=False)
        desk.record("decided", date(2025, 4, 7), f"case-{number}")
        if published:
            desk.record("published", date(2025, 4, 14), f"case-{number}", channel="web")
    refresh(desk.bundles.current(), desk.clock())
    found = organ_detail(desk.bundles.current(), "test.organs", 2025, "a-gov", date(2025, 5, 2))
    assert found is not None
    line = line_of("test.organs", 2025, "a-gov")
    assert line is not None
    assert (line.score, line.earned, line.due) == (found.score, found.earned, found.due)
    lost = cases_behind(found, "SHARE", only="lost")
    assert [case.case for case in lost.items] == ["case-2"]
    assert cases_behind(found, "SHARE").total == 2
    best = to_full_marks(found)[0]
    assert (best.leaf, best.needed) == ("SHARE", Decimal(1))  # one more published: 2 of 2 reaches the first step
    assert [case.case for case in best.cases] == ["case-2"]
    assert [duty.rule for duty in best.duties if duty.case == "case-2"] == ["test.matter/publish-in-time"]
    assert [line.rank for line in ranking("test.organs", 2025, "county", "department")] == [1]
    assert [each.leaf for each in unsupplied(found.scheme)] == ["AWAY"]
    assert regions("test.organs", 2025, "990100")[0].organs == 2
    assert trend("test.organs", 2025, "a-gov", "month")[-1].score == found.score


def test_a_score_as_of_an_earlier_day_comes_from_the_ledger_and_replays(desk: Desk) -> None:
    desk.clock.set(date(2025, 4, 10))
    desk.open(technical=False, private=False)
    desk.record("decided", date(2025, 4, 7))
    refresh(desk.bundles.current(), desk.clock())
    then = line_of("test.organs", 2025, "a-gov")
    desk.clock.set(date(2025, 4, 10), 13)
    receipt = organ_receipt(desk.bundles.current(), About("test.organs", 2025, "a-gov"), desk.clock())
    desk.replayer.make_whole(receipt, "publication")
    desk.clock.set(date(2025, 5, 2))
    desk.record("published", date(2025, 4, 14), channel="web")
    refresh(desk.bundles.current(), desk.clock())
    world = World.load()
    again = organ_as_of(desk.bundles.current(), "test.organs", 2025, world.places["a-gov"], world, date(2025, 4, 10))
    assert again is not None
    assert then is not None
    assert again[0].score == then.score
    assert receipt.body["result"]["score"] == str(then.score)
    assert line_of("test.organs", 2025, "a-gov") != then
    assert desk.replayer.replay(receipt.key.id).same


def test_an_organs_score_is_explained_in_words_down_to_its_cases(desk: Desk) -> None:
    desk.clock.set(date(2025, 5, 2))
    desk.open(technical=False, private=False)
    desk.record("decided", date(2025, 4, 7))
    world = World.load()
    found = organ_as_of(desk.bundles.current(), "test.organs", 2025, world.places["a-gov"], world, date(2025, 5, 2))
    assert found is not None
    whole = "\n".join(explain_organ(*found, world))
    assert str(found[0].score) in whole
    assert "某局" in whole
    share = "\n".join(explain_organ(*found, world, "SHARE"))
    assert "0.00/" in share
    assert "事项: " in share
    with pytest.raises(FazhiError, match="explain-unknown"):
        explain_organ(*found, world, "NOWHERE")


def test_entries_rebuilt_from_the_ledger_are_the_ones_that_were_kept(desk: Desk) -> None:
    desk.clock.set(date(2025, 5, 2))
    desk.open(technical=False, private=False)
    desk.record("consulted", date(2025, 3, 4), materials=(NOTICE,), days=20, replies=12)
    desk.record("decided", date(2025, 4, 7))
    kept = entries()
    assert rebuild_entries(desk.bundles.current()) == 1
    assert entries() == kept


def entries() -> list[tuple[object, ...]]:
    return sorted(EntryRow.select(EntryRow.case, EntryRow.leaf, EntryRow.day, EntryRow.numerator,
                                  EntryRow.then_numerator).tuples())


def test_a_published_year_is_frozen_and_its_archive_shows_any_change(desk: Desk, tmp_path: Path) -> None:
    desk.clock.set(date(2026, 1, 5))
    desk.open(technical=False, private=False)
    desk.record("decided", date(2025, 4, 7))
    refresh(desk.bundles.current(), desk.clock())
    before = score("a-gov").score
    desk.clock.set(date(2026, 1, 5), 13)
    key = SigningKey.load_or_create(tmp_path / "key.pem")
    release = publish_year(desk.bundles.current(), "test.organs", 2025, "chief", desk.clock(), tmp_path, key)
    archive = read_archive(tmp_path / release.file, key.public)
    assert {each["body"]["subject"] for each in archive.receipts} == {"test.organs|2025|a-gov", "test.organs|2025|gov"}
    assert all(desk.replayer.replay(each["receipt"]).same for each in archive.receipts)
    desk.record("published", date(2025, 4, 14), channel="web")
    refresh(desk.bundles.current(), desk.clock())
    assert score("a-gov").score == before
    with pytest.raises(FazhiError, match="已经公布并冻结"):
        publish_year(desk.bundles.current(), "test.organs", 2025, "chief", desk.clock(), tmp_path, key)
    text = gzip.decompress((tmp_path / release.file).read_bytes()).decode()
    (tmp_path / "forged.gz").write_bytes(gzip.compress(text.replace('"score":"', '"score":"9', 1).encode()))
    with pytest.raises(FazhiError, match="核对不上"):
        read_archive(tmp_path / "forged.gz", key.public)
