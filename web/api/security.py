"""Who calls: the key in the ``Authorization`` header, never a cookie."""

from __future__ import annotations

from flask import Flask, g, request

from core.errors import fail
from core.organs.authority import actor_of
from core.organs.credentials import account_of
from web.api.operation import operation_of
from web.kit.access import today_of
from web.kit.render import instance


def authenticate(app: Flask) -> None:
    """Let nobody but the holder of a key into an operation that asks for one.

    A browser's cookie opens nothing here, so that no page of another site can make a browser call the API: the
    actor of the log-in is forgotten before the key is looked at.

    Raises:
        FazhiError: ``credential-missing``, ``credential-refused``.
    """
    g.pop("actor", None)
    operation = operation_of(app.view_functions.get(request.endpoint or ""))
    if operation is None or operation.open_to_all:
        return
    kind, _blank, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise fail("credential-missing")
    g.actor = actor_of(account_of(key.strip(), instance().now()), on=today_of(instance()))
