"""Every statutory period that the domain names is watched by a rule, or waits with its reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from core.rulebook.bundle import Bundle
from core.rulebook.deadlines import Listed, counts, listed
from core.rulebook.kinds.deadlines import DeadlinesDocument, DeadlineSpec
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from tests.unit.rulebook_kit import bundle, refused
from web.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]
DOMAIN = Path(os.environ.get("FAZHI_SHARED") or REPOSITORY.parent / "shared") / "domain" / "deadlines.yaml"
UNITS = {"calendar_day": "days", "working_day": "working_days", "month": "months", "year": "years", "hour": "hours",
         "minute": "minutes", "per_year": "years"}


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_rules([shipped_rules()])


@pytest.fixture(scope="module")
def entries(shipped: Bundle) -> tuple[Listed, ...]:
    return listed(shipped)


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    if not DOMAIN.is_file():
        (pytest.fail if "shared" in os.environ.get("FAZHI_REQUIRE", "") else pytest.skip)(f"no list in {DOMAIN}")
    return yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_187_periods_and_20_limits_of_the_domain_are_listed_once_each(
        domain: dict[str, Any], entries: tuple[Listed, ...]) -> None:
    periods = [entry.id for entry in entries if not entry.limit]
    assert sorted(periods) == sorted(entry["id"] for entry in domain["entries"])
    assert sorted(entry.id for entry in entries if entry.limit) == sorted(entry["id"] for entry in domain["limits"])
    assert (len(periods), len(entries)) == (187, 207)


def test_lengths_and_sources_are_those_of_the_domain(domain: dict[str, Any], shipped: Bundle) -> None:
    ours = specs(shipped)
    for entry in domain["entries"]:
        spec = ours[entry["id"]]
        assert (spec.sort, spec.law, spec.article) == (entry["kind"], entry["law"], str(entry["article"])), entry["id"]
        length = entry.get("length")
        if entry["kind"] == "fixed_date":
            assert spec.date == length, entry["id"]
        elif isinstance(length, int):
            assert spec.length is not None, entry["id"]
            assert [(unit.value, number) for unit, number in spec.length.given()] == [(UNITS[entry["unit"]], length)]
        else:
            assert spec.length is None, entry["id"]


def specs(shipped: Bundle) -> dict[str, DeadlineSpec]:
    documents = [loaded.document for loaded in shipped.documents("deadlines")]
    return {name: spec for document in documents if isinstance(document, DeadlinesDocument)
            for name, spec in document.deadlines.items()}


def test_each_entry_is_watched_by_rules_that_exist_or_waits_with_a_reason_in_both_languages(
        shipped: Bundle, entries: tuple[Listed, ...]) -> None:
    known = {rule.id for procedure in shipped.procedures for rule in shipped.rules(procedure)}
    for entry in entries:
        assert entry.running, f"{entry.id} names a procedure that nobody ships"
        assert set(entry.rules) <= known, entry.id
        assert bool(entry.rules) != (entry.reason is not None), entry.id
        if entry.reason is not None:
            assert entry.reason.to("en") != entry.reason.zh, entry.id


def test_all_periods_of_decisions_are_in_use(entries: tuple[Listed, ...]) -> None:
    decisions = [entry for entry in entries if entry.id.startswith("dec.")]
    assert len(decisions) == 10
    assert all(entry.rules for entry in decisions)


def test_the_counts_add_up(entries: tuple[Listed, ...]) -> None:
    found = counts(entries)
    assert sum(count.total for count in found) == len(entries)
    assert sum(number for count in found for _, number in count.waiting) == sum(1 for e in entries if e.reason)


LIST = """kind: deadlines
id: demo.deadlines
title: 清单
reasons: {later: 待补充}
deadlines:
  pen.publish: {title: 公开, law: 某法, article: "1", sort: max, %s}
"""


@pytest.mark.parametrize(("entry", "codes"), [
    ("length: {working_days: 7}, rules: demo.penalty/publish-in-time", []),
    ("waits: later", []),
    ("length: {working_days: 9}, rules: demo.penalty/publish-in-time", ["deadline-length"]),
    ("length: {days: 7}, rules: demo.penalty/publish-in-time", ["deadline-length"]),
    ("length: {days: 7}, rules: demo.penalty/publish-in-time, differs: 省级规定更短", []),
    ("rules: demo.penalty/publish-in-tim", ["rule-misspelt"]),
    ("rules: other.procedure/not-loaded-here", []),
    ("waits: latr", ["deadline-reason-misspelt"]),
    ("waits: later, rules: demo.penalty/publish-in-time", ["deadline-rule-or-waits"]),
    ("length: {days: 7}", ["deadline-rule-or-waits"]),
])
def test_a_reference_is_checked_for_existence_and_length(entry: str, codes: list[str]) -> None:
    assert refused(list=LIST % entry) == codes


def test_an_entry_may_be_listed_only_once() -> None:
    assert refused(a=LIST % "waits: later", b=LIST % "waits: later") == ["deadline-twice"]


def test_the_list_changes_no_verdict_and_so_not_the_bundle() -> None:
    assert bundle(list=LIST % "waits: later").hash == bundle().hash


def test_the_command_prints_what_is_in_use_and_what_waits_for_what(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    printed = CliRunner().invoke(main, ["rules", "deadlines"], catch_exceptions=False).output
    assert "重大行政决策相关期限：10 项，在用 10" in printed
    assert "期限 187 项：在用 " in printed
    in_english = CliRunner().invoke(main, ["--lang", "en", "rules", "deadlines", "--list"], catch_exceptions=False)
    assert "dec.consult  Public consultation on draft decision  decisions.decision/consultation-30-days" \
        in in_english.output
    monkeypatch.setenv("FAZHI_DISABLED_PLUGINS", "decisions")
    off = CliRunner().invoke(main, ["rules", "deadlines"], catch_exceptions=False)
    assert "重大行政决策相关期限：10 项，在用 0，子平台停用 10" in off.output
