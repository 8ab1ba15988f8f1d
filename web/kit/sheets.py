"""Pages that take tables in: first a trial run with every wrong cell, then for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from core.errors import FazhiError, Problem
from core.organs.importing.report import ImportReport
from web.kit.render import Crumb, render_page
from web.kit.uploads import sent_files

TABLE_LIMIT = 32 * 2**20
"""Bytes of a table sent by a browser."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_page(title: str, crumb: Crumb, template_url: str, run: Callable[[bytes, str, bool], ImportReport]) -> Any:
    """The page of an import, for a view that takes GET and POST.

    Args:
        template_url: where the empty spreadsheet is.
        run: imports content under a name, or only tries to.
    """
    report: ImportReport | None = None
    problems: tuple[Problem, ...] = ()
    files = sent_files("file")
    if request.method == "POST" and files:
        data = files[0].read()
        try:
            report = run(data, files[0].filename or "", request.form.get("run") != "apply")
            problems = report.problems
        except FazhiError as refused:
            problems = refused.problems
    page = render_page("pages/import.html", title, breadcrumb=(crumb,), template_url=template_url, report=report,
                       problems=problems, missing=request.method == "POST" and not files)
    return (page, 422) if request.method == "POST" and (not report or report.errors) else page


def spreadsheet(data: bytes, name: str) -> Response:
    """A workbook as a download."""
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}.xlsx"})
