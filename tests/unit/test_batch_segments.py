"""Segments of the ledger: written once, added to, read by ranges of cases, folded as the ledger folds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.case import CaseHead
from core.cases.fold import fold
from core.ledger.event import Event
from core.rulebook.model import EventType, Field, FieldType, Procedure
from core.text import Text
from scoring.batch.effective import effective
from scoring.batch.events import event_frame
from scoring.batch.rebuild import cases_of
from scoring.batch.segments import Segments, reading_of
from scoring.batch.series import place
from scoring.batch.steps import Steps
from scoring.batch.values import Sort, column, scalar, stored

FIELDS = {"n": Field("n", Text("数"), FieldType.INT), "fine": Field("fine", Text("罚款"), FieldType.DECIMAL),
          "tags": Field("tags", Text("标签"), FieldType.SET), "who": Field("who", Text("谁"), FieldType.STRING,
                                                                         personal=True)}
PROCEDURE = Procedure("p", Text("程序"), {name: EventType(name, Text(name), fields=FIELDS) for name in "ab"}, (),
                      ("a",), (), FIELDS)
NOON = datetime(2026, 5, 6, 4, tzinfo=UTC)


def event(case: str, seq: int, days: int = 0, **more: object) -> Event:
    at = NOON + timedelta(days=days)
    return Event(f"{case}/{seq}", case, seq, "a", at, at, "p1", "o1", **more)  # type: ignore[arg-type]


def frame(events: Sequence[Event], personal: bool = False) -> pl.DataFrame:
    return event_frame(events, PROCEDURE, {event.case_id: "150000" for event in events}, personal)


def append(segments: Segments, events: Sequence[Event]) -> None:
    rows = frame(events)
    segments.append(rows, rows.group_by("case").agg(pl.col("seq").max().alias("upto")))


@pytest.fixture
def segments(tmp_path: Path) -> Segments:
    return Segments(tmp_path, PROCEDURE)


def test_a_range_of_cases_is_read_from_all_segments_in_the_order_of_intake(segments: Segments) -> None:
    append(segments, [event("c1", 1, payload={"n": 1}), event("c1", 2), event("c3", 1)])
    append(segments, [event("c2", 1), event("c1", 3, payload={"fine": "0.5"})])
    ranges = segments.ranges(at_once=3)
    assert [(one.first, one.last, one.events) for one in ranges] == [("c1", "c1", 3), ("c2", "c3", 2)]
    assert segments.read(ranges[0])["id"].to_list() == ["c1/1", "c1/2", "c1/3"]
    assert segments.read(ranges[0])[column("fine", Sort.DECIMAL)].to_list() == [None, None, Decimal("0.5")]
    assert segments.read(ranges[1])["id"].to_list() == ["c2/1", "c3/1"]


def test_segments_remember_how_far_each_case_was_read(segments: Segments) -> None:
    assert segments.covered().height == 0
    append(segments, [event("c1", 1), event("c1", 2)])
    segments.append(frame([]), pl.DataFrame({"case": ["c1"], "upto": [5]}))  # only events of the platform since
    assert segments.covered().rows() == [("c1", 2, 5)]


def test_a_segment_whose_writing_was_broken_off_does_not_count(segments: Segments) -> None:
    append(segments, [event("c1", 1)])
    frame([event("c2", 1)]).write_parquet(segments.folder / "000001.events.parquet")
    assert [one.last for one in segments.ranges(10)] == ["c1"]
    append(segments, [event("c3", 1)])
    assert segments.read(segments.ranges(10)[0])["case"].to_list() == ["c1", "c3"]


def test_fields_of_another_type_are_kept_apart(tmp_path: Path) -> None:
    other = {"a": EventType("a", Text("a"), fields=FIELDS | {"n": Field("n", Text("数"), FieldType.STRING)})}
    changed = Procedure("p", Text("程序"), other, (), ("a",), (), FIELDS)
    renamed = Procedure("p", Text("换了名称的程序"), PROCEDURE.events, (), ("a",), (), FIELDS)
    assert reading_of(changed) != reading_of(PROCEDURE) == reading_of(renamed)


def test_events_of_the_platform_and_personal_values_stay_out_of_files() -> None:
    noted = frame([event("c1", 1, payload={"who": "张三", "n": 2}),
                   Event("f", "c1", 2, "finding.raised", NOON, NOON, "system:judge", "o")])
    assert noted["id"].to_list() == ["c1/1"]
    assert column("who", Sort.TEXT) not in noted.columns
    assert column("who", Sort.TEXT) in frame([event("c1", 1, payload={"who": "张三"})], personal=True).columns


def test_corrections_stand_in_their_targets_places_and_keep_their_roots() -> None:
    events = [event("c1", 1), event("c1", 2, days=3), event("c1", 3, days=1, corrects="c1/2"),
              event("c1", 4, days=2, corrects="c1/3"), event("c1", 5, days=5),
              event("c1", 6, days=5, corrects="c1/5", void=True)]
    found = effective(frame(events), PROCEDURE.timezone)
    assert found.select("id", "root").rows() == [("c1/1", "c1/1"), ("c1/4", "c1/2")]
    before = effective(frame(events), PROCEDURE.timezone, recorded_by=NOON + timedelta(days=2))
    assert before.select("id", "root").rows() == [("c1/1", "c1/1"), ("c1/3", "c1/3")]


def test_cases_are_put_together_again_as_the_ledger_folds_them() -> None:
    events = [event("c1", 1, payload={"n": 1, "tags": ("x", "y")}), event("c1", 2, 1, payload={"fine": "2.50"}),
              event("c1", 3, 2, payload={"n": 3}, corrects="c1/1", precision="date"),
              event("c2", 1, payload={"n": 2**70, "fine": "1e40"})]
    steps = Steps(effective(frame(events), PROCEDURE.timezone), PROCEDURE)
    for number, case in cases_of(steps, [0, 1]).items():
        name = f"c{number + 1}"
        folded = fold(CaseHead(name, "p", "", ""), PROCEDURE, [one for one in events if one.case_id == name])
        assert [(step.index, step.type, step.date, step.fields, step.state, step.root.id, step.event.precision)
                for step in case.steps] == [
            (step.index, step.type, step.date, step.fields, step.state, step.root.id, step.event.precision)
            for step in folded.steps]


@pytest.mark.parametrize("value", [
    True, 7, -(2**63), Decimal("0.000000000001"), Decimal("-12345678901234567890.5"), "甲", date(2026, 5, 6),
    frozenset({"x", "y"}), frozenset(), Decimal("1E-13"), Decimal("9E+30"), datetime(2026, 5, 6, 9, 30),
])
def test_values_come_back_from_their_columns_as_they_were(value: object) -> None:
    kept = stored(value, ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]
    assert kept is not None
    assert scalar(*kept) == value


@given(st.lists(st.integers(-5, 40)).map(sorted), st.lists(st.integers(-10, 45)), st.sampled_from(["left", "right"]))
def test_places_in_sorted_values_are_the_same_merged_or_searched(values: list[int], bounds: list[int],
                                                                 side: str) -> None:
    known, asked = pl.Series(values, dtype=pl.Int64), pl.Series(sorted(bounds), dtype=pl.Int64)
    assert place(known, asked, side).to_list() == known.search_sorted(asked, side=side).to_list()  # type: ignore[arg-type]
