"""The building's day: rooms, what is booked, a form to book, and to give back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import FazhiError
from core.ledger.models import CaseRow
from core.organs.authority import Action
from plugins.disputes.rooms.booking import FIRST, KINDS, LAST, book, cancel, clock, hours, of_day
from plugins.disputes.rooms.models import Booking, Room
from web.kit.access import may, page_required, permit, target_of, the_actor, today_of
from web.kit.language import language, local
from web.kit.people import organ_names, person_names
from web.kit.render import instance, render_page

pages = Blueprint("rooms", __name__, url_prefix="/rooms", template_folder="templates")


@pages.get("", endpoint="index")
@page_required(Action.VIEW_WORKBENCH)
def index() -> str:
    """One day of the rooms of the reader's region."""
    typed = {"case": request.args.get("case_id", "")[:64]}
    return _show(_day(request.args.get("on", "")), typed)


@pages.post("/book", endpoint="book")
@page_required(Action.RECORD_STEP)
def book_room() -> Any:
    """Book; refused with what is there, and nothing typed is lost."""
    actor = the_actor()
    permit(Action.RECORD_STEP, actor.organ)
    typed = {name: request.form.get(name, "").strip() for name in ("room", "on", "begins", "ends", "purpose", "case")}
    room = Room.get_or_none((Room.id == _number(typed["room"])) & (Room.region == actor.place.region) & Room.active)
    if room is None:
        abort(404)
    case = CaseRow.get_or_none(CaseRow.id == typed["case"]) if typed["case"] else None
    if typed["case"] and (case is None or not may(Action.VIEW_CASE, target_of(case))):
        abort(404)
    day = _day(typed["on"])
    try:
        book(room, day, _number(typed["begins"]), _number(typed["ends"]), typed["purpose"], case=typed["case"],
             organ=actor.organ, person=actor.person_id, now=local(instance().now()))
    except FazhiError as refused:
        problem = refused.problems[0]
        status = 409 if problem.code == "room-taken" else 422
        return _show(day, typed, f"{problem.message(language())} {problem.fix(language())}"), status
    flash(_("已预订“%(room)s”。", room=room.name))
    return redirect(url_for("rooms.index", on=day.isoformat()))


@pages.post("/<int:booking_id>/cancel", endpoint="cancel")
@page_required(Action.RECORD_STEP)
def cancel_booking(booking_id: int) -> Response:
    """Give a room back: whoever booked it, and colleagues of the same organ."""
    booking = Booking.get_or_none(Booking.id == booking_id)
    if booking is None or booking.organ != the_actor().organ:
        abort(404)
    permit(Action.RECORD_STEP, booking.organ)
    cancel(booking, the_actor().person_id, instance().now())
    flash(_("已取消预订。"))
    return redirect(url_for("rooms.index", on=booking.on.isoformat()))


@pages.post("/add", endpoint="add")
@page_required(Action.IMPORT_PEOPLE)
def add() -> Response:
    """Enter a room of the own region."""
    name, kind = request.form.get("name", "").strip()[:100], request.form.get("kind", "")
    if not name or kind not in KINDS:
        abort(400)
    actor = the_actor()
    Room.create(region=actor.place.region, organ=actor.organ, name=name, kind=kind,
                seats=max(0, min(_number(request.form.get("seats", "")), 2000)))
    flash(_("已登记“%(room)s”。", room=name))
    return redirect(url_for("rooms.index"))


def kind_title(kind: str) -> str:
    """复议听证室, 仲裁庭 …"""
    return {"hearing": str(_("复议听证室")), "arbitration": str(_("仲裁庭")), "adjudication": str(_("行政裁决庭")),
            "mediation": str(_("人民调解庭"))}.get(kind, kind)


def _show(day: date, typed: dict[str, str], problem: str = "") -> str:
    case = CaseRow.get_or_none(CaseRow.id == typed["case"]) if typed.get("case") else None
    if case is not None and not may(Action.VIEW_CASE, target_of(case)):
        case = None
    rooms = of_day(the_actor().place.region, day)
    bookings = [one for _room, booked in rooms for one in booked]
    return render_page(
        "disputes/rooms.html", str(_("庭室预订")),
        page_lead=str(_("一个时段只能有一个预订；先订先用，取消后别人才能订。")), rooms=rooms, day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1), typed=typed, problem=problem, case=case, clock=clock,
        hours=hours, first=FIRST, last=LAST,
        kinds=[(kind, kind_title(kind)) for kind in KINDS], kind_title=kind_title,
        may_book=may(Action.RECORD_STEP, the_actor().organ), may_add=may(Action.IMPORT_PEOPLE),
        own=the_actor().organ, organs=organ_names(one.organ for one in bookings),
        people=person_names(one.person for one in bookings))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today_of(instance())  # type: ignore[no-any-return]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
