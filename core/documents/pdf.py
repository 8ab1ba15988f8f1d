"""Documents as PDF, set by typst in a process of its own."""

from __future__ import annotations

import base64
import functools
import io
import json
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

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
        files = {f"{name}.svg": framed(picture) for name, picture in content.pictures.items()}
        if content.address:
            files["qr.svg"] = qr_svg(content.address)
        return typeset(layout(), content.plain(), files, content.words, content.title, self.seconds)


def typeset(source: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], words: str, title: str,
            seconds: float = SECONDS) -> bytes:
    """A PDF by a layout of ours, in a process of its own.

    Args:
        source: the layout in typst's language; never anybody's text.
        data: what the layout prints, as JSON under ``sys.inputs.data``.
        pictures: SVG by file name.
        words: all words of the data, to find characters that no font has.

    Raises:
        FazhiError: ``document-glyph-missing``, ``document-fonts-missing``, ``document-not-set``.
    """
    check_characters(words)
    asked = {"layout": source, "fonts": [str(folder) for folder in font_folders()],
             "files": {name: base64.b64encode(picture).decode() for name, picture in pictures.items()},
             "data": json.dumps(data, ensure_ascii=False)}
    command = [sys.executable, "-I", str(HERE / "render_worker.py")]
    try:
        done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds,
                              env={}, check=False)
    except subprocess.TimeoutExpired:
        raise fail("document-not-set", title=title, reason=f"> {seconds:g} s") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        last = done.stderr.decode(errors="replace").strip().splitlines()
        reason = last[-1][:200] if last else str(done.returncode)
        raise fail("document-not-set", title=title, reason=reason)
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
