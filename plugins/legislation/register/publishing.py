"""Published texts go into the library, so that they are read, searched and cited like any law."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from docx import Document as Docx

from core.cases.case import Case, Step
from core.ledger.event import MaterialRef
from core.materials.store import MaterialStore
from plugins.legislation.library.documents import LocalDocument, add_document, remove_document
from plugins.legislation.library.models import Law
from plugins.legislation.library.store import NewLaw
from plugins.legislation.library.vocabulary import LawLevel

LONGEST = 2_000_000
"""Bytes of a text that is put into the library."""


def publish(case: Case, row: Mapping[str, Any], maker: str, materials: MaterialStore, now: datetime) -> bool:
    """Put the text of a published document into the library; False where its material holds no text that can be read.

    Args:
        row: the document as the register has it.
        maker: name of the organ.
    """
    step = next((step for step in case.steps if step.type == "published"), None)
    file = _text_file(step) if step is not None else None
    if step is None or file is None or not materials.knows(file.sha256):
        return False
    title = library_title(case.head.title, maker)
    _forget_under(f"{maker}{case.head.title}", title, step.date)
    text = _read(materials.path(file.sha256).read_bytes(), file.name)
    if not text.strip() or _is_national(title):
        return False
    add_document(LocalDocument(
        title, LawLevel.GOVERNMENT_RULE if row["kind"] == "rule" else LawLevel.NORMATIVE, maker=maker,
        number=row["number"], published=step.date, text=text, in_force=row["effective"], until=_last_day(row),
        material=file.sha256, **_ending(case, row)), now)
    return True


def library_title(title: str, maker: str) -> str:
    """The title under which the library has a document: two organs' documents of one title stay two documents."""
    return title if title.startswith(maker) else f"{title}（{maker}）"


def _forget_under(old: str, title: str, published: date) -> None:
    """Earlier releases put the maker before the title; the text moves to its name of today."""
    if old != title and not title.startswith(old):
        remove_document(old, published)


def key_of(title: str, maker: str) -> str:
    """The document in addresses of the library's pages."""
    return NewLaw(library_title(title, maker), LawLevel.NORMATIVE).key


def _is_national(title: str) -> bool:
    """A document of an organ never becomes an edition of a national law that has the same name."""
    known = Law.get_or_none(Law.key == NewLaw(title, LawLevel.NORMATIVE).key)
    return known is not None and not known.maker


def _ending(case: Case, row: Mapping[str, Any]) -> dict[str, Any]:
    """How the maker ended it, unless its own validity had run out before."""
    ended, until = row["ended"], row["until"]
    if ended is None or (until is not None and until < ended - timedelta(days=1)):
        return {}
    by = next((str(step.fields.get("replaced_by") or "") for step in reversed(case.steps) if step.type == "repealed"),
              "")
    return {"ending": "repealed" if row["ending"] in ("repealed", "repeal") else "expired", "ended": ended,
            "replaced_by": by}


def _last_day(row: Mapping[str, Any]) -> date | None:
    days = [day for day in (row["until"], row["ended"] and row["ended"] - timedelta(days=1)) if day]
    return min(days, default=None)


def _text_file(step: Step) -> MaterialRef | None:
    return next((one for one in step.event.materials
                 if one.requirement == "text" and one.name.lower().endswith((".txt", ".docx")) and one.size <= LONGEST),
                None)


def _read(content: bytes, name: str) -> str:
    if name.lower().endswith(".docx"):
        try:
            return "\n".join(paragraph.text for paragraph in Docx(io.BytesIO(content)).paragraphs)
        except (ValueError, KeyError, OSError):
            return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")
