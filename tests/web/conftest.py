"""One small world for all tests of pages; each test gets its own copy of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.database import connect, database
from tests.instance_kit import PASSWORD
from tests.web.world import World, make_world
from web.app import create_app

LogIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The world as it was built; tests use ``world``."""
    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(built_world: World, tmp_path: Path) -> Iterator[World]:
    """The world with a database of this test's own."""
    copy = tmp_path / "fazhi.db"
    source = sqlite3.connect(built_world.instance.settings.home / "fazhi.db")
    target = sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    connect(f"sqlite:///{copy}")
    yield built_world
    if not database.is_closed():
        database.close()


@pytest.fixture(scope="session")
def built_app(built_world: World) -> Flask:
    """The application without form tokens and rate limits, which have tests of their own."""
    return create_app(built_world.instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False,
                      PROPAGATE_EXCEPTIONS=True)


@pytest.fixture
def app(built_app: Flask, world: World) -> Flask:
    """The application on this test's database."""
    return built_app


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    """Logs a person in and gives the browser."""
    def browser(account: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return browser
