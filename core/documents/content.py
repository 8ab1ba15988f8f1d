"""What a document says, ready to be set: plain data, the same for PDF and DOCX."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a heading or a table with all values filled in."""

    kind: Literal["text", "heading", "table"]
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """A place for a signature; ``picture`` is the SHA-256 of the image, empty where a hand has still to sign."""

    title: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One document.

    Attributes:
        code, secret: of the party's page; ``address`` is what the QR code leads to. Empty: no code is printed.
        mark: a word across the page (预览); empty on documents that count.
    """

    title: str
    heading: str
    red: bool
    number: str
    addressee: str
    pieces: tuple[Piece, ...]
    hands: tuple[Hand, ...]
    organ: str
    date: str
    seal: bool
    copies: str = ""
    code: str = ""
    secret: str = ""
    address: str = ""
    mark: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def plain(self) -> dict[str, object]:
        """As JSON knows it, without the pictures."""
        return {name: value for name, value in asdict(self).items() if name != "pictures"}

    @property
    def digest(self) -> str:
        """Equal for documents that look the same."""
        return hashlib.sha256(json.dumps(self.plain(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def words(self) -> str:
        """Every character that is printed."""
        texts = [self.title, self.heading, self.number, self.addressee, self.organ, self.date, self.copies, self.mark]
        texts += [hand.title for hand in self.hands]
        for piece in self.pieces:
            texts += [piece.text, *piece.columns, *(cell for row in piece.rows for cell in row)]
        return "\n".join(texts)
