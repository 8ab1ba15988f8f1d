"""Asking, sending, answering, following up and rating: each in one transaction with its step in the ledger.

Whoever wants to change a question first locks its case; what is there then decides, so that a second call, a
duplicate job or a restart in the middle changes nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from peewee import SQL, Value

from core.cases.case import CaseHead
from core.database import database
from core.errors import Location, fail
from core.instance import LOCAL_TIME, Instance
from core.instants import instant_text
from core.jobs.queue import enqueue
from core.ledger.intake import AnyoneMayRecord, Given, NewEvent
from core.ledger.models import PersonalValue
from core.ledger.recorder import Recorder
from core.ledger.writing import locked_case
from core.organs.models import Organ, Region
from core.organs.vocabulary import OrganKind
from plugins.disputes.questions.codes import code_hash, code_of, hash_of, new_token
from plugins.disputes.questions.models import Lawyer, Push, Question, Said, Sending, Ticket
from plugins.disputes.questions.routing import WANTED, Minutes, Step, next_step

PROCEDURE = "disputes.question"
ROUTE = "disputes.route-question"
CITIZEN, PLATFORM = "public:citizen", "system:questions"
LONGEST = 2000
SATISFIED = 4
"""From this rating on a question is over."""
KEEP_SENDINGS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was taken: its case, and the code to come back with, shown once."""

    case: str
    code: str


def ask(instance: Instance, region: str, field: str, text: str, contact: str = "", form: str = "") -> Asked:
    """Take a question and send it to the city's legal advisers at once.

    Args:
        region: code of the city of the person who asks.
        form: token of the form; the same question in the same form is taken once and has one code. Empty: always new.

    Raises:
        FazhiError: ``question-empty``, ``question-region``; what the recorder finds.
    """
    text, contact = _words(text), contact.strip()[:100]
    organ = competent_organ(region)
    case = f"q-{uuid.uuid4().hex}"
    code = code_of(instance.settings.secret_key(), form or new_token(), region, field, text, contact)
    minutes = minutes_of(instance, region)
    with database.atomic():
        now = instance.now()
        if (taken := hand_out(code, case, now)) != case:
            return Asked(taken, code)
        given: dict[str, Given] = {"field": field, "question_text": text}
        if contact:
            given["contact"] = contact
        _recorder(instance).open_case(CaseHead(case, PROCEDURE, organ, region, "公众法律咨询"),
                                      NewEvent("asked", now, given, actor=CITIZEN, organ=organ))
        Question.create(id=case, region=region, organ=organ, field=field, asked_at=now, last_at=now)
        for step in (Step.REGION, Step.NATIONAL):
            enqueue(ROUTE, f"{ROUTE}:{case}:{step.name}", run_after=minutes.due(step, now).timestamp(), question=case)
        _advance(instance, case, now, minutes)
    return Asked(case, code)


def hand_out(code: str, case: str, now: datetime) -> str:
    """Give a case its code, inside the caller's transaction; the case that has it, where it was given out before."""
    made = (Ticket.insert(code_hash=code_hash(code), case=case, made_at=now)
            .on_conflict_ignore().returning(Ticket.case).execute())
    return case if list(made) else str(Ticket.get_by_id(code_hash(code)).case)


def route(instance: Instance, question: str) -> None:
    """Take the steps of a question that are due; called again it takes none."""
    with database.atomic():
        found = Question.get_or_none(Question.id == question)
        if found is not None:
            _advance(instance, question, instance.now(), minutes_of(instance, found.region))


def route_overdue(instance: Instance) -> int:
    """Questions that a lost job left behind take their steps; the number that did."""
    now = instance.now()
    waiting: Any = Question.select(
        Question.id, Question.region, Question.asked_at, Question.reached, Question.answers).where(
        (Question.reached < Step.NATIONAL) & (Question.answers < WANTED) & Question.closed_at.is_null()).order_by(
        Question.asked_at).tuples()
    minutes = cache(lambda region: minutes_of(instance, region))
    late = [case for case, region, asked_at, reached, answers in list(waiting)
            if next_step(asked_at, reached, answers, now, minutes(region))]
    for case in late:
        route(instance, case)
    return len(late)


