"""The interface's one shape of an error, whatever went wrong: codes, words, what to do, where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from core.errors import FazhiError, Problem
from web.kit.errors import WORDS, status_of
from web.kit.language import language
from web.kit.step_form import StepForm, place_problems

Answer = tuple[dict[str, Any], int]


def init_answers(pages: Blueprint) -> None:
    """Answer every error of the blueprint as JSON."""
    pages.register_error_handler(FazhiError, refused)
    pages.register_error_handler(ValidationError, _malformed)
    pages.register_error_handler(CSRFError, lambda _error: (_words("form-expired", 400), 400))
    pages.register_error_handler(HTTPException, _http)


def refused(error: FazhiError) -> Answer:
    """What the core refused. An object that is out of reach looks like one that does not exist."""
    found = status_of(error)
    found = 422 if found == 400 else found
    if found == 404:
        return _words("http-404", 404), 404
    return {"problems": [_problem(one) for one in error.problems]}, found


def form_refused(form: StepForm, error: FazhiError | None = None) -> Answer:
    """What is wrong with a step, each at its input."""
    codes = [one.code for one in error.problems] if error is not None else []
    if error is not None:
        place_problems(form, error, language())
    problems = [{"code": codes[0] if len(codes) == 1 else "step-form", "at": at, "message": message, "fix": ""}
                for at, messages in form.errors.items() for message in messages]
    return {"problems": problems}, 422


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message(language()), "fix": problem.fix(language()),
            "at": problem.at.field if problem.at else "",
            "details": {name: value for name, value in problem.details.items() if isinstance(value, (str, int))}}


def _malformed(error: ValidationError) -> Answer:
    at = ".".join(str(part) for part in error.errors()[0]["loc"]) if error.errors() else ""
    return _words("request-malformed", 400, at), 422


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    return error if code < 400 else (_words(f"http-{code}", code), code)


def _words(code: str, status: int, at: str = "") -> dict[str, Any]:
    title, explanation = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return {"problems": [{"code": code, "message": str(title), "fix": str(explanation), "at": at}]}
