"""Legal questions under load in a process that is killed: none stays unsent, none is sent twice, none too early."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.database import database
from core.instants import parse_instant
from core.jobs.models import FAILED, JobRow
from core.ledger.models import EventRow
from core.ledger.verify import verify
from plugins.disputes.questions.models import Lawyer, Push, Question
from plugins.disputes.questions.routing import WANTED
from tests.instance_kit import add_organ, add_region, make_instance
from tests.questions_kit import CITY, add_lawyers

REPOSITORY = Path(__file__).parents[2]
MINUTE = {"pushed_local": 0, "pushed_region": 3, "pushed_national": 6}


def start(home: Path, questions: int, speed: float, began: float) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-m", "tests.integration.question_process", str(home), str(questions),
                                str(speed), str(began)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(("questions", "speed", "kills"), [
    (60, 90, 1), pytest.param(1000, 1, 3, marks=pytest.mark.soak)])
def test_every_question_takes_each_step_once_at_its_minute_through_kills(
        tmp_path: Path, questions: int, speed: float, kills: int) -> None:
    make_instance(tmp_path)
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region(CITY, "云岭市", "league", "990000")
        add_organ("just-l1", "云岭市司法局", CITY, "league", "justice")
        add_lawyers(10, 20, 30)
    chance, began = random.Random(3), time.time()
    for _ in range(kills):
        process = start(tmp_path, questions, speed, began)
        time.sleep(chance.uniform(0.2, 0.25) * 600 / speed)
        process.kill()
        process.communicate()
    out, _ = start(tmp_path, questions, speed, began).communicate()
    assert out.endswith("done\n")
    with database.connection_context():
        lags = check(questions)
        print(f"\n{questions} questions, {EventRow.select().count()} steps, {Push.select().count()} pushes in "
              f"{time.time() - began:.0f} s with {kills} kills; "
              f"a step came {lags[len(lags) // 2] / speed:.2f} s (median), "
              f"{lags[int(len(lags) * 0.99)] / speed:.2f} s (99 of 100) after its minute")


def check(questions: int) -> list[float]:
    """Seconds of the simulated clock by which steps came after their minute."""
    lags = []
    steps: dict[str, dict[str, Any]] = {}
    events: Any = EventRow.select().where(EventRow.type.in_([*MINUTE, "asked"]))
    for row in events:
        moment = row.occurred_at if not isinstance(row.occurred_at, str) else parse_instant(row.occurred_at)
        assert row.type not in steps.setdefault(row.case_id, {}), "a step taken twice"
        steps[row.case_id][row.type] = moment
    assert len(steps) == Question.select().count() == questions
    asked: Any = Question.select()
    for row in asked:
        taken = steps[row.id]
        assert "pushed_local" in taken, "a question that nobody got"
        if row.answers < WANTED:
            assert len(taken) == 4, "too few answers, yet not sent on"
        for name, moment in taken.items():
            if name != "asked":
                lag = (moment - taken["asked"]).total_seconds() - 60 * MINUTE[name]
                assert lag >= 0, "too early"
                lags.append(lag)
    whole = Counter({row.question: 0 for row in Push.select()})
    whole.update(row.question for row in Push.select())
    everybody = Lawyer.select().count()
    assert all(whole[row.id] == everybody for row in Question.select() if row.reached == 3)
    assert not JobRow.select().where(JobRow.state == FAILED).exists()
    assert verify().ok
    return sorted(lags)
