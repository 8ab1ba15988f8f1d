"""``fazhi import organs|people`` and ``fazhi person end-role``, as whoever runs the server uses them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.database import database
from core.organs.models import Organ, Person, RoleGrant
from core.organs.vocabulary import ROLE_TITLES, Role
from web.cli import main

ORGANS = "机构名称,机构编码,行政区划代码,类别,所属政府\n演示旗人民政府,gov-x,150121,人民政府,\n"
PEOPLE = f"姓名,账号,所属机构,角色\n宝音,baoyin,gov-x,{ROLE_TITLES[Role.CASE_HANDLER].zh}\n"


@pytest.fixture
def fazhi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs ``fazhi`` in a home of its own that is set up."""
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words), catch_exceptions=False)

    assert run("init").exit_code == 0
    return run


def test_organs_and_people_come_from_files_and_a_role_ends(fazhi: Callable[..., Result], tmp_path: Path) -> None:
    organs, people = tmp_path / "organs.csv", tmp_path / "people.csv"
    organs.write_text(ORGANS, encoding="utf-8")
    people.write_text(PEOPLE, encoding="utf-8")
    tried = fazhi("import", "organs", str(organs), "--dry-run")
    assert "没有写入" in tried.output, tried.output
    with database.connection_context():
        assert not Organ.select().where(Organ.id == "gov-x").exists()
    assert "已导入：新增 1" in fazhi("import", "organs", str(organs)).output
    loaded = fazhi("import", "people", str(people))
    assert "已导入：新增 1" in loaded.output, loaded.output
    assert "已终止 1 项" in fazhi("person", "end-role", "baoyin", "case_handler", "gov-x").output
    assert "没有这样的岗位" in fazhi("person", "end-role", "baoyin", "case_handler", "gov-x").output
    with database.connection_context():
        assert Person.get_by_id("baoyin").active
        assert RoleGrant.get().valid_to is not None


def test_a_file_with_an_error_changes_nothing_and_says_where(fazhi: Callable[..., Result], tmp_path: Path) -> None:
    organs = tmp_path / "organs.csv"
    organs.write_text(ORGANS.replace("150121", "999999"), encoding="utf-8")
    refused = fazhi("import", "organs", str(organs))
    assert refused.exit_code == 1
    assert "organs.csv" in refused.output
    with database.connection_context():
        assert not Organ.select().exists()
