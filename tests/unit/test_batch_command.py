"""``fazhi batch`` as an administrator runs it at night: quiet agreement, and failure by name on a difference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cases.case import CaseHead
from core.database import database
from core.ledger.intake import NewEvent
from scoring.models import VerdictRow
from tests.instance_kit import add_organ, add_person, add_region, make_instance
from web.cli import main
from web.main import utc_now

COMPLAINT = """kind: procedure
id: demo.complaint
title: 投诉
opens_with: [received]
closes_with: [answered]
stages: [{id: all, title: 全程, events: [received, answered]}]
events:
  received: {title: 收到投诉, by: [case_handler]}
  answered: {title: 答复, by: [case_handler]}
"""
RULES = """kind: supervision
procedure: demo.complaint
title: 投诉监督规则
rules:
  - id: answer-in-time
    title: 十日内答复
    basis: [{law: 投诉办法, article: "5"}]
    on: received
    followed_by: answered
    within: {days: 10}
"""


@pytest.fixture
def fazhi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """An instance with one complaint that was never answered."""
    folder = tmp_path / "complaint"
    folder.mkdir()
    (folder / "procedure.yaml").write_text(COMPLAINT, encoding="utf-8")
    (folder / "rules.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    instance = make_instance(tmp_path / "home", utc_now, [folder])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("bureau", "云岭市城管局", "990000", "region", "department")
        add_person("handler", "经办", "bureau", "case_handler")
        instance.recorder.open_case(
            CaseHead("complaint-1", "demo.complaint", "bureau", "990000", title="投诉"),
            NewEvent("received", date(2026, 3, 2), {}, actor="handler", organ="bureau"))
    return lambda *words: CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_agreement_is_reported_procedure_by_procedure(fazhi: Callable[..., Result]) -> None:
    result = fazhi("batch")
    assert result.exit_code == 0, result.output
    assert "demo.complaint：1 件、1 步、1 条判定，出入 0 条" in result.output
    assert "decisions.decision：0 件" in result.output
    assert "出入 0 条" in fazhi("batch", "--procedure", "demo.complaint", "--as-of", "2026-03-05").output


def test_a_difference_is_printed_and_fails_the_command(fazhi: Callable[..., Result]) -> None:
    with database.connection_context():
        assert VerdictRow.update(state="fulfilled").where(VerdictRow.case == "complaint-1").execute() == 1
    result = fazhi("--lang", "en", "batch", "--procedure", "demo.complaint")
    assert result.exit_code == 1
    assert "Case complaint-1, rule demo.complaint/answer-in-time" in result.output
    assert "live says state=fulfilled, batch says state=violated" in result.output


def test_an_unknown_procedure_is_named(fazhi: Callable[..., Result]) -> None:
    result = fazhi("batch", "--procedure", "demo.complain")
    assert result.exit_code != 0
    assert "demo.complain" in result.output
