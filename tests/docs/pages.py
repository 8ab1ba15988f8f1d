"""Reading the documentation: its marked blocks and its links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"<!-- (?P<mark>[a-z]+)(?:: (?P<about>.*?))? -->\n```\w*\n(?P<body>.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block under a mark such as ``<!-- file: plugin.py -->``."""

    mark: str
    about: str
    body: str


def blocks(page: str) -> list[Block]:
    """The marked blocks of a page below ``docs``, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [Block(found["mark"], found["about"] or "", found["body"]) for found in _BLOCK.finditer(text)]


def write_files(page: str, folder: Path) -> None:
    """Every ``file`` block of a page, below ``folder``."""
    for block in blocks(page):
        if block.mark == "file":
            target = folder / block.about
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")


def headings(text: str) -> set[str]:
    """Anchors of a page as GitHub makes them."""
    titles = re.findall(r"^#{1,6} (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
