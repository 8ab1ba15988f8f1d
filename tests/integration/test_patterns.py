"""Findings of many cases add up: counted after commit, raised on the organ's supervision case, explained, replayed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.database import connect, database
from core.judge import PlatformEvent
from core.ledger.models import MODELS as LEDGER_TABLES
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.ledger.recorder import AnyoneMayRecord, Recorder
from core.ledger.verify import verify
from core.organs.models import MODELS as ORGAN_TABLES
from core.rulebook.patterns import SUPERVISION
from scoring.announce import announce
from scoring.engine.live import Live
from scoring.engine.reference import Reference
from scoring.explain import explain
from scoring.findings import Findings
from scoring.judge import CaseJudge
from scoring.models import MODELS as SCORING_TABLES
from scoring.models import FindingRow, ReceiptRow
from scoring.patterns.counting import joined_windows, windows
from scoring.patterns.watch import Watch, counted_ids
from scoring.replay import Replayer
from tests.patterns_kit import PATTERNS, PLATFORM
from tests.scoring_kit import Bundles, Clock, Desk, rulebook, step

BY_PERSON = """
  - id: same-hand
    title: {zh: 同一人员两次, en: Twice by one person}
    basis: [{law: 测试条例, article: "42"}]
    keyed_by: person
    counts: {findings: {codes: [T-CONSULT], within: {months: 6}}}
    when: k.count >= 2
    level: yellow
