"""A party's rating: once for each document, on the case's chain, its words apart so that they can be erased."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from core.database import database
from core.documents.words import printable
from core.errors import Location, fail
from core.instance import Instance
from core.judge import PlatformEvent
from core.ledger.models import CaseRow
from plugins.enforcement.casecode.models import PartyRating

RATED = "document.rated"
LONGEST = 500
STARS = ("1", "2", "3", "4", "5")


def rate(instance: Instance, document: Any, stars: str, comment: str) -> None:
    """Record a rating as an event of the platform on the document's case.

    Raises:
        FazhiError: ``rating-stars``, ``rating-long``, ``rating-twice``.
    """
    if stars not in STARS:
        raise fail("rating-stars", Location("rating", field="stars"))
    words = printable(comment).strip()
    if len(words) > LONGEST:
        raise fail("rating-long", Location("rating", field="comment"), most=LONGEST)
    salt = secrets.token_hex(16)
    row: Any = CaseRow.get_by_id(document.case_id)
    with database.atomic():
        if PartyRating.get_or_none(PartyRating.document == document.id) is not None:
            raise fail("rating-twice", Location("rating"))
        digest = hashlib.sha256(f"{salt}|{words}".encode()).hexdigest() if words else ""
        recorded = instance.recorder.record_platform(
            row.id, PlatformEvent(RATED, {"document": document.document, "number": document.number,
                                          "stars": int(stars), "comment": digest}), "system:party", row.organ)
        PartyRating.insert(document=document.id, case_id=row.id, organ=row.organ, stars=int(stars), comment=words,
                           salt=salt, rated_at=recorded.events[0].recorded_at,
                           event_id=recorded.events[0].id).execute()
