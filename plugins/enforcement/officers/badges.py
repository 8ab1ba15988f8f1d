"""The badge's QR code: an unguessable address that tells whether the certificate is genuine."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from core.errors import FazhiError, fail
from core.materials.store import MaterialStore, Readable
from core.organs.models import Organ
from plugins.enforcement.officers.models import Certificate
from plugins.enforcement.officers.register import shown_state
from plugins.enforcement.officers.vocabulary import State

CODE = re.compile(r"[A-Za-z0-9_-]{22}")
LARGEST_PHOTO = 500 << 10
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True, slots=True)
class Badge:
    """What the public may learn from a badge (行政处罚法 55: who enforces shows that he may), and nothing else."""

    valid: bool
    body: str
    until: date
    photo: str


def find_badge(code: str, day: date) -> Badge | None:
    """The badge of a code; None for a code that was never given out, or is void by now."""
    if not CODE.fullmatch(code):
        return None
    row: Any = Certificate.select(Certificate, Organ).join(Organ).where(Certificate.code == code).first()
    if row is None:
        return None
    valid = shown_state(row, day) is State.VALID
    return Badge(valid, row.organ.name, row.valid_until, row.photo if valid else "")


def qr_svg(address: str) -> str:
    """The QR code of an address as a data address of an SVG picture."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=2))


def store_photo(materials: MaterialStore, stream: Readable, name: str) -> str:
    """Store a portrait and give its SHA-256.

    Raises:
        FazhiError: ``photo-refused``.
    """
    try:
        stored = materials.store(stream, name)
    except FazhiError as refused:
        raise fail("photo-refused", most=LARGEST_PHOTO >> 10) from refused
    if stored.size > LARGEST_PHOTO or stored.media_type not in PICTURES.values():
        raise fail("photo-refused", most=LARGEST_PHOTO >> 10)
    return stored.sha256


def photo_data(materials: MaterialStore, sha256: str) -> str:
    """A stored portrait as a data address; empty where there is none."""
    if not sha256 or not materials.knows(sha256):
        return ""
    content = materials.path(sha256).read_bytes()
    kind = next((kind for mark, kind in PICTURES.items() if content.startswith(mark)), "")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else ""
