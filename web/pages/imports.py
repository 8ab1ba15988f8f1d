"""Import of organs and people from CSV or XLSX: first a trial run with every wrong cell, then for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.errors import FazhiError, Problem
from core.organs.authority import Action
from core.organs.importing.organs import import_organs
from core.organs.importing.people import import_people
from core.organs.importing.report import ImportReport
from core.organs.importing.templates import organ_template, person_template
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language
from web.kit.render import Crumb, instance, render_page
from web.kit.uploads import sent_files, upload_page

pages = Blueprint("imports", __name__)
TABLE_LIMIT = 32 * 2**20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.route("/import/organs", methods=["GET", "POST"])
@page_required(Action.IMPORT_PEOPLE)
@upload_page(TABLE_LIMIT)
def organs() -> Any:
    """Import organs below the reader's own."""
    actor = the_actor()
    return _import(str(_("导入机构")), Crumb(str(_("机构")), url_for("organs.index")), "organs",
                   lambda data, name, dry_run: import_organs(data, name, dry_run=dry_run, scope=actor))


@pages.route("/import/people", methods=["GET", "POST"])
@page_required(Action.IMPORT_PEOPLE)
@upload_page(TABLE_LIMIT)
def people() -> Any:
    """Import people of organs that the reader manages."""
    actor = the_actor()
    today = today_of(instance())
    return _import(str(_("导入人员")), Crumb(str(_("人员")), url_for("people.index")), "people",
                   lambda data, name, dry_run: import_people(data, name, by=actor.person_id, today=today,
                                                             dry_run=dry_run, scope=actor))


@pages.get("/import/<any(organs, people):what>/template")
@page_required(Action.IMPORT_PEOPLE)
def template(what: str) -> Response:
    """An empty spreadsheet with the columns explained."""
    data = organ_template(language()) if what == "organs" else person_template(language())
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={what}.xlsx"})


def _import(title: str, crumb: Crumb, what: str, run: Callable[[bytes, str, bool], ImportReport]) -> Any:
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
    page = render_page("pages/import.html", title, breadcrumb=(crumb,), what=what, report=report, problems=problems,
                       missing=request.method == "POST" and not files)
    return (page, 422) if request.method == "POST" and (not report or report.errors) else page
