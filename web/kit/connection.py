"""One database connection for each request, given back however the request ends."""

from __future__ import annotations

from flask import Flask, g

from core.database import database


def init_connection(app: Flask) -> None:
    """Open the connection before a request and close it after; one that a test or command holds is left alone."""
    app.before_request(_open)
    app.teardown_request(_close)


def _open() -> None:
    g.opened_database = database.connect(reuse_if_open=True)


def _close(_error: BaseException | None) -> None:
    if g.pop("opened_database", False) and not database.is_closed():
        database.close()