def answer(instance: Instance, question: str, lawyer: Any, text: str, form: str = "") -> None:
    """A lawyer answers, or adds to an answer; the third lawyer is noted.

    Args:
        form: token of the form; the same answer in the same form is taken once.

    Raises:
        FazhiError: ``question-empty``, ``question-not-yours``, ``question-closed``.
    """
    text = _words(text)
    with database.atomic():
        locked_case(question)
        if _taken(instance, form, question, str(lawyer.id), text):
            return
        row = _open_one(question)
        if not Push.select().where((Push.question == question) & (Push.lawyer == lawyer.id)).exists():
            raise fail("question-not-yours")
        now = instance.now()
        actor = f"lawyer:{lawyer.number}"
        recorded = _recorder(instance).record(question, NewEvent(
            "answered", now, {"lawyer_number": lawyer.number, "answer_text": text}, actor=actor, organ=row.organ))
        first = not Said.select().where((Said.question == question) & (Said.lawyer == lawyer.id)).exists()
        Said.insert(event=_own(recorded), question=question, lawyer=lawyer.id, at=now).execute()
        count = row.answers + first
        changes: dict[Any, Any] = {Question.answers: count, Question.last_at: now}
        if first and count == WANTED:
            changes[Question.third_at] = now
            _recorder(instance).record(question, NewEvent("third_answer", now, actor=PLATFORM, organ=row.organ))
        Question.update(changes).where(Question.id == question).execute()


def follow_up(instance: Instance, question: str, text: str, form: str = "") -> None:
    """The person who asked goes on asking, as often as need be.

    Args:
        form: token of the form; the same words in the same form are taken once.

    Raises:
        FazhiError: ``question-empty``, ``question-closed``.
    """
    text = _words(text)
    with database.atomic():
        locked_case(question)
        if _taken(instance, form, question, CITIZEN, text):
            return
        row = _open_one(question)
        now = instance.now()
        recorded = _recorder(instance).record(question, NewEvent(
            "followed_up", now, {"follow_up_text": text}, actor=CITIZEN, organ=row.organ))
        Said.insert(event=_own(recorded), question=question, at=now).execute()
        Question.update(last_at=now).where(Question.id == question).execute()


def rate(instance: Instance, question: str, satisfaction: int) -> None:
    """The one rating, 1 to 5. Whoever is satisfied closes the question; others may go on asking.

    The same rating sent again changes nothing.

    Raises:
        FazhiError: ``question-rated``, ``question-unanswered``, ``question-closed``.
    """
    with database.atomic():
        locked_case(question)
        if Question.select().where((Question.id == question) & (Question.satisfaction == satisfaction)).exists():
            return
        row = _open_one(question)
        if row.satisfaction is not None:
            raise fail("question-rated")
        if not row.answers:
            raise fail("question-unanswered")
        now = instance.now()
        recorder = _recorder(instance)
        recorder.record(question, NewEvent("rated", now, {"satisfaction": satisfaction}, actor=CITIZEN,
                                           organ=row.organ))
        Question.update(satisfaction=satisfaction, last_at=now).where(Question.id == question).execute()
        if satisfaction >= SATISFIED:
            _close(recorder, row, now, "satisfied")


def close_silent(instance: Instance) -> int:
    """End questions on which nobody said anything for long; the number that ended."""
    now = instance.now()
    open_ones: Any = Question.select(Question.id, Question.region, Question.last_at).where(
        Question.closed_at.is_null() & (Question.answers > 0)).tuples()
    ended = 0
    for case, region, last_at in list(open_ones):
        if last_at + timedelta(days=minutes_of(instance, region).close_days) > now:
            continue
        with database.atomic():
            row = Question.get_by_id(locked_case(case).id)
            if row.closed_at is None and row.last_at == last_at:
                _close(_recorder(instance), row, now, "silent")
                ended += 1
    return ended


def question_of(code: str) -> Any | None:
    """The question that a code belongs to."""
    ticket = Ticket.get_or_none(Ticket.code_hash == code_hash(code))
    return Question.get_or_none(Question.id == ticket.case) if ticket else None


def words_of(question: str) -> Mapping[str, str]:
    """What was said, by event; the question itself under its case's id. What was erased is left out."""
    rows: Any = PersonalValue.select(PersonalValue.event, PersonalValue.field, PersonalValue.value).where(
        (PersonalValue.case_id == question) & PersonalValue.value.is_null(False)
        & PersonalValue.field.in_(("question_text", "answer_text", "follow_up_text"))).tuples()
    return {question if field == "question_text" else event: json.loads(value) for event, field, value in rows}


