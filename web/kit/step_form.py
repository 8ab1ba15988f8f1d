"""Forms made from the procedure: fields by type, materials, the date it happened; and what a browser sends back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.errors import FazhiError
from core.ledger.event import Event, Value
from core.ledger.values import LONGEST_STRING, LONGEST_TEXT
from core.rulebook.model import EventType, Field, FieldType
from web.kit.language import say
from web.kit.people import names_for_inputs, organ_named

OCCURRED = "occurred"
FIELD_PREFIX = "field."
MATERIAL_PREFIX = "material."


@dataclass(slots=True)
class StepForm:
    """One form as it is shown: what was typed and what is wrong with it.

    Attributes:
        typed: input name to what the person typed, so that nothing is lost when something is wrong.
        errors: input name (empty for the whole form) to messages.
        payload: values read, ready for the ledger.
        occurred_at: when it happened, UTC; None while unreadable.
    """

    event_type: EventType
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    payload: dict[str, Value] = field(default_factory=dict)
    occurred_at: datetime | None = None

    def text(self, name: str) -> str:
        """What stands in a single input."""
        found = self.typed.get(name) or ("",)
        return found[0]

    def chosen(self, name: str) -> Sequence[str]:
        """What is ticked in a group of checkboxes."""
        return self.typed.get(name, ())

    def wrong(self, name: str, message: str) -> None:
        """Note a message at an input."""
        self.errors.setdefault(name, []).append(message)

    @property
    def valid(self) -> bool:
        """True while nothing is wrong."""
        return not self.errors


def blank_form(event_type: EventType, today: date, given: MultiDict[str, str] | None = None) -> StepForm:
    """An empty form; the date is today's where only a date is asked.

    Args:
        given: values that a link brings along (``field.year=2026``, ``occurred=2026-01-01``); the person sees them and
            may change them, and they are checked when the form is sent.
    """
    typed: dict[str, Sequence[str]] = {OCCURRED: [today.isoformat()]} if event_type.precision == "date" else {}
    for name in (OCCURRED, *(FIELD_PREFIX + one.id for one in entered(event_type))) if given else ():
        if given and given.get(name):
            typed[name] = given.getlist(name)
    for one in entered(event_type):
        if one.type is FieldType.ORGAN and (known := typed.get(FIELD_PREFIX + one.id)):
            typed[FIELD_PREFIX + one.id] = list(names_for_inputs(known).values())
    return StepForm(event_type, typed)


def filled_form(event_type: EventType, event: Event, zone: ZoneInfo) -> StepForm:
    """The form of a correction, filled with what was recorded."""
    moment = event.occurred_at.astimezone(zone)
    typed: dict[str, Sequence[str]] = {
        OCCURRED: [moment.strftime("%Y-%m-%d" if event.precision == "date" else "%Y-%m-%dT%H:%M")]}
    for name, value in event.payload.items():
        typed[FIELD_PREFIX + name] = as_typed(value, event_type.fields.get(name), zone)
    return StepForm(event_type, typed)


def read_form(event_type: EventType, sent: MultiDict[str, str], zone: ZoneInfo, *, void: bool = False) -> StepForm:
    """Read what a browser sent; every unreadable input gets a message, the readable ones their value.

    Args:
        void: the step is declared not to have happened: its fields do not matter any more.
    """
    form = StepForm(event_type, {name: sent.getlist(name) for name in sent})
    form.occurred_at = _occurred(form, zone)
    for one in () if void else entered(event_type):
        name = FIELD_PREFIX + one.id
        given = [text.strip() for text in sent.getlist(name) if text.strip()]
        if one.type is FieldType.SET and not one.values:
            given += [f"{key.removeprefix(name + '.')}={value.strip()}" for key in sent if key.startswith(name + ".")
                      for value in sent.getlist(key) if value.strip()]
        if not given:
            if one.required:
                form.wrong(name, str(_("请填写“%(title)s”。", title=say(one.title))))
            continue
        try:
            form.payload[one.id] = READERS[one.type](given, one, zone)
        except (ValueError, InvalidOperation):
            form.wrong(name, _hint(one))
    return form


def entered(event_type: EventType) -> list[Field]:
    """The fields that people fill in; the platform collects the others by itself."""
    return [one for one in event_type.fields.values() if not one.collected]


def _occurred(form: StepForm, zone: ZoneInfo) -> datetime | None:
    text = form.text(OCCURRED).strip()
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        form.wrong(OCCURRED, str(_("请填写发生时间，例如 2026-03-02。")))
        return None
    if form.event_type.precision == "date":
        local = datetime(local.year, local.month, local.day)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _one(given: Sequence[str]) -> str:
    if len(given) != 1:
        raise ValueError(given)
    return given[0]


def _bool(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    text = _one(given)
    return text == "true" if text in ("true", "false") else _refuse(given)


def _refuse(given: Sequence[str]) -> Value:
    raise ValueError(given)


def _int(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    text = _one(given)
    return int(text) if len(text) <= 18 else _refuse(given)


def _decimal(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    text = _one(given).replace(",", "").replace("，", "")
    value = Decimal(text)
    return value if value.is_finite() and len(text) <= 30 and "e" not in text.lower() else _refuse(given)


def _line(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    text = _one(given)
    return text if len(text) <= (LONGEST_TEXT if one.type is FieldType.TEXT else LONGEST_STRING) else _refuse(given)


def _organ(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    return organ_named(_one(given)) or _refuse(given)


def _enum(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    return _one(given) if _one(given) in one.values else _refuse(given)


def _set(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    return tuple(sorted(set(given))) if not one.values or set(given) <= set(one.values) else _refuse(given)


def _date(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    return date.fromisoformat(_one(given)).isoformat()


def _datetime(given: Sequence[str], one: Field, zone: ZoneInfo) -> Value:
    return datetime.fromisoformat(_one(given)).replace(tzinfo=zone).isoformat()


READERS: Mapping[FieldType, Callable[[Sequence[str], Field, ZoneInfo], Value]] = {
    FieldType.BOOL: _bool, FieldType.INT: _int, FieldType.DECIMAL: _decimal, FieldType.STRING: _line,
    FieldType.TEXT: _line, FieldType.ENUM: _enum, FieldType.SET: _set, FieldType.DATE: _date,
    FieldType.DATETIME: _datetime, FieldType.PERSON: _line, FieldType.ORGAN: _organ,
}


def _hint(one: Field) -> str:
    kind = one.type
    title = say(one.title)
    if kind is FieldType.INT:
        return str(_("“%(title)s”应为整数。", title=title))
    if kind is FieldType.DECIMAL:
        return str(_("“%(title)s”应为数字，例如 1200.50。", title=title))
    if kind in (FieldType.DATE, FieldType.DATETIME):
        return str(_("“%(title)s”应为日期，例如 2026-03-02。", title=title))
    if kind in (FieldType.ENUM, FieldType.SET, FieldType.BOOL):
        return str(_("“%(title)s”请从列出的选项中选择。", title=title))
    if kind is FieldType.ORGAN:
        return str(_("“%(title)s”：平台没有登记这个机关，请从列表中选择。", title=title))
    return str(_("“%(title)s”太长。", title=title))


def as_typed(value: Any, one: Field | None, zone: ZoneInfo) -> list[str]:
    """What stands in an input for a value."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, (tuple, list, frozenset)):
        return sorted(value)
    if one and one.type is FieldType.ORGAN:
        return [names_for_inputs([str(value)])[str(value)]]
    if one and one.type is FieldType.DATETIME:
        return [datetime.fromisoformat(str(value)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")]
    return [str(value)]


def place_problems(form: StepForm, refused: FazhiError, language: str) -> None:
    """Put the messages of the ledger at the inputs that they speak of; what belongs to none goes above the form."""
    for problem in refused.problems:
        at = problem.at.field if problem.at else ""
        kind, _dot, name = at.partition(".")
        if kind == "materials":
            place = MATERIAL_PREFIX + name
        elif at in form.event_type.fields:
            place = FIELD_PREFIX + at
        else:
            place = {"occurred_at": OCCURRED, "title": "title", "number": "number", "reason": "reason"}.get(at, "")
        fix = problem.fix(language)
        form.wrong(place, problem.message(language) + (f" {fix}" if fix else ""))
