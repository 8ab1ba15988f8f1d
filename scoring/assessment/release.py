"""A year's result published and frozen: an archive with every organ's receipt, signed, that can be checked anywhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.database import database
from core.errors import fail
from core.instants import instant_text
from core.ledger.signing import SigningKey, signed_by
from core.rulebook.bundle import Bundle
from scoring.assessment.keeping import World
from scoring.assessment.models import OrganScoreRow, ReleaseRow
from scoring.assessment.queries import is_frozen
from scoring.assessment.receipts import About, organ_receipt
from scoring.columns import tuples
from scoring.plain import canonical
from scoring.projection import store_receipt
from scoring.receipts import Receipt, digest_of

FORMAT = "fazhi-assessment/1"
TOLD_EVERY = 50
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive says once its signature and every digest in it were checked."""

    scheme: str
    year: int
    made_at: str
    bundle: str
    key: str
    receipts: tuple[dict[str, Any], ...]


def publishable(scheme: str, year: int) -> tuple[Row, ...]:
    """The scores that a publication would freeze, by organ.

    Raises:
        FazhiError: ``assess-frozen`` where that was done before; ``assess-blocked-organs`` where required data is
            missing; ``assess-nothing`` where no organ was scored.
    """
    if is_frozen(scheme, year):
        raise fail("assess-frozen", scheme=scheme, year=year)
    rows = tuple(tuples(OrganScoreRow.select(
        OrganScoreRow.organ, OrganScoreRow.blocked, OrganScoreRow.score, OrganScoreRow.earned, OrganScoreRow.due,
        OrganScoreRow.at_risk).where(
        (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)).order_by(OrganScoreRow.organ)))
    blocked = [row[0] for row in rows if row[1]]
    if blocked:
        raise fail("assess-blocked-organs", count=len(blocked), organs="、".join(blocked[:5]))
    if not rows:
        raise fail("assess-nothing", scheme=scheme, year=year)
    return rows


def publish_year(bundle: Bundle, scheme: str, year: int, by: str, at: datetime, folder: Path, key: SigningKey,
                 told: Callable[[int], object] = lambda done: None) -> Any:
    """Publish a year's result as it stands: nothing renews its scores from then on. Returns the release's row.

    Whoever calls this has checked that ``by`` may publish. The receipts are made without holding up anybody who
    records; what was recorded meanwhile and changes a score refuses the publication.

    Args:
        told: called now and then with the number of receipts made.

    Raises:
        FazhiError: as :func:`publishable`; ``assess-scores-moved`` where scores changed meanwhile.
    """
    rows = publishable(scheme, year)
    world, receipts = World.load(), list[Receipt]()
    for number, row in enumerate(rows, 1):
        receipts.append(organ_receipt(bundle, About(scheme, year, row[0]), at, world))
        if number % TOLD_EVERY == 0 or number == len(rows):
            told(number)
    lines = [canonical({"receipt": each.key.id, "digest": each.digest, "body": each.body}) for each in receipts]
    header = canonical({"format": FORMAT, "scheme": scheme, "year": year, "made_at": instant_text(at),
                        "bundle": bundle.hash, "key": key.public, "organs": len(lines),
                        "content": hashlib.sha256("\n".join(lines).encode()).hexdigest()})
    signature, name = key.sign(header.encode()), f"{scheme}-{year}.jsonl.gz"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{name}.{uuid.uuid4().hex}.unfinished"
    try:
        with gzip.open(unfinished, "wt", encoding="utf-8") as file:
            file.write("\n".join([header, signature, *lines]) + "\n")
        with database.atomic():
            if publishable(scheme, year) != rows:
                raise fail("assess-scores-moved", scheme=scheme, year=year)
            for receipt in receipts:
                store_receipt(receipt)
            release = ReleaseRow.create(scheme=scheme, year=year, made_at=at, made_by=by, organs=len(lines),
                                        digest=hashlib.sha256(header.encode()).hexdigest(), signature=signature,
                                        key=key.public, file=name, bundle=bundle.hash)
            unfinished.replace(folder / name)
            return release
    finally:
        unfinished.unlink(missing_ok=True)


def read_archive(file: Path, trusted_key: str | None = None) -> Archive:
    """Read an archive and check its signature, its content and every receipt's digest.

    Args:
        trusted_key: the public key that must have signed it; None: whichever key the archive names.

    Raises:
        FazhiError: ``assess-archive-broken`` with what does not agree.
    """
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        header, signature, *lines = opened.read().rstrip("\n").split("\n")
    said = json.loads(header)
    believed = trusted_key in (None, said["key"])
    if not believed or not signed_by(said["key"], signature, header.encode()):
        raise fail("assess-archive-broken", file=file.name, part="signature")
    if hashlib.sha256("\n".join(lines).encode()).hexdigest() != said["content"]:
        raise fail("assess-archive-broken", file=file.name, part="content")
    receipts = tuple(_checked(lines, file))
    return Archive(said["scheme"], said["year"], said["made_at"], said["bundle"], said["key"], receipts)


def _checked(lines: list[str], file: Path) -> Iterator[dict[str, Any]]:
    for line in lines:
        found: dict[str, Any] = json.loads(line)
        if digest_of(found["body"]) != found["digest"]:
            raise fail("assess-archive-broken", file=file.name, part=found["receipt"])
        yield found
