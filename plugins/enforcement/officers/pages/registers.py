"""Taking entries into the registers: one by a form, many from a spreadsheet, each import with a trial run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.errors import FazhiError
from core.organs.authority import Action
from core.organs.importing.columns import Column
from core.organs.importing.report import ImportReport
from core.organs.importing.templates import spreadsheet_for
from core.text import Text
from plugins.enforcement.officers.importing.bodies import import_bodies, import_powers
from plugins.enforcement.officers.importing.certificates import import_certificates
from plugins.enforcement.officers.importing.changes import import_changes
from plugins.enforcement.officers.importing.columns import (
    BODY_COLUMNS,
    CERTIFICATE_COLUMNS,
    CHANGE_COLUMNS,
    POWER_COLUMNS,
)
from plugins.enforcement.officers.pages.words import word
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language, say
from web.kit.render import Crumb, instance, render_page
from web.kit.sheets import TABLE_LIMIT, import_page, spreadsheet
from web.kit.uploads import upload_page

pages = Blueprint("enforcement_registers", __name__, url_prefix="/enforcement/registers", template_folder="templates")
DATES = frozenset({"valid_from", "valid_until", "issued", "on"})


@dataclass(frozen=True, slots=True)
class Register:
    """One kind of entry.

    Attributes:
        home: endpoint of the list that it belongs to.
        run: imports content under a name, or only tries to.
    """

    title: Text
    columns: Sequence[Column]
    home: str
    home_title: str
    run: Callable[[bytes, str, bool], ImportReport]


def _bodies(data: bytes, name: str, dry_run: bool) -> ImportReport:
    return import_bodies(instance().recorder, the_actor(), data, name, instance().now(), dry_run=dry_run)


def _powers(data: bytes, name: str, dry_run: bool) -> ImportReport:
    return import_powers(instance().recorder, the_actor(), data, name, instance().now(), dry_run=dry_run)


def _certificates(data: bytes, name: str, dry_run: bool) -> ImportReport:
    return import_certificates(instance().recorder, the_actor(), data, name, instance().now(), today_of(instance()),
                               dry_run=dry_run)


def _changes(data: bytes, name: str, dry_run: bool) -> ImportReport:
    return import_changes(instance().recorder, the_actor(), data, name, instance().now(), today_of(instance()),
                          dry_run=dry_run)


REGISTERS: Mapping[str, Register] = {
    "bodies": Register(Text("执法主体", {"en": "enforcement bodies"}), BODY_COLUMNS, "enforcement_bodies.index",
                       "执法主体", _bodies),
    "powers": Register(Text("权责清单", {"en": "lists of powers"}), POWER_COLUMNS, "enforcement_bodies.index",
                       "执法主体", _powers),
    "certificates": Register(Text("执法证件", {"en": "certificates"}), CERTIFICATE_COLUMNS,
                             "enforcement_officers.index", "执法人员", _certificates),
    "changes": Register(Text("证件变动（注销、暂扣等）", {"en": "changes (cancellation, suspension …)"}),
                        CHANGE_COLUMNS, "enforcement_officers.index", "执法人员", _changes),
}


@pages.route("/<what>/import", methods=["GET", "POST"], endpoint="load")
@page_required(Action.IMPORT_OFFICERS)
@upload_page(TABLE_LIMIT)
def load(what: str) -> Any:
    """Import many."""
    register = _register(what)
    return import_page(f"{word('导入')}{_gap()}{say(register.title)}", _crumb(register),
                       url_for("enforcement_registers.template", what=what), register.run)


@pages.get("/<what>/template", endpoint="template")
@page_required(Action.IMPORT_OFFICERS)
def template(what: str) -> Response:
    """An empty spreadsheet with the columns explained."""
    register = _register(what)
    return spreadsheet(spreadsheet_for(register.columns, Text(what), language()), what)


@pages.route("/<what>/new", methods=["GET", "POST"], endpoint="add")
@page_required(Action.IMPORT_OFFICERS)
def add(what: str) -> Any:
    """Register one: the form is a sheet of one row, so that both ways are checked alike."""
    register = _register(what)
    typed = {column.id: request.form.get(column.id, "").strip() for column in register.columns}
    wrong: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            register.run(_sheet(register, typed), word("表单"), False)
        except FazhiError as refused:
            wrong = _by_column(register, refused)
        else:
            flash(word("已登记并存证。"))
            return redirect(url_for(register.home))
    page = render_page("enforcement/new.html", f"{word('登记')}{_gap()}{say(register.title)}", w=word, typed=typed,
                       columns=register.columns, wrong=wrong, dates=DATES, breadcrumb=(_crumb(register),))
    return (page, 422) if wrong else page


def _register(what: str) -> Register:
    if what not in REGISTERS:
        abort(404)
    return REGISTERS[what]


def _crumb(register: Register) -> Crumb:
    return Crumb(word(register.home_title), url_for(register.home))


def _gap() -> str:
    return "" if language() == "zh" else " "


def _sheet(register: Register, typed: Mapping[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.id for column in register.columns])
    writer.writerow([typed[column.id] for column in register.columns])
    return text.getvalue().encode()


def _by_column(register: Register, refused: FazhiError) -> dict[str, list[str]]:
    by_title = {column.title.zh: column.id for column in register.columns}
    wrong: dict[str, list[str]] = {}
    for problem in refused.problems:
        if not problem.warning:
            place = by_title.get(problem.at.field if problem.at else "", "")
            wrong.setdefault(place, []).append(f"{problem.message(language())} {problem.fix(language())}".strip())
    return wrong
