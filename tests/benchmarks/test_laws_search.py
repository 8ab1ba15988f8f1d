"""Search over the real collection: how long the server takes for what officials type, on both databases.

    pytest -m benchmark -s tests/benchmarks/test_laws_search.py

Counted is the time that processors work: of this process and, on PostgreSQL, of the server's process for its
connection. Whatever else the machine does at the moment is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import connect, database, is_sqlite
from core.materials.store import MaterialStore
from plugins.legislation.library import LATER_MODELS, MODELS
from plugins.legislation.library.importing import import_folder
from plugins.legislation.library.pages.finding import hits_of
from plugins.legislation.library.search import search
from tests.laws_kit import NOW
from tests.unit.test_laws_shared import GOLDEN, LAWS

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]
COMMON = ("应当", "法", "的", "第", "一", "罚", "规定", "国务院", "人民政府", "行政机关", "国家 应当",
          "行政机关 应当", "国务院 规定", "县级以上人民政府 主管部门", "应当 规定 行政机关 人民政府",
          "构成犯罪的，依法追究刑事责任", "直接负责的主管人员和其他直接责任人员依法给予处分",
          "未取得许可证 从事食品生产经营")
"""Words that stand in thousands of articles, and what no article holds as written."""

MOST = 50
"""Milliseconds that a search with its first page of hits may take."""

_RUNS = 5
_TICK = 10
"""Milliseconds; /proc counts the time of other processes in these."""


@pytest.mark.parametrize("server", ["SQLite", "PostgreSQL"])
def test_search_answers_within_fifty_milliseconds(server: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if not LAWS.is_dir():
        pytest.skip(f"no statute texts in {LAWS}; set FAZHI_SHARED to the folder that holds laws")
    for _ in _filled(server, tmp_path, request):
        usual = sorted((_milliseconds(query), query) for query, *_ in GOLDEN)
        common = sorted((_milliseconds(query), query) for query in COMMON)
    print(f"\n{server}: {len(usual)} usual searches: median {usual[len(usual) // 2][0]:.1f} ms, slowest {usual[-1]}; "
          f"words that stand everywhere: median {common[len(common) // 2][0]:.1f} ms, slowest {common[-3:]}")
    assert statistics.median(time for time, _ in usual) < MOST / 2
    assert statistics.median(time for time, _ in common) < MOST
    assert [(time, query) for time, query in usual + common if time >= MOST] == []


def _filled(server: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    sqlite = server == "SQLite"
    connect(f"sqlite:///{folder / 'laws.db'}" if sqlite else request.getfixturevalue("postgres_database"))
    with database.connection_context():
        for model in (*MODELS, *LATER_MODELS):
            model.create_table()
        import_folder(LAWS, MaterialStore(folder / "materials"), NOW)
        yield


def _milliseconds(query: str) -> float:
    """Of processors, in the middle of some runs: search, then the first page of hits with their words marked."""
    own = []
    before = _of_backend()
    for _ in range(_RUNS):
        begun = time.process_time()
        found = search(query)
        hits_of(found.articles[:20], found.asked.words, NOW.date())
        own.append((time.process_time() - begun) * 1000)
    return round(statistics.median(own) + (_of_backend() - before) / _RUNS, 1)


def _of_backend() -> int:
    """Milliseconds that PostgreSQL worked for this connection so far; needs its server on this machine."""
    if is_sqlite():
        return 0
    number = database.execute_sql("SELECT pg_backend_pid()").fetchone()[0]
    fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * _TICK
