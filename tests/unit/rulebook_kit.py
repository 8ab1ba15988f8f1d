"""Small rulebooks for tests: the sound base of the broken files, with files added or replaced."""

from __future__ import annotations

from pathlib import Path

from core.errors import FazhiError
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_sources

BASE = Path(__file__).parents[1] / "broken_rules" / "base"


def sources(**files: str) -> dict[str, str]:
    """The base files by stem, with ``files`` added or in their places."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(BASE.glob("*.yaml"))} | files


def bundle(**files: str) -> Bundle:
    """The base rulebook with more files."""
    return load_sources(Source(f"{name}.yaml", text.encode()) for name, text in sources(**files).items())


def refused(**files: str) -> list[str]:
    """Codes of what is wrong with the base rulebook and more files; empty where nothing is."""
    try:
        bundle(**files)
    except FazhiError as error:
        return [problem.code for problem in error.problems]
    return []


def overlay(region: str, body: str, since: str = "2026-01-01", until: str | None = None) -> str:
    """An overlay of a region; ``body`` is its ``set``, ``add`` or ``holidays``."""
    valid = f"{{from: {since}, to: {until}}}" if until else f"{{from: {since}}}"
    return (f'kind: overlay\nregion: "{region}"\n'
            f"authority: {{issuer: 某司法局, document: 某司发〔2026〕1号}}\nvalid: {valid}\n{body}\n")
