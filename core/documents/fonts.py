"""The fonts that documents are set in, and whether they have every character of a text."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path

from fontTools.ttLib import TTFont

from core.errors import fail

PACKAGE = "pylopdf_fonts_zh_cn"
"""Noto Serif SC and Noto Sans SC as a Python package (SIL OFL 1.1); installed with the platform."""
FOLDER = "FAZHI_FONTS"
"""An instance's own fonts: a folder whose fonts come first, for rare characters and for 方正小标宋、仿宋."""
SUFFIXES = (".otf", ".ttf")


def font_folders() -> tuple[Path, ...]:
    """Folders with fonts, those of the instance first.

    Raises:
        FazhiError: ``document-fonts-missing``.
    """
    own = os.environ.get(FOLDER, "")
    folders = [Path(own)] if own and Path(own).is_dir() else []
    found = importlib.util.find_spec(PACKAGE)
    if found is not None and found.origin is not None:
        folders.append(Path(found.origin).parent)
    if not any(fonts_in(folder) for folder in folders):
        raise fail("document-fonts-missing", package=PACKAGE.replace("_", "-"), setting=FOLDER)
    return tuple(folders)


def fonts_in(folder: Path) -> list[Path]:
    """Font files in a folder, in order."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def missing_characters(text: str) -> list[str]:
    """Characters that no font has; they would be printed as empty boxes."""
    known = covered(font_folders())
    return sorted({character for character in text if ord(character) > 32 and ord(character) not in known})


def check_characters(text: str) -> None:
    """Refuse a text that cannot be printed whole.

    Raises:
        FazhiError: ``document-glyph-missing`` names the characters.
    """
    if missing := missing_characters(text):
        shown = "、".join(f"{character}（U+{ord(character):04X}）" for character in missing[:8])
        raise fail("document-glyph-missing", characters=shown, setting=FOLDER)


@functools.lru_cache(maxsize=4)
def covered(folders: tuple[Path, ...]) -> frozenset[int]:
    """Code points that the fonts have together."""
    points: set[int] = set()
    for folder in folders:
        for path in fonts_in(folder):
            with TTFont(path, lazy=True) as font:
                points |= set(font.getBestCmap() or {})
    return frozenset(points)


__all__ = ["FOLDER", "check_characters", "font_folders", "missing_characters"]
