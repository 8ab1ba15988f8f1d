"""A year's result published and frozen: an archive with every organ's receipt, signed, that can be checked anywhere."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
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
from scoring.receipts import digest_of

FORMAT = "fazhi-assessment/1"


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive says once its signature and every digest in it were checked."""

    scheme: str
    year: int
    made_at: str
    bundle: str
    key: str
    receipts: tuple[dict[str, Any], ...]


def publish_year(bundle: Bundle, scheme: str, year: int, by: str, at: datetime, folder: Path, key: SigningKey) -> Any:
    """Publish a year's result as it stands: nothing renews its scores from then on. Returns the release's row.

    Whoever calls this has checked that ``by`` may publish.

    Raises:
        FazhiError: ``assess-frozen`` where that was done before; ``assess-blocked-organs`` where required data is
            missing; ``assess-nothing`` where no organ was scored.
    """
    if is_frozen(scheme, year):
        raise fail("assess-frozen", scheme=scheme, year=year)
    rows = tuples(OrganScoreRow.select(OrganScoreRow.organ, OrganScoreRow.blocked).where(
        (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)).order_by(OrganScoreRow.organ))
    blocked = [organ for organ, stopped in rows if stopped]
    if blocked:
        raise fail("assess-blocked-organs", count=len(blocked), organs="、".join(blocked[:5]))
    if not rows:
        raise fail("assess-nothing", scheme=scheme, year=year)
    with database.atomic():
        world = World.load()
        receipts = [organ_receipt(bundle, About(scheme, year, organ), at, world) for organ, _ in rows]
        lines = [canonical({"receipt": each.key.id, "digest": each.digest, "body": each.body}) for each in receipts]
        header = canonical({"format": FORMAT, "scheme": scheme, "year": year, "made_at": instant_text(at),
                            "bundle": bundle.hash, "key": key.public, "organs": len(lines),
                            "content": hashlib.sha256("\n".join(lines).encode()).hexdigest()})
        signature = key.sign(header.encode())
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{scheme}-{year}.jsonl.gz"
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            file.write("\n".join([header, signature, *lines]) + "\n")
        for receipt in receipts:
            store_receipt(receipt)
        return ReleaseRow.create(scheme=scheme, year=year, made_at=at, made_by=by, organs=len(lines),
                                 digest=hashlib.sha256(header.encode()).hexdigest(), signature=signature,
                                 key=key.public, file=name, bundle=bundle.hash)


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
