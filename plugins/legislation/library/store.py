"""Puts editions into the tables and the index, and keeps what depends on all of them: order, what replaced what."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.citations.corpus import law_key
from core.database import database
from plugins.legislation.library.indexing import TAKEN_UP, index_new, leave_index, lock_library
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.reading import READER, Part
from plugins.legislation.library.units import units
from plugins.legislation.library.vocabulary import LawLevel

UNDATED = "undated"
_BATCH = 300
_REPEALS = re.compile(r"[^。\n]*(?:同时废止|予以废止|即行废止|即行失效)")
_TITLE = re.compile(r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》")
_LEVELS = tuple(LawLevel)


@dataclass(frozen=True, slots=True)
class NewLaw:
    """What is known of a law beside its texts; meanings as in ``Law``."""

    title: str
    level: LawLevel
    amendment: bool = False
    subject: str = ""
    maker: str = ""

    @property
    def key(self) -> str:
        """The title as search and addresses of pages have it."""
        return law_key(self.title).replace("/", "-")


@dataclass(frozen=True, slots=True)
class NewEdition:
    """One text of a law, read; meanings as in ``Edition``.

    Attributes:
        sources: name and SHA-256 of each file.
        digest: hash over these and whatever else makes this edition what it is.
    """

    law: NewLaw
    passed: date | None
    in_force: date | None
    parts: Sequence[Part]
    sources: Sequence[tuple[str, str]]
    digest: str
    history: Sequence[date] = ()
    until: date | None = None
    number: str = ""
    at: datetime = field(kw_only=True)

    @property
    def slug(self) -> str:
        """The edition in addresses of pages."""
        return self.passed.isoformat() if self.passed else UNDATED


def holds(law: str, slug: str, digest: str) -> bool:
    """Whether exactly this edition is in the library already, as today's reader reads it."""
    return bool(Edition.select().where((Edition.law == law) & (Edition.slug == slug) & (Edition.digest == digest)
                                       & (Edition.reader == READER)).exists())


def put_edition(new: NewEdition) -> Any:
    """Add an edition, or replace the text that it had; all of it or nothing. Call ``settle`` after the last one.

    A new one is found after that; one that was there is found all the time.
    """
    with database.atomic():
        lock_library()
        law = Law.get_or_none(Law.key == new.law.key) or Law.create(key=new.law.key, **_law_values(new.law))
        Law.update(**_law_values(new.law)).where(Law.key == law.key).execute()
        old = Edition.get_or_none((Edition.law == law) & (Edition.slug == new.slug))
        if old is not None:
            drop_edition(old)
        edition = Edition.create(law=law, slug=new.slug, passed=new.passed, in_force=new.in_force, until=new.until,
                                 number=new.number, history=[day.isoformat() for day in new.history],
                                 sources=[list(source) for source in new.sources], digest=new.digest, reader=READER,
                                 articles=len(new.parts), imported_at=new.at)
        rows = list(_rows(edition, new.parts))
        for start in range(0, len(rows), _BATCH):
            Article.insert_many(rows[start : start + _BATCH]).execute()
        if old is not None:
            index_new(TAKEN_UP)
    return edition


def drop_edition(edition: Any) -> None:
    """Take an edition with its articles out of tables and index."""
    with database.atomic():
        lock_library()
        leave_index(edition)
        Article.delete().where(Article.edition == edition).execute()
        edition.delete_instance()


def _law_values(law: NewLaw) -> dict[str, Any]:
    return {"title": law.title, "level": law.level.value, "amendment": law.amendment, "subject": law.subject,
            "maker": law.maker}


