"""The library on PostgreSQL: the same texts, the same hits in the same order as on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.backup.tables import table_names
from core.database import connect, database
from core.materials.store import MaterialStore
from plugins.legislation.library import LATER_MODELS, MODELS
from plugins.legislation.library.documents import LocalDocument, add_document, remove_document
from plugins.legislation.library.importing import import_folder
from plugins.legislation.library.indexing import empty_index
from plugins.legislation.library.models import Law
from plugins.legislation.library.search import Results, search
from plugins.legislation.library.vocabulary import LawLevel
from tests import laws_kit as kit
from tests.unit.test_laws_shared import GOLDEN, LAWS

QUERIES = ("行政", "行政处罚", "听证", "听证 七日", "听证 七个工作日", "行政处罚法第五十八条", "处罚法 58 64",
           "行政复议法", "复议法(2017)第九条", "60日内提出行政复议申请", "违法行为轻微并及时改正没有造成危害后果",
           "盐", "资源税", "罚", "法",
           "应当 当事人", "二百元以上", "处罚听证申请期限", "麒麟", "中华人民共和国", "\" OR ' & | ! :* <->")


def hits(query: str) -> tuple[list[tuple[str, str, str]], int, bool]:
    result: Results = search(query)
    return [kit.named(article) for article in result.articles[:40]], result.total, result.loosened


def fill(url: str, home: Path) -> None:
    connect(url)
    with database.connection_context():
        for model in (*MODELS, *LATER_MODELS):
            model.create_table()


@pytest.mark.services
def test_both_databases_give_the_same_hits_in_the_same_order(tmp_path: Path, postgres_database: str) -> None:
    found = []
    for url in (f"sqlite:///{tmp_path / 'laws.db'}", postgres_database):
        fill(url, tmp_path)
        report = kit.load_laws(tmp_path)
        with database.connection_context():
            found.append((report.articles, [hits(query) for query in QUERIES]))
    assert found[0] == found[1]


@pytest.mark.services
def test_on_postgresql_documents_come_and_go_and_the_index_comes_back(tmp_path: Path, postgres_database: str) -> None:
    fill(postgres_database, tmp_path)
    kit.load_laws(tmp_path)
    with database.connection_context():
        document = LocalDocument("演示市停车场管理办法", LawLevel.NORMATIVE, "演示市人民政府", "演政规〔2026〕1号",
                                 kit.NOW.date(), "第一条 停车场按泊位收费。")
        add_document(document, kit.NOW)
        assert hits("泊位")[0][0][0] == document.title
        assert remove_document(document.title, document.published)
        assert not Law.select().where(Law.key == document.title).exists()
        before = hits("行政处罚")
        empty_index()
        assert hits("行政处罚") == before
        assert not [name for name in table_names() if "index" in name]
        assert "plg_legislation_article" in table_names()


@pytest.mark.services
@pytest.mark.shared
def test_the_real_collection_gives_the_same_hits_on_both(tmp_path: Path, postgres_database: str) -> None:
    if not LAWS.is_dir():
        pytest.skip(f"no statute texts in {LAWS}; set FAZHI_SHARED to the folder that holds laws")
    found = []
    for url in (f"sqlite:///{tmp_path / 'laws.db'}", postgres_database):
        fill(url, tmp_path)
        with database.connection_context():
            import_folder(LAWS, MaterialStore(tmp_path / "materials"), kit.NOW)
            found.append([(query, hits(query)) for query in (*QUERIES, *(query for query, *_ in GOLDEN))])
    assert found[0] == found[1]
