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
from plugins.legislation.library.pages.finding import Asked as SearchForm
from plugins.legislation.library.pages.finding import hits_of
from plugins.legislation.library.search import search
from tests.laws_kit import NOW
from tests.unit.test_laws_shared import GOLDEN, LAWS

pytestmark = [pytest.mark.benchmark, pytest.mark.shared]
COMMON = ("应当", "法", "的", "第", "一", "罚", "规定", "国务院", "人民政府", "行政机关", "国家 应当",
          "行政机关 应当", "国务院 规定", "县级以上人民政府 主管部门", "应当 规定 行政机关 人民政府",
          "构成犯罪的，依法追究刑事责任", "直接负责的主管人员和其他直接责任人员依法给予处分",
          "未取得许可证 从事食品生产经营", "法律", "人", "机关", "有关部门", "1", "2023年", "三十日内",
          "中华人民共和国", "法 法规 规章", "国务院 部门 规定", "机关 人员 单位", "行政机关 公民 法人 其他组织",
          "处 元以下 罚款", "公民、法人或者其他组织", "单位和个人", "行政处罚法 应当", "刑法 有期徒刑",
          "食品安全法 国务院",
          "情节严重的处十年以上有期徒刑无期徒刑或者死刑并处没收财产", "开饭店没有办营业执照怎么处罚",
          "县级以上地方人民政府有关部门应当按照职责分工做好监督管理工作", "应当向人民法院提起行政诉讼的期限是多少个月",
          "有下列情形之一的由县级以上人民政府主管部门责令改正给予警告",
          "上级机关应当对下级机关的工作人员进行监督检查考核")
"""Words that stand in thousands of articles, and what no article holds as written."""

FORMS = (SearchForm("", "", "", current=True, day=NOW.date(), dated=True),
         SearchForm("", "regulation", "2019", current=False, day=NOW.date()))
"""Filters of the page: what counts on a day; texts of one level and year."""

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
        narrowed = sorted((_milliseconds(query, form), query) for query in COMMON for form in FORMS)
    print(f"\n{server}: {len(usual)} usual searches: median {usual[len(usual) // 2][0]:.1f} ms, slowest {usual[-1]}; "
          f"words that stand everywhere: median {common[len(common) // 2][0]:.1f} ms, slowest {common[-3:]}; "
          f"among what filters leave: median {narrowed[len(narrowed) // 2][0]:.1f} ms, slowest {narrowed[-3:]}")
    assert statistics.median(time for time, _ in usual) < MOST / 2
    assert statistics.median(time for time, _ in common) < MOST
    assert [(time, query) for time, query in usual + common + narrowed if time >= MOST] == []


def _filled(server: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    sqlite = server == "SQLite"
    connect(f"sqlite:///{folder / 'laws.db'}" if sqlite else request.getfixturevalue("postgres_database"))
    with database.connection_context():
        for model in (*MODELS, *LATER_MODELS):
            model.create_table()
        import_folder(LAWS, MaterialStore(folder / "materials"), NOW)
        yield


def _milliseconds(query: str, form: SearchForm | None = None) -> float:
    """Of processors, in the middle of some runs: search, then the first page of hits with their words marked."""
    own = []
    before = _of_backend()
    for _ in range(_RUNS):
        begun = time.process_time()
        found = search(query, form.within if form else None)
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
