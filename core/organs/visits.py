"""When a person last looked at the workbench of an organ, so that pages can say what is new since."""

from __future__ import annotations

from datetime import datetime

from peewee import CharField, CompositeKey

from core.database import BaseModel
from core.instants import InstantField


class Visit(BaseModel):
    """The latest look of a person at an organ's workbench."""

    person = CharField(max_length=64)
    organ = CharField(max_length=32)
    seen_at = InstantField()

    class Meta:
        table_name = "workbench_visit"
        primary_key = CompositeKey("person", "organ")


MODELS = (Visit,)


def last_visit(person: str, organ: str) -> datetime | None:
    """When the person last looked; None: never."""
    row = Visit.get_or_none((Visit.person == person) & (Visit.organ == organ))
    return row.seen_at if row else None


def visited(person: str, organ: str, now: datetime) -> None:
    """Note that the person looks now."""
    Visit.insert(person=person, organ=organ, seen_at=now).on_conflict(
        conflict_target=[Visit.person, Visit.organ], update={Visit.seen_at: now}).execute()
