"""pydantic's errors as our problems: at their place in the YAML, in words for rule authors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import Location, Problem
from core.language.suggest import listing, nearest
from core.rulebook.kinds.base import describe
from core.rulebook.strict_yaml import YamlFile

_EXPECTED = {
    "string_type": "text", "bool_type": "bool", "int_type": "int", "dict_type": "map", "tuple_type": "list",
    "model_type": "map", "model_attributes_type": "map", "decimal_type": "number",
}
_BOUNDS = {"greater_than_equal": ("ge", "value-too-small"), "less_than_equal": ("le", "value-too-large")}
_YES_NO = {"yes": "true", "no": "false", "on": "true", "off": "false", "是": "true", "否": "false"}


def problems_of(error: ValidationError, model: type[BaseModel], file: YamlFile) -> list[Problem]:
    """Every error of a validation as a problem, without those that only follow from another inside."""
    details = error.errors(include_url=False)
    places = [detail["loc"] for detail in details]
    return [_problem(detail, model, file) for detail in details
            if detail["type"] != "too_short" or not any(_inside(place, detail["loc"]) for place in places)]


def model_at(model: Any, path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model that a path through ``model`` leads to, or None where it leads to something else."""
    current: Any = model
    for step in path:
        current = _unwrap(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = {field.alias or name: field for name, field in current.model_fields.items()}
            if step not in fields:
                return None
            current = fields[str(step)].annotation
            continue
        arguments = [item for item in get_args(current) if item is not Ellipsis]
        if not arguments:
            return None
        current = arguments[-1]
    current = _unwrap(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def keys_of(model: type[BaseModel]) -> list[str]:
    """The YAML keys of an entry, in order."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _inside(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _unwrap(kind: Any) -> Any:
    """Take ``Annotated`` and ``| None`` off a type."""
    while True:
        arguments = get_args(kind)
        if hasattr(kind, "__metadata__"):
            kind = arguments[0]
        elif arguments and get_origin(kind) is not tuple and type(None) in arguments:
            kind = next(item for item in arguments if item is not type(None))
        else:
            return kind


def _problem(detail: ErrorDetails, model: type[BaseModel], file: YamlFile) -> Problem:
    path, kind, found = detail["loc"], detail["type"], detail.get("input")
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind.startswith("fazhi-"):
        return Problem(context["code"], file.locate(path), {k: v for k, v in context.items() if k != "code"})
    if kind == "missing":
        return _missing(path, model, file)
    if kind == "extra_forbidden":
        return _unknown_key(path, model, file)
    return _wrong_value(kind, found, context, file.locate(path))


def _missing(path: tuple[str | int, ...], model: type[BaseModel], file: YamlFile) -> Problem:
    parent = model_at(model, path[:-1])
    name = str(path[-1])
    described = next((f.description for n, f in parent.model_fields.items() if (f.alias or n) == name), None) \
        if parent else None
    return Problem("field-missing", file.locate(path), {"field": name, "meaning": described or name})


def _unknown_key(path: tuple[str | int, ...], model: type[BaseModel], file: YamlFile) -> Problem:
    parent, name, at = model_at(model, path[:-1]), str(path[-1]), file.locate(path, at_key=True)
    if "：" in name or "，" in name:
        return Problem("field-full-width", at, {"field": name})
    known = keys_of(parent) if parent else []
    suggestion = nearest(name, known)
    if suggestion:
        return Problem("field-misspelt", at, {"field": name, "suggestion": suggestion})
    return Problem("field-unknown", at, {"field": name, "known": listing(known, 40)})


def _wrong_value(kind: str, found: Any, context: Mapping[str, Any], at: Location) -> Problem:
    shown = describe(found)
    if kind in ("literal_error", "enum"):
        options = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        suggestion = nearest(found, options) if isinstance(found, str) else None
        if suggestion:
            return Problem("value-misspelt", at, {"found": shown, "suggestion": suggestion,
                                                  "options": listing(options)})
        return Problem("value-not-allowed", at, {"found": shown, "options": listing(options)})
    if kind == "bool_type" and isinstance(found, str) and found.lower() in _YES_NO:
        return Problem("value-yes-no", at, {"found": shown, "write": _YES_NO[found.lower()]})
    if kind in _EXPECTED:
        return Problem(f"expected-{_EXPECTED[kind]}", at, {"found": shown})
    if kind in _BOUNDS:
        key, code = _BOUNDS[kind]
        return Problem(code, at, {"found": shown, "bound": context.get(key)})
    if kind in ("too_short", "string_too_short"):
        return Problem("value-too-short", at)
    if kind == "string_pattern_mismatch":
        return Problem("code-form", at, {"found": shown})
    return Problem("value-invalid", at, {"found": shown, "reason": kind})
