"""The how-to guides do what they say: a log is imported, a deadline counted, rule files load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from core.database import database
from core.rulebook.load import load_rules
from core.rulebook.paths import shipped_rules
from scoring.engine.reference import Reference
from scoring.ruletests.runner import run_tests
from tests.docs.pages import DOCS, blocks, write_files
from tests.instance_kit import PASSWORD, add_organ, add_person, add_region, make_instance
from web.app import create_app
from web.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with the rules of the rule author's tutorial and one organ; the command line is about it."""
    write_files("tutorial/rule-author.md", tmp_path / "own")
    (tmp_path / "own" / "regions").rename(tmp_path / "regions")
    make_instance(tmp_path / "home", rules=[tmp_path / "own"])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("gov", "演示自治区人民政府", "990000", "region")
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fazhi(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def only(page: str, mark: str) -> str:
    (block,) = (block for block in blocks(page) if block.mark == mark)
    return block.body


def test_the_log_of_the_guide_is_imported_once_and_judged(home: Path) -> None:
    (home / "log.csv").write_text(only("how-to/import-log.md", "log"), encoding="utf-8")
    arguments = ("import", "events", "log.csv", "--procedure", "train.complaint", "--organ", "gov")
    code, output = fazhi(*arguments)
    assert (code, output) == (0, only("how-to/import-log.md", "imported"))
    with database.connection_context():
        from scoring.models import FindingRow
        found = {row.rule for row in FindingRow.select()}
    assert found == {"train.complaint/accept-in-time", "train.complaint/investigate-first"}
    code, output = fazhi(*arguments)
    assert code == 1
    assert "log.csv:2" in output
    assert "已经导入过" in output


def test_one_bad_row_and_nothing_is_imported(home: Path) -> None:
    text = only("how-to/import-log.md", "log").replace("2026-03-10", "2026-13-10")
    (home / "log.csv").write_text(text, encoding="utf-8")
    code, output = fazhi("import", "events", "log.csv", "--procedure", "train.complaint", "--organ", "gov")
    assert code == 1
    assert "log.csv:3" in output
    with database.connection_context():
        from core.ledger.models import CaseRow
        assert CaseRow.select().count() == 0


def test_a_deadline_is_counted_as_the_guide_shows(home: Path) -> None:
    (block,) = (block for block in blocks("how-to/calendars.md") if block.mark == "deadline")
    code, output = fazhi("deadline", *block.about.split())
    assert code == 0
    assert output == block.body


def test_a_backup_is_restored_and_verified(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "log.csv").write_text(only("how-to/import-log.md", "log"), encoding="utf-8")
    fazhi("import", "events", "log.csv", "--procedure", "train.complaint", "--organ", "gov")
    assert fazhi("backup", str(home / "saved"))[0] == 0
    assert not list((home / "saved").rglob("ledger-signing.pem"))
    monkeypatch.setenv("FAZHI_HOME", str(home / "second"))
    code, output = fazhi("restore", str(home / "saved"))
    assert code == 0, output
    assert fazhi("ledger", "verify", "--materials")[0] == 0
    code, output = fazhi("restore", str(home / "saved"))
    assert code == 1, "an instance that holds something is never overwritten"


@pytest.mark.parametrize("page", ["how-to/regional-overlay.md", "how-to/calendars.md"])
def test_rule_files_of_the_guides_load_on_the_shipped_rules(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    examples = re.findall(r"^   ```yaml\n(.*?)^   ```", text, re.DOTALL | re.MULTILINE)
    assert examples
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(re.sub(r"^   ", "", example, flags=re.MULTILINE), encoding="utf-8")
    shipped = [shipped_rules() / name for name in ("platform", "calendars", "decisions", "regions")]
    load_rules([*shipped, tmp_path])


# ── a department's own procedure ───────────────────────────────────────────────────────────────────────────────────

@pytest.fixture
def city(tmp_path: Path) -> FlaskClient:
    """A department with the files of the guide as its own rules, and its people."""
    write_files("how-to/own-procedure.md", tmp_path)
    instance = make_instance(tmp_path / "home", rules=[tmp_path / "city"])
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        add_organ("city", "演示城市管理局", "990000", "region", "department")
        add_person("handler", "宝音", "city", "case_handler")
        add_person("head", "苏日娜", "city", "office_head")
    return create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()


def test_a_departments_own_procedure_is_written_tested_and_used_without_code(city: FlaskClient, tmp_path: Path) -> None:
    report = run_tests(load_rules([*shipped_rules().glob("calendars"), tmp_path / "city"]), Reference())
    assert (report.misses, report.uncovered) == ([], {})
    city.post("/login", data={"account": "handler", "password": PASSWORD})
    menu = city.get("/cases").text
    assert "新建事项" in menu
    assert "占道经营快速办理" in menu
    opened = city.post("/cases/new/city.stall_penalty/found", data={
        "title": "东河街占道经营", "occurred": "2026-06-12", "field.party_name": "某某", "field.place": "东河街",
        "field.lead_officer": "A1", "field.second_officer": "A2", "field.certificate_shown": "true"})
    case = opened.headers["Location"]
    assert "城占990000〔2026〕00001号" in city.get(case).text
    city.post(f"{case}/steps/correction_ordered", data={"occurred": "2026-06-15", "field.correct_by": "2026-06-17"})
    assert "责令改正后三日内复查" in city.get("/").text
    assert city.post(f"{case}/steps/decided", data={"occurred": "2026-06-15", "field.fine": "100"}).status_code == 404
    city.post("/logout")
    city.post("/login", data={"account": "head", "password": PASSWORD})
    said = city.post(f"{case}/steps/decided", data={"occurred": "2026-06-15", "field.fine": "100"},
                     follow_redirects=True).text
    assert "疑似问题" in said
    with database.connection_context():
        from scoring.models import FindingRow
        assert {row.code for row in FindingRow.select()} >= {"ENF-NOT-1", "ENF-DIS-3"}
