"""The case as folded: corrections in place, order by day and intake, values in today's types."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.cases.fold import fold, parse_value, typed
from core.ledger.event import Event
from core.rulebook.model import FieldType
from tests.ledger_kit import MATTER, PROCEDURES, head

DAY = datetime(2026, 5, 3, 16, tzinfo=UTC)


def event(seq: int, days: int, *, corrects: int | None = None, void: bool = False, type_: str = "noted",
          **payload: str) -> Event:
    when = DAY + timedelta(days=days)
    return Event(f"e{seq}", "case-1", seq, type_, when, when, "zhang", "organ-1", payload,
                 corrects=None if corrects is None else f"e{corrects}", void=void)


def order(*events: Event, **limits: datetime) -> list[str]:
    return [step.event.id for step in fold(head(), PROCEDURES[MATTER], events, **limits).steps]


def test_steps_stand_by_the_day_they_happened_then_by_intake() -> None:
    assert order(event(1, 0), event(2, 3), event(3, 1), event(4, 3)) == ["e1", "e3", "e2", "e4"]


def test_a_correction_stands_where_the_first_record_stood_even_after_several() -> None:
    events = [event(1, 0), event(2, 1), event(3, 1), event(4, 1, corrects=2), event(5, 1, corrects=4)]
    assert order(*events) == ["e1", "e5", "e3"]
    assert order(*events, event(6, 1, corrects=5, void=True)) == ["e1", "e3"]
    step = fold(head(), PROCEDURES[MATTER], events).steps[1]
    assert step.root.id == "e2"


def test_a_correction_may_move_a_step_to_another_day() -> None:
    assert order(event(1, 0), event(2, 1), event(3, 2), event(4, 3, corrects=2)) == ["e1", "e3", "e4"]


def test_what_happened_or_was_recorded_later_is_not_there_yet() -> None:
    events = [event(1, 0), event(2, 5), replace(event(3, 1), recorded_at=DAY + timedelta(days=9))]
    assert order(*events, as_of=DAY + timedelta(days=5)) == ["e1", "e3"]
    assert order(*events, recorded_by=DAY + timedelta(days=8)) == ["e1", "e2"]


def test_the_order_of_reading_does_not_matter() -> None:
    events = [event(1, 0), event(2, 3), event(3, 1), event(4, 3, corrects=3), event(5, 3)]
    expected = order(*events)
    for seed in range(20):
        random.Random(seed).shuffle(events)
        assert order(*events) == expected


def test_attributes_keep_their_last_value_and_platform_events_are_no_steps() -> None:
    case = fold(head(), PROCEDURES[MATTER], [
        event(1, 0, type_="filed", kind="a"), event(2, 1, amount="1.50"), event(3, 2, type_="finding.raised")])
    assert case.state == {"kind": "a", "amount": Decimal("1.50")}
    assert case.steps[0].state == {"kind": "a"}
    assert [one.id for one in case.platform_events] == ["e3"]
    assert case.last_seq == 3


def test_a_value_that_no_longer_fits_its_field_is_unknown() -> None:
    fields = PROCEDURES[MATTER].events["noted"].fields
    assert typed({"amount": "一百", "on": True, "count": "3", "urgent": 1, "tags": ("x",), "gone": ("a",)}, fields) == {
        "tags": frozenset({"x"}), "gone": frozenset({"a"})}


@pytest.mark.parametrize(("kind", "stored", "value"), [
    (FieldType.BOOL, True, True), (FieldType.INT, 3, 3), (FieldType.DECIMAL, "1.50", Decimal("1.50")),
    (FieldType.DECIMAL, 2, Decimal(2)), (FieldType.DATE, "2026-05-04", date(2026, 5, 4)),
    (FieldType.DATETIME, "2026-05-04T01:00:00.000000Z", datetime(2026, 5, 4, 1, tzinfo=UTC)),
    (FieldType.SET, ("a", "b"), frozenset("ab")), (FieldType.ENUM, "a", "a"), (FieldType.PERSON, "li", "li"),
])
def test_stored_values_become_typed(kind: FieldType, stored: object, value: object) -> None:
    assert parse_value(stored, kind) == value  # type: ignore[arg-type]
