"""Settings of an instance: read once from the environment, then carried by the instance."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import fail


@dataclass(frozen=True, slots=True)
class Settings:
    """Where an instance keeps its things and what it switches off.

    Attributes:
        home: the folder with database, materials, keys and the instance's own rules.
        database_url: ``sqlite:///PATH`` or ``postgresql://…``.
        rules_dir: the instance's own rule sets, on top of the shipped ones; an upgrade never touches them.
        disabled_plugins: entry-point names that are not loaded.
        broker_url: Celery broker; empty runs the embedded worker.
        approvals: how many authorised persons an activation needs.
        proxies: reverse proxies in front that add ``X-Forwarded-*`` and end TLS; with any, cookies are sent over
            HTTPS only.
        require_impact: a bundle may be proposed only with its impact on recorded cases.
        asks_per_minute: questions and requests of the public that one address may send in a minute; in an hour five
            times as many.
        public_url: address under which citizens reach the platform, for QR codes; empty: that of the page in use.
    """

    home: Path
    database_url: str
    rules_dir: Path
    disabled_plugins: frozenset[str] = frozenset()
    broker_url: str = ""
    approvals: int = 2
    proxies: int = 0
    require_impact: bool = False
    public_url: str = ""
    asks_per_minute: int = 6

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read ``FAZHI_*`` variables; each has a default that needs no server.

        Raises:
            FazhiError: ``bad-setting`` names the variable and what it may hold.
        """
        env = os.environ if environ is None else environ
        home = Path(env.get("FAZHI_HOME", "var")).absolute()
        approvals = env.get("FAZHI_APPROVALS", "2")
        if approvals not in ("1", "2", "3"):
            raise fail("bad-setting", name="FAZHI_APPROVALS", value=approvals, allowed="1, 2, 3")
        proxies = env.get("FAZHI_PROXIES", "0")
        if proxies not in ("0", "1", "2", "3"):
            raise fail("bad-setting", name="FAZHI_PROXIES", value=proxies, allowed="0, 1, 2, 3")
        require_impact = env.get("FAZHI_REQUIRE_IMPACT", "0")
        if require_impact not in ("0", "1"):
            raise fail("bad-setting", name="FAZHI_REQUIRE_IMPACT", value=require_impact, allowed="0, 1")
        asks = env.get("FAZHI_ASKS_PER_MINUTE", "6")
        if not (asks.isascii() and asks.isdigit() and 1 <= int(asks) <= 6000):
            raise fail("bad-setting", name="FAZHI_ASKS_PER_MINUTE", value=asks, allowed="1–6000")
        public_url = env.get("FAZHI_PUBLIC_URL", "").rstrip("/")
        if public_url and not public_url.startswith(("https://", "http://")):
            raise fail("bad-setting", name="FAZHI_PUBLIC_URL", value=public_url, allowed="https://…")
        return cls(
            home=home,
            database_url=env.get("FAZHI_DATABASE_URL") or f"sqlite:///{home / 'fazhi.db'}",
            rules_dir=Path(env.get("FAZHI_RULES_DIR") or home / "rules").absolute(),
            disabled_plugins=frozenset(filter(None, env.get("FAZHI_DISABLED_PLUGINS", "").replace(" ", "").split(","))),
            broker_url=env.get("FAZHI_BROKER_URL", ""),
            approvals=int(approvals),
            proxies=int(proxies),
            require_impact=require_impact == "1",
            public_url=public_url,
            asks_per_minute=int(asks),
        )

    @property
    def materials_dir(self) -> Path:
        """Content-addressed files."""
        return self.home / "materials"

    @property
    def roots_dir(self) -> Path:
        """Signed daily roots; copy them to where the database's administrators do not reach."""
        return self.home / "roots"

    @property
    def signing_key(self) -> Path:
        """The key that signs the daily roots; never in the database."""
        return self.home / "keys" / "ledger-signing.pem"

    def secret_key(self) -> bytes:
        """The session key: from ``FAZHI_SECRET_KEY``, else a file made once, readable by the owner only."""
        if given := os.environ.get("FAZHI_SECRET_KEY"):
            return given.encode()
        path = self.home / "keys" / "session.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        return path.read_bytes()
