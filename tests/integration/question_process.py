"""A process that asks, answers and sends legal questions on a fast clock, until it is done or killed.

    python -m tests.integration.question_process HOME QUESTIONS SPEED BEGAN

``BEGAN`` is when the first of these processes began (epoch seconds), so that the clock goes on through restarts.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.database import connect, database
from core.errors import FazhiError
from core.jobs.models import QUEUED, RUNNING, JobRow
from core.jobs.queue import Worker
from plugins.disputes.questions import desk
from plugins.disputes.questions.models import Lawyer, Push, Question
from tests.instance_kit import settings_in
from tests.questions_kit import CITY
from web.main import build

START = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
MINUTES = 10
"""In which all questions are asked."""


def main(home: Path, questions: int, speed: float, began: float) -> None:
    """Work until every question was asked and no step waits."""
    def now() -> datetime:
        return START + timedelta(seconds=(time.time() - began) * speed)

    settings = settings_in(home)
    connect(settings.database_url)
    instance = build(settings, now)
    worker = Worker(instance.worker.handlers, 60, lambda: now().timestamp(), instance.worker.timed)
    asked = threading.Event()

    def ask() -> None:
        with database.connection_context():
            while (count := Question.select().count()) < questions:
                due = START + timedelta(minutes=MINUTES * count / questions)
                time.sleep(max(0.0, (due - now()).total_seconds() / speed))
                desk.ask(instance, CITY, "labour", f"第 {count} 个问题")
            asked.set()

    def answer() -> None:
        chance = random.Random()
        with database.connection_context():
            lawyers = {row.id: row for row in Lawyer.select()}
            while not asked.is_set():
                pushes = list(Push.select().order_by(Push.at.desc()).limit(40))
                if pushes:
                    push = chance.choice(pushes)
                    try:
                        desk.answer(instance, push.question, lawyers[push.lawyer], "解答")
                    except FazhiError as refused:
                        print(refused, file=sys.stderr)
                time.sleep(10 / speed)

    for work in (ask, answer):
        threading.Thread(target=_or_end, args=(work,), daemon=True).start()
    print("ready", flush=True)
    with database.connection_context():
        while True:
            worker.run_timed()
            waiting = JobRow.select().where((JobRow.name == desk.ROUTE) & JobRow.state.in_((QUEUED, RUNNING))).count()
            if asked.is_set() and not waiting:
                break
            time.sleep(min(1.0, 1 / speed))
    print("done", flush=True)


def _or_end(work: Callable[[], None]) -> None:
    """A thread that fails ends the process: nothing waits for it for ever."""
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
