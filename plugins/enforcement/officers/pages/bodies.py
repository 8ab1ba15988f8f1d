"""Enforcement bodies: the public register, one body with its powers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from peewee import JOIN, fn

from core.database import database
from core.errors import FazhiError
from core.organs.authority import Action
from core.organs.codes import CODE, territory
from core.organs.models import Organ
from core.organs.visibility import visible_organs
from plugins.enforcement.officers.models import Body, Certificate, Power
from plugins.enforcement.officers.pages.words import word
from plugins.enforcement.officers.records import Note, record
from plugins.enforcement.officers.vocabulary import ACT_TITLES, QUALIFICATION_TITLES, State
from web.kit.access import may, page_required, permit, the_actor, today_of
from web.kit.language import language, say
from web.kit.paging import Page, paginate
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.uploads import sent_files, upload_page

pages = Blueprint("enforcement_bodies", __name__, url_prefix="/enforcement/bodies", template_folder="templates")
LARGEST_DOCUMENT = 50 * 2**20


@pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def index() -> str:
    """Bodies are announced to the public, so everybody who is logged in may look them up."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "region", "qualification")}
    query: Any = Body.select(Body, Organ).join(Organ, on=Body.organ)
    if asked["q"]:
        query = query.where(Organ.name.contains(asked["q"]) | (Organ.id == asked["q"]))
    if CODE.fullmatch(asked["region"]):
        query = query.where(Organ.region.between(*territory(asked["region"])))
    if asked["qualification"]:
        query = query.where(Body.qualification == asked["qualification"])
    page: Page[Any] = paginate(query.order_by(Organ.region, Organ.id))
    ids = [row.organ_id for row in page.items]
    return render_page("enforcement/bodies.html", word("执法主体"), w=word, page=page, asked=asked,
                       today=today_of(instance()), officers=_counts(Certificate.organ, Certificate, ids),
                       powers=_counts(Power.body, Power, ids), regions=region_choices(the_actor()),
                       kinds=[(name, say(title)) for name, title in QUALIFICATION_TITLES.items()],
                       titles=QUALIFICATION_TITLES, may_register=may(Action.IMPORT_OFFICERS),
                       page_lead=word("依法确认并公告的行政执法主体。"))


@pages.get("/<organ_id>", endpoint="show")
@page_required(Action.VIEW_WORKBENCH)
def show(organ_id: str) -> str:
    """One body: where its power comes from, and what it may do."""
    entruster = Organ.alias("entruster")
    body: Any = Body.select(Body, Organ, entruster).join(Organ, on=Body.organ).switch(Body).join(
        entruster, JOIN.LEFT_OUTER, on=Body.entrusted_by).where(Body.organ == organ_id).first()
    if body is None:
        abort(404)
    act = request.args.get("act", "")
    listed: Any = Power.select().where(Power.body == organ_id)
    if act:
        listed = listed.where(Power.act == act)
    seen = Organ.select(Organ.id).where((Organ.id == organ_id) & Organ.id.in_(
        visible_organs(the_actor(), Action.VIEW_OFFICERS))).exists()
    return render_page("enforcement/body.html", body.organ.name, w=word, body=body, act=act, may_see=seen,
                       page=paginate(listed.order_by(Power.act, Power.code)), today=today_of(instance()),
                       may_manage=may(Action.MANAGE_OFFICERS, organ_id),
                       officers=Certificate.select().where(Certificate.organ == organ_id).count(),
                       acts=[(name, say(title)) for name, title in ACT_TITLES.items()], act_titles=ACT_TITLES,
                       titles=QUALIFICATION_TITLES,
                       breadcrumb=(Crumb(word("执法主体"), url_for("enforcement_bodies.index")),))


@pages.post("/<organ_id>/document", endpoint="keep_document")
@page_required(Action.MANAGE_OFFICERS)
@upload_page(LARGEST_DOCUMENT)
def keep_document(organ_id: str) -> Any:
    """Store the announcement or the deed of entrustment as evidence."""
    body = _body(organ_id)
    permit(Action.MANAGE_OFFICERS, organ_id)
    files = sent_files("document")
    if files:
        try:
            stored = instance().materials.store(files[0].stream, files[0].filename or "")
        except FazhiError as refused:
            flash(refused.problems[0].message(language()), "danger")
            return redirect(url_for("enforcement_bodies.show", organ_id=organ_id))
        note = Note("bodies", f"执法主体确认文件：{body.organ.name}", file=stored.name, file_hash=stored.sha256)
        with database.atomic():
            Body.update(document_hash=stored.sha256, document_name=stored.name).where(Body.organ == organ_id).execute()
            record(instance().recorder, the_actor(), note, [(organ_id, stored.sha256)], instance().now())
        flash(word("确认文件已保存并存证。"))
    return redirect(url_for("enforcement_bodies.show", organ_id=organ_id))


@pages.get("/<organ_id>/document", endpoint="document")
@page_required(Action.VIEW_WORKBENCH)
def document(organ_id: str) -> Any:
    """The announcement or the deed; both are published (行政处罚法 20)."""
    body = _body(organ_id)
    if not body.document_hash or not instance().materials.knows(body.document_hash):
        abort(404)
    return send_file(instance().materials.path(body.document_hash), as_attachment=True,
                     download_name=body.document_name)


def _body(organ_id: str) -> Any:
    body = Body.select(Body, Organ).join(Organ, on=Body.organ).where(Body.organ == organ_id).first()
    if body is None:
        abort(404)
    return body


def _counts(column: Any, model: Any, ids: list[str]) -> dict[str, int]:
    """How many rows each of these bodies has; of certificates those that are not cancelled."""
    query = model.select(column, fn.COUNT(model._meta.primary_key)).where(column.in_(ids))
    if model is Certificate:
        query = query.where(Certificate.state != State.CANCELLED.value)
    return dict(query.group_by(column).tuples())
