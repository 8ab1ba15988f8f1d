"""A job is done once, whatever happens to messages and workers."""

import threading
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.database import connect, database
from core.jobs.models import DONE, FAILED, JobRow
from core.jobs.queue import Worker, enqueue
from core.jobs.schedule import EVERY_MINUTE, Recurring, tick
from core.jobs.transport import make_celery, publish, start_embedded


@pytest.fixture(autouse=True)
def _database(tmp_path):
    connect(f"sqlite:///{tmp_path / 'jobs.db'}")
    with database.connection_context():
        database.create_tables([JobRow])
        yield


def test_the_same_key_is_done_once():
    done = []
    assert enqueue("note", "k1", text="一次")
    assert not enqueue("note", "k1", text="两次")
    worker = Worker({"note": lambda text: done.append(text)})
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert done == ["一次"]


def test_a_failing_job_is_tried_again_later_and_keeps_its_reason():
    clock = [1000.0]

    def broken() -> None:
        raise RuntimeError("坏了")

    enqueue("broken", "k")
    worker = Worker({"broken": broken}, now=lambda: clock[0])
    for _ in range(10):
        worker.run_due()
        clock[0] += 100
    row = JobRow.get()
    assert (row.state, row.attempts) == (FAILED, 5)
    assert "坏了" in row.error


def test_a_job_whose_worker_went_silent_is_taken_over():
    clock = [1000.0]
    done = []
    enqueue("note", "k")
    worker = Worker({"note": lambda: done.append(1)}, lease=10, now=lambda: clock[0])
    token = worker._take("k")
    assert token is not None
    assert worker.due() == []
    clock[0] += 11
    assert worker.run_due() == 1
    assert not worker._mine("k", token, state=DONE)
    assert done == [1]


def test_many_workers_do_each_job_once():
    done = []
    lock = threading.Lock()
    for number in range(40):
        enqueue("note", f"k{number}", number=number)

    def note(number: int) -> None:
        with lock:
            done.append(number)

    def work() -> None:
        with database.connection_context():
            Worker({"note": note}).run_due()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(40))


def test_a_second_tick_in_the_same_minute_adds_nothing():
    entries = [Recurring("sweep", EVERY_MINUTE)]
    noon = datetime(2026, 3, 2, 4, 0, 10, tzinfo=UTC)
    tick(entries, noon, ZoneInfo("Asia/Shanghai"))
    tick(entries, noon.replace(second=50), ZoneInfo("Asia/Shanghai"))
    assert [row.key for row in JobRow.select()] == ["sweep@2026-03-02T12:00"]


def test_the_embedded_worker_runs_what_is_published():
    finished = threading.Event()
    worker = Worker({"note": finished.set})
    app = make_celery("", worker, tick=lambda: None)
    stop = start_embedded(app)
    try:
        enqueue("note", "k")
        publish(app, ["k"])
        assert finished.wait(20)
    finally:
        stop()


def test_what_fell_due_while_nothing_ran_is_done_before_anybody_is_let_in():
    done: list[str] = []
    worker = Worker({"send": lambda to: done.append(to)}, timed=frozenset({"send"}))
    for to, due in (("later", time.time() + 3600), ("second", 200), ("first", 100)):
        enqueue("send", to, run_after=due, to=to)
    stop = start_embedded(make_celery("", worker, tick=lambda: None))
    try:
        assert done == ["first", "second"]
    finally:
        stop()


def test_a_broker_that_is_down_is_no_loss(caplog: pytest.LogCaptureFixture):
    app = make_celery("amqp://guest:guest@127.0.0.1:1//", Worker({}), tick=lambda: None)
    publish(app, ["one", "two"])
    assert [record.message.split(" (")[0] for record in caplog.records] == ["broker unreachable"]
