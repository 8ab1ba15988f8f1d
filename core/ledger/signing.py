"""The key that signs roots: a file outside the database, made on first use, readable by its owner only."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from core.errors import fail


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key."""

    private: Ed25519PrivateKey

    @classmethod
    def load_or_create(cls, path: Path) -> SigningKey:
        """The key of this file; a new one where there is no file.

        Raises:
            FazhiError: ``signing-key-unreadable`` where the file holds something else.
        """
        if not path.exists():
            _create(path)
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise fail("signing-key-unreadable", file=path)
        return cls(key)

    @property
    def public(self) -> str:
        """The public key in hexadecimal; hand it to whoever verifies."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, content: bytes) -> str:
        """Signature in hexadecimal."""
        return self.private.sign(content).hex()


def signed_by(public: str, signature: str, content: bytes) -> bool:
    """True where ``signature`` over ``content`` was made with the private half of ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def trusted_keys(path: Path) -> frozenset[str]:
    """Public keys whose roots count: that of the key file, and those listed beside it.

    The list is kept where an earlier key was lost or replaced, so that its roots are still believed.
    """
    listed = _trusted_file(path)
    earlier = listed.read_text(encoding="ascii").split() if listed.exists() else []
    return frozenset([*earlier, *([SigningKey.load_or_create(path).public] if path.exists() else [])])


def trust(path: Path, public: str) -> None:
    """Believe roots that were signed with an earlier key of this platform."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = trusted_keys(path)
    if public not in known:
        with _trusted_file(path).open("a", encoding="ascii") as file:
            file.write(public + "\n")


def _trusted_file(path: Path) -> Path:
    return path.with_name(path.name + ".trusted")


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(partial, path)  # unlike a rename this never replaces the key that another process just made
    partial.unlink()
