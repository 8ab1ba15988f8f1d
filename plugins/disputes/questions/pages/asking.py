"""Asking without logging in: a form, a code, answers as they arrive, follow-ups, one rating."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.errors import FazhiError
from plugins.disputes.questions import desk
from plugins.disputes.questions.codes import new_token
from plugins.disputes.questions.models import Push, Question, Said
from plugins.disputes.questions.pages.common import (
    asking_limit,
    choices,
    cities,
    form_token,
    lines_of,
    refusal,
    trapped,
)
from plugins.disputes.questions.routing import WANTED
from web.kit.access import public_page
from web.kit.limits import limited
from web.kit.render import instance, render_page

pages = Blueprint("ask", __name__, url_prefix="/ask", template_folder="templates")
SAYING, READING, LISTENING = "60 per minute", "240 per minute", "1200 per minute"
"""For each address; behind that of a hall or a mobile network are many people."""
SOON = timedelta(minutes=15)
"""So long an open page asks every few seconds, then less often."""


pages.add_app_template_global(new_token, "form_token")


@pages.get("", endpoint="form")
@public_page
def form() -> str:
    """The form; and the box for a code."""
    return _form({}, "")


@pages.post("", endpoint="send")
@public_page
@limited(asking_limit)
def send() -> Any:
    """Take a question; the page that follows is the only place where its code is shown."""
    typed = {name: request.form.get(name, "").strip() for name in ("text", "field", "region", "contact")}
    if trapped():
        abort(400)
    if typed["region"] not in dict(cities()) or typed["field"] not in dict(choices("field")):
        return _form(typed, str(_("请选择地区和领域。"))), 422
    try:
        asked = desk.ask(instance(), typed["region"], typed["field"], typed["text"], typed["contact"],
                         form_token())
    except FazhiError as refused:
        return _form(typed, refusal(refused)), 422
    return redirect(url_for("ask.show", code=asked.code))


@pages.post("/code", endpoint="find")
@public_page
@limited(SAYING)
def find() -> Any:
    """Back to a question by its code."""
    code = request.form.get("code", "").strip()[:40]
    if desk.question_of(code) is None:
        return _form({}, "", str(_("没有这个查询码，请核对。"))), 404
    return redirect(url_for("ask.show", code=code))


@pages.get("/<code>", endpoint="show")
@public_page
@limited(READING)
def show(code: str) -> str:
    """A question with its answers."""
    return _show(code, _question(code))


@pages.get("/<code>/answers", endpoint="answers")
@public_page
@limited(LISTENING)
def answers(code: str) -> Any:
    """The answers alone: an open page asks for them every few seconds, and mostly there is nothing new."""
    question = _question(code)
    if request.args.get("seen") == _seen(question):
        return "", 204
    return render_page("questions/_answers.html", "", fetched=True, **_state(code, question))


@pages.post("/<code>/follow-up", endpoint="follow_up")
@public_page
@limited(SAYING)
def follow_up(code: str) -> Any:
    """Go on asking."""
    question = _question(code)
    text = request.form.get("text", "")
    try:
        desk.follow_up(instance(), question.id, text, form_token())
    except FazhiError as refused:
        return _show(code, question, refusal(refused), text), 422
    return redirect(url_for("ask.show", code=code, _anchor="last"))


@pages.post("/<code>/rate", endpoint="rate")
@public_page
@limited(SAYING)
def rate(code: str) -> Any:
    """Rate the answers, once."""
    question = _question(code)
    given = request.form.get("satisfaction", "")
    if given not in ("1", "2", "3", "4", "5"):
        abort(400)
    try:
        desk.rate(instance(), question.id, int(given))
    except FazhiError as refused:
        return _show(code, question, refusal(refused)), 422
    flash(_("感谢您的评价。"))
    return redirect(url_for("ask.show", code=code))


def _form(typed: dict[str, str], problem: str, code_problem: str = "") -> str:
    return render_page("questions/ask.html", str(_("法律咨询")), typed=typed, problem=problem,
                       code_problem=code_problem, fields=choices("field"), cities=cities(),
                       page_lead=str(_("免费，不用登录。三分钟内送到本市法律顾问，十分钟内至少三位律师解答。")))


def _show(code: str, question: Any, problem: str = "", typed: str = "") -> str:
    return render_page("questions/question.html", str(_("我的咨询")), problem=problem, typed=typed,
                       **_state(code, question))


def _state(code: str, question: Any) -> dict[str, Any]:
    sent = Push.select().where(Push.question == question.id).count()
    return {"code": code, "question": question, "lines": lines_of(question), "wanted": WANTED, "sent": sent,
            "seen": _seen(question), "seconds": 5 if _soon(question) else 30,
            "words": desk.words_of(question.id).get(question.id), "field": dict(choices("field")).get(question.field)}


def _seen(question: Any) -> str:
    """Changes whenever the page of a question would."""
    said = Said.select().where(Said.question == question.id).count()
    return f"{question.reached}.{said}.{question.closed_at is None:d}{_soon(question):d}"


def _soon(question: Any) -> bool:
    return bool(instance().now() - question.asked_at < SOON)


def _question(code: str) -> Any:
    found = desk.question_of(code[:40])
    if found is None:
        abort(404)
    return Question.get_by_id(found.id)
