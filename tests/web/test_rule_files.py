"""The editor of overlays: only files of the own territory, whatever the address says, written whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import FazhiError
from tests.web.conftest import LogIn
from tests.web.world import World
from web.rulework.files import OwnFile, list_files, own_file, read, write


@pytest.fixture
def folder(world: World) -> Iterator[Path]:
    """The instance's own rules, without overlays before and after."""
    rules = world.instance.settings.rules_dir
    shutil.rmtree(rules / "regions", ignore_errors=True)
    yield rules
    shutil.rmtree(rules / "regions", ignore_errors=True)


@pytest.mark.parametrize("name", [
    "../x.yaml", "..", "x.yml", "x.yaml.sh", ".x.yaml", "X.yaml", "x y.yaml", "x/../../y.yaml", "x\\y.yaml", "文.yaml",
    "-x.yaml", "x.yaml\n", "x\0.yaml", "a" * 70 + ".yaml", "", ".yaml"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(FazhiError) as refused:
        own_file("990000", "990100", name)
    assert refused.value.problems[0].code == "rule-file-name"


@pytest.mark.parametrize("region", ["990200", "990000", "..", "", "990100/..", "99010", "９９０１００", "150100"])
def test_a_region_that_is_not_below_is_refused(region: str) -> None:
    with pytest.raises(FazhiError) as refused:
        own_file("990100", region, "x.yaml")
    assert refused.value.problems[0].code == "rule-file-region"


def test_an_author_reaches_his_own_region_and_those_below(tmp_path: Path) -> None:
    assert own_file("990100", "990121", "x.yaml") == OwnFile("990121", "x.yaml")
    for region in ("990100", "990121", "990200"):
        write(tmp_path, OwnFile(region, "x.yaml"), "kind: overlay")
    assert [one.region for one in list_files(tmp_path, "990100")] == ["990100", "990121"]
    assert len(list_files(tmp_path, "990000")) == 3


def test_links_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("secret: true", encoding="utf-8")
    rules = tmp_path / "rules"
    (rules / "regions").mkdir(parents=True)
    (rules / "regions/990100").symlink_to(outside, target_is_directory=True)
    assert list_files(rules, "990000") == ()
    for act in (lambda: read(rules, OwnFile("990100", "secret.yaml")),
                lambda: write(rules, OwnFile("990100", "secret.yaml"), "x: 1")):
        with pytest.raises(FazhiError):
            act()
    assert (outside / "secret.yaml").read_text(encoding="utf-8") == "secret: true"


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = OwnFile("990100", "x.yaml")
    write(tmp_path, file, "old: 1\r\n\r\n")

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("web.rulework.files.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path, file, "new: 2")
    assert read(tmp_path, file) == "old: 1\n"
    assert [path.name for path in (tmp_path / "regions/990100").iterdir()] == ["x.yaml"]


def test_addresses_outside_the_territory_are_not_there(folder: Path, log_in: LogIn) -> None:
    client = log_in("author")
    for url in ("/activation/files/150100/x.yaml", "/activation/files/990100/..%2fx.yaml",
                "/activation/files/..%2f..%2fetc/x.yaml", "/activation/files/990100/x.sh"):
        assert client.get(url).status_code == 404, url
        assert client.post(url, data={"text": "kind: overlay"}).status_code == 404, url
    assert not (folder / "regions").exists()


def test_a_new_file_begins_with_a_form_and_is_there_once_saved(folder: Path, log_in: LogIn) -> None:
    client = log_in("author")
    answer = client.post("/activation/files", data={"region": "990100", "name": "consultation"}, follow_redirects=True)
    assert 'region: &#34;990100&#34;' in answer.text
    assert "演示自治区司法局" in answer.text
    assert not (folder / "regions").exists()
    refused = client.post("/activation/files", data={"region": "990100", "name": "../x"}, follow_redirects=True)
    assert "不合要求" in refused.text


def test_an_empty_text_and_one_too_long_are_not_saved(folder: Path, log_in: LogIn) -> None:
    client = log_in("author")
    assert client.post("/activation/files/990100/x.yaml", data={"text": "  \n"}).status_code == 422
    assert client.post("/activation/files/990100/x.yaml", data={"text": "a" * 1_500_000}).status_code == 422
    assert list_files(folder, "990000") == ()


def test_a_deleted_file_is_gone_from_disk_only(folder: Path, log_in: LogIn) -> None:
    client = log_in("author")
    client.post("/activation/files/990100/x.yaml", data={"text": "kind: overlay"})
    answer = client.post("/activation/files/990100/x.yaml/delete", follow_redirects=True)
    assert "现行规则不变" in answer.text
    assert list_files(folder, "990000") == ()


def test_markup_in_a_file_stays_text(folder: Path, log_in: LogIn) -> None:
    client = log_in("author")
    client.post("/activation/files/990100/x.yaml", data={"text": "</textarea><script>alert(1)</script>: 1"})
    page = client.get("/activation/files/990100/x.yaml").text
    assert "<script>alert" not in page
