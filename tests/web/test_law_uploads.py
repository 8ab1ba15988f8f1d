"""Texts uploaded for the library: each file is tried first, read or refused with its reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from docx import Document as Docx
from flask.testing import FlaskClient

from core.database import database
from plugins.legislation.library.models import Article, Edition, Law, Upload
from tests import laws_kit as kit
from tests.web.conftest import LogIn
from tests.web.world import World

WORD = ["中华人民共和国", "草原防火条例", "（2025年1月1日公布　自2025年3月1日起施行）", "目　录", "第一章　总　则",
        "第二章　罚　则", "第一章　总　则", "第一条　为预防草原火灾，制定本条例。", "第二条　防火期内禁止野外用火。",
        "第二章　罚　则", "第三条　违反本条例的，处二百元以下罚款。"]


def docx(lines: list[str]) -> bytes:
    """A Word file with these paragraphs."""
    paper, out = Docx(), io.BytesIO()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(out)
    return out.getvalue()


def archive(files: Mapping[str, bytes], encoding: str = "gb18030") -> bytes:
    """A zip as Windows makes it: names in GBK, without saying so; other tools do the same in UTF-8."""
    out = io.BytesIO()
    names = {name: f"{place}".zfill(len(name.encode(encoding))) for place, name in enumerate(files)}
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(names[name], content)
    data = out.getvalue()
    for name, written in names.items():
        data = data.replace(written.encode(), name.encode(encoding))
    return data


def send(browser: FlaskClient, files: Mapping[str, bytes], **form: Any) -> Any:
    """Upload files."""
    return browser.post("/laws/uploads", data={
        "files": [(io.BytesIO(content), name) for name, content in files.items()], **form},
        content_type="multipart/form-data")


@pytest.fixture
def keeper(log_in: LogIn) -> FlaskClient:
    """The supervisor of the region, who keeps the library."""
    return log_in("regional")


def work(world: World) -> None:
    """What the server does in the background."""
    with database.connection_context():
        while world.instance.worker.run_timed():
            continue


def test_files_are_tried_shown_and_only_then_put_in(keeper: FlaskClient, world: World) -> None:
    penalty = kit.PENALTY.read_bytes()
    answer = send(keeper, {"草原防火条例_20250101.docx": docx(WORD), "扫描件.pdf": b"%PDF-1.4", "空.txt": b"",
                           "法规.zip": archive({"行政法/行政处罚法(2021-01-22).md": penalty,
                                              "../../越界(2020-01-01).md": b"# t\n"})})
    assert answer.status_code == 302
    work(world)
    page = keeper.get(answer.location).text
    assert "检查完毕，未入库" in page
    assert "不支持这种文件" in page
    assert "另存为 Word" in page
    assert "越界" in page
    with database.connection_context():
        assert Law.select().count() == 0
        upload = Upload.get().id
    keeper.post("/laws/uploads/store", data={"upload": upload})
    keeper.post("/laws/uploads/store", data={"upload": upload})
    work(world)
    assert "已入库" in keeper.get(answer.location).text
    with database.connection_context():
        assert {law.title for law in Law.select()} == {"中华人民共和国草原防火条例", "中华人民共和国行政处罚法"}
        edition = Edition.get(Edition.law == "草原防火条例")
        labels = [(row.label, row.headings) for row in Article.select().where(
            Article.edition == edition).order_by(Article.place)]
    assert (edition.slug, str(edition.in_force)) == ("2025-01-01", "2025-03-01")
    assert [label for label, _ in labels] == ["第一条", "第二条", "第三条"]
    assert labels[2][1] == ["第二章 罚 则"]
    assert not list((world.instance.settings.home / "law-uploads").iterdir())


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_in_archives_are_read_in_either_encoding(keeper: FlaskClient, world: World, encoding: str) -> None:
    name = "行政法/行政处罚法(2021-01-22).md"
    where = send(keeper, {"x.zip": archive({name: kit.PENALTY.read_bytes()}, encoding)}).location
    work(world)
    assert name in keeper.get(where).text


def test_a_text_that_would_replace_another_is_said_so_and_can_be_given_up(keeper: FlaskClient, world: World) -> None:
    kit.load_laws(world.instance.settings.home)
    changed = kit.PENALTY.read_bytes() + "\n第八十七条 增加的一条。\n".encode()
    where = send(keeper, {"行政处罚法(2021-01-22).md": changed, "same.md": b"# x"}, level="law").location
    work(world)
    page = keeper.get(where).text
    assert "替换现有文本" in page
    with database.connection_context():
        upload, before = Upload.get().id, Article.select().count()
    keeper.post("/laws/uploads/discard", data={"upload": upload})
    keeper.post("/laws/uploads/store", data={"upload": upload})
    work(world)
    with database.connection_context():
        assert Article.select().count() == before
        assert Upload.get_by_id(upload).phase == "discarded"


def test_a_crash_between_two_editions_loses_and_doubles_nothing(keeper: FlaskClient, world: World,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    from plugins.legislation.library import uploading

    monkeypatch.setattr(uploading, "SLICE_SECONDS", 0.0)
    files = {f"法{n}(2020-01-0{n}).txt": f"法{n}\n第一条 条文{n}。\n".encode() for n in (1, 2, 3)}
    where = send(keeper, files).location
    upload = where.rpartition("=")[2]
    with database.connection_context():
        uploading.read_on(world.instance, upload, "checking", 0)
        uploading.read_on(world.instance, upload, "checking", 0)
        assert Upload.get_by_id(upload).done == 1
    work(world)
    assert "3 个文件" in keeper.get(where).text


def test_broken_and_empty_uploads_are_refused_in_words(keeper: FlaskClient, world: World) -> None:
    answer = send(keeper, {})
    assert (answer.status_code, "没有文件" in answer.text) == (422, True)
    where = send(keeper, {"坏.zip": b"PK\x03\x04garbage", "改名.docx": b"\xd0\xcf\x11\xe0old word",
                          f"{'长' * 81}.txt": "法\n第一条 内容。".encode()}).location
    work(world)
    page = keeper.get(where).text
    assert "压缩包打不开" in page
    assert "文件名超过 80 个字" in page
    assert "内容不是 Word 文档" in page
    assert "/laws/uploads/store" not in page


def test_a_title_with_markup_is_shown_as_text(keeper: FlaskClient, world: World) -> None:
    content = "<script>alert(1)</script>条例\n第一条 内容。".encode()
    where = send(keeper, {"<img src=x onerror=alert(1)>.txt": content}).location
    work(world)
    page = keeper.get(where).text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_only_the_organ_at_the_top_keeps_the_library(log_in: LogIn, world: World) -> None:
    below = log_in("supervisor")
    answer = send(below, {"x.txt": b"x"})
    assert answer.status_code == 422
    assert "由最上一级机关维护，云岭市司法局不能上传" in answer.text
    assert "上传并检查" not in below.get("/laws/uploads").text
    assert log_in("handler").get("/laws/uploads").status_code == 403
    assert "上传法规文本" in log_in("regional").get("/laws").text
    with database.connection_context():
        assert not Upload.select().exists()
