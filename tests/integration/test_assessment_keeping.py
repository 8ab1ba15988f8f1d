"""Scores of organs follow what is recorded: at once, for the organ and its government, and exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.organs.models import Organ, Region
from scoring.assessment.keeping import refresh
from scoring.assessment.models import OrganScoreRow, ScoreDayRow
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
    assert score("a-gov").due - with_time.due == Decimal("20.00")  # LIMIT is overdue now, MANY has its first case
