"""The electronic case file: one PDF with index, page numbers and the hash of every material, in the order of steps."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.table import Table
from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from core.cases.case import Case, Step
from core.documents.compose import Letterhead
from core.documents.content import Content, Piece
from core.documents.words import chinese_date, plain_date, printable
from core.ledger.event import MaterialRef
from core.materials.store import MaterialStore
from web.kit.language import local
from web.kit.people import organ_names, person_names
from web.kit.render import instance

LARGEST = 60 << 20
"""Bytes of one file that goes into the body; a larger one is listed with its hash."""
MOST_PAGES = 3000
LARGEST_TEXT, MOST_LINES, LONGEST_LINE = 1 << 20, 5000, 5000
A4 = (1240, 1754)
IMAGES = ("image/png", "image/jpeg")
NOT_IN_BODY = "不收入正文"
WORDS_ONLY = "（文字内容，版式以原件为准）"
FONT = "/FazhiPageNumber"


@dataclass(slots=True)
class Entry:
    """A material in the index; ``pages`` is empty for what cannot be shown on paper."""

    title: str
    step: str
    day: str
    material: MaterialRef
    pages: Any = None
    first: int = 0


def case_file(case: Case) -> bytes:
    """The case file as it stands now.

    Raises:
        FazhiError: those of setting the index.
    """
    entries = [_loaded(entry, instance().materials) for entry in _entries(case)]
    index = _index(case, entries, 0)
    for _ in range(2):  # the numbers of pages may make the index longer, once
        number = len(index.pages) + 1
        for entry in entries:
            entry.first = number
            number += len(entry.pages.pages) if entry.pages is not None else 0
        index = _index(case, entries, number - 1)
    return _bound(index, entries)


def _entries(case: Case) -> Sequence[Entry]:
    found = []
    for step in case.steps:
        event_type = case.procedure.events.get(step.type)
        titles = {one.id: one.title.zh for one in event_type.materials} if event_type else {}
        for one in step.event.materials:
            found.append(Entry(titles.get(one.requirement, one.name), event_type.title.zh if event_type else step.type,
                               plain_date(step.date), one))
    return found


def _loaded(entry: Entry, store: MaterialStore) -> Entry:
    """The entry with its pages, where it has any; a damaged file is listed and nothing else."""
    one = entry.material
    if not store.knows(one.sha256) or one.size > LARGEST:
        return entry
    path = store.path(one.sha256)
    try:
        content = _printed(one, path)
        if content.startswith(b"%PDF-"):
            pages = PdfReader(io.BytesIO(content))
            if not pages.is_encrypted and 0 < len(pages.pages) <= MOST_PAGES:
                _try(pages)
                entry.pages = pages
    except Exception:  # whatever a reader of somebody's file raises: the file is listed with its hash
        entry.pages = None
    return entry


def _try(pages: PdfReader) -> None:
    """Bind and number the pages once by themselves: much damage shows only then."""
    writer = PdfWriter()
    writer.append(pages, import_outline=False)
    for page in writer.pages:
        _numbered(page, 0)
    writer.write(io.BytesIO())


def _printed(one: MaterialRef, path: Path) -> bytes:
    """The file as PDF: pictures on a page of their own, texts by their words, everything else as it is."""
    if one.media_type in IMAGES:
        return _from_image(path)
    if one.media_type in TEXTS:
        return _from_words(one.name, TEXTS[one.media_type](path))
    return path.read_bytes()


def _from_words(name: str, lines: Sequence[str]) -> bytes:
    """Words set like a document; the original stays what counts."""
    words = [printable(line)[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    content = Content(
        title=printable(name), heading="", red=False, number="", addressee="", hands=(), organ="", date="", seal=False,
        pieces=(*(Piece("text", line) for line in words if line.strip()), Piece("text", WORDS_ONLY)))
    return instance().documents.renderer.render(content)


def _lines_of_text(path: Path) -> Sequence[str]:
    raw = path.read_bytes()[:LARGEST_TEXT]
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace").splitlines()


def _lines_of_docx(path: Path) -> Sequence[str]:
    """Paragraphs and tables in their order; a row of a table is a line."""
    found = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            found += ["　".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            found.append(block.text)
    return found


TEXTS: Mapping[str, Callable[[Path], Sequence[str]]] = {
    "text/plain": _lines_of_text,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _lines_of_docx}


def _from_image(path: Path) -> bytes:
    with Image.open(path, formats=("PNG", "JPEG")) as picture:
        picture.thumbnail(A4)
        sheet = Image.new("RGB", A4, "white")
        flat = picture.convert("RGBA")
        sheet.paste(flat, ((A4[0] - flat.width) // 2, (A4[1] - flat.height) // 2), flat)
        out = io.BytesIO()
        sheet.save(out, "PDF", resolution=150)
        return out.getvalue()


def _index(case: Case, entries: Sequence[Entry], last: int) -> Any:
    """The cover with the index, set like a document."""
    head = case.head
    letterhead = Letterhead.of(head.organ, head.region)
    rows = tuple((str(number), f"{entry.title}（{printable(entry.material.name)}）", f"{entry.step}\n{entry.day}",
                  str(entry.first) if entry.pages is not None else NOT_IN_BODY, entry.material.sha256)
                 for number, entry in enumerate(entries, 1))
    today = local(instance().now()).date()
    content = Content(
        title="电子卷宗", heading=letterhead.organ, red=False, number=head.number, addressee="", hands=(),
        organ=letterhead.organ, date=chinese_date(today), seal=False, pieces=(
            Piece("table", widths=(1, 4), rows=(
                ("事项名称", head.title or "—"), ("程序", case.procedure.title.zh), ("机关", letterhead.organ),
                ("制作日期", plain_date(today)), ("材料件数、页数", f"{len(entries)} 件，{last} 页"))),
            Piece("heading", "卷内目录"),
            Piece("table", columns=("序号", "材料", "步骤、日期", "页码", "校验值（SHA-256）"), widths=(2, 7, 6, 3, 9),
                  rows=rows or (("", "没有材料", "", "", ""),)),
            Piece("heading", "办理记录"),
            Piece("table", columns=("序号", "日期", "步骤", "记录人", "校验值（SHA-256）"), widths=(2, 4, 6, 6, 9),
                  rows=_records(case)),
            Piece("text", "不能在纸面显示的材料（音像、表格、损坏或者加密的文件）只列名称和校验值，原件在平台保存。")))
    return PdfReader(io.BytesIO(instance().documents.renderer.render(content)))


def _records(case: Case) -> tuple[tuple[str, ...], ...]:
    """Every step with who recorded it and its hash, so that the file tells what was done without any material."""
    people = person_names(step.event.actor for step in case.steps)
    organs = organ_names(step.event.organ for step in case.steps)
    return tuple((str(step.event.seq), plain_date(step.date), printable(_title_of(case, step)),
                  printable(f"{people[step.event.actor]}\n{organs[step.event.organ]}"), step.event.hash)
                 for step in case.steps)


def _title_of(case: Case, step: Step) -> str:
    known = case.procedure.events.get(step.type)
    return known.title.zh if known else step.type


def _bound(index: Any, entries: Sequence[Entry]) -> bytes:
    writer = PdfWriter()
    writer.append(index, outline_item="卷内目录", import_outline=False)
    for entry in entries:
        if entry.pages is not None:
            writer.append(entry.pages, outline_item=entry.title, import_outline=False)
    for number, page in enumerate(writer.pages, 1):
        if number > len(index.pages):
            _numbered(page, number)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _numbered(page: PageObject, number: int) -> None:
    """Print the number into the page itself: readers show annotations as they like, and printers leave them out."""
    page.transfer_rotation_to_content()
    box = page.cropbox
    over = PageObject.create_blank_page(width=float(page.mediabox.width), height=float(page.mediabox.height))
    helvetica = DictionaryObject({NameObject(key): NameObject(value) for key, value in (
        ("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))})
    over[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject(FONT): helvetica})})
    stream = DecodedStreamObject()
    place = f"{float(box.right) - 30 - 6 * len(str(number)):.1f} {float(box.bottom) + 16:.1f}"
    stream.set_data(f"q BT {FONT} 11 Tf 0 g {place} Td ({number}) Tj ET Q".encode())
    over[NameObject("/Contents")] = stream
    page.merge_page(over)
