"""Secrets that are handed out once and kept only as hashes: codes of citizens, links of lawyers."""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1, I: codes are read out and typed on phones."""

LENGTH = 16
"""80 bits: nobody finds one by trying."""


def new_code() -> str:
    """A code to come back with, as ``K7QF-2M9X-PPRT-3HWZ``."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, LENGTH, 4))


def new_link() -> str:
    """The secret of a lawyer's personal link."""
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_hash(typed: str) -> str:
    """What is kept of a code, however it is typed: small letters, spaces, without hyphens."""
    return hash_of(re.sub(r"[^0-9A-Z]", "", typed.upper()))
