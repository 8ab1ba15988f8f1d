"""Pictures of hand signatures: read, bounded, written anew, so that nothing but strokes goes into a document."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from core.errors import fail

LARGEST_BYTES = 2 << 20
LARGEST_PIXELS = 4_000_000
WIDEST = 1200


def signature_picture(path: Path, title: str) -> bytes:
    """The picture as a small PNG.

    Raises:
        FazhiError: ``document-signature-unreadable``.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ValueError(path.stat().st_size)
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise ValueError(picture.size)
            picture.thumbnail((WIDEST, WIDEST))
            out = io.BytesIO()
            picture.convert("RGBA").save(out, "PNG")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise fail("document-signature-unreadable", title=title, most=LARGEST_BYTES >> 20) from None