def texts_of(questions: Sequence[str]) -> Mapping[str, str]:
    """What was asked, by question. What was erased is left out."""
    rows: Any = PersonalValue.select(PersonalValue.case_id, PersonalValue.value).where(
        PersonalValue.case_id.in_(list(questions)) & PersonalValue.value.is_null(False)
        & (PersonalValue.field == "question_text")).tuples()
    return {case: json.loads(value) for case, value in rows}


def minutes_of(instance: Instance, region: str) -> Minutes:
    """The minutes that count in a city."""
    return Minutes.of({one.key: one.value for one in instance.bundles.current().parameters(
        region, instance.now().astimezone(LOCAL_TIME).date()) if one.key.startswith("disputes.question-steps.")})


def competent_organ(region: str) -> str:
    """The justice department of a region, or of the nearest region above that has one.

    Raises:
        FazhiError: ``question-region``.
    """
    code: str | None = region
    while code:
        organ = Organ.select(Organ.id).where(
            (Organ.region == code) & (Organ.kind == OrganKind.JUSTICE.value) & Organ.active).order_by(Organ.id).first()
        if organ:
            return str(organ.id)
        found: Any = Region.get_or_none(Region.code == code)
        code = found.parent_id if found else None
    raise fail("question-region", Location("question", field="region"))


def _advance(instance: Instance, question: str, now: datetime, minutes: Minutes) -> None:
    """Take every step that is due; the caller holds the transaction."""
    locked_case(question)
    row = Question.get_by_id(question)
    while row.closed_at is None and (step := next_step(row.asked_at, row.reached, row.answers, now, minutes)):
        sent = _send(row, step, now)
        _recorder(instance).record(question, NewEvent(step.event, now, {"lawyers": sent}, actor=PLATFORM,
                                                      organ=row.organ))
        Question.update(reached=step.value).where(Question.id == question).execute()
        row.reached = step.value


def _send(row: Any, step: Step, now: datetime) -> int:
    """Put the question before the lawyers of a step who do not have it yet; their number."""
    already = Push.select(Push.lawyer).where(Push.question == row.id)
    who: Any = Lawyer.active & Lawyer.id.not_in(already)
    if step is Step.LOCAL:
        who &= (Lawyer.level == "local") & (Lawyer.city == row.region)
    elif step is Step.REGION:
        who &= Lawyer.level.in_(("local", "region")) & Lawyer.city.startswith(row.region[:2])
    chosen = Lawyer.select(Value(row.id), Lawyer.id, SQL(str(step.value)), Value(instant_text(now))).where(who)
    Push.insert_from(chosen, [Push.question, Push.lawyer, Push.step, Push.at]).execute()
    return int(Push.select().where((Push.question == row.id) & (Push.step == step.value)).count())


def forget_sendings(instance: Instance) -> int:
    """Forget forms that nobody sends again; the number forgotten."""
    return int(Sending.delete().where(Sending.at < instance.now() - KEEP_SENDINGS).execute())


def _taken(instance: Instance, form: str, *sent: str) -> bool:
    """Whether this form was taken before; it is now. The caller holds the transaction and the case."""
    if not form:
        return False
    made = (Sending.insert(key=hash_of("\x00".join((form, *sent))), at=instance.now())
            .on_conflict_ignore().returning(Sending.key).execute())
    return not list(made)


def _open_one(question: str) -> Any:
    row = Question.get_by_id(question)
    if row.closed_at is not None:
        raise fail("question-closed")
    return row


def _close(recorder: Recorder, row: Any, now: datetime, why: str) -> None:
    recorder.record(row.id, NewEvent("closed", now, {"why": why}, actor=PLATFORM, organ=row.organ))
    Question.update(closed_at=now).where(Question.id == row.id).execute()


def _recorder(instance: Instance) -> Recorder:
    """The citizen and the lawyer hold no role: the code and the personal link were checked before."""
    return instance.recorder.permitting(AnyoneMayRecord())


def _own(recorded: Any) -> str:
    return next(str(event.id) for event in recorded.events if not event.is_platform)


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise fail("question-empty", Location("question", field="text"))
    return text[:LONGEST]
