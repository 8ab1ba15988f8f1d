"""Documents that the platform writes: amounts and dates in words, escaping, glyphs, numbers, certified signatures."""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import cn2an
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from core.cases.case import CaseHead
from core.cases.fold import fold
from core.database import connect, database
from core.documents.compose import BLANK
from core.documents.content import Content, Hand, Piece
from core.documents.docx import HAND, write_docx
from core.documents.fonts import check_characters, missing_characters
from core.documents.issuing import ALPHABET, Certified, Paper, spelled
from core.documents.models import IssuedDocument
from core.documents.money import capital
from core.documents.numbering import take_number
from core.documents.pdf import PdfRenderer
from core.documents.pictures import signature_picture
from core.documents.words import chinese_date, printable
from core.errors import FazhiError
from core.instance import Instance
from core.ledger.models import CaseRow, SerialRow
from core.ledger.reader import events_of
from core.ledger.writing import head_of
from tests.documents_kit import FACTS, PENALTY, add_regulator, decide, open_penalty, step
from tests.instance_kit import make_instance

PLAIN = Content("行政处罚决定书", "上坪县市场监督管理局", True, "上市监罚决〔2026〕1号", "王小明：",
                (Piece("text", "正文。"),), (), "上坪县市场监督管理局", "二〇二六年六月十五日", True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """A regulator with one filed case; tests use ``instance``."""
    made = make_instance(tmp_path_factory.mktemp("documents"))
    with database.connection_context():
        add_regulator(made)
        open_penalty(made)
    return made


@pytest.fixture
def instance(built: Instance, tmp_path: Path) -> Iterator[Instance]:
    """The instance with a database of this test's own."""
    source, target = sqlite3.connect(built.settings.home / "fazhi.db"), sqlite3.connect(tmp_path / "fazhi.db")
    source.backup(target)
    source.close()
    target.close()
    connect(f"sqlite:///{tmp_path / 'fazhi.db'}")
    with database.connection_context():
        yield built


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def codes_of(refused: Any) -> list[str]:
    return [problem.code for problem in refused.value.problems]


@given(st.integers(0, 10**15))
def test_capital_numerals_agree_with_an_independent_writer(yuan: int) -> None:
    assert capital(Decimal(yuan)) == "人民币" + cn2an.an2cn(yuan, "rmb")


@pytest.mark.parametrize(("amount", "words"), [
    ("0", "零元整"), ("0.01", "壹分"), ("0.10", "壹角整"), ("1.05", "壹元零伍分"), ("10.50", "壹拾元伍角整"),
    ("100000", "壹拾万元整"), ("10500", "壹万零伍佰元整"), ("100010000", "壹亿零壹万元整")])
def test_amounts_are_written_as_bills_are(amount: str, words: str) -> None:
    assert capital(Decimal(amount)) == "人民币" + words


@pytest.mark.parametrize("amount", ["-1", "0.005", "1e20", "NaN"])
def test_amounts_that_cannot_be_written_are_refused(amount: str) -> None:
    with pytest.raises(FazhiError) as refused:
        capital(Decimal(amount))
    assert codes_of(refused) == ["document-amount"]


@pytest.mark.parametrize(("day", "words"), [
    (date(2026, 6, 15), "二〇二六年六月十五日"), (date(2030, 10, 20), "二〇三〇年十月二十日"),
    (date(2026, 11, 30), "二〇二六年十一月三十日"), (date(2100, 12, 31), "二一〇〇年十二月三十一日")])
def test_dates_are_written_in_chinese_numerals(day: date, words: str) -> None:
    assert chinese_date(day) == words


def test_texts_are_printed_as_typed_and_never_read_as_markup() -> None:
    nasty = r'#read("/etc/passwd") *粗* $x^2$ <b>标记</b> \ {{ 7*7 }} @引用 `码` ＄'
    typed = replace(PLAIN, pieces=(Piece("text", nasty), Piece("table", rows=((nasty,),), widths=(1,))))
    assert text_of(PdfRenderer().render(typed)).count('#read("/etc/passwd")*粗*$x^2$') + text_of(
        PdfRenderer().render(typed)).count('#read("/etc/passwd") *粗* $x^2$') >= 2
    words = Document(io.BytesIO(write_docx(typed)))
    assert nasty in [paragraph.text for paragraph in words.paragraphs]


@given(st.text(max_size=60))
def test_whatever_is_typed_can_be_put_into_a_word_processor(text: str) -> None:
    shown = printable(text)
    document = Document(io.BytesIO(write_docx(replace(PLAIN, pieces=(Piece("text", shown),)))))
    assert shown.split("\n")[0].strip() in "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_control_characters_and_hidden_directions_are_left_out() -> None:
    assert printable("甲\x00乙\u202e丙\x1b丁\r\n戊\ud800") == "甲乙丙丁\n戊"


def test_a_character_without_glyph_stops_the_document_instead_of_printing_a_box() -> None:
    assert missing_characters("巴特尔、苏日娜、王小明、堃、䶮") == []
    with pytest.raises(FazhiError) as refused:
        check_characters("王𮧵")
    assert codes_of(refused) == ["document-glyph-missing"]
    assert "𮧵（U+2E9F5）" in refused.value.problems[0].message("zh")


def test_missing_fonts_are_named_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.documents.fonts.PACKAGE", "no_such_fonts")
    with pytest.raises(FazhiError) as refused:
        PdfRenderer().render(PLAIN)
    assert codes_of(refused) == ["document-fonts-missing"]
    assert "FAZHI_FONTS" in str(refused.value.problems[0].fix("zh"))


def test_setting_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FazhiError) as refused:
        PdfRenderer(seconds=0.001).render(replace(PLAIN, title="限时"))
    assert codes_of(refused) == ["document-not-set"]


