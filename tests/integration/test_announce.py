"""A recorded step moves the scores of its organ and regions at once, and a failing observer loses no step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.database import database
from core.ledger.models import OutboxRow
from core.ledger.reader import case_ids, events_of
from plugins.decisions.demo.generate import generate
from scoring.models import DirtyUnit, UnitScore
from tests.instance_kit import make_instance


@pytest.fixture
def instance(tmp_path):
    made = make_instance(tmp_path)
    with database.connection_context():
        yield made


def test_after_a_recording_nothing_waits_to_be_renewed(instance):
    generate(instance, seed=7, cases=10)
    assert UnitScore.select().count() > 0
    assert DirtyUnit.select().count() == 0
    assert OutboxRow.select().where(OutboxRow.delivered_at.is_null()).count() == 0


def test_an_observer_that_fails_does_not_undo_the_step(instance, caplog):
    generate(instance, seed=7, cases=3)
    case = case_ids()[0]

    def broken() -> None:
        raise RuntimeError("消息服务不可用")

    before = len(events_of(case))
    replace(instance.recorder, after_commit=broken).rejudge([case])
    assert len(events_of(case)) == before
    assert "消息服务不可用" in caplog.text
