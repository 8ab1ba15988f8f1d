"""The outside developer's package, built from the tutorial's text alone, is found, runs and can be switched off."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.cases.case import CaseHead
from core.database import database
from core.extension.manager import load_plugins
from core.ledger.intake import NewEvent
from tests.docs.pages import blocks, write_files
from tests.instance_kit import PASSWORD, add_organ, add_person, add_region, make_instance
from web.app import create_app

PAGE = "tutorial/plugin-developer.md"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package, installed as far as Python is concerned: on the path, with its metadata."""
    folder = tmp_path / "fazhi-hotline"
    write_files(PAGE, folder)
    install(folder)
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "fazhi_hotline"]:
        del sys.modules[name]


def install(folder: Path) -> None:
    """Write the metadata that an installer makes from ``pyproject.toml``."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8")
    lines = [f"[{group}]\n" + "\n".join(f"{name} = {module}" for name, module in entries.items())
             for group, entries in project["entry-points"].items()]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own in which the package is installed."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(package), str(root))), "PYTHONUTF8": "1",
                   "FAZHI_HOME": str(package.parent / "var")}
    return subprocess.run([sys.executable, *arguments], cwd=package, env=environment, capture_output=True, text=True,
                          encoding="utf-8", check=False, timeout=120)


def test_the_platform_lists_the_plugin_as_the_tutorial_shows(package: Path) -> None:
    listed = run(package, "-c", "from web.cli import main; main(['plugins'])")
    assert listed.returncode == 0, listed.stderr
    shown = next(block.body.strip() for block in blocks(PAGE) if block.mark == "plugins")
    assert shown in listed.stdout


def test_the_tests_of_the_tutorial_pass(package: Path) -> None:
    result = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_is_loaded_through_its_own_entry_point_and_can_be_switched_off(package: Path) -> None:
    (loaded,) = (plugin for plugin in load_plugins().loaded if plugin.name == "hotline")
    assert loaded.distribution == "fazhi-hotline 0.1.0"
    assert loaded.platform.title.to("en") == "Government hotline"
    off = load_plugins({"hotline"})
    assert "hotline" in off.disabled
    assert "hotline" not in {plugin.name for plugin in off.loaded}


def test_its_rules_judge_and_its_page_shows_only_what_the_reader_may_see(package: Path, tmp_path: Path) -> None:
    instance = make_instance(tmp_path / "home")
    with database.connection_context():
        add_region("990000", "演示自治区", "region")
        for number in (1, 2):
            add_region(f"990{number}00", f"第{number}市", "league", "990000")
            add_organ(f"gov-{number}", f"第{number}市人民政府", f"990{number}00", "league")
            add_person(f"handler-{number}", "承办", f"gov-{number}", "case_handler")
            instance.recorder.open_case(
                CaseHead(f"call-{number}", "hotline.call", f"gov-{number}", f"990{number}00", title="路灯不亮"),
                NewEvent("call_taken", datetime(2026, 6, 1, 1, tzinfo=UTC), {"topic": "complaint"},
                         actor=f"handler-{number}", organ=f"gov-{number}"))
    client = create_app(instance, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False).test_client()
    assert client.get("/hotline/").status_code == 302, "nobody is logged in"
    client.post("/login", data={"account": "handler-1", "password": PASSWORD})
    page = client.get("/hotline/").get_data(as_text=True)
    assert "第1市人民政府" in page
    assert "第2市人民政府" not in page
    assert "热线督办" in client.get("/").get_data(as_text=True)
    assert "登记后五个工作日内答复" in client.get("/cases/call-1").get_data(as_text=True)
