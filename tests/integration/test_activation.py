"""A league's own threshold comes into force by two persons, without restart, and changes nobody else's verdicts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.errors import FazhiError
from core.ledger.intake import NewEvent
from core.rulebook.activation import Approver
from core.rulebook.documents import read_sources
from core.rulebook.load import load_sources
from scoring.models import FindingRow, VerdictRow
from tests.instance_kit import Clock, activation_of, add_organ, add_person, add_region, make_instance

RULES = """
kind: procedure
id: demo.permit
title: 许可
opens_with: [accepted]
closes_with: [closed]
stages: [{id: all, title: 全程, events: [accepted, published, closed]}]
events:
  accepted: {title: 受理, by: [case_handler]}
  published: {title: 公开, by: [case_handler]}
  closed: {title: 办结, by: [case_handler]}
"""
SUPERVISION = """
kind: supervision
procedure: demo.permit
rules:
  - id: publish-in-time
    title: 受理后及时公开
    basis: [{law: 政府信息公开条例, edition: 2019-04-03, article: "26"}]
    on: accepted
    followed_by: published
    within: {working_days: $days}
    params: {days: {value: 20, open_to: {level: league, may: lower, min: 5}}}
"""
OVERLAY = """
kind: overlay
region: "990900"
authority: {issuer: 演示盟行政公署, document: 演署发〔2026〕1号}
valid: {from: 2026-01-01}
set: {demo.permit/publish-in-time.days: %s}
"""
AUTHOR, APPROVER = Approver("author", "justice", "990000"), Approver("approver", "justice", "990000")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def instance(tmp_path: Path, clock: Clock):
    rules = tmp_path / "source" / "permit"
    rules.mkdir(parents=True)
    (rules / "procedure.yaml").write_text(RULES, encoding="utf-8")
    (rules / "supervision.yaml").write_text(SUPERVISION, encoding="utf-8")
    made = make_instance(tmp_path, clock, [rules])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("justice", "演示自治区司法厅", "990000", "region", "justice")
        add_person("author", "编制人", "justice", "rule_author")
        add_person("approver", "审批人", "justice", "rule_approver")
        for code, name in (("990900", "甲盟"), ("991000", "乙盟")):
            add_region(code, name, "league", "990000")
            add_organ(f"gov-{code}", f"{name}行政公署", code, "league")
            add_person(f"handler-{code}", "经办人", f"gov-{code}", "case_handler")
            made.recorder.open_case(
                CaseHead(f"case-{code}", "demo.permit", f"gov-{code}", code, title="许可"),
                NewEvent("accepted", datetime(2026, 6, 1, 1, tzinfo=UTC), actor=f"handler-{code}",
                         organ=f"gov-{code}"))
        yield made


def due_dates() -> dict[str, str]:
    return {row.case: row.due_date.isoformat() for row in VerdictRow.select()}


def candidate(instance, days: str):
    overlay = instance.settings.rules_dir / "regions" / "990900" / "permit.yaml"
    overlay.parent.mkdir(parents=True, exist_ok=True)
    overlay.write_text(OVERLAY % days, encoding="utf-8")
    sources = read_sources(instance.rule_folders)
    return load_sources(sources), sources


def test_a_leagues_threshold_changes_its_own_verdicts_and_nobody_elses_without_restart(instance, clock):
    assert due_dates() == {"case-990900": "2026-06-30", "case-991000": "2026-06-30"}
    bundle, sources = candidate(instance, "5")
    assert due_dates()["case-990900"] == "2026-06-30", "saving YAML alone changes nothing"
    outcome = activation_of(instance).propose(bundle, sources, AUTHOR, "演署发〔2026〕1号")
    assert (outcome.active, outcome.missing) == (False, 1)
    assert activation_of(instance).approve(outcome.bundle, APPROVER).active
    instance.worker.run_due()
    assert due_dates() == {"case-990900": "2026-06-08", "case-991000": "2026-06-30"}
    clock.moment = datetime(2026, 6, 8, 16, 1, tzinfo=UTC)
    from scoring.sweep import sweep
    sweep(instance.recorder, instance.now())
    assert [row.case for row in FindingRow.select()] == ["case-990900"]


def test_a_threshold_beyond_the_bound_is_refused_with_line_and_bound(instance):
    with pytest.raises(FazhiError) as refused:
        candidate(instance, "4")
    words = refused.value.render("zh")
    assert "permit.yaml:6:" in words
    assert "5" in words
    with pytest.raises(FazhiError):
        candidate(instance, "25")


def test_the_author_cannot_approve_alone(instance):
    bundle, sources = candidate(instance, "6")
    outcome = activation_of(instance).propose(bundle, sources, AUTHOR, "演署发〔2026〕1号")
    with pytest.raises(FazhiError) as refused:
        activation_of(instance).approve(outcome.bundle, AUTHOR)
    assert refused.value.problems[0].code == "second-person-needed"
    assert instance.bundles.current_hash() != outcome.bundle


def test_a_handler_may_neither_propose_nor_approve(instance):
    bundle, sources = candidate(instance, "6")
    with pytest.raises(FazhiError) as refused:
        activation_of(instance).propose(bundle, sources, Approver("handler-990900", "gov-990900", "990900"), "文号")
    assert refused.value.problems[0].code == "step-role-missing"
    assert activation_of(instance).open_proposal() is None


def test_another_process_follows_the_pointer_without_restart(instance, tmp_path):
    from core.rulebook.store import BundleStore
    other = BundleStore()
    before = other.current().hash
    bundle, sources = candidate(instance, "5")
    outcome = activation_of(instance).propose(bundle, sources, AUTHOR, "演署发〔2026〕1号")
    activation_of(instance).approve(outcome.bundle, APPROVER)
    assert other.current().hash == outcome.bundle != before
    assert other.get(before).hash == before


def test_a_leagues_author_changes_only_its_own_overlay(instance):
    from core.rulebook.activation import outside_territory
    current = instance.bundles.current()
    bundle, _ = candidate(instance, "6")
    assert outside_territory(current, bundle, "990900") == []
    assert [name.rpartition("/")[2] for name in outside_territory(current, bundle, "991000")] == ["permit.yaml"]
