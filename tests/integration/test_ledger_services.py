"""The ledger on a real PostgreSQL: the same guarantees as on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import DatabaseError

from core.backup import Places, backup, restore
from core.database import connect, database
from core.jobs.models import JobRow
from core.ledger.damage import Kind
from core.ledger.models import EventRow
from core.ledger.reader import CaseFilter, events_of, find_cases, load_case
from core.ledger.roots import daily_root
from core.ledger.verify import verify
from core.migrations import applied, migrate
from core.organs.models import Organ, Region
from core.schema import CORE
from tests.ledger_kit import BUNDLE, ORGAN, Clock, fill, head, recorder, step

pytestmark = pytest.mark.services


@pytest.fixture
def ledger(postgres_url: str) -> Iterator[None]:
    server = connect(postgres_url)
    database.connect()
    database.execute_sql("DROP SCHEMA public CASCADE")
    database.execute_sql("CREATE SCHEMA public")
    migrate([CORE])
    yield
    server.close_all()


def test_steps_are_recorded_read_sealed_and_verified(ledger: None, tmp_path: Path) -> None:
    clock = Clock()
    fill(recorder(clock), 30)
    recorder(clock).open_case(head(), step("filed", party="张三"), request_key="k")
    recorder(clock).open_case(head("other"), step("filed", party="张三"), request_key="k")
    done = recorder(clock).record("case-1", step("noted", amount="1.50", phone="139"), expected_seq=1)

    assert list(done.events) == events_of("case-1")[1:]
    assert done.case == load_case("case-1", BUNDLE)
    assert find_cases(CaseFilter(region="150900")).total == 31
    recorder(clock).seal("case-1", ["party"], reason="依法", actor="li", organ=ORGAN)
    assert "party" not in load_case("case-1", BUNDLE).state
    root = daily_root(tmp_path, tmp_path / "key", clock())
    assert root.cases == 31
    assert verify(root.file).ok


def test_the_database_itself_refuses_changes(ledger: None) -> None:
    fill(recorder(), 2)
    for statement in ("UPDATE ledger_event SET actor = 'x'", "DELETE FROM ledger_event",
                      "TRUNCATE ledger_event CASCADE", "DELETE FROM case_", "UPDATE case_ SET title = 'x'",
                      "UPDATE ledger_personal_value SET value = '1'", "DELETE FROM ledger_personal_value"):
        with pytest.raises(DatabaseError, match="append-only"), database.atomic():
            database.execute_sql(statement)
    assert verify().ok


def test_mutations_are_located_against_the_root(ledger: None, tmp_path: Path) -> None:
    clock = Clock()
    fill(recorder(clock), 12)
    root = daily_root(tmp_path, tmp_path / "key", clock())
    database.execute_sql("SET session_replication_role = replica")
    expected = {
        "UPDATE ledger_event SET payload = '{}' WHERE case_id = 'case-004' AND seq = 2": ("case-004", 2, Kind.CHANGE),
        "DELETE FROM ledger_event WHERE case_id = 'case-005' AND seq = 3": ("case-005", 3, Kind.DELETION),
        "DELETE FROM ledger_event WHERE case_id = 'case-006' AND seq > 4": ("case-006", 5, Kind.CUT_TAIL),
        "DELETE FROM case_ WHERE id = 'case-007'": ("case-007", 0, Kind.SUMMARY),
        "UPDATE case_ SET organ = 'x' WHERE id = 'case-008'": ("case-008", 0, Kind.HEAD),
    }
    for statement, damage in expected.items():
        with database.atomic() as transaction:
            database.execute_sql(statement)
            found = [(one.case_id, one.seq, one.kind) for one in verify(root.file).damages]
            transaction.rollback()
        assert found == [damage]
    database.execute_sql("SET session_replication_role = origin")


def test_threads_may_record_to_one_case_and_open_the_same_one(ledger: None) -> None:
    recorder().open_case(head(), step("filed"))
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with database.connection_context():
                for number in range(20):
                    recorder().record("case-1", step("noted", count=number))
                    recorder().open_case(head(f"new-{name}-{number}"), step("filed"), request_key=f"same-{number}")
        except BaseException as reason:
            failures.append(reason)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [event.seq for event in events_of("case-1")] == list(range(1, 62))
    assert EventRow.select().count() == 81
    assert verify().ok


def test_processes_that_migrate_at_once_apply_each_version_once(ledger: None) -> None:
    results: list[tuple[int, ...]] = []

    def work() -> None:
        results.append(migrate([CORE])["core"])

    database.execute_sql("DROP SCHEMA public CASCADE")
    database.execute_sql("CREATE SCHEMA public")
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [(), (), tuple(m.version for m in CORE.migrations)]
    assert applied("core") == tuple(m.version for m in CORE.migrations)


def test_a_backup_moves_an_instance_to_postgresql_and_back(postgres_url: str, ledger: None, tmp_path: Path) -> None:
    one, two, three = (Places.under(tmp_path / name) for name in ("one", "two", "three"))
    connect(f"sqlite:///{tmp_path / 'one.db'}")
    with database.connection_context():
        migrate([CORE])
        fill(recorder(), 12, letter=None)
        Region.create(code="990000", name="演示自治区", level="region")
        with database.atomic():
            Organ.create(id="below", name="下级", region="990000", level="region", kind="department",
                         government="gov", active=False)
            Organ.create(id="gov", name="政府", region="990000", level="region", kind="government")
        Region.create(code="990100", name="演示盟", level="league", parent="990000")
        JobRow.create(key="k", name="sweep", arguments={"on": "2026-06-01"}, created_at=1.5)
        daily_root(one.roots, tmp_path / "key", Clock()())
        backup(tmp_path / "b1", one)

    connect(postgres_url)
    with database.connection_context():
        database.execute_sql("DROP SCHEMA public CASCADE")
        database.execute_sql("CREATE SCHEMA public")
    restore(tmp_path / "b1", two, postgres_url, [CORE], tmp_path / "key2")
    with database.connection_context():
        assert Organ.get_by_id("below").active is False
        assert JobRow.get().arguments == {"on": "2026-06-01"}
        JobRow.create(key="k2", name="sweep", arguments={"n": 1})
        recorder().record("case-001", step("noted", phone="138"))
        with pytest.raises(DatabaseError), database.atomic():
            Organ.create(id="x", name="x", region="000000", level="region", kind="department")
        backup(tmp_path / "b2", two)
        chain = events_of("case-001")

    assert restore(tmp_path / "b2", three, f"sqlite:///{tmp_path / 'three.db'}", [CORE], tmp_path / "key3").ok
    with database.connection_context():
        assert events_of("case-001") == chain
        assert [row.arguments for row in JobRow.select().order_by(JobRow.id)] == [{"on": "2026-06-01"}, {"n": 1}]
