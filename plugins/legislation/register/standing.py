"""Whether a document is in force on a day; nothing that has ended is shown as in force."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from core.text import Text
from plugins.legislation.register.models import Document


class Standing(StrEnum):
    """How a document stands on a day."""

    MAKING = "making"
    COMING = "coming"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    ENDED = "ended"


TITLES = {
    Standing.MAKING: Text("制定中", {"en": "being made"}),
    Standing.COMING: Text("尚未施行", {"en": "not in force yet"}),
    Standing.IN_FORCE: Text("现行有效", {"en": "in force"}),
    Standing.LAPSED: Text("有效期已满", {"en": "validity has run out"}),
    Standing.ENDED: Text("已废止或者失效", {"en": "repealed or expired"}),
}
TONES = {Standing.MAKING: "grey", Standing.COMING: "blue", Standing.IN_FORCE: "green", Standing.LAPSED: "yellow",
         Standing.ENDED: "red"}


def standing_of(document: Any, day: date) -> Standing:
    """How the document stands at the close of a day; a document whose own validity has run out is not in force."""
    if document.published is None or document.published > day:
        return Standing.MAKING
    if document.ended is not None and document.ended <= day:
        return Standing.ENDED
    if document.until is not None and document.until < day:
        return Standing.LAPSED
    if document.effective is not None and document.effective > day:
        return Standing.COMING
    return Standing.IN_FORCE


def stands(standing: Standing, day: date) -> Any:
    """The same as a condition for the database."""
    text = day.isoformat()
    published = Document.published.is_null(False) & (Document.published <= text)
    ended = Document.ended.is_null(False) & (Document.ended <= text)
    lapsed = Document.until.is_null(False) & (Document.until < text)
    coming = Document.effective.is_null(False) & (Document.effective > text)
    return {
        Standing.MAKING: Document.published.is_null() | (Document.published > text),
        Standing.ENDED: published & ended,
        Standing.LAPSED: published & ~ended & lapsed,
        Standing.COMING: published & ~ended & ~lapsed & coming,
        Standing.IN_FORCE: published & ~ended & ~lapsed & ~coming,
    }[standing]
