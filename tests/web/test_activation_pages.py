"""Rules in the browser: edited on disk, proposed by one person, approved by another, in force without restart."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.database import database
from core.organs.models import Person, RoleGrant
from core.rulebook.store import ActivationRow, ProposalRow
from tests.instance_kit import add_person
from tests.web.conftest import LogIn
from tests.web.world import World

FILE = "/activation/files/990100/consultation.yaml"
OVERLAY = """kind: overlay
region: "990100"
authority: {{issuer: 云岭市司法局, document: 云司发〔2026〕1号}}
valid: {{from: 2026-01-01}}
set:
  decisions.periods.consultation_days: {days}
"""


@pytest.fixture
def regions(world: World) -> Iterator[Path]:
    """The folder of overlays on disk, empty before and after; and a league with an author of its own."""
    folder = world.instance.settings.rules_dir / "regions"
    shutil.rmtree(folder, ignore_errors=True)
    with database.connection_context():
        add_person("league.author", "市规则编制", "just-l1", "rule_author")
        add_person("league.approver", "市规则审批", "just-l1", "rule_approver")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def save(client: FlaskClient, text: str, url: str = FILE) -> str:
    answer = client.post(url, data={"text": text}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def propose(client: FlaskClient) -> str:
    """See the impact, then propose what was seen; the page that follows."""
    seen = client.post("/activation/impact", data={"document": "云司发〔2026〕1号"}).text
    bundle = re.search(r'name="bundle" value="([0-9a-f]{64})"', seen)
    assert bundle, seen
    return client.post("/activation/propose", data={"document": "云司发〔2026〕1号", "bundle": bundle[1]},
                       follow_redirects=True).text


def in_force() -> str:
    with database.connection_context():
        return str(ActivationRow.select().order_by(ActivationRow.id.desc()).get().bundle_hash)


def test_saving_a_file_changes_nothing_that_counts(regions: Path, log_in: LogIn) -> None:
    before = in_force()
    page = save(log_in("league.author"), OVERLAY.format(days=45))
    assert "文件已保存。它还不影响任何判定" in page
    assert "这个文件没有错误" in page
    assert (regions / "990100/consultation.yaml").read_text(encoding="utf-8") == OVERLAY.format(days=45)
    assert in_force() == before
    assert "磁盘有改动" in log_in("approver").get("/rules").text
    assert "磁盘有改动" not in log_in("handler").get("/rules").text


def test_a_wrong_file_is_kept_and_told_with_line_column_and_way_out(regions: Path, log_in: LogIn) -> None:
    client = log_in("league.author")
    page = save(client, OVERLAY.format(days=90))
    for words in ("第 6 行第 40 列", "超出基础规则放开的范围 30—60", "改到 30—60 之内", 'data-line="6"'):
        assert words in page
    page = client.get("/activation").text
    assert "规则文件有错误" in page
    assert "regions/990100/consultation.yaml:6:40" in page
    assert client.post("/activation/impact", data={"document": "x"}).status_code == 422
    assert client.post("/activation/propose", data={"document": "x"}).status_code == 422


def test_examples_that_are_missed_keep_a_bundle_from_being_proposed(regions: Path, log_in: LogIn) -> None:
    regions.mkdir()
    (regions / "probe_test.yaml").write_text("""kind: tests
for: decisions.decision
cases:
  - name: 当日就逾期
    events:
      - proposal_submitted: {on: 2026-02-10, fields: {proposal_source: leader, decision_category: plan}}
    expect: {proposal-answered: violated}
