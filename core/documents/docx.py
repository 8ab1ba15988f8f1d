"""Documents as DOCX, for printing from a word processor; the PDF is what was recorded."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core.documents.content import Content, Piece
from core.documents.pdf import qr_png

TITLE_FONT, BODY_FONT, HEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
HAND = "手写签名图像（非认证电子签名）"


def write_docx(content: Content) -> bytes:
    """The document as DOCX. Texts are put in as text, never as fields or markup."""
    document = Document()
    _page(document)
    if content.heading:
        paragraph = _line(document, content.heading, TITLE_FONT, 26 if content.red else 20, ALIGN.CENTER)
        if content.red:
            paragraph.runs[0].font.color.rgb = RGBColor(0xC0, 0, 0)
            _rule(paragraph)
    _line(document, content.title, TITLE_FONT, 22, ALIGN.CENTER)
    if content.number:
        _line(document, content.number, BODY_FONT, 16, ALIGN.CENTER)
    if content.addressee:
        _line(document, content.addressee, BODY_FONT, 16)
    for piece in content.pieces:
        _piece(document, piece)
    for hand in content.hands:
        paragraph = _line(document, f"{hand.title}：", BODY_FONT, 14)
        picture = content.pictures.get(hand.picture)
        if picture:
            paragraph.add_run().add_picture(io.BytesIO(picture), height=Mm(12))
            _line(document, HAND, BODY_FONT, 8)
        else:
            _font(paragraph.add_run("　　　　　　　　"), BODY_FONT, 14).underline = True
    if content.seal:
        for text in (content.organ, content.date):
            _line(document, text, BODY_FONT, 16, ALIGN.RIGHT)
    if content.copies:
        _line(document, content.copies, BODY_FONT, 12)
    if content.code:
        _code(document, content)
    document.core_properties.author = content.organ
    document.core_properties.title = content.title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    normal.paragraph_format.line_spacing, normal.paragraph_format.space_after = Pt(28.95), Pt(0)


def _piece(document: Any, piece: Piece) -> None:
    if piece.kind != "table":
        font = HEADING_FONT if piece.kind == "heading" else BODY_FONT
        _line(document, piece.text, font, 16).paragraph_format.first_line_indent = Pt(32)
        return
    table = document.add_table(rows=0, cols=len(piece.widths))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    whole = sum(piece.widths)
    for index, cells in enumerate(([piece.columns] if piece.columns else []) + list(piece.rows)):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, piece.widths, strict=True):
            cell.width = Mm(156 * width / whole)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            _font(paragraph.add_run(_clean(text)), BODY_FONT, 12).bold = bool(piece.columns) and index == 0
        if piece.columns and index == 0:
            properties = row._tr.get_or_add_trPr()
            properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _code(document: Any, content: Content) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = None
    paragraph.add_run().add_picture(io.BytesIO(qr_png(content.address)), width=Mm(26))
    _line(document, f"一案一码：扫描二维码，输入查询码 {content.secret}，可以查阅、下载本文书，了解依据和裁量基准，"
                    f"并评价执法。网址：{content.address}", BODY_FONT, 10)


def _line(document: Any, text: str, font: str, size: float, align: Any = None) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    _font(paragraph.add_run(_clean(text)), font, size)
    return paragraph


def _font(run: Any, name: str, size: float) -> Any:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    return run


def _rule(paragraph: Any) -> None:
    """The red rule below the head."""
    properties = paragraph._p.get_or_add_pPr()
    border = properties.makeelement(qn("w:pBdr"), {})
    border.append(border.makeelement(qn("w:bottom"), {qn("w:val"): "single", qn("w:sz"): "12", qn("w:space"): "4",
                                                      qn("w:color"): "C00000"}))
    properties.append(border)


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return "".join(character for character in text if character in "\n\t" or ord(character) >= 32)
