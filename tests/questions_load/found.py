"""What is in the database and on the pages after the load: nothing lost, nothing twice, nothing too early."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.database import database
from core.instants import parse_instant
from core.jobs.models import DONE, JobRow
from core.ledger.models import EventRow, PersonalValue
from core.ledger.verify import verify
from plugins.disputes.questions.codes import code_hash
from plugins.disputes.questions.desk import PROCEDURE, ROUTE
from plugins.disputes.questions.models import Lawyer, Push, Question, Said, Ticket
from plugins.disputes.questions.routing import WANTED
from tests.questions_load.people import World

MINUTE = {"pushed_local": 0, "pushed_region": 3, "pushed_national": 6}
STEPS = tuple(MINUTE)


@dataclass(frozen=True, slots=True)
class Lag:
    """By how many seconds a step came after its moment; ``down``: the server was away in between."""

    step: str
    seconds: float
    down: bool
    due: float


def moment(value: Any) -> datetime:
    """An instant as the ledger keeps it."""
    return parse_instant(value) if isinstance(value, str) else value  # type: ignore[no-any-return]


def steps_of_questions() -> Mapping[str, Sequence[Any]]:
    """Steps of each question's case in their order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in EventRow.select().where(EventRow.case_id.in_(Question.select(Question.id))).order_by(EventRow.seq):
        found[row.case_id].append(row)
    return found


def numbers() -> Mapping[str, int]:
    """Case → the number in the words of its question."""
    rows: Any = PersonalValue.select(PersonalValue.case_id, PersonalValue.value).where(
        PersonalValue.field == "question_text").tuples()
    return {case: int(json.loads(value).split()[1]) for case, value in rows}


def check_questions(world: World, questions: int) -> Mapping[str, Sequence[Any]]:
    """Each question is there once under the code that its citizen has."""
    assert not world.wrong, world.wrong
    assert len(world.codes) == questions, "a citizen without a code"
    known, steps = numbers(), steps_of_questions()
    assert Counter(known.values()) == Counter(range(questions)), "lost or recorded twice"
    assert Question.select().count() == Ticket.select().count() == len(steps) == questions
    for number, code in world.codes.items():
        assert known[Ticket.get_by_id(code_hash(code)).case] == number, "another's code"
    said: Any = Said.select(Said.question, Said.lawyer).where(Said.lawyer.is_null(False)).tuples()
    places = {row.id: n for n, row in enumerate(Lawyer.select().order_by(Lawyer.id))}
    answers = Counter((known[case], places[who]) for case, who in said)
    assert max(answers.values(), default=1) == 1, "an answer recorded twice"
    assert world.answered <= set(answers), "an acknowledged answer is lost"
    follow_ups = Counter(known[row.question] for row in Said.select().where(Said.lawyer.is_null()))
    assert follow_ups == Counter(world.follow_ups), "a follow-up lost or recorded twice"
    rated = {known[row.id]: row.satisfaction for row in Question.select().where(Question.satisfaction.is_null(False))}
    assert rated == world.ratings
    return steps


def check_routing(world: World, steps: Mapping[str, Sequence[Any]]) -> Sequence[Lag]:
    """Each step once and in its order, none too early, none missing, none after the third answer."""
    everybody, lags = Lawyer.select().count(), []
    local = Lawyer.select().where(Lawyer.level == "local").count()
    national = Lawyer.select().where(Lawyer.level == "national").count()
    reaches = {1: local, 2: everybody - national, 3: everybody}
    pushes = Counter(row.question for row in Push.select())
    speed, began = world.server.speed, world.server.began
    for question in Question.select():
        rows = steps[question.id]
        taken = [row.type for row in rows if row.type in MINUTE]
        assert taken == list(STEPS[:question.reached]), (taken, question.reached)
        assert question.reached >= 1, "a question that nobody got"
        assert pushes[question.id] == reaches[question.reached], "a lawyer left out"
        answers = [row.actor for row in rows if row.type == "answered"]
        assert len(set(answers)) == question.answers
        third = [moment(row.occurred_at) for row in rows if row.type == "third_answer"]
        assert len(third) == (question.answers >= WANTED), "the third answer is noted once"
        for row in rows:
            if row.type not in MINUTE:
                continue
            due = question.asked_at + timedelta(minutes=MINUTE[row.type])
            at = moment(row.occurred_at)
            assert at >= due, "too early"
            assert row.type == STEPS[0] or not third or at <= third[0], "sent on although three had answered"
            real = began + (due.timestamp() - began) / speed
            late = (at - due).total_seconds() / speed
            lags.append(Lag(row.type, late, world.server.out_at(real, real + late), real))
        for step in STEPS[question.reached:]:
            due = question.asked_at + timedelta(minutes=MINUTE[step])
            assert third, "too few answers, yet not sent on"
            real = began + (due.timestamp() - began) / speed
            assert third[0] <= due or world.server.out_at(real - 5, real + 30) or third[0] - due < timedelta(
                seconds=5 * speed), "a step left out"
    return lags


def check_the_rest(world: World) -> None:
    """No job failed or waits, the chain holds, no page broke except while the server was away."""
    assert not JobRow.select().where((JobRow.name == ROUTE) & (JobRow.state != DONE)).exists()
    failed = [(row.key, row.error) for row in JobRow.select().where(JobRow.error != "")]
    assert not failed, failed
    assert verify().ok
    broken = [visit for visit in world.visits if visit.status >= 500 or visit.status == 429]
    assert not broken, broken[:5]
    hung = [visit for visit in world.visits if visit.status == 0
            and not world.server.out_at(visit.begun, visit.begun + visit.seconds)]
    assert not hung, hung[:5]
    log = world.server.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log[-4000:]
    assert "database is locked" not in log


def waiting() -> bool:
    """Whether a step of a question is still to be taken."""
    with database.connection_context():
        return bool(JobRow.select().where((JobRow.name == ROUTE) & (JobRow.state != DONE)).exists())


def counted(minutes: int, now: datetime) -> tuple[int, int, int]:
    """From the ledger alone: questions; those with a third answer in time; those that were to have it by ``now``."""
    asked, third = {}, {}
    for row in EventRow.select().where(EventRow.type.in_(["asked", "third_answer"])):
        (asked if row.type == "asked" else third)[row.case_id] = moment(row.occurred_at)
    span = timedelta(minutes=minutes)
    return (len(asked), sum(at - asked[case] <= span for case, at in third.items()),
            sum(case in third or now > at + span for case, at in asked.items()))


def procedure_cases() -> int:
    """Cases of questions that the ledger knows."""
    return int(database.execute_sql(f"SELECT COUNT(*) FROM case_ WHERE procedure = '{PROCEDURE}'").fetchone()[0])
