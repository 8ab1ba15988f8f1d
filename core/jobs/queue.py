"""Taking jobs from the table so that a lost message, a killed worker or a duplicate does no harm."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peewee import OperationalError

from core.database import database
from core.jobs.models import DONE, FAILED, QUEUED, RUNNING, JobRow

LEASE_SECONDS = 60.0
TIMED_LEASE_SECONDS = 10.0
"""Of jobs that are due at a second of their own: what a killed worker had begun is taken up again soon."""
MAX_ATTEMPTS = 5
KEEP_DONE_SECONDS = 7 * 86400.0

Handler = Callable[..., None]


def enqueue(name: str, key: str, *, run_after: float = 0, **arguments: Any) -> bool:
    """Put a job into the table, inside the caller's transaction.

    Returns:
        False where a job with this key is already known.
    """
    inserted = (JobRow.insert(name=name, key=key, arguments=arguments, run_after=run_after, created_at=time.time())
                .on_conflict_ignore().returning(JobRow.id).execute())
    return bool(list(inserted))


@dataclass(slots=True)
class Worker:
    """Runs jobs of the table with the handlers given.

    A handler opens its own transactions and may be called again after a crash, so it must be idempotent.

    Attributes:
        handlers: job name to function, called with the job's arguments.
        lease: seconds that a taken job is ours without a sign of life.
        timed: names of jobs that are due at a second of their own, for ``run_timed``.
    """

    handlers: Mapping[str, Handler]
    lease: float = LEASE_SECONDS
    now: Callable[[], float] = field(default=time.time)
    timed: frozenset[str] = frozenset()

    def run(self, key: str) -> bool:
        """Take the job and run its handler; False where someone else has it or it is done."""
        token = self._take(key)
        if token is None:
            return False
        job = JobRow.get(JobRow.key == key)
        try:
            with self._kept_alive(key, token):
                self.handlers[job.name](**job.arguments)
            self._mine(key, token, state=DONE, error="")
        except Exception as reason:  # any handler may fail in any way; the job keeps the reason
            self._failed(job, token, reason)
        return True

    def run_due(self, limit: int = 100) -> int:
        """Run what is due, one after the other; the number of jobs that were taken."""
        return sum(self.run(key) for key in self.due(limit))

    def run_timed(self, limit: int = 500) -> int:
        """Run the timed jobs whose second has come, the longest waiting first; the number of jobs that were taken."""
        if not self.timed:
            return 0
        rows = (JobRow.select(JobRow.key).where(JobRow.name.in_(sorted(self.timed)) & self._free(self.now()))
                .order_by(JobRow.run_after, JobRow.id).limit(limit))
        prompt = replace(self, lease=TIMED_LEASE_SECONDS)
        return sum(prompt.run(row.key) for row in list(rows))

    def due(self, limit: int = 500) -> list[str]:
        """Keys of jobs that wait, or whose worker has gone silent; timed jobs are not among them."""
        now = self.now()
        self._give_up_on_lost(now)
        free = self._free(now) & JobRow.name.not_in(sorted(self.timed)) if self.timed else self._free(now)
        rows = JobRow.select(JobRow.key).where(free).order_by(JobRow.id).limit(limit)
        return [row.key for row in rows]

    def forget_done(self) -> int:
        """Delete finished jobs older than a week, so that the table stays small."""
        return int(JobRow.delete().where(
            (JobRow.state == DONE) & (JobRow.created_at < self.now() - KEEP_DONE_SECONDS)).execute())

    def _free(self, now: float) -> Any:
        silent = (JobRow.state == RUNNING) & (JobRow.lease_until < now)
        return ((JobRow.state == QUEUED) | silent) & (JobRow.run_after <= now)

    def _take(self, key: str) -> str | None:
        now, token = self.now(), uuid.uuid4().hex
        taken = (JobRow.update(state=RUNNING, attempts=JobRow.attempts + 1, lease_until=now + self.lease, token=token)
                 .where((JobRow.key == key) & self._free(now)).execute())
        return token if taken else None

    def _mine(self, key: str, token: str, **values: Any) -> bool:
        return bool(JobRow.update(**values).where(
            (JobRow.key == key) & (JobRow.token == token) & (JobRow.state == RUNNING)).execute())

    def _failed(self, job: Any, token: str, reason: Exception) -> None:
        last = job.attempts >= MAX_ATTEMPTS
        self._mine(job.key, token, state=FAILED if last else QUEUED, error=f"{type(reason).__name__}: {reason}",
                   run_after=self.now() + 2.0**job.attempts)

    def _give_up_on_lost(self, now: float) -> None:
        (JobRow.update(state=FAILED, error="worker lost")
         .where((JobRow.state == RUNNING) & (JobRow.lease_until < now) & (JobRow.attempts >= MAX_ATTEMPTS)).execute())

    @contextlib.contextmanager
    def _kept_alive(self, key: str, token: str) -> Iterator[None]:
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(self.lease / 3):
                # SQLite has one writer: while the handler's own transaction is open nobody else can take the job.
                with contextlib.suppress(OperationalError), database.connection_context():
                    self._mine(key, token, lease_until=self.now() + self.lease)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

