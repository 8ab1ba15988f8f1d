"""Fixtures that every kind of test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from core.organs import accounts

pytest_plugins = ["tests.services"]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Thousands of log-ins whose hash costs next to nothing; processes that tests start hash as in earnest."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accounts, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
