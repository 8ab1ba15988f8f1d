"""Pages for what went wrong: short, in the reader's language, and never with a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from core.errors import FazhiError, Problem
from web.kit.language import language

WORDS: Mapping[int, tuple[Any, Any]] = {
    400: (_l("请求无法受理"), _l("提交的内容不完整或已过期，请返回上一页刷新后重试。")),
    401: (_l("请先登录"), _l("登录后才能使用此功能。")),
    403: (_l("没有权限"), _l("您的岗位不能使用此功能。如有需要，请联系本机关系统管理员。")),
    404: (_l("页面不存在"), _l("您要查看的内容不存在，或者不在您的查看范围内。")),
    405: (_l("不支持的操作"), _l("此地址不支持这种操作，请从页面上的按钮进入。")),
    409: (_l("内容已被他人更新"), _l("在您填写期间，该事项已有新的记录。请返回刷新，核对后再提交。")),
    413: (_l("文件过大"), _l("上传的内容超过允许的大小，请压缩或分次上传。")),
    429: (_l("操作过于频繁"), _l("请稍候一分钟再试。")),
    500: (_l("系统出现故障"), _l("故障已记录。未显示“已记录”的内容没有保存，请稍后重试。")),
}

STATUS_OF_CODE: Mapping[str, int] = {
    "api-not-json": 400, "api-json-malformed": 400,
    "credential-missing": 401, "credential-refused": 401, "person-inactive": 401, "organ-inactive": 401,
    "authority-function": 403, "step-role-missing": 403, "step-same-person": 403,
    "authority-object": 404, "step-organ-stranger": 404, "case-unknown": 404,
    "case-moved-on": 409, "case-exists": 409, "request-key-reused": 409,
}
"""What an error of the core that no form shows means to a browser; any other is a 400 with its message."""


def init_errors(app: Flask) -> None:
    """Answer every error of ``app`` with a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(FazhiError, _refused)
    app.register_error_handler(Exception, _crash)


API = "/api/"
"""Below it answers are JSON, errors too."""


def status_of(error: FazhiError) -> int:
    """The HTTP status that an error of the core stands for."""
    return next((STATUS_OF_CODE[p.code] for p in error.problems if p.code in STATUS_OF_CODE), 400)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if request.path.startswith(API):
        return _json(error.code, [])
    response = error.get_response()
    response.set_data(_page(error.code))
    response.content_type = "text/html; charset=utf-8"
    return response


def _csrf(_error: CSRFError) -> Any:
    return _page(400), 400


def _refused(error: FazhiError) -> Any:
    status = status_of(error)
    if request.path.startswith(API):
        return _json(422 if status == 400 and not _malformed(error) else status, error.problems)
    details = [problem.message(language()) for problem in error.problems] if status in (400, 403, 409) else []
    return _page(status, details), status


def _crash(error: Exception) -> Any:
    from flask import current_app

    current_app.logger.exception("page failed", exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _http(InternalServerError())


def _malformed(error: FazhiError) -> bool:
    return any(STATUS_OF_CODE.get(problem.code) == 400 for problem in error.problems)


def _json(status: int, problems: Sequence[Problem]) -> Any:
    """The one shape of an error for other systems; Chinese unless they ask for English."""
    tongue = request.accept_languages.best_match(["zh", "en"], "zh")
    title, explanation = WORDS.get(status, WORDS[400 if status < 500 else 500])
    listed = [{"code": problem.code, "field": problem.at.field if problem.at else "",
               "message": problem.message(tongue), "fix": problem.fix(tongue)} for problem in problems]
    response = jsonify(error={
        "code": listed[0]["code"] if listed else f"http-{status}",
        "message": listed[0]["message"] if listed else f"{title}：{explanation}", "problems": listed})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _page(status: int, details: list[str] | None = None) -> str:
    title, explanation = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return render_template("errors/error.html", page_title=str(title), status=status, explanation=explanation,
                           details=details or ())
