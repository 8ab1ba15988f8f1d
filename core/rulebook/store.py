"""Bundles in the database: their sources, and the pointer to the one in force that every process follows."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock

from peewee import AutoField, BlobField, CharField, TextField

from core.database import BaseModel, compact_json, json_field
from core.errors import fail
from core.instants import InstantField
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.kinds.registry import KINDS, Kind
from core.rulebook.load import load_sources

KEPT_IN_MEMORY = 4


class BundleRow(BaseModel):
    """A bundle that was proposed at least once; ``sources`` is the zlib-compressed JSON of file name to text."""

    hash = CharField(primary_key=True)
    sources = BlobField()
    created_at = InstantField()

    class Meta:
        table_name = "bundle"


class ProposalRow(BaseModel):
    """A candidate that waits for approval. ``approvals`` lists person ids, the proposer first."""

    bundle_hash = CharField(max_length=64)
    document = TextField()
    proposed_by = CharField()
    organ = CharField()
    proposed_at = InstantField()
    approvals = json_field(default=list)
    state = CharField(default="open")

    class Meta:
        table_name = "bundle_proposal"


class ActivationRow(BaseModel):
    """The history of the pointer; the row with the highest id is in force."""

    id = AutoField()
    bundle_hash = CharField(max_length=64)
    activated_at = InstantField()
    activated_by = CharField()
    document = TextField()

    class Meta:
        table_name = "bundle_activation"


MODELS = (BundleRow, ProposalRow, ActivationRow)


class BundleStore:
    """Hands out bundles. Follows the pointer in the database without restart; keeps the last few in memory."""

    def __init__(self, kinds: Mapping[str, Kind] = KINDS) -> None:
        """``kinds``: what kinds of files there are, the plugins' included."""
        self._kinds = kinds
        self._kept: OrderedDict[str, Bundle] = OrderedDict()
        self._lock = Lock()

    def current_hash(self) -> str:
        """Hash of the bundle in force.

        Raises:
            FazhiError: ``no-bundle-active`` on a database that was never initialised.
        """
        row = ActivationRow.select(ActivationRow.bundle_hash).order_by(ActivationRow.id.desc()).first()
        if row is None:
            raise fail("no-bundle-active")
        return str(row.bundle_hash)

    def current(self) -> Bundle:
        """The bundle in force."""
        return self.get(self.current_hash())

    def get(self, bundle_hash: str) -> Bundle:
        """A bundle by its hash, rebuilt from its stored sources where it is not in memory.

        Raises:
            FazhiError: ``bundle-unknown``; ``bundle-differs`` where the stored sources no longer give this hash.
        """
        with self._lock:
            if bundle_hash in self._kept:
                self._kept.move_to_end(bundle_hash)
                return self._kept[bundle_hash]
            bundle = load_sources(self.sources(bundle_hash), self._kinds)
            if bundle.hash != bundle_hash:
                raise fail("bundle-differs", hash=bundle_hash, found=bundle.hash)
            self._keep(bundle)
            return bundle

    def sources(self, bundle_hash: str) -> tuple[Source, ...]:
        """The files that a stored bundle was made of.

        Raises:
            FazhiError: ``bundle-unknown``; ``bundle-differs`` where they can no longer be read.
        """
        row = BundleRow.get_or_none(BundleRow.hash == bundle_hash)
        if row is None:
            raise fail("bundle-unknown", hash=bundle_hash)
        try:
            return unpack(bytes(row.sources))
        except (zlib.error, ValueError, AttributeError):
            raise fail("bundle-differs", hash=bundle_hash, found="—") from None

    def put(self, bundle: Bundle, sources: Iterable[Source]) -> None:
        """Store a bundle; a known one is left as it is."""
        BundleRow.insert(hash=bundle.hash, sources=pack(sources), created_at=datetime.now(UTC)
                         ).on_conflict_ignore().execute()
        with self._lock:
            self._keep(bundle)

    def point_to(self, bundle_hash: str, person: str, document: str, now: datetime) -> None:
        """Put a stored bundle in force."""
        ActivationRow.create(bundle_hash=bundle_hash, activated_at=now, activated_by=person, document=document)

    def _keep(self, bundle: Bundle) -> None:
        self._kept[bundle.hash] = bundle
        self._kept.move_to_end(bundle.hash)
        while len(self._kept) > KEPT_IN_MEMORY:
            self._kept.popitem(last=False)


def pack(sources: Iterable[Source]) -> bytes:
    """Sources as stored."""
    return zlib.compress(compact_json({source.name: source.content.decode() for source in sources}).encode())


def unpack(packed: bytes) -> tuple[Source, ...]:
    """Sources from their stored form."""
    return tuple(Source(name, text.encode()) for name, text in json.loads(zlib.decompress(packed)).items())
