"""Files: what is taken, under which name it lies, and how a broken upload goes on."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from core.errors import FazhiError
from core.materials.store import MaterialStore

PDF = b"%PDF-1.7\n" + b"x" * 100


@pytest.fixture
def store(tmp_path: Path) -> MaterialStore:
    return MaterialStore(tmp_path / "materials", largest=1000)


def office(*entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for entry in entries:
            container.writestr(entry, "")
    return out.getvalue()


def test_a_file_lies_once_under_its_hash(store: MaterialStore) -> None:
    stored = store.store(io.BytesIO(PDF), "C:\\案卷\\决定书.PDF")
    again = store.store(io.BytesIO(PDF), "副本.pdf")
    assert stored.sha256 == again.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (stored.name, stored.size, stored.media_type) == ("决定书.PDF", len(PDF), "application/pdf")
    assert list(store.hashes()) == [stored.sha256]
    assert store.open(stored.sha256).read() == PDF
    assert stored.answers("letter").size == len(PDF)
    assert not list((store.folder / "incoming").iterdir())


def test_a_changed_file_is_no_longer_intact(store: MaterialStore) -> None:
    stored = store.store(io.BytesIO(PDF), "a.pdf")
    assert store.knows(stored.sha256)
    assert store.intact(stored.sha256)
    store.path(stored.sha256).chmod(0o600)
    store.path(stored.sha256).write_bytes(PDF + b"!")
    assert not store.intact(stored.sha256)
    assert not store.knows("0" * 64)
    assert not store.knows("../../etc/passwd")


@pytest.mark.parametrize(("name", "content"), [
    ("a.docx", office("[Content_Types].xml", "word/document.xml")), ("a.xlsx", office("xl/workbook.xml")),
    ("a.ofd", office("OFD.xml")), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1.."), ("a.jpg", b"\xff\xd8\xff\xe0"),
    ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.mp4", b"\x00\x00\x00\x18ftypmp42"), ("a.wav", b"RIFF\x00\x00\x00\x00WAVE"),
    ("a.webm", b"\x1a\x45\xdf\xa3"), ("a.txt", "会议记录".encode("gb18030")), ("b.txt", "会议记录".encode()),
])
def test_files_of_everyday_work_are_taken(store: MaterialStore, name: str, content: bytes) -> None:
    assert store.knows(store.store(io.BytesIO(content), name).sha256)


@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.exe", b"MZ", "material-kind-refused"), ("a.html", b"<html>", "material-kind-refused"),
    ("a", PDF, "material-kind-refused"), ("a.pdf", b"<script>", "material-kind-differs"),
    ("a.docx", office("xl/workbook.xml"), "material-kind-differs"), ("a.docx", b"PK\x03\x04", "material-kind-differs"),
    ("a.docx", office("word/document.xml", "word/vbaProject.bin"), "material-macros"),
    ("a.txt", b"\x00\x01", "material-kind-differs"), ("a.pdf", b"", "material-empty"),
    ("a.pdf", PDF + b"x" * 1000, "material-too-large"),
])
def test_other_files_are_refused_and_leave_nothing_behind(store: MaterialStore, name: str, content: bytes, code: str
                                                          ) -> None:
    with pytest.raises(FazhiError, match=code):
        store.store(io.BytesIO(content), name)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_an_upload_goes_on_where_it_was_cut_off(store: MaterialStore) -> None:
    upload = store.begin("a.pdf", len(PDF))
    store.append(upload, 0, io.BytesIO(PDF[:50]))
    reopened = MaterialStore(store.folder)
    assert reopened.received(upload) == 50
    with pytest.raises(FazhiError, match="已经收到 50 字节"):
        reopened.append(upload, 0, io.BytesIO(PDF))
    reopened.append(upload, 50, io.BytesIO(PDF[50:]))
    with pytest.raises(FazhiError, match="material-differs"):
        reopened.finish(upload, "0" * 64)
    assert reopened.finish(upload, hashlib.sha256(PDF).hexdigest()).size == len(PDF)
    with pytest.raises(FazhiError, match="upload-unknown"):
        reopened.received(upload)


def test_uploads_that_nobody_went_on_with_are_forgotten(store: MaterialStore) -> None:
    store.begin("a.pdf")
    assert store.forget_stale() == 0
    assert store.forget_stale(older_than=-1) == 1
    with pytest.raises(FazhiError, match="upload-unknown"):
        store.received("../../x")
    with pytest.raises(FazhiError, match="material-too-large"):
        store.begin("a.pdf", 10_000)
