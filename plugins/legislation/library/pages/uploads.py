"""Upload of texts for the library: try every file, look at what becomes of each, put in what was read."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from peewee import Case, fn
from werkzeug.wrappers import Response

from core.errors import FazhiError, Problem, fail, messages
from core.organs.authority import Action
from plugins.legislation.library import uploading
from plugins.legislation.library.models import Upload, UploadedFile
from plugins.legislation.library.vocabulary import LEVEL_TITLES, LawLevel
from web.kit.access import page_required, the_actor
from web.kit.language import language, say
from web.kit.paging import paginate
from web.kit.people import person_names
from web.kit.render import Crumb, instance, render_page
from web.kit.uploads import sent_files, upload_page

uploads = Blueprint("law_uploads", __name__, url_prefix="/laws/uploads", template_folder="templates")
LIMIT = 300 * 2**20
"""Bytes of one upload."""

LATEST = 10
FOLDERS = {LawLevel.CONSTITUTION: "宪法", LawLevel.LAW: "法律", LawLevel.REGULATION: "行政法规",
           LawLevel.LOCAL_REGULATION: "地方性法规", LawLevel.DEPARTMENT_RULE: "部门规章",
           LawLevel.GOVERNMENT_RULE: "政府规章", LawLevel.NORMATIVE: "规范性文件"}
"""The folder that tells the reader the rank of a text."""

OUTCOMES = ("refused", "renewed", "new", "same")
ORDER = Case(UploadedFile.outcome, [(name, place) for place, name in enumerate(OUTCOMES)], len(OUTCOMES))


@uploads.get("", endpoint="index")
@page_required(Action.MAINTAIN_LAWS)
def index() -> str:
    """The form, the latest uploads, and the files of the one that is looked at."""
    return _page(())


@uploads.post("", endpoint="send")
@page_required(Action.MAINTAIN_LAWS)
@upload_page(LIMIT)
def send() -> Any:
    """Take files in and begin to try them."""
    actor = the_actor()
    level = request.form.get("level", "")
    try:
        if not uploading.keeps_library(actor.place.region):
            raise fail("law-upload-region", organ=actor.place.name)
        sent = [(file.filename or "", file.stream) for file in sent_files("files")]
        upload = uploading.receive(instance(), sent, actor.person_id,
                                   FOLDERS[LawLevel(level)] if level in set(FOLDERS) else "")
    except FazhiError as refused:
        return _page(refused.problems), 422
    return redirect(url_for("law_uploads.index", upload=upload))


@uploads.post("/store", endpoint="store")
@page_required(Action.MAINTAIN_LAWS)
def store() -> Response:
    """Put in what was read."""
    upload = _asked()
    if upload and uploading.keeps_library(the_actor().place.region) and uploading.store(upload):
        flash(_("正在入库。可以离开此页，入库不会中断。"), "success")
    else:
        flash(_("这次上传没有可以入库的文本，或者已经处理。"), "warning")
    return redirect(url_for("law_uploads.index", upload=upload or None))


@uploads.post("/discard", endpoint="discard")
@page_required(Action.MAINTAIN_LAWS)
def discard() -> Response:
    """Take an upload back."""
    if uploading.drop(instance(), _asked()):
        flash(_("已放弃，法规库没有改动。"), "success")
    return redirect(url_for("law_uploads.index"))


def _asked() -> str:
    return request.values.get("upload", "")[:32]


def _page(problems: tuple[Problem, ...]) -> str:
    chosen = Upload.get_or_none(Upload.id == _asked())
    listed = uploading.uploads(LATEST)
    rows: Any = UploadedFile.select(UploadedFile.outcome, fn.COUNT(UploadedFile.id)).where(
        UploadedFile.upload == chosen.id).group_by(UploadedFile.outcome).tuples() if chosen else ()
    files = paginate(UploadedFile.select().where(UploadedFile.upload == chosen.id).order_by(
        ORDER, UploadedFile.id)) if chosen else None
    return render_page(
        "laws/uploads.html", str(_("上传法规文本")), problems=problems, upload=chosen, uploads=listed, files=files,
        counts=dict(rows), outcomes=_outcomes(), phases=_phases(), why=_why, working=uploading.WORKING,
        people=person_names([row.person for row in listed]), levels=[
            (level.value, say(LEVEL_TITLES[level])) for level in FOLDERS],
        entitled=uploading.keeps_library(the_actor().place.region), organ=the_actor().place.name,
        breadcrumb=(Crumb(str(_("法规库")), url_for("laws.home")),))


def _why(row: Any) -> tuple[str, str]:
    if row.code not in messages():
        return row.code, ""
    problem = Problem(row.code, details=row.details)
    return problem.message(language()), problem.fix(language())


def _outcomes() -> dict[str, tuple[str, str]]:
    return {"refused": (str(_("不能读入")), "red"), "renewed": (str(_("替换现有文本")), "yellow"),
            "new": (str(_("新增")), "green"), "same": (str(_("已有，内容相同")), "grey")}


def _phases() -> dict[str, tuple[str, str]]:
    return {"checking": (str(_("正在检查")), "blue"), "checked": (str(_("检查完毕，未入库")), "yellow"),
            "storing": (str(_("正在入库")), "blue"), "stored": (str(_("已入库")), "green"),
            "discarded": (str(_("已放弃")), "grey"), "failed": (str(_("已过期，请重新上传")), "red")}
