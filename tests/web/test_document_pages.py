"""Documents on pages: previewed, written with the step, read by the party, rated once."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from core.database import connect, database
from core.documents.models import IssuedDocument
from core.instance import Instance
from core.ledger.reader import events_of
from plugins.enforcement.casecode.models import PartyRating
from tests.documents_kit import FACTS, add_regulator, decide, open_penalty, step
from tests.instance_kit import NOON, PASSWORD, Clock, make_instance
from web.app import create_app

STEP = "/cases/penalty-1/steps/decision_made"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Flask]:
    """A regulator with a filed case, and its pages; each test has its own copy of the database."""
    made = make_instance(tmp_path_factory.mktemp("documents"), Clock())
    with database.connection_context():
        add_regulator(made)
        open_penalty(made)
    return made, create_app(made, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, PROPAGATE_EXCEPTIONS=True)


@pytest.fixture
def instance(served: tuple[Instance, Flask], tmp_path: Path) -> Iterator[Instance]:
    made = served[0]
    source, target = sqlite3.connect(made.settings.home / "fazhi.db"), sqlite3.connect(tmp_path / "fazhi.db")
    source.backup(target)
    source.close()
    target.close()
    connect(f"sqlite:///{tmp_path / 'fazhi.db'}")
    yield made
    if not database.is_closed():
        database.close()


@pytest.fixture
def clock(instance: Instance) -> Iterator[Clock]:
    moving: Any = instance.now
    yield moving
    moving.moment = NOON


@pytest.fixture
def app(instance: Instance, served: tuple[Instance, Flask]) -> Flask:
    return served[1]


@pytest.fixture
def officer(app: Flask) -> Any:
    client = app.test_client()
    assert client.post("/login", data={"account": "officer", "password": PASSWORD}).status_code == 302
    return client


def filled(**more: Any) -> dict[str, Any]:
    """The form of the decision, filled in."""
    values = {f"field.{name}": value for name, value in FACTS.items()}
    return {"occurred": "2026-06-10", "written": "decision", **values, **more}


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def issued(officer: Any) -> Any:
    """The decision of the case, written on the page."""
    assert officer.post(STEP, data=filled()).status_code == 302
    with database.connection_context():
        return IssuedDocument.get()


def test_the_form_offers_the_document_and_asks_what_it_needs(officer: Any) -> None:
    page = officer.get(STEP).text
    assert "由平台生成《行政处罚决定书》" in page
    assert "违法事实" in page
    assert page.count('name="field.facts_text"') == 1


def test_the_preview_shows_what_is_typed_and_records_nothing(officer: Any) -> None:
    values = filled(**{"field.facts_text": "", "field.pay_to": "某银行"})
    answer = officer.post(f"{STEP}/documents/decision", data=values)
    assert answer.mimetype == "application/pdf"
    text = text_of(answer.data)
    assert "预览" in text
    assert "某银行" in text
    assert "人民币壹万元整" in text
    assert "＿＿＿" in text
    with database.connection_context():
        assert not [event for event in events_of("penalty-1") if event.type == "decision_made"]
        assert not IssuedDocument.select().count()


def test_saving_writes_the_document_with_number_hash_and_file_in_one_step(officer: Any, instance: Instance) -> None:
    row = issued(officer)
    with database.connection_context():
        event = next(one for one in events_of("penalty-1") if one.type == "decision_made")
    assert event.payload["decision_number"] == row.number == "上市监罚决〔2026〕1号"
    assert [(one.requirement, one.sha256) for one in event.materials] == [("decision", row.sha256)]
    assert instance.materials.intact(row.sha256)
    assert "上市监罚决〔2026〕1号" in text_of(instance.materials.path(row.sha256).read_bytes())


def test_what_the_document_lacks_is_asked_for_and_nothing_is_recorded(officer: Any) -> None:
    answer = officer.post(STEP, data=filled(**{"field.court_name": ""}))
    assert answer.status_code == 422
    assert "生成《行政处罚决定书》需要“有管辖权的人民法院”" in answer.text
    with database.connection_context():
        assert not [event for event in events_of("penalty-1") if event.type == "decision_made"]


def test_the_document_is_there_for_a_word_processor_too(officer: Any) -> None:
    row = issued(officer)
    answer = officer.get(f"/documents/{row.id}.docx")
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs)
    assert "上市监罚决〔2026〕1号" in words
    assert "人民币壹万元整" in words


def test_the_party_reads_its_document_only_with_the_code_printed_on_it(officer: Any, app: Flask) -> None:
    row = issued(officer)
    party = app.test_client()
    closed = party.get(f"/d/{row.code}").text
    assert "王小明" not in closed
    assert row.number not in closed
    assert party.get(f"/d/{row.code}/document.pdf").status_code == 404
    spaced = f"{row.secret[:4].lower()} - {row.secret[4:]}"
    assert party.post(f"/d/{row.code}", data={"secret": spaced}).status_code == 302
    page = party.get(f"/d/{row.code}")
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert "未经许可从事食品经营" in page.text
    assert "行政处罚法" in page.text
    assert party.get(f"/d/{row.code}/document.pdf").data.startswith(b"%PDF-")
    assert app.test_client().get(f"/d/{row.code}/document.pdf").status_code == 404


def test_an_address_that_leads_nowhere_looks_like_one_whose_code_is_wrong(officer: Any, app: Flask) -> None:
    row = issued(officer)
    answers = [app.test_client().post(f"/d/{code}", data={"secret": "AAAAAAAA"}) for code in (row.code, "x" * 22)]
    first, second = (re.sub(r"/d/[\w-]+", "", answer.text) for answer in answers)
    assert [answer.status_code for answer in answers] == [422, 422]
    strip = re.compile(r'(content|value|nonce)="[^"]*"')
    assert strip.sub("", first) == strip.sub("", second)


def test_guessing_is_counted_and_stopped_for_a_while_whoever_guesses(officer: Any, app: Flask, clock: Clock) -> None:
    row = issued(officer)
    for _ in range(5):
        assert app.test_client().post(f"/d/{row.code}", data={"secret": "WRONGONE"}).status_code == 422
    resting = app.test_client().post(f"/d/{row.code}", data={"secret": row.secret})
    assert (resting.status_code, "十五分钟" in resting.text) == (422, True)
    clock.moment += timedelta(minutes=16)
    assert app.test_client().post(f"/d/{row.code}", data={"secret": row.secret}).status_code == 302


def test_the_party_rates_once_and_the_rating_is_on_the_chain(officer: Any, app: Flask) -> None:
    row = issued(officer)
    party = app.test_client()
    party.post(f"/d/{row.code}", data={"secret": row.secret})
    assert "请选择满意程度" in party.post(f"/d/{row.code}/rating", data={}, follow_redirects=True).text
    party.post(f"/d/{row.code}/rating", data={"stars": "4", "comment": "讲得清楚"})
    assert "已经评价过" in party.post(f"/d/{row.code}/rating", data={"stars": "1"}, follow_redirects=True).text
    with database.connection_context():
        rating = PartyRating.get()
        event = events_of("penalty-1")[-1]
    assert (rating.stars, rating.comment, event.type) == (4, "讲得清楚", "document.rated")
    assert event.payload["stars"] == 4
    assert "讲得清楚" not in str(event.payload)
    assert "讲得清楚" in officer.get("/enforcement/ratings").text


def test_remedies_are_dated_once_the_service_is_recorded(officer: Any, app: Flask, instance: Instance) -> None:
    row = issued(officer)
    party = app.test_client()
    party.post(f"/d/{row.code}", data={"secret": row.secret})
    assert "还没有送达的记录" in party.get(f"/d/{row.code}").text
    with database.connection_context():
        instance.recorder.record("penalty-1", step("served", "2026-06-12", service_method="direct"))
    page = party.get(f"/d/{row.code}").text
    assert "最后一日 2026-08-11" in page
    assert "最后一日 2026-12-14" in page  # 12 December 2026 is a Saturday


def test_a_document_that_was_changed_or_corrected_says_so(officer: Any, app: Flask, instance: Instance) -> None:
    row = issued(officer)
    party = app.test_client()
    party.post(f"/d/{row.code}", data={"secret": row.secret})
    correct = f"/cases/penalty-1/events/{row.event_id}/correct"
    assert officer.post(correct, data=filled(reason="金额误写", **{"field.fine_amount": "9000"})).status_code == 302
    page = party.get(f"/d/{row.code}").text
    assert "以更正后的文书为准" in page
    assert "新文号：上市监罚决〔2026〕2号" in page
    with database.connection_context():
        newer = IssuedDocument.get(IssuedDocument.number.contains("2号"))
        instance.recorder.record("penalty-1", step("decision_changed", "2026-06-14", changed_how="revoked"))
    party.post(f"/d/{newer.code}", data={"secret": newer.secret})
    assert "被变更、撤销" in party.get(f"/d/{newer.code}").text


def test_codes_are_not_printed_where_no_page_would_answer(instance: Instance) -> None:
    with database.connection_context():
        decide(instance, "penalty-1")
        assert IssuedDocument.get().code is None


def test_the_case_file_has_index_page_numbers_hashes_and_every_page(officer: Any, instance: Instance) -> None:
    row = issued(officer)
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "grey").save(picture, "PNG")
    picture.seek(0)
    files = [instance.materials.store(picture, "回证.png"),
             instance.materials.store(io.BytesIO(b"%PDF-1.4 broken"), "坏文件.pdf"),
             instance.materials.store(io.BytesIO("当事人当场签收".encode()), "说明.txt"),
             instance.materials.store(_damaged(), "内容坏了.pdf"),
             instance.materials.store(io.BytesIO(b"ID3\x03\x00 sound"), "录音.mp3"),
             instance.materials.store(_letter(), "送达情况.docx"),
             instance.materials.store(_turned(), "扫描件.pdf")]
    with database.connection_context():
        instance.recorder.record("penalty-1", step("served", "2026-06-12", service_method="direct",
                                                   materials=tuple(one.answers("receipt") for one in files)))
    answer = officer.get("/cases/penalty-1/file.pdf")
    book = PdfReader(io.BytesIO(answer.data))
    decision = len(PdfReader(instance.materials.path(row.sha256)).pages)
    index = len(book.pages) - decision - 4
    words = "".join(page.extract_text() for page in book.pages[:index])
    joined = "".join(words.split())
    assert all(one.sha256 in joined for one in (*files, row))
    assert joined.count("不收入正文") == 3
    assert "上市监罚决〔2026〕1号" in book.pages[index].extract_text()
    assert "立案" in words, "what was done stands in the file too"
    picture_page, text_page, letter_page, scan = book.pages[-4:]
    assert len(picture_page.images) == 1
    assert "当事人当场签收" in text_page.extract_text()
    assert "邮政编码" in letter_page.extract_text()
    assert scan.get("/Rotate", 0) == 0
    assert [page.extract_text().split()[-1] for page in book.pages[index:]] == [
        str(number) for number in range(index + 1, len(book.pages) + 1)]
    assert [item.title for item in book.outline] == ["卷内目录", "行政处罚决定书", *["送达回证"] * 4]


def _letter() -> io.BytesIO:
    """A word processor's file with a paragraph and a table."""
    letter, out = Document(), io.BytesIO()
    letter.add_paragraph("邮寄送达")
    letter.add_table(1, 2).rows[0].cells[0].text = "邮政编码"
    letter.save(out)
    out.seek(0)
    return out


def _damaged() -> io.BytesIO:
    """A file whose page can be found, and whose content cannot be read."""
    writer, out = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(width=595, height=842)
    stream = StreamObject()
    stream.set_data(b"not compressed at all")
    stream[NameObject("/Filter")] = NameObject("/JBIG2Decode")
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(out)
    out.seek(0)
    return out


def _turned() -> io.BytesIO:
    """A scanned page that lies on its side."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=842, height=595).rotate(90)
    writer.write(out)
    out.seek(0)
    return out


def test_the_case_page_offers_the_case_file_and_the_document_in_both_forms(officer: Any) -> None:
    row = issued(officer)
    page = officer.get("/cases/penalty-1").text
    assert "/cases/penalty-1/file.pdf" in page
    assert f"/documents/{row.id}.docx" in page
