"""Workbooks: the first row is the head; numbers stay numbers, and demonstration data says so on every sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from core.marks import DEMO, is_marked

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with a sheet for each name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF3F8", "border": 1, "text_wrap": True})
        points, day = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
        demo = book.add_format({"bold": True, "font_color": "#B3211C"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.set_column(1, 2, 30)
            first = 0
            if is_marked(DEMO):
                sheet.write_string(0, 0, str(_("演示数据：地区、机关、人员和事项均为虚构。")), demo)
                first = 1
            sheet.freeze_panes(first + 1, 0)
            for place, row in enumerate(rows, first):
                for column, value in enumerate(row):
                    _write(sheet, place, column, value, head if place == first else None, points, day)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, form: Any, points: Any, day: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, Decimal | float):
        sheet.write_number(row, column, float(value), form or points)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, str(value), form)