def _rows(edition: Any, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for place, part in enumerate(parts, start=1):
        seen[part.label] += 1
        anchor = part.label if seen[part.label] == 1 else f"{part.label}-{seen[part.label]}"
        yield {"edition": edition, "place": place, "label": part.label, "anchor": anchor, "kind": part.kind.value,
               "number": part.number, "branch": part.branch, "headings": list(part.headings), "text": part.text,
               "units": " ".join(units(part.text))}


def settle() -> None:
    """Renew what each edition owes to the others: which is the latest, what repeals it, how often it is named, rank.

    Then what is new is indexed.
    """
    with database.atomic():
        lock_library()
        _settle_latest()
        named, repealed = _mentions()
        for law in Law.select():
            by, on = repealed.get(law.key, ("", None))
            if (law.cited, law.repealed_by, law.repealed_on) != (named[law.key], by, on):
                Law.update(cited=named[law.key], repealed_by=by, repealed_on=on).where(Law.key == law.key).execute()
        _settle_ranks()
        index_new()


def settle_law(key: str) -> None:
    """The same for the editions of one law, where no other law is affected; a law without editions goes."""
    with database.atomic():
        lock_library()
        editions = list(Edition.select(Edition, Law).join(Law).where(Edition.law == key))
        if not editions:
            Law.delete().where(Law.key == key).execute()
        newest = max(editions, key=lambda edition: edition.passed or date.min, default=None)
        for edition in editions:
            edition.latest = edition is newest
            edition.rank = _rank(edition)
            edition.save(only=[Edition.latest, Edition.rank])
            Article.update(rank=edition.rank).where(Article.edition == edition).execute()
        index_new(TAKEN_UP)


def _settle_latest() -> None:
    newest: dict[str, Any] = {}
    for edition in Edition.select(Edition.id, Edition.law, Edition.passed, Edition.latest):
        best = newest.get(edition.law_id)
        if best is None or (edition.passed or date.min) > (best.passed or date.min):
            newest[edition.law_id] = edition
    wanted = {edition.id for edition in newest.values()}
    Edition.update(latest=False).where(Edition.latest & Edition.id.not_in(wanted)).execute()
    Edition.update(latest=True).where(~Edition.latest & Edition.id.in_(wanted)).execute()


def _mentions() -> tuple[Counter[str], Mapping[str, tuple[str, date | None]]]:
    """How many other laws name each law, and which law repeals it with its commencement."""
    passed = {(edition.law_id, edition.id): edition for edition in Edition.select(Edition, Law).join(Law)}
    oldest: dict[str, date] = {}
    for (law, _), edition in passed.items():
        oldest[law] = max(oldest.get(law, date.min), edition.passed or date.min)
    named: Counter[str] = Counter()
    repealed: dict[str, tuple[str, date | None]] = {}
    for edition in passed.values():
        if not edition.latest:
            continue
        naming = (Article.edition == edition) & Article.text.contains("《")
        texts: Any = Article.select(Article.text).where(naming).tuples()
        own = edition.law_id
        mentioned: set[str] = set()
        for (text,) in texts:
            mentioned |= {law_key(title) for title in _TITLE.findall(text)}
            for title in _repealed(text):
                key = law_key(title)
                if key != own and oldest.get(key, date.max) < (edition.passed or date.min):
                    repealed[key] = (own, edition.in_force)
        named.update(mentioned & oldest.keys() - {own})
    return named, repealed


def _repealed(text: str) -> Iterator[str]:
    for sentence in _REPEALS.findall(text):
        yield from _TITLE.findall(sentence)


def _settle_ranks() -> None:
    for edition in Edition.select(Edition, Law).join(Law):
        rank = _rank(edition)
        if rank != edition.rank:
            Edition.update(rank=rank).where(Edition.id == edition.id).execute()
        stale: Any = Article.select(Article.id).where((Article.edition == edition) & (Article.rank != rank)).limit(1)
        if rank != edition.rank or stale.exists():
            Article.update(rank=rank).where(Article.edition == edition).execute()


def _rank(edition: Any) -> int:
    """Current before old, laws before amendments, higher before lower, often named before seldom named."""
    law = edition.law
    standing = (not edition.latest or bool(law.repealed_by)) << 14
    standing += law.amendment << 13
    standing += _LEVELS.index(LawLevel(law.level)) << 9
    standing += 511 - min(law.cited, 511)
    rank: int = (standing << 16) + (zlib.crc32(f"{law.key}/{edition.slug}".encode()) & 0xFFFF)
    return rank
