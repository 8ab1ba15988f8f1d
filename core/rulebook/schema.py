"""JSON Schema of the kinds, for editors: completion, and words in Chinese while typing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.rulebook.kinds.registry import KINDS, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def kind_schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of one kind."""
    schema = kind.model.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, **_tidy(schema), "title": f"{kind.title.zh} {kind.name}"}


def schemas(kinds: Mapping[str, Kind] = KINDS) -> dict[str, dict[str, Any]]:
    """The JSON Schema of every kind by name."""
    return {name: kind_schema(kind) for name, kind in kinds.items()}


def combined_schema(kinds: Mapping[str, Kind] = KINDS) -> dict[str, Any]:
    """One schema for all rule files: the word after ``kind:`` decides which part applies."""
    branches = []
    definitions: dict[str, Any] = {}
    for name, schema in schemas(kinds).items():
        for shared, part in schema.pop("$defs", {}).items():
            definitions[f"{name}.{shared}"] = _renamed(part, name)
        definitions[name] = _renamed({k: v for k, v in schema.items() if k != "$schema"}, name)
        branches.append({"if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                         "then": {"$ref": f"#/$defs/{name}"}})
    return {"$schema": DIALECT, "title": "法治政府建设智能化一体平台：规则文件", "type": "object", "required": ["kind"],
            "properties": {"kind": {"enum": list(kinds), "description": "文件种类"}}, "allOf": branches,
            "$defs": definitions}


def schema_text(kinds: Mapping[str, Kind] = KINDS) -> str:
    """The combined schema as readable JSON."""
    return json.dumps(combined_schema(kinds), ensure_ascii=False, indent=2) + "\n"


def _tidy(schema: Any) -> Any:
    """Leave out generated English titles, and ``null``, which rule files do not write."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _tidy(value) for key, value in schema.items()
           if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)}
    choices = out.get("anyOf")
    if isinstance(choices, list):
        kept = [choice for choice in choices if choice != {"type": "null"}]
        if len(kept) == 1:
            del out["anyOf"]
            return {**kept[0], **out}
        out["anyOf"] = kept
    return out


def _renamed(schema: Any, kind: str) -> Any:
    """References into the definitions of their own kind."""
    if isinstance(schema, list):
        return [_renamed(item, kind) for item in schema]
    if isinstance(schema, dict):
        return {key: f"#/$defs/{kind}.{value.removeprefix('#/$defs/')}" if key == "$ref" and isinstance(value, str)
                else _renamed(value, kind) for key, value in schema.items()}
    return schema
