"""Tables: lawyers, questions with how far each was sent, who got it, what was said, codes, forms that were taken."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    CompositeKey,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from core.database import BaseModel
from core.instants import InstantField


class Lawyer(BaseModel):
    """A lawyer who answers questions. No account of the platform: a personal link and a PIN open only the questions.

    Attributes:
        region: of the justice department that registered the lawyer.
        city: the league or city where the lawyer practises.
        level: ``local`` (legal adviser of the city), ``region`` or ``national``.
        fields: ids of fields, one a line; empty: all.
        link_hash: SHA-256 of the secret in the personal link; empty where none was given out.
        pin_hash: argon2id of the PIN that the lawyer chose; empty until the link is first opened.
        session: changes whenever open sessions shall end.
    """

    id = AutoField()
    region = CharField(max_length=12, index=True)
    number = CharField(max_length=40, unique=True)
    name = CharField(max_length=100)
    firm = CharField(max_length=200, default="")
    city = CharField(max_length=12, index=True)
    level = CharField(max_length=10, index=True)
    fields = TextField(default="")
    phone = CharField(max_length=40, default="")
    active = BooleanField(default=True)
    link_hash = CharField(max_length=64, default="", index=True)
    pin_hash = CharField(max_length=200, default="")
    session = IntegerField(default=0)
    failures = IntegerField(default=0)
    locked_until = DoubleField(default=0)

    class Meta:
        table_name = "plg_disputes_lawyer"


class Question(BaseModel):
    """How far a question has come; the case of the same id in the ledger says everything else.

    Attributes:
        region: the city of the person who asks.
        reached: steps taken: 0 none, 1 local, 2 region, 3 national.
        answers: lawyers who have answered.
        third_at: when the third lawyer answered.
        last_at: when something was last said.
    """

    id = CharField(max_length=64, primary_key=True)
    region = CharField(max_length=12, index=True)
    organ = CharField(max_length=32, index=True)
    field = CharField(max_length=20)
    asked_at = InstantField(index=True)
    reached = IntegerField(default=0)
    answers = IntegerField(default=0)
    third_at = InstantField(null=True)
    satisfaction = IntegerField(null=True)
    last_at = InstantField()
    closed_at = InstantField(null=True)

    class Meta:
        table_name = "plg_disputes_question"
        indexes = ((("closed_at", "last_at"), False),)


class Push(BaseModel):
    """A question that was sent to a lawyer, and in which step. The key is what keeps it from being sent twice."""

    question = CharField(max_length=64, column_name="question_id")
    lawyer = IntegerField(column_name="lawyer_id")
    step = IntegerField()
    at = InstantField()

    class Meta:
        table_name = "plg_disputes_push"
        primary_key = CompositeKey("question", "lawyer")
        indexes = ((("lawyer", "at"), False),)


class Said(BaseModel):
    """An answer or a follow-up. The words are in the ledger, as personal values of ``event``: erased there, gone here.

    Attributes:
        lawyer: None: said by the person who asks.
    """

    event = CharField(max_length=64, primary_key=True, column_name="event_id")
    question = CharField(max_length=64, column_name="question_id", index=True)
    lawyer = ForeignKeyField(Lawyer, null=True, on_delete="RESTRICT")
    lawyer_id: int | None
    at = InstantField()

    class Meta:
        table_name = "plg_disputes_said"


class Ticket(BaseModel):
    """The code that a citizen comes back with; only its hash is kept."""

    code_hash = CharField(max_length=64, primary_key=True)
    case = CharField(max_length=64, index=True, column_name="case_id")
    made_at = InstantField()

    class Meta:
        table_name = "plg_disputes_ticket"


class Sending(BaseModel):
    """An answer or a follow-up that was taken: sent again because the line broke, it is not taken twice.

    Attributes:
        key: SHA-256 of the form's random token and what was written; the token is not kept.
    """

    key = CharField(max_length=64, primary_key=True)
    at = InstantField(index=True)

    class Meta:
        table_name = "plg_disputes_sending"


MODELS = (Lawyer, Question, Push, Said, Ticket, Sending)
