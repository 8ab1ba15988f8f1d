"""The content hash of a bundle: over what the files say, not over how they are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from core.rulebook.kinds.base import Placeholder
from core.text import Text

FORMAT = "fazhi-bundle-1"


def content_hash(units: Iterable[object]) -> str:
    """SHA-256 over canonical JSON of the units, whatever their order."""
    lines = sorted(json.dumps(canonical(unit), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                   for unit in units)
    digest = hashlib.sha256(FORMAT.encode())
    for line in lines:
        digest.update(b"\n" + line.encode())
    return digest.hexdigest()


def canonical(value: Any) -> Any:
    """A value as JSON that is equal exactly where the contents are: defaults written or left out are the same."""
    if isinstance(value, BaseModel):
        entries = {name: getattr(value, name) for name in type(value).model_fields} | (value.model_extra or {})
        default = {name: field.default for name, field in type(value).model_fields.items()}
        return {name: canonical(each) for name, each in entries.items() if each != default.get(name, ...)}
    if isinstance(value, Text):
        return {"zh": value.zh, **value.others}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return "d:" + format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Placeholder):
        return "$" + value.name
    if isinstance(value, Mapping):
        return {str(key): canonical(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [canonical(each) for each in value]
    return value
