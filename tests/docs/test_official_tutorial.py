"""The official's first day, walked in a real browser on a real demonstration, exactly as the tutorial tells it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.docs.pages import DOCS
from tests.docs.screenshots import walk

COMMAND = (sys.executable, "-c", "from web.cli import main; main()")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[str]:
    """The address of a small demonstration, made and served by the commands that the tutorial names."""
    environment = {**os.environ, "FAZHI_HOME": str(tmp_path), "PYTHONUTF8": "1"}
    subprocess.run([*COMMAND, "demo", "--cases", "30"], env=environment, check=True, capture_output=True, timeout=120)
    port = free_port()
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start within 30 s")


@pytest.mark.browser
def test_the_first_day_goes_as_the_tutorial_says_and_every_picture_is_taken(
        demonstration: str, tmp_path: Path, chromium: Browser) -> None:
    images = tmp_path / "images"
    walk(chromium, demonstration, images)
    text = (DOCS / "tutorial" / "official.md").read_text(encoding="utf-8")
    for picture in images.glob("*.png"):
        assert f"(../images/{picture.name})" in text
    assert {path.name for path in images.iterdir()} == {path.name for path in (DOCS / "images").glob("*.png")}
