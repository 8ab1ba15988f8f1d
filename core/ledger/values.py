"""One given value, checked against its field and brought into its stored form."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from core.ledger.canonical import stored
from core.ledger.event import Value
from core.rulebook.model import Field, FieldType

LONGEST_STRING, LONGEST_TEXT = 2_000, 100_000
MOST_DIGITS = 30


class Unfit(Exception):
    """The value does not fit its field; the message code says how."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def fit(value: object, field: Field) -> Value:
    """The value as it is stored.

    Args:
        value: in the field's Python type, or as the ISO or decimal text of it.

    Raises:
        Unfit: wrong type, unknown option, or too long.
    """
    match field.type:
        case FieldType.BOOL:
            return _only(value, bool, field)
        case FieldType.INT:
            if isinstance(value, bool):
                raise _mismatch(value, field)
            return _bounded(_only(value, int, field), field)
        case FieldType.DECIMAL:
            return _bounded(_decimal(value, field), field)
        case FieldType.DATE:
            return _date(value, field)
        case FieldType.DATETIME:
            return _moment(value, field)
        case FieldType.ENUM:
            return _option(value, field)
        case FieldType.SET:
            if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
                raise _mismatch(value, field)
            return tuple(sorted({_option(item, field) for item in value}))
        case FieldType.TEXT:
            return _text(value, field, LONGEST_TEXT)
        case _:
            return _text(value, field, LONGEST_STRING)


def _only(value: object, kind: type[bool] | type[int], field: Field) -> Value:
    if not isinstance(value, kind):
        raise _mismatch(value, field)
    return value


def _bounded(value: Value, field: Field) -> Value:
    if field.least is None and field.most is None:
        return value
    number = Decimal(str(value))
    if field.least is not None and number < field.least:
        raise Unfit("event-field-below", bound=field.least)
    if field.most is not None and number > field.most:
        raise Unfit("event-field-above", bound=field.most)
    return value


def _decimal(value: object, field: Field) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise _mismatch(value, field)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _mismatch(value, field) from None
    if not number.is_finite() or number.adjusted() > MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise _mismatch(value, field)
    return str(stored(number))


def _date(value: object, field: Field) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise _mismatch(value, field) from None


def _moment(value: object, field: Field) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return str(stored(moment))
    except ValueError:
        raise _mismatch(value, field) from None


def _option(value: object, field: Field) -> str:
    text = _text(value, field, LONGEST_STRING)
    if field.values and text not in field.values:
        raise Unfit("event-field-option", value=text,
                    options="、".join(f"{key}（{title.zh}）" for key, title in field.values.items()),
                    options_en=", ".join(f"{key} ({title.to('en')})" for key, title in field.values.items()))
    return text


def _text(value: object, field: Field, longest: int) -> str:
    if not isinstance(value, str):
        raise _mismatch(value, field)
    if len(value) > longest:
        raise Unfit("event-field-too-long", length=len(value), longest=longest)
    if not storable(value):
        raise Unfit("event-field-characters")
    return value


def storable(text: str) -> bool:
    """True where every database can keep the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


_KINDS = {
    FieldType.BOOL: ("是或否", "true or false"), FieldType.INT: ("整数", "a whole number"),
    FieldType.DECIMAL: ("数字，例如 1250.50", "a number such as 1250.50"), FieldType.STRING: ("文字", "text"),
    FieldType.TEXT: ("文字", "text"), FieldType.ENUM: ("一个选项", "one option"),
    FieldType.SET: ("若干选项的列表", "a list of options"),
    FieldType.DATE: ("日期，例如 2026-03-02", "a date such as 2026-03-02"),
    FieldType.DATETIME: ("带时区的时间，例如 2026-03-02T09:30:00+08:00",
                         "a time with its zone such as 2026-03-02T09:30:00+08:00"),
    FieldType.PERSON: ("人员账号", "a person's account"), FieldType.ORGAN: ("机关代码", "an organ's code"),
}


def _mismatch(value: object, field: Field) -> Unfit:
    kind, kind_en = _KINDS[field.type]
    shown = str(value)
    return Unfit("event-field-type", value="***" if field.personal else shown[:60], kind=kind, kind_en=kind_en)
