"""Secrets that are handed out once and kept only as hashes: codes of citizens, links of lawyers."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1, I: codes are read out and typed on phones."""

LENGTH = 16
"""80 bits: nobody finds one by trying."""


def code_of(key: bytes, *sent: str) -> str:
    """The code to come back with of what was sent, as ``K7QF-2M9X-PPRT-3HWZ``.

    Who sends the same again because the answer was lost gets the same code, though only its hash is kept.

    Args:
        key: the instance's secret; without it no code can be computed.
        sent: the token of the form and everything that was filled in.
    """
    drawn = hmac.digest(key, "\x00".join(sent).encode(), "sha256")[:LENGTH]
    letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))


def new_token() -> str:
    """What makes a form that was handed out unlike every other."""
    return secrets.token_urlsafe(16)


def new_link() -> str:
    """The secret of a lawyer's personal link."""
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_hash(typed: str) -> str:
    """What is kept of a code, however it is typed: small letters, spaces, without hyphens."""
    return hash_of(re.sub(r"[^0-9A-Z]", "", typed.upper()))
