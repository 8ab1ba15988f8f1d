"""Tables of the ledger: cases, their events, sealable personal values, signed roots and the outbox."""

from __future__ import annotations

from typing import Any

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from core.database import BaseModel, is_sqlite, json_field
from core.instants import InstantField


class IdField(CharField):
    """An identifier that sorts bytewise on every database, so that verification can merge ordered streams."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 64, **options})

    def ddl(self, ctx: Any) -> Any:
        """The column's definition; SQLite compares bytes by itself."""
        self.collation = None if is_sqlite() else '"C"'
        return super().ddl(ctx)


class CaseRow(BaseModel):
    """One case: its head, which never changes, and a summary of its chain.

    Attributes:
        opened_at: when the first step happened.
        closed_at: when the closing step happened; None while the case is open.
        stage: stage of the latest step that belongs to one.
        last_seq, head_hash: end of the chain.
    """

    id = IdField(primary_key=True)
    procedure = CharField(max_length=64, index=True)
    organ = CharField(max_length=32, index=True)
    region = CharField(max_length=12, index=True)
    title = TextField(default="")
    number = CharField(max_length=128, default="", index=True)
    opened_at = InstantField(index=True)
    closed_at = InstantField(null=True, index=True)
    last_seq = IntegerField()
    head_hash = CharField(max_length=64)
    stage = CharField(max_length=64, default="")

    class Meta:
        table_name = "case_"


class SerialRow(BaseModel):
    """The last serial number given in a scope: ``procedure|region|year``."""

    scope = CharField(max_length=96, primary_key=True)
    last = IntegerField()

    class Meta:
        table_name = "case_serial"


class EventRow(BaseModel):
    """One event as hashed. ``payload``, ``commitments`` and ``materials`` hold canonical JSON text.

    Attributes:
        taken_at: when this platform took it in; differs from ``recorded_at`` only for imported logs that
            bring their own times of recording.
        bundle: hash of the rule bundle that it was checked against.
        algorithm: of ``hash``.
    """

    id = IdField(primary_key=True)
    case = ForeignKeyField(CaseRow, backref="+", on_delete="RESTRICT", column_name="case_id", index=False)
    seq = IntegerField()
    type = CharField(max_length=64)
    occurred_at = InstantField()
    recorded_at = InstantField()
    taken_at = InstantField()
    precision = CharField(max_length=8)
    actor = CharField(max_length=64)
    organ = CharField(max_length=32)
    payload = TextField()
    commitments = TextField()
    materials = TextField()
    corrects = CharField(max_length=64, null=True)
    void = BooleanField(default=False)
    bundle = CharField(max_length=64)
    algorithm = CharField(max_length=16)
    previous_hash = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        table_name = "ledger_event"
        indexes = ((("case", "seq"), True), (("type", "recorded_at"), False))


class PersonalValue(BaseModel):
    """The value behind a commitment. Sealing empties ``value`` and ``salt``; the row stays."""

    event = ForeignKeyField(EventRow, backref="+", on_delete="RESTRICT", column_name="event_id", index=False)
    case_id = IdField(index=True)
    field = CharField(max_length=64)
    value = TextField(null=True)
    salt = CharField(max_length=64, null=True)

    class Meta:
        table_name = "ledger_personal_value"
        indexes = ((("event", "field"), True),)


class RequestRow(BaseModel):
    """A request that was recorded, so that sending it again records nothing twice."""

    key = CharField(max_length=64, primary_key=True)
    digest = CharField(max_length=64)
    case_id = IdField()
    first_seq = IntegerField()
    last_seq = IntegerField()

    class Meta:
        table_name = "ledger_request"


class OutboxRow(BaseModel):
    """What was recorded and has still to be told: written with the events, delivered after commit."""

    id = AutoField()
    topic = CharField(max_length=64)
    case_id = IdField()
    payload = json_field(default=dict)
    created_at = InstantField()
    delivered_at = InstantField(null=True, index=True)

    class Meta:
        table_name = "ledger_outbox"


class MerkleRoot(BaseModel):
    """A signed root as it was exported; the exported file, not this row, is what verification trusts."""

    number = IntegerField(unique=True)
    made_at = InstantField()
    root = CharField(max_length=64)
    cases = IntegerField()
    header = TextField()
    signature = CharField(max_length=128)
    file = CharField()

    class Meta:
        table_name = "ledger_root"


MODELS: tuple[type[BaseModel], ...] = (CaseRow, SerialRow, EventRow, PersonalValue, RequestRow, OutboxRow, MerkleRoot)

__all__ = ["MODELS", "CaseRow", "EventRow", "IdField", "MerkleRoot", "OutboxRow", "PersonalValue", "RequestRow",
           "SerialRow"]
