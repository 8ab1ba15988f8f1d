"""The real pages in a real browser: a server on a free port and headless Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from tests.instance_kit import PASSWORD
from tests.web.world import World, make_world
from web.app import create_app

GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""A request given up because a newer one, or another page, takes its place; what fails says other words too."""


@dataclass(frozen=True)
class Served:
    """A running server."""

    world: World
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small world behind a real server; each module of tests has its own."""
    world = make_world(tmp_path_factory.mktemp("served"))
    server = create_server(create_app(world.instance), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(world, f"http://127.0.0.1:{server.effective_port}")
    server.close()


@pytest.fixture
def visit(served: Served, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Logs a person in and gives the page; at the end nothing may have complained in the console."""
    contexts = []
    complaints: list[str] = []

    def log_in(account: str, width: int = 1440, height: int = 900,
               prepare: Callable[[Page], object] | None = None) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        if prepare:
            prepare(page)
        page.on("console", lambda message: complaints.append(message.text)
                if message.type == "error" and not message.text.startswith(GIVEN_UP) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{served.address}/login")
        page.get_by_label("用户名").fill(account)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{served.address}/")
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert not complaints, complaints