""", encoding="utf-8")
    page = log_in("author").get("/activation").text
    assert "1 项例子的结果与期望不符" in page
    assert "当日就逾期" in page
    assert "下一步：查看影响" not in page


def test_the_author_sees_the_impact_and_another_person_puts_it_in_force(regions: Path, log_in: LogIn) -> None:
    author, approver = log_in("league.author"), log_in("league.approver")
    save(author, OVERLAY.format(days=45))
    page = propose(author)
    assert "已提请启用，还需 1 人批准" in page
    assert "批准启用</button>" not in page
    with database.connection_context():
        waiting = ProposalRow.get(ProposalRow.state == "open").bundle_hash
    seen = approver.get("/activation").text
    for words in ("云岭市", "公开征求意见最低日数", ">30<", ">45<", "rules/regions/990100/consultation.yaml",
                  "未结事项", "云司发〔2026〕1号"):
        assert words in seen
    assert "规则包已启用" in approver.post("/activation/approve", data={"bundle": waiting}, follow_redirects=True).text
    assert in_force() == waiting
    history = log_in("handler").get("/activation").text
    assert "市规则编制、市规则审批" in history
    assert "等待批准" not in history
    assert ">45 日<" in log_in("handler").get("/rules?part=parameters&q=consultation_days").text
    assert ">30 日<" in log_in("farhead").get("/rules?part=parameters&q=consultation_days").text


def test_the_same_person_never_approves_what_he_proposed(regions: Path, log_in: LogIn) -> None:
    with database.connection_context():
        RoleGrant.create(person="league.author", role="rule_approver", organ="just-l1")
    client = log_in("league.author")
    save(client, OVERLAY.format(days=45))
    assert "须由另一名有权人员批准" in propose(client)
    with database.connection_context():
        waiting = ProposalRow.get(ProposalRow.state == "open").bundle_hash
    before = in_force()
    answer = client.post("/activation/approve", data={"bundle": waiting}, follow_redirects=True)
    assert "须由另一名有权人员批准" in answer.text
    assert in_force() == before


OTHER = "/activation/files/990200/consultation.yaml"


def test_a_league_proposes_nothing_of_another_league(regions: Path, log_in: LogIn) -> None:
    save(log_in("author"), OVERLAY.format(days=45).replace("990100", "990200"), OTHER)
    client = log_in("league.author")
    assert "改动的文件都属于其他地方" in client.get("/activation").text
    answer = client.post("/activation/impact", data={"document": "云司发〔2026〕1号",
                                                     "file": "rules/regions/990200/consultation.yaml"})
    assert answer.status_code == 422
    assert "只能改本地及下级的地方细化" in answer.text
    assert "确认提请" not in answer.text


def test_a_broken_file_of_one_author_keeps_no_other_from_proposing(
        regions: Path, log_in: LogIn, world: World) -> None:
    above, league = log_in("author"), log_in("league.author")
    save(above, "kind: overlay\nregion: [", OTHER)
    page = save(league, OVERLAY.format(days=45))
    assert "这个文件没有错误" in page
    assert "还需 1 人批准" in propose(league)
    with database.connection_context():
        waiting = ProposalRow.get(ProposalRow.state == "open").bundle_hash
        names = {source.name for source in world.instance.bundles.sources(waiting)}
    assert "rules/regions/990100/consultation.yaml" in names
    assert "rules/regions/990200/consultation.yaml" not in names

    seen = above.get("/activation").text
    assert "1 个文件有错误，没有列入这次提请；其他文件照常可以提请" in seen
    assert "regions/990200/consultation.yaml:" in seen


def test_an_author_proposes_the_files_that_he_ticks(regions: Path, log_in: LogIn) -> None:
    author = log_in("author")
    save(author, OVERLAY.format(days=45))
    save(author, OVERLAY.format(days=40).replace("990100", "990200"), OTHER)
    seen = author.get("/activation?file=rules/regions/990200/consultation.yaml").text
    assert ">40<" in seen
    assert ">45<" not in seen
    assert 'type="hidden" name="file" value="rules/regions/990200/consultation.yaml"' in seen
    assert 'type="hidden" name="file" value="rules/regions/990100/consultation.yaml"' not in seen


def test_what_changed_after_the_look_is_not_proposed(regions: Path, log_in: LogIn) -> None:
    client = log_in("league.author")
    save(client, OVERLAY.format(days=45))
    bundle = re.search(r'name="bundle" value="(\w+)"', client.post("/activation/impact", data={"document": "x"}).text)
    save(client, OVERLAY.format(days=50))
    answer = client.post("/activation/propose", data={"document": "x", "bundle": bundle[1]})
    assert answer.status_code == 409
    assert "又有改动" in answer.text


def test_nothing_changed_and_layout_only_are_said(regions: Path, log_in: LogIn) -> None:
    author = log_in("author")
    assert "与现行规则包一致" in author.get("/activation").text
    (regions / "990100").mkdir(parents=True)
    own = regions.parent / "complaints/procedure.yaml"
    text = own.read_text(encoding="utf-8")
    own.write_text(text + "# 注释\n", encoding="utf-8")
    try:
        assert "不需要启用" in author.get("/activation").text
    finally:
        own.write_text(text, encoding="utf-8")


def test_readers_see_the_history_and_nothing_of_the_disk(regions: Path, log_in: LogIn) -> None:
    save(log_in("league.author"), OVERLAY.format(days=45))
    page = log_in("handler").get("/activation").text
    assert "启用记录" in page
    assert "随平台发布的规则包" in page
    assert "磁盘上的规则" not in page
    assert "consultation.yaml" not in page


def test_people_of_the_world_are_as_they_were(world: World) -> None:
    with database.connection_context():
        assert Person.get_or_none(Person.id == "league.author") is None
