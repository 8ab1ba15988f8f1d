"""Celery as transport: one process with an in-memory broker by default, Redis or RabbitMQ by setting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.signals import worker_process_init
from kombu.exceptions import OperationalError

from core.database import database
from core.jobs.queue import Worker

RUN, TICK, TIMED = "fazhi.run", "fazhi.tick", "fazhi.timed"
TICK_SECONDS, TIMED_SECONDS = 15.0, 1.0
TIMED_AT_ONCE, TIMED_AT_START = 500, 100

log = logging.getLogger(__name__)


def make_celery(broker_url: str, worker: Worker, tick: Callable[[], None]) -> Celery:
    """A Celery app that runs jobs of the table and ticks the schedule.

    Args:
        broker_url: empty for the embedded in-memory broker.
        worker: runs a job by its key.
        tick: puts what is due by the clock into the job table; called every ``TICK_SECONDS``.
    """
    app = Celery("fazhi", broker=broker_url or "memory://localhost/")
    app.set_default()
    app.conf.update(
        task_ignore_result=True, task_acks_late=True, task_reject_on_worker_lost=False, worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=500, worker_hijack_root_logger=False, broker_connection_retry_on_startup=True,
        worker_enable_remote_control=False, task_default_queue="fazhi", accept_content=["json"],
        task_publish_retry_policy={"max_retries": 1},
        beat_schedule={"tick": {"task": TICK, "schedule": TICK_SECONDS},
                       "timed": {"task": TIMED, "schedule": TIMED_SECONDS, "options": {"expires": TIMED_SECONDS}}},
        beat_max_loop_interval=1,
        broker_transport_options=_transport_options(broker_url),
    )

    def run(key: str) -> None:
        with database.connection_context():
            worker.run(key)

    def tick_and_send() -> None:
        with database.connection_context():
            tick()
            publish(app, worker.due())

    def run_timed(limit: int = TIMED_AT_ONCE) -> None:
        with database.connection_context():
            worker.run_timed(limit)

    app.task(name=RUN, shared=False)(run)
    app.task(name=TIMED, shared=False)(run_timed)
    app.task(name=TICK, shared=False)(tick_and_send)
    worker_process_init.connect(_forget_parents_connection, weak=False)
    return app


def publish(app: Celery, keys: Sequence[str]) -> None:
    """Tell workers about jobs, after commit. A broker that is down is no loss: the next tick sends again."""
    for key in keys:
        try:
            app.send_task(RUN, args=[key])
        except (OSError, OperationalError) as reason:
            log.warning("broker unreachable (%s); jobs wait for the next tick", reason)
            return


def start_embedded(app: Celery) -> Callable[[], None]:
    """Start worker and clock as threads of this process.

    Timed jobs have a thread of their own: they do not wait behind a long job of the one worker. Those that fell due
    while nothing ran are done before anything else, the longest waiting first: once people are let in again, all of
    them come at once and the jobs would have to share the processor with them.

    Returns:
        a function that stops all.
    """
    app.conf.beat_schedule.pop("timed", None)
    _at_once(app.tasks[TIMED], TIMED_AT_START)
    ready = threading.Event()
    controller: Any = app.WorkController(pool="threads", concurrency=1, without_mingle=True, without_gossip=True,
                                         without_heartbeat=True, ready_callback=lambda _: ready.set())
    threading.Thread(target=controller.start, name="fazhi-worker", daemon=True).start()
    ready.wait(10)
    clock: Any = EmbeddedService(app, thread=True, max_interval=1, scheduler_cls="celery.beat:Scheduler")
    clock.start()
    stopped = threading.Event()
    timed = threading.Thread(target=_timed_each_second, args=(app.tasks[TIMED], stopped), name="fazhi-timed",
                             daemon=True)
    timed.start()

    def stop() -> None:
        stopped.set()
        clock.stop()
        controller.stop()

    return stop


def _timed_each_second(run_timed: Callable[..., object], stopped: threading.Event) -> None:
    while not stopped.wait(TIMED_SECONDS):
        _at_once(run_timed)


def _at_once(run_timed: Callable[..., object], *limit: int) -> None:
    try:
        run_timed(*limit)
    except Exception:  # a locked database, say: the jobs are still due in the next second
        log.exception("timed jobs")


def _forget_parents_connection(**_: Any) -> None:
    if hasattr(database.obj, "dispose"):
        database.obj.dispose()


def _transport_options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("redis"):
        return {"visibility_timeout": 3600, "unacked_restore_interval": 10, "unacked_restore_throttle": 1}
    return {} if broker_url else {"polling_interval": 0.1}
