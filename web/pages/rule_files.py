"""A plain editor for overlays of the own territory. Saving changes the file on disk and nothing that counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from core.errors import FazhiError, Problem
from core.organs.authority import Action
from web.kit.access import page_required, the_actor, today_of
from web.kit.language import language
from web.kit.people import region_names
from web.kit.render import Crumb, instance, render_page
from web.rulework import files
from web.rulework.draft import read_draft

pages = Blueprint("rule_files", __name__)
BLANK = """\
kind: overlay
region: "{region}"
authority: {{issuer: {issuer}, document: }}
valid: {{from: {day}}}
set:
"""


@pages.post("/activation/files", endpoint="create")
@page_required(Action.AUTHOR_RULES)
def create() -> Any:
    """Go to the editor of a new file; it is there once it is saved."""
    name = request.form.get("name", "").strip()
    try:
        file = files.own_file(the_actor().place.region, request.form.get("region", ""),
                              name if name.endswith(".yaml") else f"{name}.yaml")
    except FazhiError as refused:
        flash(_words(refused.problems[0]), "warning")
        return redirect(url_for("activation.index"))
    return redirect(url_for("rule_files.edit", region=file.region, name=file.name))


@pages.get("/activation/files/<region>/<name>", endpoint="edit")
@page_required(Action.AUTHOR_RULES)
def edit(region: str, name: str) -> str:
    """The file in an editor."""
    file = _file(region, name)
    return _page(file, files.read(_folder(), file))


@pages.post("/activation/files/<region>/<name>", endpoint="save")
@page_required(Action.AUTHOR_RULES)
def save(region: str, name: str) -> Any:
    """Save the file and say what the checker thinks of it."""
    file, text = _file(region, name), request.form.get("text", "")
    try:
        files.write(_folder(), file, text)
    except FazhiError as refused:
        flash(_words(refused.problems[0]), "warning")
        return _page(file, text), 422
    flash(_("文件已保存。它还不影响任何判定；检查通过后，在“规则启用”页提请。"))
    return redirect(url_for("rule_files.edit", region=file.region, name=file.name))


@pages.post("/activation/files/<region>/<name>/delete", endpoint="delete")
@page_required(Action.AUTHOR_RULES)
def delete(region: str, name: str) -> Any:
    """Remove the file from disk; what it says stays in force until a bundle without it is."""
    file = _file(region, name)
    files.remove(_folder(), file)
    flash(_("文件“%(name)s”已删除。现行规则不变，提请启用后才不再适用。", name=file.name))
    return redirect(url_for("activation.index"))


def _file(region: str, name: str) -> files.OwnFile:
    try:
        return files.own_file(the_actor().place.region, region, name)
    except FazhiError:
        abort(404)


def _folder() -> Any:
    return instance().settings.rules_dir


def _words(problem: Problem) -> str:
    return f"{problem.message(language())} {problem.fix(language())}".rstrip()


def _page(file: files.OwnFile, text: str | None) -> str:
    draft = read_draft(instance(), the_actor().place.region)
    left_out = [problem for one in draft.selection.broken for problem in one.problems]
    mine = [one for one in (*draft.problems, *left_out) if one.at and one.at.file.endswith(file.ending)]
    today = today_of(instance())
    open_here = [one for one in instance().bundles.current().parameters(file.region, today) if one.opening]
    title = region_names([file.region])[file.region]
    return render_page(
        "pages/rule_file.html", file.name, page_lead=str(_("%(region)s的地方细化", region=title)), file=file,
        text=BLANK.format(region=file.region, issuer=the_actor().place.name, day=today) if text is None else text,
        saved=text is not None, mine=mine,
        others=[one for one in (*draft.problems, *left_out) if one not in mine and not one.warning],
        clean=draft.candidate is not None and not mine, parameters=open_here, draft=draft,
        breadcrumb=(Crumb(str(_("规则依据")), url_for("rules.index")),
                    Crumb(str(_("规则启用")), url_for("activation.index"))))


