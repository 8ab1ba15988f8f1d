"""The reference of rule files as Markdown tables, made from the same models that check them.

``python -m core.rulebook.reference docs/reference/kinds.md`` renews the tables of the page.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.rulebook.kinds.registry import KINDS, Kind
from core.rulebook.schema import kind_schema

SHARED = "shared"
_MARKS = re.compile(r"(<!-- keys: (\w+) -->)\n.*?(<!-- /keys -->)", re.DOTALL)


def reference(kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Markdown tables of the keys of every kind by name, and under ``SHARED`` those that several kinds use."""
    schemas = {name: kind_schema(kind) for name, kind in kinds.items()}
    inner = {name: list(_inner(schema)) for name, schema in schemas.items()}
    uses = Counter(entry for entries in inner.values() for entry in entries)
    shared = {entry: schemas[name]["$defs"][entry] for name, entries in inner.items() for entry in entries
              if uses[entry] > 1}
    tables = {SHARED: _blocks(shared)}
    for name, schema in schemas.items():
        own = {entry: schema["$defs"][entry] for entry in inner[name] if uses[entry] == 1}
        tables[name] = "\n\n".join(filter(None, (_table(schema), _blocks(own))))
    return tables


def renewed(page: str, kinds: Mapping[str, Kind]) -> str:
    """A page with the tables between its ``keys`` marks written anew."""
    tables = reference(kinds)
    return _MARKS.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n{found[3]}", page)


def _blocks(entries: Mapping[str, Any]) -> str:
    return "\n\n".join(f"**{_heading(name)}** — {entry.get('description', '')}\n\n{_table(entry)}"
                       for name, entry in entries.items())


def _table(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = ["| 键 | 必填 | 写什么 | 含义 |", "|---|---|---|---|"]
    for key, part in schema.get("properties", {}).items():
        described = str(part.get("description", "")).replace("|", "\\|")
        rows.append(f"| `{key}` | {'是' if key in required else ''} | {_form(part)} | {described} |")
    return "\n".join(rows)


def _form(part: dict[str, Any]) -> str:
    """What a value looks like, in words."""
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return "、".join(f"`{value}`" for value in part["enum"])
    if "$ref" in part:
        return _heading(part["$ref"].rpartition("/")[2])
    if "anyOf" in part:
        return " 或 ".join(dict.fromkeys(_form(choice) for choice in part["anyOf"]))
    kind = part.get("type")
    if kind == "array":
        return f"列表：{_form(part.get('items', {}))}"
    if kind == "object":
        inner = part.get("additionalProperties")
        return f"名字 → {_form(inner)}" if isinstance(inner, dict) else "名字 → 值"
    if kind == "string" and part.get("format") == "date":
        return "日期"
    return {"string": "文字", "integer": "整数", "number": "数字", "boolean": "true / false"}.get(str(kind), "值")


def _heading(name: str) -> str:
    words = {"FieldType": "类型", "Level": "级别"}
    return words.get(name, name.removesuffix("Spec"))


def _inner(schema: dict[str, Any]) -> Iterator[str]:
    """Names of the entries inside a kind, in the order in which a reader meets them."""
    definitions: dict[str, Any] = schema.get("$defs", {})
    seen: list[str] = []

    def visit(part: Any) -> None:
        if isinstance(part, list):
            for item in part:
                visit(item)
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in seen:
                seen.append(name)
                visit(definitions.get(name, {}))
            for key, value in part.items():
                if key != "$defs":
                    visit(value)

    visit({key: value for key, value in schema.items() if key != "$defs"})
    return (name for name in seen if "properties" in definitions.get(name, {}))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        path = Path(argument)
        path.write_text(renewed(path.read_text(encoding="utf-8"), KINDS), encoding="utf-8")
