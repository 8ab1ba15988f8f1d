"""Who may open a document's page: whoever knows the code printed on it. Guessing is counted and stopped."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from core.database import database
from core.documents.issuing import ALPHABET
from core.documents.models import IssuedDocument
from plugins.enforcement.casecode.models import WrongCode

MOST_WRONG = 5
WAIT = timedelta(minutes=15)
"""After five wrong codes an address rests so long: 480 tries a day against 32^8 codes."""


class Answer(Enum):
    """What became of a code that somebody entered."""

    OPEN = "open"
    WRONG = "wrong"
    RESTING = "resting"


def find_document(code: str) -> Any:
    """The document of an address; None where there is none."""
    return IssuedDocument.get_or_none(IssuedDocument.code == code) if code else None


def try_code(code: str, entered: str, now: datetime) -> Answer:
    """Try the party's code; an address that leads nowhere answers as one whose code is wrong."""
    with database.atomic():
        row: Any = WrongCode.get_or_none(WrongCode.code == code)
        if row is not None and now - row.first_at >= WAIT:
            row.delete_instance()
            row = None
        if row is not None and row.count >= MOST_WRONG:
            return Answer.RESTING
        document = find_document(code)
        expected = document.secret if document is not None else ""
        if expected and hmac.compare_digest(normal(entered).encode(), expected.encode()):
            return Answer.OPEN
        if row is None:
            WrongCode.insert(code=code, count=1, first_at=now).on_conflict(
                conflict_target=[WrongCode.code], update={WrongCode.count: WrongCode.count + 1}).execute()
        else:
            WrongCode.update(count=WrongCode.count + 1).where(WrongCode.code == code).execute()
    return Answer.WRONG


def normal(entered: str) -> str:
    """A code as people type it: small letters, blanks and dashes do not matter."""
    return "".join(sign for sign in entered.upper() if sign in ALPHABET)[:32]
