"""The table of experts."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, TextField

from core.database import BaseModel


class Expert(BaseModel):
    """Somebody who may be asked for an opinion.

    Attributes:
        number: of the expert in the pool, as shown in draws.
        fields: what the expert knows, one field a line.
        employer: whom the expert works for; an employer that takes part in a case leaves the expert out.
        ties: further organs and persons to whom the expert is bound, one a line.
    """

    id = AutoField()
    region = CharField(max_length=12, index=True)
    number = CharField(max_length=20)
    name = CharField(max_length=100)
    fields = TextField()
    employer = CharField(max_length=200, default="")
    ties = TextField(default="")
    active = BooleanField(default=True)

    class Meta:
        table_name = "plg_disputes_expert"
        indexes = ((("region", "number"), True),)


MODELS = (Expert,)
