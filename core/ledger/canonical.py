"""Canonical JSON: one text for one meaning, so that a hash of it can be computed again by anyone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from core.instants import instant_text
from core.ledger.event import Value

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode


def canonical(value: object) -> str:
    """Canonical JSON of plain data: keys sorted, no blanks, UTF-8 text unescaped.

    Args:
        value: maps with text keys, lists, text, int, bool, None. Anything else was made text before
            (``stored``); floats are refused because their text differs between platforms.
    """
    _refuse_floats(value)
    return _encode(value)


def stored(value: object) -> Value:
    """A payload value as it is stored and hashed.

    Decimals become exact text without exponent, moments UTC text, dates ISO text, sets sorted tuples.

    Raises:
        TypeError: floats and anything that has no exact text.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            if not value.is_finite():
                raise TypeError(f"{value} is no number")
            return format(value, "f")
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case set() | frozenset():
            return tuple(sorted(str(item) for item in value))
        case list() | tuple():
            return tuple(str(item) for item in value)
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def read_payload(text: str) -> dict[str, Value]:
    """The payload whose canonical text this is."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floats are not recorded: use Decimal")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
