"""The rules that come with the platform, and the schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from core.rulebook.bundle import Bundle
from core.rulebook.kinds import KINDS
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from core.rulebook.schema import combined_schema, kind_schema, schema_text


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_rules([shipped_rules()])


def test_the_shipped_rules_load_and_name_their_files(shipped: Bundle) -> None:
    assert "calendars/cn-2026.yaml" in {name.partition("/")[2] for name in shipped.sources}
    assert all(len(digest) == 64 for digest in shipped.sources.values())
    assert shipped.hash == load_rules([shipped_rules()]).hash


@pytest.mark.parametrize(("day", "working"), [
    ("2019-05-03", False), ("2019-05-05", True), ("2020-01-31", False), ("2020-10-08", False), ("2021-02-20", True),
    ("2022-10-08", True), ("2023-09-29", False), ("2024-02-18", True), ("2025-10-08", False), ("2025-10-11", True),
    ("2026-02-15", False), ("2026-02-28", True), ("2026-10-07", False), ("2026-10-10", True), ("2026-10-12", True),
])
def test_working_days_follow_the_notices(shipped: Bundle, day: str, working: bool) -> None:
    assert shipped.calendar().is_working_day(date.fromisoformat(day)) is working


def test_each_year_has_about_250_working_days(shipped: Bundle) -> None:
    calendar = shipped.calendar()
    for year in range(2019, 2027):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        assert 245 <= sum(map(calendar.is_working_day, days)) <= 252


def test_a_year_without_notice_is_provisional(shipped: Bundle) -> None:
    calendar = shipped.calendar()
    assert not calendar.provisional(date(2026, 12, 31))
    assert calendar.provisional(date(2027, 1, 4))
    assert calendar.provisional(date(2018, 12, 31))


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_the_schema_covers_every_kind_and_every_reference_leads_somewhere() -> None:
    schema = combined_schema()
    assert schema["properties"]["kind"]["enum"] == list(KINDS)
    for part in parts(schema):
        reference = part.get("$ref")
        if isinstance(reference, str):
            assert reference.removeprefix("#/$defs/") in schema["$defs"]
    assert json.loads(schema_text()) == schema


@pytest.mark.parametrize("name", KINDS)
def test_every_key_of_a_kind_is_explained_in_chinese(name: str) -> None:
    schema = kind_schema(KINDS[name])
    for part in parts(schema):
        for key, described in part.get("properties", {}).items():
            words = described.get("description", "")
            assert any("\u4e00" <= sign <= "\u9fff" for sign in words), f"{name}: {key}"


def test_the_schema_refuses_unknown_keys_as_the_loader_does() -> None:
    assert kind_schema(KINDS["supervision"])["$defs"]["RuleSpec"]["additionalProperties"] is False
