"""Tables of the register: each document as its case stands, and where documents are named in other matters."""

from __future__ import annotations

from peewee import BooleanField, CharField, CompositeKey, IntegerField

from core.database import BaseModel
from scoring.columns import DayField


class Document(BaseModel):
    """A normative document as its case stands; a projection that can be rebuilt from the ledger.

    Attributes:
        seq: of the case when this row was made; a case that went on makes it anew.
        published: None while it is being made.
        until: last day of its own validity.
        ended, ending: when and how it lost force (``repealed``, ``expired``, ``repeal`` and ``invalid`` by a clean-up).
        filed: when it was first reported for filing.
        complete: whether the filing's material met the requirements.
        conclusion: of the filing review.
        corrected: whether a demanded correction was verified; None where none was demanded.
        cleaned: latest clean-up.
        advice: of the latest post-evaluation.
        informed, respondents: of all awareness surveys together.
    """

    case = CharField(max_length=64, primary_key=True, column_name="case_id")
    seq = IntegerField()
    organ = CharField(max_length=32, index=True)
    region = CharField(max_length=12, index=True)
    title = CharField(max_length=300)
    number = CharField(max_length=100, default="", index=True)
    subject = CharField(max_length=100, default="")
    kind = CharField(max_length=16, default="")
    published = DayField(null=True, index=True)
    effective = DayField(null=True)
    until = DayField(null=True)
    ended = DayField(null=True)
    ending = CharField(max_length=16, default="")
    filed = DayField(null=True)
    registered = DayField(null=True)
    reviewed = DayField(null=True)
    complete = BooleanField(null=True)
    conclusion = CharField(max_length=16, default="")
    corrected = BooleanField(null=True)
    cleaned = DayField(null=True)
    advice = CharField(max_length=16, default="")
    informed = IntegerField(default=0)
    respondents = IntegerField(default=0)
    stage = CharField(max_length=32, default="")

    class Meta:
        table_name = "plg_legislation_document"


class Mention(BaseModel):
    """A matter of any sub-platform that names a document by its number."""

    number = CharField(max_length=100)
    case = CharField(max_length=64, column_name="case_id")
    procedure = CharField(max_length=64)
    on = DayField()

    class Meta:
        table_name = "plg_legislation_mention"
        primary_key = CompositeKey("number", "case")


class Scanned(BaseModel):
    """How far the ledger was read for mentions.

    Attributes:
        taken: instant text of the latest event read.
    """

    id = IntegerField(primary_key=True)
    taken = CharField(max_length=40)

    class Meta:
        table_name = "plg_legislation_scanned"


class Reviewer(BaseModel):
    """Who takes which step of the filing review in a justice department; where nobody is named, any supervisor does.

    Attributes:
        step: the review's event type.
    """

    organ = CharField(max_length=32)
    step = CharField(max_length=32)
    person = CharField(max_length=64)

    class Meta:
        table_name = "plg_legislation_reviewer"
        primary_key = CompositeKey("organ", "step", "person")


MODELS = (Document, Mention, Scanned, Reviewer)
