"""Empty spreadsheets to fill in, one for each import."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from core.organs.importing.columns import ORGAN_COLUMNS, PERSON_COLUMNS, Column
from core.text import Text

LISTED_ROWS = 10_000
EXPLANATIONS = Text("填写说明", {"en": "How to fill in"})
EXPLAINED = (Text("列", {"en": "column"}), Text("必填", {"en": "required"}), Text("可填", {"en": "allowed"}),
             Text("说明", {"en": "help"}), Text("举例", {"en": "example"}))
YES = Text("是", {"en": "yes"})


def organ_template(language: str = "zh") -> bytes:
    """The spreadsheet for organs, as XLSX."""
    return spreadsheet_for(ORGAN_COLUMNS, Text("机构", {"en": "organs"}), language)


def person_template(language: str = "zh") -> bytes:
    """The spreadsheet for people, as XLSX."""
    return spreadsheet_for(PERSON_COLUMNS, Text("人员", {"en": "people"}), language)


def spreadsheet_for(columns: Sequence[Column], title: Text, language: str) -> bytes:
    """An empty spreadsheet with these columns and a sheet that explains them, as XLSX."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    # Codes and phone numbers must stay text: as numbers they lose digits.
    plain = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(title.to(language))
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, 20, plain)
        sheet.write(0, index, column.title.to(language) + ("*" if column.required else ""), heading)
        if column.choices and column.id != "roles":
            sheet.data_validation(1, index, LISTED_ROWS, index, {
                "validate": "list", "source": [item.to(language) for item in column.choices.values()]})
    notes = book.add_worksheet(EXPLANATIONS.to(language))
    notes.set_column(0, 4, 30)
    notes.write_row(0, 0, [item.to(language) for item in EXPLAINED], heading)
    for line, column in enumerate(columns, 1):
        notes.write_row(line, 0, [
            column.title.to(language), YES.to(language) if column.required else "",
            "、".join(item.to(language) for item in (column.choices or {}).values()), column.help.to(language),
            column.example])
    book.close()
    return buffer.getvalue()