"""


class World(Desk):
    """A desk whose commits are followed by the second evaluation, as in an instance."""

    watch: Watch

    def short(self, number: int, on: date, organ: str = "a-gov", actor: str = "zhang") -> str:
        """A case with a consultation that was too short: one orange finding."""
        case_id = f"case-{number}"
        self.open(case_id, organ, on=on)
        self.recorder.record(case_id, step("consulted", on, actor=actor, organ=organ, days=10))
        row: Any = FindingRow.get((FindingRow.case == case_id) & (FindingRow.code == "T-CONSULT"))
        return str(row.id)

    def say(self, finding: str, what: str) -> None:
        """A supervisor determines a finding."""
        row: Any = FindingRow.get(FindingRow.id == finding)
        event = PlatformEvent(f"finding.{what}", {"finding": finding, "reason": "查明"}, self.clock())
        self.recorder.record_platform(row.case, event, "supervisor", "justice")

    def raised(self, pattern: str) -> list[Any]:
        return list(FindingRow.select().where(FindingRow.rule == f"{SUPERVISION}/{pattern}").order_by(
            FindingRow.raised_at, FindingRow.id))

    def statuses(self, pattern: str) -> list[str]:
        return [row.status for row in self.raised(pattern)]


@pytest.fixture(params=["live", "reference", pytest.param("postgresql", marks=pytest.mark.services)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    live = request.param != "reference"
    served = request.param == "postgresql"
    connect(request.getfixturevalue("postgres_database") if served else f"sqlite:///{tmp_path / 'patterns.db'}")
    with database.connection_context():
        database.create_tables([*LEDGER_TABLES, *ORGAN_TABLES, *SCORING_TABLES])
        evaluator = Live() if live else Reference()
        clock, bundles = Clock(), Bundles(rulebook(patterns=PATTERNS + BY_PERSON, platform=PLATFORM))
        judge = CaseJudge(bundles, evaluator)
        plain = Recorder(bundles, judge, AnyoneMayRecord(), clock)
        watch = Watch(plain, joined_windows if live else windows)
        recorder = Recorder(bundles, judge, AnyoneMayRecord(), clock,
                            after_commit=lambda: announce(clock(), watch.after))
        replayer = Replayer(bundles, evaluator)
        desk = World(clock, bundles, judge, recorder, replayer, Findings(recorder, replayer))
        desk.watch = watch
        yield desk


def test_the_third_violation_of_one_rule_within_a_year_is_raised_against_the_organ(world: World) -> None:
    world.short(1, date(2025, 1, 10))
    world.short(2, date(2025, 4, 10))
    world.short(3, date(2025, 5, 10), organ="b-gov")
    assert world.raised("thrice") == []
    third = world.short(4, date(2025, 9, 10))
    (row,) = world.raised("thrice")
    assert (row.organ, row.level, row.status, row.case) == ("a-gov", "red", "raised", "supervision-a-gov")
    assert row.raised_at.date() == date(2025, 9, 9)  # the local day of the third, in UTC
    counted = next(event for event in events_of("supervision-a-gov") if event.payload.get("pattern") == "thrice")
    assert (counted.payload["count"], counted.actor) == (3, "system:patterns")
    assert third in counted_ids(counted.payload)
    assert verify().ok


def test_violations_that_lie_more_than_a_year_apart_do_not_add_up(world: World) -> None:
    for number, day in enumerate((date(2024, 1, 10), date(2024, 6, 10), date(2025, 3, 10))):
        world.short(number, day)
    assert world.raised("thrice") == []


def test_a_violation_recorded_late_still_counts_on_its_own_day(world: World) -> None:
    for number, day in enumerate((date(2025, 9, 10), date(2025, 1, 10), date(2025, 4, 10))):
        world.short(number, day)
    assert world.statuses("thrice") == ["raised"]


def test_a_dismissed_finding_takes_the_escalation_with_it(world: World) -> None:
    found = [world.short(number, date(2025, 3, number + 1)) for number in range(3)]
    world.say(found[0], "dismissed")
    assert world.statuses("thrice") == ["withdrawn"]
    world.short(9, date(2025, 3, 20))
    assert "raised" in world.statuses("thrice")


def test_a_fourth_violation_changes_the_count_and_not_the_finding(world: World) -> None:
    for number in range(4):
        world.short(number, date(2025, 3, number + 1))
    (row,) = world.raised("thrice")
    receipt: Any = ReceiptRow.select().where(ReceiptRow.subject.startswith("supervision-a-gov|")).first()
    assert receipt is not None
    assert world.replayer.replay(receipt.id).same
    text = "\n".join(explain(world.replayer.judgement("supervision-a-gov", world.clock()), row.rule))
    assert "问题个数" in text
    assert "4" in text


def test_what_a_person_determined_is_not_counted_again(world: World) -> None:
    for number in range(3):
        world.short(number, date(2025, 3, number + 1))
    world.say(world.raised("thrice")[0].id, "confirmed")
    world.short(4, date(2025, 3, 10))
    world.short(5, date(2025, 3, 11))
    assert world.statuses("thrice") == ["confirmed"]
    world.short(6, date(2025, 3, 12))
    assert world.statuses("thrice") == ["confirmed", "raised"]


def test_a_pattern_counts_the_findings_of_another(world: World) -> None:
    for number in range(6):
        world.short(number, date(2025, 3, number + 1))
        if number in (2, 5):
            world.say(world.raised("thrice")[-1].id, "confirmed")
    assert world.statuses("thrice") == ["confirmed", "confirmed"]
    (row,) = world.raised("escalated")
    assert (row.organ, row.status) == ("a-gov", "raised")


def test_one_person_is_followed_across_cases(world: World) -> None:
    world.short(1, date(2025, 1, 10), actor="li")
    world.short(2, date(2025, 2, 10), actor="wang")
    assert world.raised("same-hand") == []
    world.short(3, date(2025, 3, 10), actor="li")
    assert world.statuses("same-hand") == ["raised"]
    assert events_of("supervision-a-gov")[-2].payload["subject"] == "li"


def test_a_person_who_acts_for_another_organ_than_the_cases_is_followed_too(world: World) -> None:
    for number, organ in enumerate(("a-gov", "c-gov")):
        day = date(2025, 2, 10 + number)
        world.open(f"case-{number}", organ, on=day)
        world.recorder.record(f"case-{number}", step("consulted", day, actor="sun", organ="bureau", days=10))
    (row,) = world.raised("same-hand")
    assert (row.case, row.organ) == ("supervision-bureau", "bureau")


def test_counting_again_records_nothing_new(world: World) -> None:
    for number in range(4):
        world.short(number, date(2025, 3, number + 1))
    before: Any = CaseRow.get(CaseRow.id == "supervision-a-gov")
    assert world.watch.everyone() == 0
    after: Any = CaseRow.get(CaseRow.id == "supervision-a-gov")
    assert before.head_hash == after.head_hash


def test_findings_that_were_there_before_the_pattern_are_counted_when_everyone_is(world: World) -> None:
    world.bundles.bundle = rulebook(platform=PLATFORM)
    for number in range(3):
        world.short(number, date(2025, 3, number + 1))
    assert world.raised("thrice") == []
    world.bundles.bundle = rulebook(patterns=PATTERNS + BY_PERSON, platform=PLATFORM)
    assert world.watch.everyone() > 0
    assert world.statuses("thrice") == ["raised"]
