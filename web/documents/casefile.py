"""The electronic case file: one PDF with index, page numbers and the hash of every material, in the order of steps."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from core.cases.case import Case
from core.documents.compose import Letterhead
from core.documents.content import Content, Piece
from core.documents.words import chinese_date, plain_date, printable
from core.ledger.event import MaterialRef
from core.materials.store import MaterialStore
from web.kit.language import local
from web.kit.render import instance

LARGEST = 60 << 20
"""Bytes of one file that goes into the body; a larger one is listed with its hash."""
MOST_PAGES = 3000
A4 = (1240, 1754)
IMAGES = ("image/png", "image/jpeg")
NOT_IN_BODY = "不收入正文"


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
        content = _from_image(path) if one.media_type in IMAGES else path.read_bytes()
        if content.startswith(b"%PDF-"):
            pages = PdfReader(io.BytesIO(content))
            if not pages.is_encrypted and 0 < len(pages.pages) <= MOST_PAGES:
                entry.pages = pages
    except Exception:  # whatever a reader of somebody's file raises: the file is listed with its hash
        entry.pages = None
    return entry


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
            Piece("text", "不能在纸面显示的材料（音像、表格、压缩文件等）只列名称和校验值，原件在平台保存。")))
    return PdfReader(io.BytesIO(instance().documents.renderer.render(content)))


def _bound(index: Any, entries: Sequence[Entry]) -> bytes:
    writer = PdfWriter()
    writer.append(index, outline_item="卷内目录", import_outline=False)
    for entry in entries:
        if entry.pages is not None:
            writer.append(entry.pages, outline_item=entry.title, import_outline=False)
    for number, page in enumerate(writer.pages, 1):
        if number > len(index.pages):
            width, bottom = float(page.mediabox.right), float(page.mediabox.bottom)
            writer.add_annotation(number - 1, FreeText(
                text=str(number), rect=(width - 70, bottom + 12, width - 20, bottom + 32), font_size="11pt",
                border_color=None, background_color=None))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