def test_a_layout_that_reaches_for_files_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.documents.pdf.layout", lambda: '#read("/etc/passwd")')
    with pytest.raises(FazhiError) as refused:
        PdfRenderer().render(replace(PLAIN, title="取文件"))
    assert codes_of(refused) == ["document-not-set"]


def test_a_hand_signature_is_printed_and_labelled_as_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "hand.png"
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(path)
    picture = signature_picture(path, "当事人")
    signed = replace(PLAIN, hands=(Hand("当事人签名", "a" * 64), Hand("执法人员签名")), pictures={"a" * 64: picture})
    pdf = PdfRenderer().render(signed)
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
    assert text_of(pdf).count(HAND) == 1
    assert HAND in "\n".join(each.text for each in Document(io.BytesIO(write_docx(signed))).paragraphs)


def test_what_is_no_picture_is_no_signature(tmp_path: Path) -> None:
    path = tmp_path / "hand.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(FazhiError) as refused:
        signature_picture(path, "当事人")
    assert codes_of(refused) == ["document-signature-unreadable"]


def test_numbers_taken_at_the_same_time_are_all_different_and_without_gaps(instance: Instance) -> None:
    taken: list[str] = []

    def take() -> None:
        with database.connection_context(), database.atomic():
            taken.append(take_number("{organ_short}罚〔{year}〕{serial:03}号", "d", "market", "上市监", 2026))

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"上市监罚〔2026〕{number:03}号" for number in range(1, 13)]


def test_each_organ_year_and_document_counts_by_itself(instance: Instance) -> None:
    def first(document: str, organ: str, year: int) -> str:
        return take_number("{serial}", document, organ, "", year)

    assert first("a", "x", 2026) == "1"
    assert first("a", "x", 2026) == "2"
    assert {first("b", "x", 2026), first("a", "y", 2026), first("a", "x", 2027), first("a" * 90, "x", 2026)} == {"1"}


def test_the_document_its_number_and_its_step_are_one(instance: Instance) -> None:
    event = decide(instance, "penalty-1").events[0]
    row = IssuedDocument.get()
    assert (row.event_id, row.number, row.sha256) == (event.id, event.payload["decision_number"],
                                                      event.materials[0].sha256)
    assert instance.materials.intact(row.sha256)


def test_a_step_that_fails_leaves_neither_number_nor_document(instance: Instance) -> None:
    broken = replace(instance.recorder, judge=Broken())
    with pytest.raises(RuntimeError):
        broken.record("penalty-1", step("decision_made", "2026-06-10", ("decision",), **FACTS))
    assert not IssuedDocument.select().count()
    assert not SerialRow.select().where(SerialRow.scope.startswith("doc|")).count()
    assert decide(instance, "penalty-1").events[0].payload["decision_number"] == "上市监罚决〔2026〕1号"


def test_what_is_wrong_with_the_step_is_said_before_anything_is_written(instance: Instance) -> None:
    with pytest.raises(FazhiError) as refused:
        instance.recorder.record("penalty-1", step("decision_made", "2026-06-10", ("decision",)))
    assert codes_of(refused) == ["event-field-missing"]
    with pytest.raises(FazhiError) as lacking:
        instance.recorder.record("penalty-1", step("decision_made", "2026-06-10", ("decision",),
                                                   penalty_kinds=["fine"]))
    assert set(codes_of(lacking)) == {"document-fact-missing"}
    assert "facts_text" in [problem.at.field for problem in lacking.value.problems if problem.at]


