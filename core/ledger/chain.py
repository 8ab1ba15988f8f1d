"""The chain of a case: each event's hash covers its whole content and the hash before it."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes

from core.cases.case import CaseHead
from core.ledger.canonical import canonical

DEFAULT_ALGORITHM = "sha256"
ALGORITHMS = ("sha256", "sm3")

_quote = json.JSONEncoder(ensure_ascii=False).encode


class Record(NamedTuple):
    """An event exactly as its database row holds it; fields in the order of the table's columns."""

    id: str
    case_id: str
    seq: int
    type: str
    occurred_at: str
    recorded_at: str
    taken_at: str
    precision: str
    actor: str
    organ: str
    payload: str
    commitments: str
    materials: str
    corrects: str | None
    void: bool
    bundle: str
    algorithm: str
    previous_hash: str
    hash: str


def digest(algorithm: str, content: bytes) -> str:
    """Hexadecimal hash of ``content``.

    Args:
        algorithm: ``sha256`` or ``sm3`` (GB/T 32905).

    Raises:
        ValueError: another algorithm.
    """
    if algorithm == "sha256":
        return hashlib.sha256(content).hexdigest()
    if algorithm == "sm3":
        sm3 = hashes.Hash(hashes.SM3())
        sm3.update(content)
        return sm3.finalize().hex()
    raise ValueError(f"unknown hash algorithm {algorithm!r}")


def genesis(algorithm: str, head: CaseHead) -> str:
    """What stands before a case's first event: the hash of its head, so that the head cannot change unseen."""
    return digest(algorithm, canonical({
        "id": head.id, "number": head.number, "organ": head.organ, "procedure": head.procedure,
        "region": head.region, "title": head.title,
    }).encode())


def content(record: Record) -> bytes:
    """The canonical JSON of an event without its own hash.

    The JSON columns go in as they are stored, so a change of a single blank in them is a change of the event.
    """
    corrects = "null" if record.corrects is None else _quote(record.corrects)
    return (
        f'{{"actor":{_quote(record.actor)},"algorithm":{_quote(record.algorithm)},"bundle":{_quote(record.bundle)},'
        f'"case":{_quote(record.case_id)},"commitments":{record.commitments},"corrects":{corrects},'
        f'"id":{_quote(record.id)},"materials":{record.materials},"occurred_at":"{record.occurred_at}",'
        f'"organ":{_quote(record.organ)},"payload":{record.payload},"precision":{_quote(record.precision)},'
        f'"previous":{_quote(record.previous_hash)},"recorded_at":"{record.recorded_at}","seq":{record.seq},'
        f'"taken_at":"{record.taken_at}","type":{_quote(record.type)},'
        f'"void":{"true" if record.void else "false"}}}'
    ).encode()


def event_hash(record: Record) -> str:
    """The hash that the event must bear."""
    return digest(record.algorithm, content(record))


def hashed(record: Record) -> Record:
    """The record with its hash filled in."""
    return record._replace(hash=event_hash(record))
