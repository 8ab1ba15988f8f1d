"""The OpenAPI document, made from the operations that the views declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.operation import KEY_HEADER, LONGEST_KEY, Operation, operation_of

VERSION = "1.0"
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_WORDS = {400: "请求无法解析", 401: "凭证缺失或者无效", 403: "没有权限", 404: "不存在，或者不在可以查看的范围内",
          409: "事项已有新的记录，或者同一请求标识用于别的内容", 413: "内容过大", 422: "内容不合要求，指明字段",
          429: "请求过多"}
_ERROR = {
    "type": "object", "required": ["error"], "properties": {"error": {
        "type": "object", "required": ["code", "message", "problems"], "properties": {
            "code": {"type": "string"}, "message": {"type": "string"},
            "problems": {"type": "array", "items": {
                "type": "object", "required": ["code", "field", "message", "fix"], "properties": {
                    name: {"type": "string"} for name in ("code", "field", "message", "fix")}}}}}}}


def document(app: Flask) -> dict[str, Any]:
    """The whole document."""
    found = list(_operations(app))
    models: dict[type[BaseModel], Any] = {}
    for _path, _method, one in found:
        for model, mode in ((one.body, "validation"), (one.answer, "serialization")):
            if model is not None:
                models[model] = mode
    _map, schemas = models_json_schema(list(models.items()), ref_template="#/components/schemas/{model}")
    paths: dict[str, dict[str, Any]] = {}
    for path, method, one in found:
        paths.setdefault(path, {})[method] = _described(path, one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "法治政府建设智能化一体平台接口", "version": VERSION,
                 "description": "其他业务系统以各自的凭证记录步骤、读取结果；记录与人工录入的一样校验、存证和判定。"},
        "paths": paths,
        "components": {"schemas": {**schemas.get("$defs", {}), "Error": _ERROR},
                       "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operations(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        found = operation_of(app.view_functions.get(rule.endpoint))
        if found is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield _ARGUMENT.sub(r"{\1}", rule.rule), method.lower(), found


def _described(path: str, one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": one.summary, "parameters": [*_arguments(path), *_asked(one)],
        "responses": {str(one.status): _success(one), **{str(code): _refusal(code) for code in _codes(one)}},
    }
    if not one.open_to_all:
        described["security"] = [{"key": []}]
    if one.keyed:
        described["responses"]["200"] = {**_success(one), "description": "此前已经记录；没有再记"}
    if one.body is not None:
        described["requestBody"] = {"required": True, "content": {
            "application/json": {"schema": _reference(one.body)}}}
    if one.raw:
        described["requestBody"] = {"required": True, "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    return described


def _codes(one: Operation) -> list[int]:
    codes = {*one.refusals, 429}
    if not one.open_to_all:
        codes.add(401)
    if one.body is not None or one.query is not None or one.raw:
        codes |= {400, 413, 422}
    return sorted(codes)


def _arguments(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", path)]


def _asked(one: Operation) -> list[dict[str, Any]]:
    asked = []
    if one.query is not None:
        schema = one.query.model_json_schema()
        asked += [{"name": name, "in": "query", "required": name in schema.get("required", ()),
                   "description": part.pop("description", ""), "schema": part}
                  for name, part in schema["properties"].items()]
    if one.keyed:
        asked.append({"name": KEY_HEADER, "in": "header", "required": True,
                      "description": "请求标识，由调用方生成；网络中断后用同一标识重发，不会重复记录",
                      "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}})
    return asked


def _success(one: Operation) -> dict[str, Any]:
    schema = _reference(one.answer) if one.answer else {"type": "object"}
    return {"description": "成功", "content": {"application/json": {"schema": schema}}}


def _refusal(code: int) -> dict[str, Any]:
    return {"description": _WORDS[code], "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
