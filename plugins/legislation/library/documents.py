"""Documents of the region beside the national texts: in the same tables, index and pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.citations.parse import END_OF_HEADER
from core.database import database
from plugins.legislation.library.models import Edition, Ending
from plugins.legislation.library.reading import READER, read_text
from plugins.legislation.library.store import NewEdition, NewLaw, drop_edition, holds, put_edition, settle_law
from plugins.legislation.library.vocabulary import LawLevel


@dataclass(frozen=True, slots=True)
class LocalDocument:
    """A local regulation, government rule or normative document as it was published.

    Attributes:
        published: day of publication; tells the editions of one document apart.
        in_force: commencement as the document states it; None is unknown.
        until: last day of its period of validity; None has no end of its own.
        text: the document without its title, a line for each paragraph; articles begin with 第…条, or points with 一、.
        ending: ``repealed`` or ``expired`` where its maker ended it, with the day in ``ended``; else empty.
        replaced_by: number of the document that took its place, or empty.
        material: SHA-256 of the published file in the store of materials, or empty.
    """

    title: str
    level: LawLevel
    maker: str
    number: str
    published: date
    text: str
    in_force: date | None = None
    until: date | None = None
    subject: str = ""
    material: str = ""
    ending: str = ""
    ended: date | None = None
    replaced_by: str = ""


def add_document(document: LocalDocument, now: datetime) -> Any:
    """Put a document into the library, or renew it; joins a transaction that is open. The ``Edition`` row."""
    law = NewLaw(document.title, document.level, subject=document.subject, maker=document.maker)
    content = repr(document)
    digest = hashlib.sha256(f"{READER} {content}".encode()).hexdigest()
    found = read_text([f"# {document.title}\n{END_OF_HEADER}\n{document.text}"], document.published, ())
    sources: Sequence[tuple[str, str]] = ((document.number or document.title, document.material),)
    new = NewEdition(law, document.published, document.in_force, found.parts, sources, digest, until=document.until,
                     number=document.number, at=now)
    if holds(law.key, new.slug, digest):
        return Edition.get((Edition.law == law.key) & (Edition.slug == new.slug))
    with database.atomic():
        Ending.delete().where((Ending.law == law.key) & (Ending.slug == new.slug)).execute()
        if document.ending and document.ended is not None:
            Ending.create(law=law.key, slug=new.slug, kind=document.ending, on=document.ended,
                          replaced_by=document.replaced_by[:200])
        edition = put_edition(new)
        settle_law(law.key)
    return Edition.get_by_id(edition.id)


def end_document(title: str, published: date, until: date) -> bool:
    """Note the last day on which a document counts (废止、失效、有效期届满); False where it is not in the library."""
    law = NewLaw(title, LawLevel.OTHER)
    changed = Edition.update(until=until).where((Edition.law == law.key) & (Edition.passed == published)).execute()
    return bool(changed)


def remove_document(title: str, published: date) -> bool:
    """Take out a document that was put in by mistake; False where it is not there."""
    law = NewLaw(title, LawLevel.OTHER)
    edition = Edition.get_or_none((Edition.law == law.key) & (Edition.passed == published))
    if edition is None:
        return False
    with database.atomic():
        drop_edition(edition)
        settle_law(law.key)
    return True
