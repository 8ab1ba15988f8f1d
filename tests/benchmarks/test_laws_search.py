"""Search over the real collection: how long the server takes for what officials type, on both databases.

    pytest -m benchmark -s tests/benchmarks/test_laws_search.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import connect, database
from core.materials.store import MaterialStore
from plugins.legislation.library import MODELS
from plugins.legislation.library.importing import import_folder
from plugins.legislation.library.models import Article
from plugins.legislation.library.pages.finding import hits_of
from plugins.legislation.library.search import search
from tests.laws_kit import NOW
from tests.unit.test_laws_shared import GOLDEN, LAWS

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]
COMMON = ("应当", "法", "罚", "的", "人民政府", "行政机关 应当", "国务院 规定")
"""Words that stand in thousands of articles."""


def test_search_is_quicker_than_a_look_through_all_articles(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if not LAWS.is_dir():
        pytest.skip(f"no statute texts in {LAWS}; set FAZHI_SHARED to the folder that holds laws")
    for name, url in _databases(tmp_path, request):
        connect(url)
        with database.connection_context():
            for model in MODELS:
                model.create_table()
            begun = time.perf_counter()
            import_folder(LAWS, MaterialStore(tmp_path / "materials"), NOW)
            filled = time.perf_counter() - begun
            usual = sorted(_milliseconds(query) for query, *_ in GOLDEN)
            common = sorted(_milliseconds(query) for query in COMMON)
            begun = time.perf_counter()
            Article.select().where(Article.text.contains("行政机关负责人")).count()
            scan = (time.perf_counter() - begun) * 1000
        print(f"\n{name}: import {filled:.1f} s; search and snippets of {len(usual)} queries: median "
              f"{usual[len(usual) // 2]:.1f} ms, slowest {usual[-1]:.1f} ms; words that stand everywhere: slowest "
              f"{common[-1]:.1f} ms; LIKE over all articles {scan:.1f} ms")
        assert usual[len(usual) // 2] < scan


def _databases(folder: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / 'laws.db'}"
    yield "PostgreSQL", request.getfixturevalue("postgres_database")


def _milliseconds(query: str) -> float:
    """The best of three: search, then the first page of hits with their words marked."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        found = search(query)
        hits_of(found.articles[:20], found.asked.words, NOW.date())
        times.append((time.perf_counter() - begun) * 1000)
    return min(times)
