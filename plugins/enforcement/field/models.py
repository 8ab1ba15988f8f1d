"""The table of recordings that came from phones."""

from __future__ import annotations

from peewee import BigIntegerField, CharField

from core.database import BaseModel
from core.instants import InstantField


class FieldRecording(BaseModel):
    """An audio or video recording: when it ran by the device's clock.

    Attributes:
        gap: its longest break in milliseconds.
        account: who uploaded it.
    """

    sha256 = CharField(max_length=64, primary_key=True)
    started = InstantField()
    ended = InstantField()
    gap = BigIntegerField()
    account = CharField(max_length=64, index=True)

    class Meta:
        table_name = "plg_enforcement_field_recording"


MODELS = (FieldRecording,)
