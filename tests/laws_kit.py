"""A small folder of statutes, excerpts with their real numbers, and one file of each kind that is refused."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from core.database import database
from core.materials.store import MaterialStore
from plugins.legislation.library.importing import ImportReport, import_folder
from plugins.legislation.library.models import Article, Edition, Law
from plugins.legislation.library.search import search

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)

LAWS = Path(__file__).parent / "laws"
PENALTY = LAWS / "行政法" / "行政处罚法(2021-01-22).md"


def write_laws(folder: Path) -> Path:
    """The files in a folder."""
    shutil.copytree(LAWS, folder, dirs_exist_ok=True)
    return folder


def load_laws(home: Path) -> ImportReport:
    """Import the small folder; the database is connected and has its tables."""
    with database.connection_context():
        return import_folder(write_laws(home / "laws"), MaterialStore(home / "materials"), NOW)


def named(article: int) -> tuple[str, str, str]:
    """Law, edition and label of an article."""
    row = Article.select(Article, Edition, Law).join(Edition).join(Law).where(Article.id == article).get()
    return row.edition.law.key, row.edition.slug, row.label


def found(query: str) -> list[tuple[str, str, str]]:
    """What a search finds, best first."""
    return [named(article) for article in search(query).articles]