def test_a_file_that_is_uploaded_counts_instead_of_a_written_one(instance: Instance) -> None:
    stored = instance.materials.store(io.BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"), "决定书.pdf")
    recorded = instance.recorder.record("penalty-1", step(
        "decision_made", "2026-06-10", ("decision",), (stored.answers("decision"),), penalty_kinds=["fine"]))
    assert [one.sha256 for one in recorded.events[0].materials] == [stored.sha256]
    assert not IssuedDocument.select().count()


def test_a_number_that_somebody_typed_counts_and_takes_none(instance: Instance) -> None:
    head = CaseHead("spot-1", "enforcement.penalty_summary", "market", "990121", "占道经营")
    instance.recorder.open_case(head, step(
        "act_found", "2026-06-10", suspected_act="占道经营", party_kind="citizen", party_name="王小明",
        act_place="人民路", lead_officer="A1", officers_present=2))
    facts = {"penalty_kinds": ["fine"], "fine_amount": "100", "contents": ["act"], "violated_text": "条例第十条",
             "penalty_basis": "条例第二十条", "pay_way": "电子支付", "court_name": "上坪县人民法院",
             "review_organ": "上坪县人民政府", "decision_number": "预印00017"}
    event = instance.recorder.record(head.id, step("decision_made", "2026-06-10", ("decision",), **facts)).events[0]
    assert event.payload["decision_number"] == "预印00017"
    assert IssuedDocument.get().number == "预印00017"


def test_sealed_personal_data_is_blank_when_the_document_is_made_again(instance: Instance) -> None:
    decide(instance, "penalty-1")
    instance.recorder.seal("penalty-1", ["party_name"], reason="当事人申请", actor="officer", organ="market")
    row = IssuedDocument.get()
    events = events_of("penalty-1")
    event = next(one for one in events if one.id == row.event_id)
    case = fold(head_of(CaseRow.get_by_id("penalty-1")), instance.bundles.current().procedures[PENALTY],
                [one for one in events if one.seq <= event.seq])
    assert instance.documents.again(row, case, event).addressee == f"当事人：{BLANK}"


def test_a_certified_signature_takes_the_place_of_the_plain_document(instance: Instance) -> None:
    def certify(pdf: bytes, paper: Paper) -> Certified | None:
        return Certified(pdf + b"\n% signed", f"{paper.title}/{paper.organ}")

    issuer = replace(instance.documents, certify=certify)
    signing = replace(instance.recorder, issue=issuer.issue)
    event = signing.record("penalty-1", step("decision_made", "2026-06-10", ("decision",), **FACTS)).events[0]
    assert instance.materials.path(event.materials[0].sha256).read_bytes().endswith(b"% signed")
    assert IssuedDocument.get().signed_by == "行政处罚决定书/market"


def organ_certificate(organ: str, password: bytes) -> bytes:
    """A certificate as a service would issue it to an organ."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, organ)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(7).not_valid_before(begin).not_valid_after(begin.replace(year=2046))
            .sign(key, hashes.SHA256()))
    return pkcs12.serialize_key_and_certificates(b"seal", key, made, None,
                                                 serialization.BestAvailableEncryption(password))


def test_an_organ_with_a_certificate_seals_its_documents(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    file = instance.settings.home / "keys" / "seals" / "market.p12"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(organ_certificate("Shangping Market Regulator", b"secret"))
    try:
        monkeypatch.setenv("FAZHI_SEAL_PASSWORD", "wrong")
        with pytest.raises(FazhiError) as refused:
            decide(instance, "penalty-1")
        assert codes_of(refused) == ["document-not-certified"]
        assert not IssuedDocument.select().count()
        monkeypatch.setenv("FAZHI_SEAL_PASSWORD", "secret")
        event = decide(instance, "penalty-1").events[0]
    finally:
        file.unlink()
    signature = PdfFileReader(io.BytesIO(instance.materials.path(event.materials[0].sha256).read_bytes())
                              ).embedded_signatures[0]
    signature.compute_integrity_info()
    assert signature.summarise_integrity_info()["coverage"].name == "ENTIRE_FILE"
    assert "Shangping Market Regulator" in IssuedDocument.get().signed_by


def test_codes_are_spelled_without_letters_that_look_alike() -> None:
    assert not set("01IO") & set(ALPHABET)
    assert len(spelled(bytes(range(32)))) == 8


class Broken:
    """A judge that fails after everything else was done."""

    def judge(self, cases: Any, now: Any) -> Any:
        raise RuntimeError("judge")
