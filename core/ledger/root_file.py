"""Reading a signed root: its signature, its list of case heads, and whether the two agree."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import fail
from core.instants import parse_instant
from core.ledger.canonical import canonical
from core.ledger.merkle import Leaf, MerkleTree
from core.ledger.signing import signed_by

FORMAT = "fazhi-ledger-root/1"
PATTERN = "root-*.json"


@dataclass(frozen=True, slots=True)
class Root:
    """A root file's signed header.

    Attributes:
        previous: SHA-256 of the header before, so that no root can be left out unseen.
        key: public key that signed it.
        header: canonical text of the header, as signed.
    """

    file: Path
    number: int
    made_at: datetime
    root: str
    cases: int
    previous: str
    key: str
    header: str

    def leaves(self) -> Iterator[Leaf]:
        """The case heads of the file, in the order of their ids, one at a time."""
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("["):
                    case_id, last_seq, head_hash = json.loads(line.rstrip().rstrip(","))
                    yield Leaf(case_id, last_seq, head_hash)


Trusted = str | Collection[str] | None
"""One public key, several, or None for whatever key the file names."""


def read_root(file: Path, trusted_key: Trusted = None) -> Root:
    """Read a root file and check its signature and its own root.

    Args:
        trusted_key: public key, or keys one of which, must have signed it; None trusts the key that the file
            names, which only suits a file that was kept out of reach.

    Raises:
        FazhiError: ``root-file-unreadable``, ``root-file-key``, ``root-file-signature``, ``root-file-heads``.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            beginning = json.loads(lines.readline().rstrip().rstrip(",") + "}")
        header, signature = beginning["header"], beginning["signature"]
        root = Root(file, header["number"], parse_instant(header["made_at"]), header["root"], header["cases"],
                    header["previous"], header["key"], canonical(header))
        if header["format"] != FORMAT:
            raise fail("root-file-unreadable", file=file.name)
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise fail("root-file-unreadable", file=file.name) from reason
    trusted = (trusted_key,) if isinstance(trusted_key, str) else trusted_key
    if trusted is not None and root.key not in trusted:
        raise fail("root-file-key", file=file.name)
    if not signed_by(root.key, signature, root.header.encode()):
        raise fail("root-file-signature", file=file.name)
    if not _heads_agree(root):
        raise fail("root-file-heads", file=file.name)
    return root


def latest_root_file(folder: Path) -> Path | None:
    """The newest root file of a folder, or None."""
    return max(folder.glob(PATTERN), key=lambda file: file.name, default=None) if folder.is_dir() else None


def _heads_agree(root: Root) -> bool:
    tree, previous = MerkleTree(), ""
    try:
        for leaf in root.leaves():
            if leaf.case_id <= previous:
                return False
            previous = leaf.case_id
            tree.add(leaf)
    except (ValueError, TypeError):
        return False
    return tree.count == root.cases and tree.root() == root.root
