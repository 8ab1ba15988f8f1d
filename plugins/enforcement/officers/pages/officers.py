"""Officers: the register, one certificate with its history, what may be done to it, its badge for printing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from core.database import database
from core.errors import FazhiError, Problem
from core.organs.authority import Action
from core.organs.codes import CODE, territory
from core.organs.models import Organ
from core.organs.visibility import visible_organs
from plugins.enforcement.officers.badges import LARGEST_PHOTO, photo_data, qr_svg, store_photo
from plugins.enforcement.officers.changes import POSSIBLE, NewChange, change_certificates
from plugins.enforcement.officers.importing.reading import parse_day
from plugins.enforcement.officers.models import Certificate, Change
from plugins.enforcement.officers.pages.words import word
from plugins.enforcement.officers.records import Note
from plugins.enforcement.officers.register import shown_state
from plugins.enforcement.officers.vocabulary import (
    CERTIFICATE_TITLES,
    CHANGE_TITLES,
    STATE_TITLES,
    STATE_TONES,
    ChangeKind,
    State,
)
from web.kit.access import may, page_required, permit, the_actor, today_of
from web.kit.language import language, say
from web.kit.paging import Page, paginate
from web.kit.people import person_names
from web.kit.regions import region_choices
from web.kit.render import Crumb, instance, render_page
from web.kit.uploads import sent_files, upload_page

pages = Blueprint("enforcement_officers", __name__, url_prefix="/enforcement/officers", template_folder="templates")

EXPIRING = "expiring"
RENEWAL_DAYS = 90
"""内蒙古自治区行政执法证件管理办法: renewal is applied for three months before the last day."""

OFFERED = (ChangeKind.SUSPENDED, ChangeKind.RESTORED, ChangeKind.RENEWED, ChangeKind.REPLACED, ChangeKind.CANCELLED)


@pages.get("", endpoint="index")
@page_required(Action.VIEW_OFFICERS)
def index() -> str:
    """Certificates of the organs that the reader looks after."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "region", "state", "organ")}
    today = today_of(instance())
    query: Any = Certificate.select(Certificate, Organ).join(Organ).where(
        Certificate.organ.in_(visible_organs(the_actor(), Action.VIEW_OFFICERS)))
    if asked["q"]:
        query = query.where(Certificate.name.contains(asked["q"]) | (Certificate.number == asked["q"].upper())
                            | Organ.name.contains(asked["q"]))
    if CODE.fullmatch(asked["region"]):
        query = query.where(Organ.region.between(*territory(asked["region"])))
    if asked["organ"]:
        query = query.where(Certificate.organ == asked["organ"])
    if asked["state"]:
        query = query.where(_in_state(asked["state"], today))
    page: Page[Any] = paginate(query.order_by(Certificate.number))
    states = [(name, say(STATE_TITLES[name])) for name in ("valid", "suspended", "expired", "cancelled")]
    return render_page("enforcement/officers.html", word("执法人员"), w=word, page=page, asked=asked, today=today,
                       shown_state=shown_state, titles=STATE_TITLES, tones=STATE_TONES, kinds=CERTIFICATE_TITLES,
                       states=[*states, (EXPIRING, word("三个月内到期"))], regions=region_choices(the_actor()),
                       may_register=may(Action.IMPORT_OFFICERS), page_lead=word("执法人员资格和执法证件登记簿。"))


def _in_state(state: str, today: date) -> Any:
    valid = (Certificate.state == State.VALID.value) & (Certificate.issued <= today)
    if state == State.VALID:
        return valid & (Certificate.valid_until >= today)
    if state == State.EXPIRED:
        return valid & (Certificate.valid_until < today)
    if state == EXPIRING:
        return valid & Certificate.valid_until.between(today, today + timedelta(days=RENEWAL_DAYS))
    return Certificate.state == state


@pages.get("/<number>", endpoint="show")
@page_required(Action.VIEW_OFFICERS)
def show(number: str) -> str:
    """One certificate with everything that happened to it."""
    return _page(_certificate(number, Action.VIEW_OFFICERS))


