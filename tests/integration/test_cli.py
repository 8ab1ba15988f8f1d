"""The command line as an administrator, a rule author and an auditor use it, on a whole instance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cases.case import CaseHead
from core.database import database
from core.jobs.models import JobRow
from core.jobs.queue import enqueue
from core.ledger.intake import AnyoneMayRecord, NewEvent
from core.ledger.models import PersonalValue
from core.rulebook.store import BundleRow, pack, unpack
from scoring.models import FindingRow, UnitScore, VerdictRow
from tests.instance_kit import PASSWORD, add_organ, add_person, add_region, make_instance, settings_in
from tests.penalty_kit import open_penalty
from web.cli import main
from web.commands.context import Shell
from web.commands.running import prepare
from web.main import build, utc_now

OVERLAY = """kind: overlay
region: "150900"
authority: {{issuer: 乌兰察布市人民政府, document: 乌政发〔2026〕1号}}
valid: {{from: 2026-01-01}}
set:
  {key}: {value}
"""


@pytest.fixture
def fazhi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs ``fazhi`` in a home of its own."""
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))

    def run(*words: str, lang: str = "zh") -> Result:
        return CliRunner().invoke(main, ["--lang", lang, *words], catch_exceptions=False)

    return run


def test_without_init_every_command_says_what_to_do_and_leaves_nothing_behind(fazhi, tmp_path):
    result = fazhi("ledger", "verify")
    assert result.exit_code == 1
    assert "fazhi init" in result.output
    assert not (tmp_path / "home").exists()


def test_init_can_be_run_again_and_loads_the_regions_of_inner_mongolia(fazhi):
    from core.organs.models import Region
    assert fazhi("init").exit_code == 0
    assert fazhi("init").exit_code == 0
    with database.connection_context():
        assert Region.select().where(Region.level == "league").count() == 12
        assert Region.select().where(Region.level == "county").count() == 103


def test_a_backup_is_restored_into_an_empty_home_and_verified(fazhi, tmp_path, monkeypatch):
    fazhi("init")
    fazhi("ledger", "root")
    saved = fazhi("backup", str(tmp_path / "saved"))
    assert saved.exit_code == 0, saved.output
    assert fazhi("backup", str(tmp_path / "saved")).exit_code == 1
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "other"))
    restored = fazhi("restore", str(tmp_path / "saved"))
    assert "没有损坏" in restored.output
    assert fazhi("rules", "status").exit_code == 0


def test_a_changed_backup_is_refused_and_nothing_is_restored(fazhi, tmp_path, monkeypatch):
    fazhi("init")
    fazhi("backup", str(tmp_path / "saved"))
    table = tmp_path / "saved" / "tables" / "region.jsonl"
    table.write_text(table.read_text(encoding="utf-8").replace("呼和浩特市", "别的城市"), encoding="utf-8")
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "other"))
    refused = fazhi("restore", str(tmp_path / "saved"))
    assert refused.exit_code == 1
    assert "region.jsonl" in refused.output
    assert fazhi("rules", "status").exit_code == 1


def test_the_shipped_rules_are_clean_and_their_examples_hold(fazhi):
    checked = fazhi("rules", "check")
    assert "没有错误" in checked.output
    tested = fazhi("rules", "test", "--cover")
    assert tested.exit_code == 0, tested.output
    assert "不符 0 项" in tested.output
    assert "未覆盖" not in tested.output


def test_effective_values_name_their_origin_and_a_closed_value_is_refused_with_its_line(fazhi, tmp_path):
    fazhi("init")
    listed = fazhi("rules", "effective", "150900").output
    opened = next(line for line in listed.splitlines() if line.startswith("decisions.decision/"))
    assert ".yaml:" in opened
    overlay = tmp_path / "home" / "rules" / "150900.yaml"
    overlay.write_text(OVERLAY.format(key="decisions.decision/no-such-rule.days", value=5), encoding="utf-8")
    refused = fazhi("rules", "check")
    assert refused.exit_code == 1
    assert "150900.yaml:6:" in refused.output
    in_english = fazhi("rules", "check", lang="en")
    assert "150900.yaml:6:" in in_english.output
    assert "How to mend it" in in_english.output


def test_a_deadline_is_counted_day_by_day_over_the_national_holidays(fazhi):
    fazhi("init")
    counted = fazhi("deadline", "2026-09-28", "7", "working_days").output
    assert "2026-10-10 六" in counted, "a make-up working day counts"
    assert "最后一日 2026-10-13" in counted
    assert "暂定" in fazhi("deadline", "2026-12-28", "7", "working_days").output


