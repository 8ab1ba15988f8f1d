"""Renews the catalogues of the pages' words: those of ``web`` and of each plugin that has ``translations``.

    python -m tests.web.catalogue

Words that no page says any more are dropped, new ones are added without English (they are printed: write it into the
``.po`` file and run this again), and the ``.mo`` files are compiled.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2")]
OPTIONS = {pattern: {"trim_blocks": "true", "lstrip_blocks": "true"} for pattern, _kind in METHODS[1:]}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
SAME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""In every catalogue, so that the same words give the same file."""
PO = Path("translations/en/LC_MESSAGES/messages.po")


def folders() -> tuple[Path, ...]:
    """The packages that have a catalogue of their own."""
    return (ROOT / "web", *sorted(path.parent for path in (ROOT / "plugins").glob("*/translations")))


def extracted(folder: Path) -> dict[str, str | tuple[str, ...]]:
    """Every Chinese word that the pages of a package use, singular to what was found."""
    found = extract_from_dir(str(folder), METHODS, OPTIONS, KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message: message for _file, _line, message, *_rest in found}


def renew(folder: Path) -> list[str]:
    """Write both files of a package's catalogue; the words that still have no English."""
    path = folder / PO
    path.parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO(path.read_bytes() if path.exists() else b"") as file:
        old = read_po(file, locale="en")
    new = Catalog(locale="en", charset="utf-8", fuzzy=False, creation_date=SAME_DAY, revision_date=SAME_DAY)
    for singular, message in sorted(extracted(folder).items()):
        known = old.get(singular)
        new.add(message, known.string if known else None)
    with path.open("wb") as file:
        write_po(file, new, width=120, omit_header=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    return [message.id for message in new if message.id and not message.string]


def main() -> None:
    """Renew them all."""
    for folder in folders():
        for word in renew(folder):
            print(f"{folder.relative_to(ROOT)}: {word}")


if __name__ == "__main__":
    main()
