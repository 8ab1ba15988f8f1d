"""Import of organs and people from CSV or XLSX: first a trial run with every wrong cell, then for good."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from core.organs.authority import Action
from core.organs.importing.organs import import_organs
from core.organs.importing.people import import_people
from core.organs.importing.templates import organ_template, person_template
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language
from web.kit.render import Crumb, instance
from web.kit.sheets import TABLE_LIMIT, import_page, spreadsheet
from web.kit.uploads import upload_page

pages = Blueprint("imports", __name__)


@pages.route("/import/organs", methods=["GET", "POST"])
@page_required(Action.IMPORT_PEOPLE)
@upload_page(TABLE_LIMIT)
def organs() -> Any:
    """Import organs below the reader's own."""
    actor = the_actor()
    return import_page(str(_("导入机构")), Crumb(str(_("机构")), url_for("organs.index")), _template("organs"),
                   lambda data, name, dry_run: import_organs(data, name, dry_run=dry_run, scope=actor))


@pages.route("/import/people", methods=["GET", "POST"])
@page_required(Action.IMPORT_PEOPLE)
@upload_page(TABLE_LIMIT)
def people() -> Any:
    """Import people of organs that the reader manages."""
    actor = the_actor()
    today = today_of(instance())
    return import_page(str(_("导入人员")), Crumb(str(_("人员")), url_for("people.index")), _template("people"),
                   lambda data, name, dry_run: import_people(data, name, by=actor.person_id, today=today,
                                                             dry_run=dry_run, scope=actor))


@pages.get("/import/<any(organs, people):what>/template")
@page_required(Action.IMPORT_PEOPLE)
def template(what: str) -> Response:
    """An empty spreadsheet with the columns explained."""
    data = organ_template(language()) if what == "organs" else person_template(language())
    return spreadsheet(data, what)


def _template(what: str) -> str:
    return url_for("imports.template", what=what)
