"""Tables of rooms: what there is, what is booked, and the half-hours that a booking holds."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, CompositeKey, ForeignKeyField, IntegerField

from core.database import BaseModel
from core.instants import InstantField
from scoring.columns import DayField


class Room(BaseModel):
    """A room of a region's building for dispute resolution.

    Attributes:
        organ: that looks after it.
        kind: ``hearing`` 复议听证室, ``arbitration`` 仲裁庭, ``adjudication`` 行政裁决庭, ``mediation`` 人民调解庭.
    """

    id = AutoField()
    region = CharField(max_length=12, index=True)
    organ = CharField(max_length=32)
    name = CharField(max_length=100)
    kind = CharField(max_length=16)
    seats = IntegerField(default=0)
    active = BooleanField(default=True)

    class Meta:
        table_name = "plg_disputes_room"


class Booking(BaseModel):
    """A room for some hours of a day; a cancelled one stays to be seen.

    Attributes:
        begins, ends: half-hours since midnight; the last one is not included.
    """

    id = AutoField()
    room = ForeignKeyField(Room, backref="bookings", on_delete="RESTRICT")
    room_id: int
    on = DayField(index=True)
    begins = IntegerField()
    ends = IntegerField()
    purpose = CharField(max_length=200)
    case = CharField(max_length=64, default="", column_name="case_id")
    organ = CharField(max_length=32)
    person = CharField(max_length=64)
    made_at = InstantField()
    cancelled_by = CharField(max_length=64, default="")
    cancelled_at = InstantField(null=True)

    class Meta:
        table_name = "plg_disputes_booking"


class Held(BaseModel):
    """A half-hour of a room that a booking holds. The key is what keeps two bookings apart, on every database."""

    room = IntegerField(column_name="room_id")
    on = DayField()
    slot = IntegerField()
    booking = ForeignKeyField(Booking, backref="held", on_delete="CASCADE")

    class Meta:
        table_name = "plg_disputes_held"
        primary_key = CompositeKey("room", "on", "slot")


MODELS = (Room, Booking, Held)
