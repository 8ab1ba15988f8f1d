"""Signed roots: one file a day that fixes every case's chain up to that moment.

The file is plain JSON with one case head on each line, so that it can be kept anywhere and read in a stream::

    {"header": {…}, "signature": "…",
    "heads": [
    ["case-1", 3, "9f…"],
    …
    ]}
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from core.database import database, is_sqlite
from core.errors import FazhiError, Problem
from core.instants import instant_text
from core.ledger.canonical import canonical
from core.ledger.merkle import Leaf, MerkleTree
from core.ledger.models import MerkleRoot
from core.ledger.root_file import FORMAT, Root, latest_root_file, read_root
from core.ledger.signing import SigningKey, trusted_keys
from core.ledger.snapshot import rows_by_id
from core.ledger.verify import verify
from core.ledger.writing import after_last_root

_HEAD_COLUMNS = ("id", "last_seq", "head_hash")


def make_root(folder: Path, key: SigningKey, now: datetime) -> Root:
    """Sign the heads of all cases and export them.

    Args:
        folder: where root files are collected; copy them to a place that the database's administrators do not
            reach. Verify the ledger against the previous root before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    opened = database.connect(reuse_if_open=True)
    try:
        with database.atomic():
            if not is_sqlite():
                database.execute_sql('LOCK TABLE "ledger_event" IN SHARE ROW EXCLUSIVE MODE')
            return _make(folder, key, after_last_root(now))
    finally:
        if opened:
            database.close()


def daily_root(folder: Path, key_file: Path, now: datetime) -> Root:
    """Verify the ledger against the newest root of ``folder``, then sign the next one.

    A root over a ledger that was tampered with would vouch for the tampering.

    Args:
        key_file: the signing key; made where there is none.

    Raises:
        FazhiError: ``ledger-damaged``; nothing was signed.
    """
    key = SigningKey.load_or_create(key_file)
    report = verify(folder=folder, trusted_key=trusted_keys(key_file))
    if not report.ok:
        raise FazhiError([Problem("ledger-damaged", details={"count": len(report.damages)}),
                          *(damage.problem() for damage in report.damages[:20])])
    return make_root(folder, key, now)


def _make(folder: Path, key: SigningKey, made_at: datetime) -> Root:
    number, previous = _latest(folder)
    number += 1
    file = folder / f"root-{number:06d}-{made_at:%Y%m%d}.json"
    heads, tree = file.with_suffix(".heads"), MerkleTree()
    with heads.open("w", encoding="utf-8") as out:
        for values in rows_by_id("case_", _HEAD_COLUMNS):
            leaf = Leaf(*values)
            out.write((",\n" if tree.count else "") + json.dumps(leaf, ensure_ascii=False))
            tree.add(leaf)
    header = canonical({
        "cases": tree.count, "format": FORMAT, "key": key.public, "made_at": instant_text(made_at),
        "number": number, "previous": previous, "root": tree.root(),
    })
    signature = key.sign(header.encode())
    _join(file, f'{{"header": {header}, "signature": "{signature}",\n"heads": [\n', heads)
    MerkleRoot.create(number=number, made_at=made_at, root=tree.root(), cases=tree.count, header=header,
                      signature=signature, file=file.name)
    return read_root(file)


def _latest(folder: Path) -> tuple[int, str]:
    """Number and header hash of the latest root; a file counts too, so that none is ever written over."""
    row: Any = MerkleRoot.select().order_by(MerkleRoot.number.desc()).first()
    number, header = (row.number, row.header) if row else (0, "")
    file = latest_root_file(folder)
    if file is not None and (found := read_root(file)).number > number:
        number, header = found.number, found.header
    return number, hashlib.sha256(header.encode()).hexdigest() if header else ""


def _join(file: Path, beginning: str, heads: Path) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("wb") as out, heads.open("rb") as lines:
        out.write(beginning.encode())
        while part := lines.read(1 << 20):
            out.write(part)
        out.write(b"\n]}\n")
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    heads.unlink()



__all__ = ["Root", "daily_root", "latest_root_file", "make_root", "read_root"]
