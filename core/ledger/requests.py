"""Requests that arrive twice: the second one is answered with what the first one recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import fail
from core.ledger.canonical import canonical, stored
from core.ledger.intake import NewEvent
from core.ledger.models import RequestRow
from core.rulebook.model import Procedure


@dataclass(frozen=True, slots=True)
class Request:
    """A request by its key and what it asked for. An empty key remembers nothing."""

    key: str = ""
    digest: str = ""

    @classmethod
    def of(cls, request_key: str | None, target: str, new: NewEvent, procedure: Procedure) -> Request:
        """The request to record ``new``; two persons' keys never meet."""
        if request_key is None:
            return NO_REQUEST
        return cls(_sha256(f"{new.actor}\x00{request_key}"), _digest(target, new, procedure))

    @classmethod
    def batch(cls, request_key: str | None) -> Request:
        """The request to record a batch, known by its key alone."""
        return NO_REQUEST if request_key is None else cls(_sha256(f"\x00batch\x00{request_key}"), "batch")

    def earlier(self) -> Any | None:
        """The row of the same request, recorded before; None where there is none.

        Raises:
            FazhiError: ``request-key-reused`` where the key stood for something else.
        """
        row: Any = RequestRow.get_or_none(RequestRow.key == self.key) if self.key else None
        if row is not None and row.digest != self.digest:
            raise fail("request-key-reused", case=row.case_id)
        return row

    def remember(self, case_id: str, seqs: Sequence[int]) -> None:
        """Keep what the request recorded, in the caller's transaction."""
        if self.key:
            RequestRow.create(key=self.key, digest=self.digest, case_id=case_id, first_seq=min(seqs, default=0),
                              last_seq=max(seqs, default=0))


NO_REQUEST = Request()


def _digest(target: str, new: NewEvent, procedure: Procedure) -> str:
    """What was asked for. Personal values stay out: a digest of a name would outlive the name's sealing."""
    event_type = procedure.events.get(new.type)
    personal = {name for name, field in event_type.fields.items() if field.personal} if event_type else set()
    return _sha256(canonical({
        "target": target, "type": new.type, "occurred_at": str(new.occurred_at), "actor": new.actor,
        "organ": new.organ, "corrects": new.corrects, "void": new.void,
        "payload": {name: None if name in personal else _plain(value) for name, value in new.payload.items()},
        "materials": [[material.requirement, material.sha256] for material in new.materials],
        **({"documents": list(new.documents)} if new.documents else {}),
    }))


def _plain(value: object) -> object:
    try:
        return stored(value)
    except (TypeError, ValueError):
        return str(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
