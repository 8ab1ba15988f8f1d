"""Cells of a log as typed payload values."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from core.ledger.event import Value
from core.rulebook.model import Field, FieldType

YES, NO = frozenset({"true", "1", "是", "yes"}), frozenset({"false", "0", "否", "no"})
SEPARATORS = re.compile(r"[;；、]")

TYPE_NAMES = {
    FieldType.BOOL: "是/否", FieldType.INT: "整数", FieldType.DECIMAL: "数", FieldType.DATE: "日期",
    FieldType.DATETIME: "时间", FieldType.ENUM: "选项", FieldType.SET: "多选项",
}


def parse_cell(text: str, field: Field) -> Value:
    """The payload value that a cell's text states.

    Raises:
        ValueError: the text is not of the field's type.
    """
    kind = field.type
    if kind is FieldType.BOOL:
        if text.lower() in YES | NO:
            return text.lower() in YES
        raise ValueError(text)
    if kind is FieldType.INT:
        return int(text)
    if kind is FieldType.DECIMAL:
        try:
            return Decimal(text)
        except InvalidOperation:
            raise ValueError(text) from None
    if kind is FieldType.DATE:
        return date.fromisoformat(text[:10]).isoformat()
    if kind is FieldType.DATETIME:
        return datetime.fromisoformat(text).isoformat()
    if kind is FieldType.ENUM:
        return _choice(text, field)
    if kind is FieldType.SET:
        return tuple(sorted(_choice(part.strip(), field) for part in SEPARATORS.split(text) if part.strip()))
    return text


def _choice(text: str, field: Field) -> str:
    for value, title in field.values.items():
        if text in (value, title.zh, *title.others.values()):
            return value
    raise ValueError(text)