@pages.post("/<number>/change", endpoint="change")
@page_required(Action.MANAGE_OFFICERS)
def change(number: str) -> Any:
    """Suspend, restore, renew, replace or cancel, with a reason."""
    row = _certificate(number, Action.MANAGE_OFFICERS)
    typed = {name: request.form.get(name, "").strip() for name in ("kind", "on", "reason", "document", "valid_until")}
    today = today_of(instance())
    on = parse_day(typed["on"]) if typed["on"] else today
    if typed["kind"] not in OFFERED or on is None:
        abort(400)
    new = NewChange(row.number, ChangeKind(typed["kind"]), on, typed["reason"], typed["document"],
                    parse_day(typed["valid_until"]) if typed["kind"] == ChangeKind.RENEWED else None)
    note = Note("certificates", f"执法证件变动：{CHANGE_TITLES[new.kind].zh} 1 件", new.reason, new.document)
    try:
        change_certificates(instance().recorder, the_actor(), [new], note, instance().now(), today)
    except FazhiError as refused:
        return _page(row, refused.problems, typed), 422
    flash(word("已办理并存证。"))
    return redirect(url_for("enforcement_officers.show", number=row.number))


@pages.post("/<number>/photo", endpoint="photo")
@page_required(Action.MANAGE_OFFICERS)
@upload_page(2 * LARGEST_PHOTO)
def photo(number: str) -> Any:
    """Put the holder's portrait on the badge."""
    row = _certificate(number, Action.MANAGE_OFFICERS)
    files = sent_files("photo")
    today = today_of(instance())
    try:
        sha256 = store_photo(instance().materials, files[0].stream, files[0].filename or "") if files else ""
        if sha256:
            new = NewChange(row.number, ChangeKind.UPDATED, today, f"照片 SHA-256：{sha256}")
            with database.atomic():
                change_certificates(instance().recorder, the_actor(), [new],
                                    Note("certificates", "执法证件照片：1 件", new.reason), instance().now(), today)
                Certificate.update(photo=sha256).where(Certificate.number == row.number).execute()
            flash(word("照片已更新。"))
    except FazhiError as refused:
        return _page(row, refused.problems), 422
    return redirect(url_for("enforcement_officers.show", number=row.number))


@pages.get("/<number>/badge", endpoint="badge")
@page_required(Action.VIEW_OFFICERS)
def badge(number: str) -> str:
    """The badge for printing, with its QR code; only of a valid certificate."""
    row = _certificate(number, Action.VIEW_OFFICERS)
    if shown_state(row, today_of(instance())) is not State.VALID:
        abort(404)
    address = url_for("badges.show", code=row.code, _external=True)
    return render_page("enforcement/badge_print.html", word("执法证牌"), w=word, row=row, qr=qr_svg(address),
                       address=address, photo=photo_data(instance().materials, row.photo), kinds=CERTIFICATE_TITLES,
                       breadcrumb=_crumbs(row))


def _certificate(number: str, action: Action) -> Any:
    row = Certificate.select(Certificate, Organ).join(Organ).where(Certificate.number == number).first()
    if row is None:
        abort(404)
    permit(action, row.organ_id)
    return row


def _page(row: Any, problems: tuple[Problem, ...] = (), typed: dict[str, str] | None = None) -> str:
    history: Any = list(Change.select().where(Change.certificate == row.number).order_by(Change.id.desc()))
    manages = may(Action.MANAGE_OFFICERS, row.organ_id) and row.account != the_actor().person_id
    offered = [(kind.value, say(CHANGE_TITLES[kind])) for kind in OFFERED if State(row.state) in POSSIBLE[kind]]
    today = today_of(instance())
    return render_page("enforcement/officer.html", row.name, w=word, row=row, state=shown_state(row, today),
                       titles=STATE_TITLES, tones=STATE_TONES, kinds=CERTIFICATE_TITLES, changes=CHANGE_TITLES,
                       history=history, names=person_names(change.actor for change in history), today=today,
                       offered=offered if manages else [], manages=manages, typed=typed or {},
                       wrong=[(one.message(language()), one.fix(language())) for one in problems],
                       photo=photo_data(instance().materials, row.photo), largest=LARGEST_PHOTO >> 10,
                       may_open={change.record for change in history if may(Action.VIEW_CASE, change.organ)},
                       breadcrumb=(Crumb(word("执法人员"), url_for("enforcement_officers.index")),))


def _crumbs(row: Any) -> tuple[Crumb, ...]:
    return (Crumb(word("执法人员"), url_for("enforcement_officers.index")),
            Crumb(row.name, url_for("enforcement_officers.show", number=row.number)))
