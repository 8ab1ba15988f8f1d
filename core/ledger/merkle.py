"""Merkle root over case heads (RFC 6962 tree hash), computed in one pass with memory for one path."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from core.ledger.canonical import canonical


class Leaf(NamedTuple):
    """A case's head: how long its chain is, and the hash at its end."""

    case_id: str
    last_seq: int
    head_hash: str


class MerkleTree:
    """Takes leaves in the order of their case ids and gives the root."""

    def __init__(self) -> None:
        self.count = 0
        self._full: list[tuple[int, bytes]] = []

    def add(self, leaf: Leaf) -> None:
        """Add the next leaf; full subtrees of equal size are joined at once."""
        size, node = 1, hashlib.sha256(b"\x00" + canonical(list(leaf)).encode()).digest()
        while self._full and self._full[-1][0] == size:
            node = _join(self._full.pop()[1], node)
            size *= 2
        self._full.append((size, node))
        self.count += 1

    def root(self) -> str:
        """Hexadecimal root; the hash of nothing for no leaves."""
        if not self._full:
            return hashlib.sha256(b"").hexdigest()
        nodes = [node for _, node in self._full]
        root = nodes.pop()
        while nodes:
            root = _join(nodes.pop(), root)
        return root.hex()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