def test_the_json_schema_of_every_kind_is_written_for_editors(fazhi, tmp_path):
    assert fazhi("rules", "schema", str(tmp_path / "schemas")).exit_code == 0
    names = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert {"procedure.schema.json", "supervision.schema.json", "overlay.schema.json"} <= names


def test_a_case_that_brought_the_engine_down_is_listed_and_tried_again(fazhi, tmp_path):
    instance = make_instance(tmp_path / "home")
    with database.connection_context():
        open_penalty(replace(instance, recorder=instance.recorder.permitting(AnyoneMayRecord())))
    (tmp_path / "home/engine").mkdir(exist_ok=True)
    (tmp_path / "home/engine/suspects.jsonl").write_text(
        '{"case": "case-food", "at": "2026-06-15T04:00:00+00:00"}\n', encoding="utf-8")
    assert "case-food  2026-06-15 12:00" in fazhi("engine", "suspects").output
    assert "没有使判定引擎中断过" in fazhi("engine", "retry", "case-other").output
    assert fazhi("engine", "retry", "case-food").exit_code == 0
    assert "由参照实现判定的事项 0 件" in fazhi("engine", "suspects").output


def test_tables_meddled_with_are_written_again_from_the_ledger(fazhi, tmp_path):
    instance = make_instance(tmp_path / "home")
    with database.connection_context():
        instance = replace(instance, recorder=instance.recorder.permitting(AnyoneMayRecord()))
        open_penalty(instance, on=date(2026, 1, 5))
        before = list(FindingRow.select().order_by(FindingRow.id).dicts())
        assert before
        FindingRow.delete().execute()
        UnitScore.delete().execute()
    assert "1 件事项" in fazhi("ledger", "rebuild").output
    with database.connection_context():
        assert list(FindingRow.select().order_by(FindingRow.id).dicts()) == before
        assert UnitScore.select().where(UnitScore.subject == "gov-c1").exists()


def test_plugins_are_listed_with_what_is_off(fazhi, monkeypatch):
    assert "运行  decisions" in fazhi("plugins").output
    monkeypatch.setenv("FAZHI_DISABLED_PLUGINS", "decisions")
    assert "停用  decisions" in fazhi("plugins").output


COMPLAINT = """kind: procedure
id: demo.complaint
title: 投诉
opens_with: [received]
closes_with: [answered]
stages: [{id: all, title: 全程, events: [received, answered]}]
events:
  received:
    title: 收到投诉
    by: [case_handler]
    fields: {caller: {title: 投诉人, type: string, personal: true}}
  answered: {title: 答复, by: [case_handler]}
"""


def test_a_supervisor_seals_a_personal_field_and_the_chain_stays_whole(fazhi, tmp_path, monkeypatch):
    folder = tmp_path / "complaint"
    folder.mkdir()
    (folder / "procedure.yaml").write_text(COMPLAINT, encoding="utf-8")
    instance = make_instance(tmp_path / "home", utc_now, [folder])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_region("990100", "云岭市", "league", "990000")
        add_organ("bureau", "云岭市城管局", "990100", "league", "department")
        add_organ("justice", "演示自治区司法厅", "990000", "region", "justice")
        add_person("handler", "经办", "bureau", "case_handler")
        add_person("overseer", "监督", "justice", "supervisor")
        instance.recorder.open_case(
            CaseHead("complaint-1", "demo.complaint", "bureau", "990100", title="投诉"),
            NewEvent("received", date(2026, 5, 6), {"caller": "王小明"}, actor="handler", organ="bureau"))
    monkeypatch.setenv("FAZHI_PASSWORD", PASSWORD)
    words = ("ledger", "seal", "complaint-1", "caller", "--reason", "当事人申请，依法删除")
    sealed = fazhi(*words, "--person", "overseer")
    assert sealed.exit_code == 0, sealed.output
    with database.connection_context():
        assert [row.value for row in PersonalValue.select()] == [None]
    assert "损坏 0 处" in fazhi("ledger", "verify").output


def test_who_may_not_see_a_case_seals_nothing_in_it(fazhi, tmp_path, monkeypatch):
    folder = tmp_path / "complaint"
    folder.mkdir()
    (folder / "procedure.yaml").write_text(COMPLAINT, encoding="utf-8")
    instance = make_instance(tmp_path / "home", utc_now, [folder])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        for organ in ("bureau", "other"):
            add_organ(organ, organ, "990000", "region", "department")
        add_person("handler", "经办", "bureau", "case_handler")
        add_person("stranger", "旁人", "other", "case_handler")
        instance.recorder.open_case(
            CaseHead("complaint-1", "demo.complaint", "bureau", "990000", title="投诉"),
            NewEvent("received", date(2026, 5, 6), {"caller": "王小明"}, actor="handler", organ="bureau"))
    monkeypatch.setenv("FAZHI_PASSWORD", PASSWORD)
    refused = fazhi("ledger", "seal", "complaint-1", "caller", "--reason", "试试", "--person", "stranger")
    assert refused.exit_code == 1
    with database.connection_context():
        assert [row.value for row in PersonalValue.select()] != [None]


