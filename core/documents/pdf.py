"""Documents as PDF, set by typst in a process of its own."""

from __future__ import annotations

import base64
import functools
import io
import json
import subprocess
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import segno
from PIL import Image

from core.documents.content import Content
from core.documents.fonts import check_characters, font_folders
from core.errors import fail

HERE = Path(__file__).parent
SECONDS = 25
LONGEST = 400_000
"""Characters of one document; a longer one is no document any more."""
KEPT = 32


@dataclass(slots=True)
class PdfRenderer:
    """Sets documents; what was set a moment ago is not set again.

    Attributes:
        seconds: after which a document that does not end is given up.
    """

    seconds: float = SECONDS
    _kept: OrderedDict[str, bytes] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def render(self, content: Content) -> bytes:
        """The PDF of a document.

        Raises:
            FazhiError: ``document-glyph-missing``, ``document-fonts-missing``, ``document-too-long``,
                ``document-not-set`` where typst refuses or takes too long.
        """
        key = content.digest
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        pdf = self._set(content)
        with self._lock:
            self._kept[key] = pdf
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return pdf

    def _set(self, content: Content) -> bytes:
        if len(content.words) > LONGEST:
            raise fail("document-too-long", title=content.title, most=LONGEST)
        check_characters(content.words)
        files = {f"{name}.svg": base64.b64encode(framed(picture)).decode()
                 for name, picture in content.pictures.items()}
        if content.address:
            files["qr.svg"] = base64.b64encode(qr_svg(content.address)).decode()
        asked = {"layout": layout(), "files": files, "fonts": [str(folder) for folder in font_folders()],
                 "data": json.dumps(content.plain(), ensure_ascii=False)}
        command = [sys.executable, "-I", str(HERE / "render_worker.py")]
        try:
            done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, timeout=self.seconds,
                                  env={}, check=False)
        except subprocess.TimeoutExpired:
            raise fail("document-not-set", title=content.title, reason=f"> {self.seconds:g} s") from None
        if done.returncode or not done.stdout.startswith(b"%PDF-"):
            last = done.stderr.decode(errors="replace").strip().splitlines()
            reason = last[-1][:200] if last else str(done.returncode)
            raise fail("document-not-set", title=content.title, reason=reason)
        return done.stdout


@functools.cache
def layout() -> str:
    """The layout of all documents."""
    return (HERE / "layout.typ").read_text(encoding="utf-8")


def qr_svg(address: str) -> bytes:
    """The QR code of an address."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=2)
    return out.getvalue()


def framed(picture: bytes) -> bytes:
    """A PNG inside an SVG: files that are handed to typst in memory must be text."""
    with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
        width, height = opened.size
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image width="{width}" '
            f'height="{height}" href="data:image/png;base64,{base64.b64encode(picture).decode()}"/></svg>').encode()


def qr_png(address: str) -> bytes:
    """The QR code of an address as a picture for DOCX."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6, border=2)
    return out.getvalue()
