"""Booking: all half-hours or none; whoever comes second is told what is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from core.database import database
from core.errors import Location, fail
from plugins.disputes.rooms.models import Booking, Held, Room

FIRST, LAST = 16, 44
"""From 8:00 until 22:00, in half-hours since midnight."""

KINDS = ("hearing", "arbitration", "adjudication", "mediation")


def book(room: Any, on: date, begins: int, ends: int, purpose: str, *, case: str = "", organ: str, person: str,
         now: datetime) -> Any:
    """Book a room.

    Args:
        begins, ends: half-hours since midnight; ``ends`` is not included.
        now: by the local clock; a half-hour that is over cannot be booked.

    Raises:
        FazhiError: ``room-hours``, ``room-day-past``, ``room-purpose``; ``room-taken`` with the booking that is there.
    """
    if not FIRST <= begins < ends <= LAST:
        raise fail("room-hours", Location("booking", field="begins"), first=clock(FIRST), last=clock(LAST))
    if (on, ends) <= (now.date(), now.hour * 2 + now.minute // 30):
        raise fail("room-day-past", Location("booking", field="on"))
    if not purpose.strip():
        raise fail("room-purpose", Location("booking", field="purpose"))
    try:
        with database.atomic():
            made = Booking.create(room=room, on=on, begins=begins, ends=ends, purpose=purpose.strip()[:200], case=case,
                                  organ=organ, person=person, made_at=now)
            Held.insert_many([{"room": room.id, "on": on, "slot": slot, "booking": made.id}
                              for slot in range(begins, ends)]).execute()
            return made
    except IntegrityError:
        there = taken(room, on, begins, ends)
        raise fail("room-taken", Location("booking", field="begins"), room=room.name, purpose=there.purpose if there
                   else "", hours=hours(there) if there else "") from None


def cancel(booking: Any, person: str, now: datetime) -> None:
    """Give the room back; doing it twice does no harm."""
    with database.atomic():
        Held.delete().where(Held.booking == booking).execute()
        Booking.update(cancelled_by=person, cancelled_at=now).where(
            (Booking.id == booking.id) & Booking.cancelled_at.is_null()).execute()


def taken(room: Any, on: date, begins: int, ends: int) -> Any | None:
    """A booking that holds some of these half-hours."""
    return Booking.select().where(
        (Booking.room == room) & (Booking.on == on) & Booking.cancelled_at.is_null()
        & (Booking.begins < ends) & (Booking.ends > begins)).order_by(Booking.begins).first()


def of_day(region: str, on: date) -> Sequence[tuple[Any, Sequence[Any]]]:
    """The rooms of a region with their bookings of a day."""
    rooms = list(Room.select().where((Room.region == region) & Room.active).order_by(Room.kind, Room.name, Room.id))
    found: dict[int, list[Any]] = {room.id: [] for room in rooms}
    for one in Booking.select().where(Booking.room.in_(list(found)) & (Booking.on == on)
                                      & Booking.cancelled_at.is_null()).order_by(Booking.begins):
        found[one.room_id].append(one)
    return [(room, found[room.id]) for room in rooms]


def clock(slot: int) -> str:
    """A half-hour as 09:30."""
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"


def hours(booking: Any) -> str:
    """09:30—11:00."""
    return f"{clock(booking.begins)}—{clock(booking.ends)}"
