"""Tables of the party's page: wrong codes, and what parties said."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField, TextField

from core.database import BaseModel
from core.documents.models import IssuedDocument
from core.instants import InstantField


class WrongCode(BaseModel):
    """Wrong codes entered for an address since ``first_at``; known and unknown addresses are counted alike."""

    code = CharField(max_length=32, primary_key=True)
    count = IntegerField()
    first_at = InstantField()

    class Meta:
        table_name = "plg_enforcement_wrong_code"


class PartyRating(BaseModel):
    """A party's rating, once for each document.

    Attributes:
        stars: 1 to 5.
        comment: in the party's words; the chain holds only its salted digest, so that it can be erased.
        event_id: the ``document.rated`` event on the case.
    """

    document = ForeignKeyField(IssuedDocument, primary_key=True, backref="+", on_delete="RESTRICT")
    document_id: str
    case_id = CharField(max_length=64, index=True)
    organ = CharField(max_length=32, index=True)
    stars = IntegerField()
    comment = TextField(default="")
    salt = CharField(max_length=64)
    rated_at = InstantField(index=True)
    event_id = CharField(max_length=64)

    class Meta:
        table_name = "plg_enforcement_rating"


MODELS = (WrongCode, PartyRating)
