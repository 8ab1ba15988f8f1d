"""The same code on PostgreSQL and Redis, by settings alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.backup.making import backup
from core.backup.manifest import Places
from core.backup.restoring import restore
from core.database import connect, database
from core.errors import FazhiError
from core.extension.manager import load_plugins
from core.jobs.models import JobRow
from core.ledger.damage import Damage, Kind, Report
from core.ledger.models import CaseRow, EventRow
from core.ledger.verify import verify
from plugins.decisions.demo.generate import generate
from scoring.aggregate import refresh
from scoring.engine.live import Live
from scoring.models import FindingRow, ReceiptRow, UnitScore, VerdictRow
from scoring.replay import Replayer
from tests.instance_kit import make_instance, settings_in
from web.main import build, owners_of

pytestmark = pytest.mark.services
PROJECTIONS = (CaseRow, EventRow, VerdictRow, FindingRow, UnitScore)


def counts() -> list[int]:
    return [table.select().count() for table in PROJECTIONS]


def test_receipts_of_sqlite_are_replayed_bit_for_bit_on_postgresql(tmp_path: Path, postgres_database: str):
    first = make_instance(tmp_path / "first")
    with database.connection_context():
        generate(first, seed=3, cases=40)
        refresh()
        before = counts()
        ranking = sorted((row.unit, row.year, str(row.score)) for row in UnitScore.select())
        backup(tmp_path / "saved", Places.under(tmp_path / "first"))
    settings = settings_in(tmp_path / "second", postgres_database)
    settings.home.mkdir()
    restore(tmp_path / "saved", Places.under(settings.home), postgres_database, owners_of(load_plugins()),
            settings.signing_key)
    second = build(settings, first.now)
    with database.connection_context():
        assert counts() == before
        assert sorted((row.unit, row.year, str(row.score)) for row in UnitScore.select()) == ranking
        replayer = Replayer(second.bundles, Live())
        kept = [row.id for row in ReceiptRow.select(ReceiptRow.id).where(ReceiptRow.kind != "unit").limit(150)]
        assert len(kept) == 150
        assert [receipt for receipt in kept if not replayer.replay(receipt).same] == []
        assert verify().ok


def test_a_restore_that_fails_leaves_an_empty_database_for_the_next_attempt(tmp_path: Path, postgres_database: str):
    first = make_instance(tmp_path / "first")
    with database.connection_context():
        generate(first, seed=3, cases=3)
        before = counts()
        backup(tmp_path / "saved", Places.under(tmp_path / "first"))
    settings = settings_in(tmp_path / "second", postgres_database)
    settings.home.mkdir()
    places, owners = Places.under(settings.home), owners_of(load_plugins())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("core.backup.restoring.verify", lambda **_: Report((Damage("case", 1, Kind.CHANGE),), 1, 1))
        with pytest.raises(FazhiError):
            restore(tmp_path / "saved", places, postgres_database, owners, settings.signing_key)
    with database.connection_context():
        assert database.get_tables() == []
    restore(tmp_path / "saved", places, postgres_database, owners, settings.signing_key)
    with database.connection_context():
        assert counts() == before


def test_judging_on_postgresql_finds_what_sqlite_finds(tmp_path: Path, postgres_database: str):
    on_sqlite = make_instance(tmp_path / "a")
    with database.connection_context():
        generate(on_sqlite, seed=5, cases=25)
        refresh()
        expected = counts()
    on_postgresql = make_instance(tmp_path / "b", url=postgres_database)
    with database.connection_context():
        generate(on_postgresql, seed=5, cases=25)
        refresh()
        assert counts() == expected


def test_a_separate_worker_on_redis_does_the_recurring_jobs(tmp_path: Path, postgres_database: str, redis_url: str):
    make_instance(tmp_path, url=postgres_database)
    environment = os.environ | {"FAZHI_HOME": str(tmp_path), "FAZHI_DATABASE_URL": postgres_database,
                                "FAZHI_BROKER_URL": redis_url}
    worker = subprocess.Popen([sys.executable, "-m", "web", "worker", "--loglevel=ERROR", "--concurrency=2"],
                              env=environment)
    try:
        connect(postgres_database)
        wanted = {"clock-sweep", "renew-units", "daily-root", "forget-jobs"}
        end = time.monotonic() + 90
        done: set[str] = set()
        while time.monotonic() < end and not wanted <= done:
            time.sleep(1)
            with database.connection_context():
                done = {row.name for row in JobRow.select().where(JobRow.state == "done")}
        assert wanted <= done
        assert list((tmp_path / "roots").glob("root-*.json"))
    finally:
        worker.terminate()
        worker.wait(30)
