"""Where lawyers answer: a personal link and a PIN open it; nothing else of the platform."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from plugins.disputes.questions import desk, roll
from plugins.disputes.questions.models import Lawyer, Push, Question, Said
from plugins.disputes.questions.pages.common import choices, form_token, lines_of, minutes_since, refusal
from plugins.disputes.questions.routing import WANTED
from web.kit.access import public_page
from web.kit.limits import limited
from web.kit.paging import paginate
from web.kit.render import Crumb, instance, render_page

pages = Blueprint("lawyer", __name__, url_prefix="/lawyer", template_folder="templates")
READING = "600 per minute"
"""For each address; the lawyers of a firm share one, and each open page asks six times a minute."""
KEY = "lawyer"
"""In the signed cookie: the lawyer and the count of sessions that were ended."""


@pages.get("", endpoint="index")
@public_page
@limited(READING)
def index() -> str:
    """Questions that were sent to me: those that want answers first."""
    lawyer = _me()
    if lawyer is None:
        return render_page("questions/lawyer_closed.html", str(_("律师解答")))
    mine = Push.select(Push.question).where(Push.lawyer == lawyer.id)
    answered = Said.select(Said.question).where(Said.lawyer == lawyer.id)
    waiting = request.args.get("tab") != "answered"
    query: Any = Question.select().where(Question.id.in_(mine))
    query = query.where(Question.id.not_in(answered) & Question.closed_at.is_null()) if waiting else query.where(
        Question.id.in_(answered))
    satisfied = (Question.answers >= WANTED, Question.asked_at.desc()) if waiting else (Question.asked_at.desc(),)
    page = paginate(query.order_by(*satisfied))
    words = desk.texts_of([one.id for one in page.items])
    return render_page("questions/lawyer.html", str(_("律师解答")), lawyer=lawyer, page=page, words=words,
                       waiting=waiting, fields=dict(choices("field")), wanted=WANTED, now=instance().now(),
                       minutes_since=minutes_since, bare=request.headers.get("HX-Request") == "true")


@pages.get("/question/<question_id>", endpoint="show")
@public_page
def show(question_id: str) -> Any:
    """A question with what has been said; contacts are never here."""
    lawyer = _me()
    if lawyer is None:
        return redirect(url_for("lawyer.index"))
    return _show(lawyer, _mine(lawyer, question_id))


@pages.post("/question/<question_id>", endpoint="answer")
@public_page
@limited("60 per minute")
def answer(question_id: str) -> Any:
    """Answer."""
    lawyer = _me()
    if lawyer is None:
        return redirect(url_for("lawyer.index"))
    question = _mine(lawyer, question_id)
    text = request.form.get("text", "")
    try:
        desk.answer(instance(), question.id, lawyer, text, form_token())
    except FazhiError as refused:
        return _show(lawyer, question, refusal(refused), text), 422
    flash(_("已发送解答。"))
    return redirect(url_for("lawyer.show", question_id=question.id))


@pages.get("/open/<secret>", endpoint="open")
@public_page
@limited("30 per minute")
def open_link(secret: str) -> Any:
    """The personal link: choose a PIN the first time, enter it afterwards."""
    return _open(_by_link(secret), "")


@pages.post("/open/<secret>", endpoint="enter")
@public_page
@limited("10 per minute")
def enter(secret: str) -> Any:
    """Check the PIN."""
    lawyer = _by_link(secret)
    try:
        roll.open_with(lawyer, request.form.get("pin", "").strip())
    except FazhiError as refused:
        return _open(_by_link(secret), refusal(refused)), 422
    session[KEY] = [lawyer.id, lawyer.session]
    session.permanent = True
    return redirect(url_for("lawyer.index"))


@pages.post("/out", endpoint="out")
@public_page
def out() -> Response:
    """Close the questions on this device."""
    session.pop(KEY, None)
    return redirect(url_for("lawyer.index"))


def _open(lawyer: Any, problem: str) -> str:
    return render_page("questions/lawyer_open.html", str(_("律师解答")), lawyer=lawyer, problem=problem)


def _show(lawyer: Any, question: Any, problem: str = "", typed: str = "") -> str:
    lines = lines_of(question)
    return render_page("questions/lawyer_question.html", dict(choices("field"))[question.field], lawyer=lawyer,
                       question=question, lines=lines, answered=any(one.lawyer == lawyer.id for one in lines),
                       words=desk.words_of(question.id).get(question.id), problem=problem, typed=typed,
                       breadcrumb=(Crumb(str(_("律师解答")), url_for("lawyer.index")),))


def _by_link(secret: str) -> Any:
    lawyer = roll.by_link(secret[:100])
    if lawyer is None:
        abort(404)
    return lawyer


def _me() -> Any | None:
    known = session.get(KEY)
    if not isinstance(known, list) or len(known) != 2:
        return None
    return Lawyer.get_or_none((Lawyer.id == known[0]) & (Lawyer.session == known[1]) & Lawyer.active)


def _mine(lawyer: Any, question_id: str) -> Any:
    if not Push.select().where((Push.question == question_id) & (Push.lawyer == lawyer.id)).exists():
        abort(404)
    return Question.get_by_id(question_id)