@pytest.mark.parametrize(("words", "said"), [
    (("ledger", "nosuch"), "命令用法不对"), (("explain",), "缺少参数"),
    (("explain", "x", "--nosuch"), "没有选项 --nosuch"),
    (("import", "events", "/nonexistent", "--procedure", "x"), "的值不能用"),
])
def test_a_command_called_wrongly_says_so_in_chinese_and_where_to_look(fazhi, words, said):
    result = fazhi(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert "--help" in result.output


def test_what_the_disk_and_the_database_refuse_is_said_in_words(fazhi, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "file" / "home"))
    refused = fazhi("init")
    assert (refused.exit_code, "file-unusable" in refused.output) == (1, True)
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    (tmp_path / "fazhi.db").write_bytes(b"no database " * 1000)
    damaged = fazhi("ledger", "verify")
    assert (damaged.exit_code, "database-unusable" in damaged.output) == (1, True)
    monkeypatch.setenv("FAZHI_DATABASE_URL", "mysql://somewhere/fazhi")
    assert "FAZHI_DATABASE_URL" in fazhi("init").output
    monkeypatch.setenv("FAZHI_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/fazhi")
    absent = fazhi("ledger", "verify")
    assert (absent.exit_code, "secret" in absent.output) == (1, False)


def test_a_setting_that_cannot_be_is_refused_even_by_help(fazhi, monkeypatch):
    monkeypatch.setenv("FAZHI_APPROVALS", "nine")
    result = fazhi("--help")
    assert (result.exit_code, "FAZHI_APPROVALS" in result.output) == (1, True)


def test_a_damaged_bundle_is_named(fazhi):
    fazhi("init")
    with database.connection_context():
        BundleRow.update(sources=b"damaged").execute()
    result = fazhi("deadline", "2026-03-02", "7", "working_days")
    assert (result.exit_code, "bundle-differs" in result.output) == (1, True)


def test_effective_values_are_not_shown_for_what_is_no_region(fazhi):
    result = fazhi("rules", "effective", "乌海")
    assert (result.exit_code, "region-code-malformed" in result.output) == (1, True)


def test_a_verdict_meddled_with_is_found_by_the_nightly_comparison_and_told_by_jobs(fazhi, tmp_path):
    fazhi("demo", "--cases", "6")
    instance = build(settings_in(tmp_path / "home"))
    with database.connection_context():
        enqueue("batch-compare", "batch-compare@clean")
        instance.worker.run("batch-compare@clean")
        assert JobRow.get(JobRow.key == "batch-compare@clean").state == "done"
        victim = VerdictRow.select().where(VerdictRow.state == "fulfilled").first()
        VerdictRow.update(state="violated").where(VerdictRow.id == victim.id).execute()
        enqueue("batch-compare", "batch-compare@meddled")
        for _ in range(5):
            instance.worker.run("batch-compare@meddled")
            JobRow.update(run_after=0).where(JobRow.key == "batch-compare@meddled").execute()
    told = fazhi("jobs")
    assert told.exit_code == 1
    assert "batch-compare@meddled" in told.output
    assert victim.case in told.output


def test_a_broken_file_on_disk_keeps_no_server_from_starting(tmp_path, monkeypatch):
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    shell = Shell("zh")
    prepare(shell, regions=False)
    (tmp_path / "home" / "rules" / "half.yaml").write_text("kind: procedure\nid: [", encoding="utf-8")
    again = prepare(shell, regions=False)
    with database.connection_context():
        assert again.bundles.current().procedures


def test_after_an_upgrade_that_reads_rules_otherwise_init_puts_the_rules_on_disk_in_force(fazhi):
    fazhi("init")
    with database.connection_context():
        row = BundleRow.get()
        spoiled = [replace(source, content=source.content.replace(b"kind: procedure", b"kind: proceedings"))
                   for source in unpack(bytes(row.sources))]
        BundleRow.update(sources=pack(spoiled)).execute()
    again = fazhi("init")
    assert again.exit_code == 0, again.output
    assert "重新启用" in again.output
    assert fazhi("rules", "status").exit_code == 0
