"""One operation of the API: what it takes, what it answers; the view and the OpenAPI document are made from it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.wrappers import Response

from core.errors import FazhiError, Location, Problem, fail
from web.kit.access import public_page

MARK = "fazhi_operation"
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 128

WORDS: Mapping[str, str] = {"missing": "api-field-missing", "extra_forbidden": "api-field-unknown"}
"""What pydantic found wrong, as an error code of ours; anything else is a value that does not fit."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a view of the API declares.

    Attributes:
        summary: Chinese, one line.
        body: what the request's JSON must look like; None: no body.
        query: what the address may ask; None: nothing.
        answer: what a success looks like; None: any JSON object.
        status: of a success.
        keyed: the caller names the request with ``Idempotency-Key``, so that sending it again records nothing twice.
        open_to_all: no key is needed.
        raw: the body is a file, not JSON.
    """

    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    keyed: bool = False
    open_to_all: bool = False
    raw: bool = False
    refusals: tuple[int, ...] = field(default=())


def operation_of(view: Callable[..., Any] | None) -> Operation | None:
    """What a view declares; None for views that are none of the API's."""
    return getattr(view, MARK, None)


def operation(summary: str, **declared: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a view out of a function that takes ``body``, ``query`` and ``key`` as far as it declares them."""
    made = Operation(summary, **declared)

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def view(**values: Any) -> Response:
            if made.body is not None:
                values["body"] = _checked(made.body, _json())
            if made.query is not None:
                values["query"] = _checked(made.query, request.args.to_dict())
            if made.keyed:
                values["key"] = _key()
            return _answer(function(**values), made.status)

        setattr(view, MARK, made)
        return public_page(view)  # not of the log-in of people: ``authenticate`` asks for a key

    return mark


def _json() -> Any:
    if not request.is_json:
        raise fail("api-not-json")
    try:
        return json.loads(request.get_data(), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise fail("api-json-malformed") from None


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _checked(model: type[BaseModel], given: Any) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise FazhiError(_problem(error) for error in wrong.errors()) from None


def _problem(error: Any) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    return Problem(WORDS.get(error["type"], "api-field-wrong"), Location("request", field=place),
                   {"field": place or "/", "reason": error["msg"]})


def _key() -> str:
    key = request.headers.get(KEY_HEADER, "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise fail("api-key-missing", Location("request", field=KEY_HEADER), header=KEY_HEADER, most=LONGEST_KEY)
    return key


def _answer(made: Any, status: int) -> Response:
    repeated = getattr(made, "repeated", False)
    content = made.model_dump_json() if isinstance(made, BaseModel) else json.dumps(made, ensure_ascii=False)
    response = Response(content, 200 if repeated else status, content_type="application/json; charset=utf-8")
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response
