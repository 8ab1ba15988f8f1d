"""The same code on PostgreSQL, and with Redis or RabbitMQ, by settings alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.backup.making import backup
from core.backup.manifest import Places
from core.backup.restoring import restore
from core.database import connect, database
from core.errors import FazhiError
from core.extension.manager import load_plugins
from core.jobs.models import DONE, JobRow
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


@pytest.mark.parametrize("broker", ["redis_url", "rabbitmq_url"])
def test_a_separate_worker_does_the_recurring_jobs_though_killed_once(
        broker: str, tmp_path: Path, postgres_database: str, request: pytest.FixtureRequest) -> None:
    make_instance(tmp_path, url=postgres_database)
    environment = os.environ | {"FAZHI_HOME": str(tmp_path), "FAZHI_DATABASE_URL": postgres_database,
                                "FAZHI_BROKER_URL": request.getfixturevalue(broker)}
    connect(postgres_database)
    with _worker(environment):
        _await_done({"clock-sweep"})
    with _worker(environment):
        _await_done({"clock-sweep", "renew-units", "daily-root", "forget-jobs"})
    assert list((tmp_path / "roots").glob("root-*.json"))


@contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[None]:
    """A worker with its processes, killed at the end as by a power cut."""
    worker = subprocess.Popen([sys.executable, "-m", "web", "worker", "--loglevel=ERROR", "--concurrency=2"],
                              env=environment, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(30)


def _await_done(wanted: set[str]) -> None:
    done: set[str] = set()
    end = time.monotonic() + 150
    while not wanted <= done:
        assert time.monotonic() < end, f"not done: {sorted(wanted - done)}"
        time.sleep(0.5)
        with database.connection_context():
            done = {row.name for row in JobRow.select().where(JobRow.state == DONE)}
