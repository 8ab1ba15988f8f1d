"""Files that come in chunks: nothing lost, nothing taken twice, and every damage answered with its number."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FazhiError
from core.materials import chunks
from core.materials.chunks import ChunkedUploads, recording_of
from core.materials.store import MaterialStore

ID = "ab" * 16
WEBM = b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 4


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def uploads(tmp_path: Path) -> ChunkedUploads:
    found = ChunkedUploads(MaterialStore(tmp_path))
    found.begin(ID, "录像.webm", "officer")
    return found


def send(uploads: ChunkedUploads, index: int, content: bytes, started: int = 0, ended: int = 0) -> None:
    uploads.put(ID, "officer", index, sha(content), io.BytesIO(content), started, ended)


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(FazhiError) as refused:
        call()
    problem = refused.value.problems[0]
    return problem.code, problem.message("zh")


def test_chunks_in_any_order_become_the_file_and_its_hash_is_the_material(uploads: ChunkedUploads) -> None:
    parts = [WEBM[:300], WEBM[300:700], WEBM[700:]]
    for index in (2, 0, 1):
        send(uploads, index, parts[index], 1000 * index, 1000 * index + 900)
    assert uploads.held(ID, "officer") == {index: sha(part) for index, part in enumerate(parts)}
    assembled = uploads.finish(ID, "officer", [sha(part) for part in parts], sha(WEBM))
    assert assembled.stored.sha256 == sha(WEBM)
    assert uploads.store.path(sha(WEBM)).read_bytes() == WEBM
    assert assembled.recording is not None
    assert assembled.recording.gap == 100


def test_a_call_whose_answer_was_lost_may_be_repeated(uploads: ChunkedUploads) -> None:
    for _ in range(2):
        uploads.begin(ID, "录像.webm", "officer")
        send(uploads, 0, WEBM)
    first = uploads.finish(ID, "officer", [sha(WEBM)], sha(WEBM))
    assert uploads.finish(ID, "officer", [sha(WEBM)], sha(WEBM)) == first == uploads.finished(ID, "officer")


def test_a_damaged_chunk_is_refused_by_its_number_and_the_right_one_is_taken_after_it(uploads: ChunkedUploads) -> None:
    code, message = refusal(lambda: uploads.put(ID, "officer", 4, sha(WEBM), io.BytesIO(WEBM[:-1])))
    assert code == "chunk-damaged"
    assert "第 5 段" in message
    send(uploads, 4, WEBM)
    assert list(uploads.held(ID, "officer")) == [4]


def test_another_content_does_not_replace_a_chunk_that_is_held(uploads: ChunkedUploads) -> None:
    send(uploads, 1, b"first")
    assert refusal(lambda: send(uploads, 1, b"other"))[0] == "chunk-differs"
    assert uploads.held(ID, "officer") == {1: sha(b"first")}


def test_missing_chunks_are_named_and_nothing_is_stored(uploads: ChunkedUploads) -> None:
    parts = [WEBM[:300], WEBM[300:700], WEBM[700:]]
    send(uploads, 1, parts[1])
    code, message = refusal(lambda: uploads.finish(ID, "officer", [sha(part) for part in parts], sha(WEBM)))
    assert code == "chunks-missing"
    assert "第 1、3 段" in message
    assert not uploads.store.knows(sha(WEBM))


def test_a_chunk_that_changed_on_the_disk_counts_as_missing(uploads: ChunkedUploads, tmp_path: Path) -> None:
    send(uploads, 0, WEBM)
    held = next((tmp_path / "incoming" / f"{ID}.chunks").glob("000000.*"))
    held.write_bytes(WEBM[:-1] + b"x")
    assert refusal(lambda: uploads.finish(ID, "officer", [sha(WEBM)], sha(WEBM)))[0] == "chunks-missing"
    send(uploads, 0, WEBM)
    assert uploads.finish(ID, "officer", [sha(WEBM)], sha(WEBM)).stored.sha256 == sha(WEBM)


def test_a_whole_that_differs_from_what_was_announced_is_refused(uploads: ChunkedUploads) -> None:
    send(uploads, 0, WEBM)
    assert refusal(lambda: uploads.finish(ID, "officer", [sha(WEBM)], sha(b"else")))[0] == "material-differs"


@pytest.mark.parametrize("owner", ["", "colleague"])
def test_nobody_goes_on_with_the_upload_of_another(uploads: ChunkedUploads, owner: str) -> None:
    send(uploads, 0, WEBM)
    uploads.finish(ID, "officer", [sha(WEBM)], sha(WEBM))
    for call in (lambda: uploads.begin(ID, "录像.webm", owner), lambda: uploads.held(ID, owner),
                 lambda: uploads.put(ID, owner, 1, sha(b"x"), io.BytesIO(b"x")),
                 lambda: uploads.finish(ID, owner, [sha(WEBM)], sha(WEBM)), lambda: uploads.finished(ID, owner)):
        assert refusal(call)[0] == "upload-unknown"


@pytest.mark.parametrize("upload", ["", "../" * 10, "AB" * 16, "ab" * 15])
def test_an_id_of_another_form_is_unknown(uploads: ChunkedUploads, upload: str) -> None:
    assert refusal(lambda: uploads.begin(upload, "录像.webm", "officer"))[0] == "upload-unknown"


def test_what_is_not_the_kind_its_name_says_is_refused_at_the_first_chunk(uploads: ChunkedUploads) -> None:
    assert refusal(lambda: send(uploads, 0, b"MZ" * 40))[0] == "material-kind-differs"
    assert refusal(lambda: uploads.begin("cd" * 16, "脚本.js", "officer"))[0] == "material-kind-refused"


def test_a_chunk_and_a_whole_have_a_largest_size(uploads: ChunkedUploads, tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "LARGEST_CHUNK", 8)
    assert refusal(lambda: send(uploads, 0, b"123456789"))[0] == "chunk-too-large"
    small = ChunkedUploads(MaterialStore(tmp_path, largest=10))
    send(small, 0, b"12345678")
    assert refusal(lambda: send(small, 1, b"12345678"))[0] == "material-too-large"


def test_uploads_that_nobody_goes_on_with_are_forgotten(uploads: ChunkedUploads, tmp_path: Path) -> None:
    send(uploads, 0, WEBM)
    assert uploads.forget_stale() == 0
    os.utime(tmp_path / "incoming" / f"{ID}.chunks", (0, 0))
    assert uploads.forget_stale() == 1
    assert refusal(lambda: uploads.held(ID, "officer"))[0] == "upload-unknown"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=8))
def test_the_longest_break_is_what_no_chunk_covers(steps: list[tuple[int, int]]) -> None:
    moment, made, breaks = 1, [], []
    for index, (pause, length) in enumerate(steps):
        if index:
            breaks.append(pause)
        moment += pause
        made.append(chunks.Chunk(index, "", moment, moment + length, Path()))
        moment += length
    found = recording_of(made)
    assert found is not None
    assert found.gap == max(breaks, default=0)
