"""Tables of the registers: bodies with their powers, certificates with everything that happened to them."""

from __future__ import annotations

from peewee import AutoField, CharField, DateField, ForeignKeyField, TextField

from core.database import BaseModel
from core.instants import InstantField
from core.organs.models import Organ


class Body(BaseModel):
    """An organ that is confirmed as an enforcement body (执法主体).

    Attributes:
        qualification: a ``Qualification``.
        entrusted_by: in whose name an entrusted organisation acts (行政处罚法 20).
        document: number of the confirmation or entrustment; ``document_hash`` and ``document_name`` are its file's.
        valid_from, valid_until: both days included; no end where ``valid_until`` is empty.
    """

    organ = ForeignKeyField(Organ, primary_key=True, on_delete="RESTRICT")
    organ_id: str
    qualification = CharField(max_length=16, index=True)
    entrusted_by = ForeignKeyField(Organ, null=True, backref="entrusted_bodies", on_delete="RESTRICT")
    entrusted_by_id: str | None
    basis = TextField(default="")
    document = CharField(default="")
    document_hash = CharField(max_length=64, null=True)
    document_name = CharField(null=True)
    valid_from = DateField()
    valid_until = DateField(null=True)

    class Meta:
        table_name = "plg_enforcement_body"


class Power(BaseModel):
    """One item of a body's list of powers and duties (权责清单)."""

    id = AutoField()
    body = ForeignKeyField(Body, backref="powers", on_delete="CASCADE")
    body_id: str
    code = CharField(max_length=64)
    act = CharField(max_length=16)
    title = CharField()
    law = CharField(default="")
    article = CharField(default="")
    valid_from = DateField(null=True)
    valid_until = DateField(null=True)

    class Meta:
        table_name = "plg_enforcement_power"
        indexes = ((("body", "code"), True), (("body", "act"), False))


class Certificate(BaseModel):
    """A certificate (行政执法证) as it stands; ``Change`` says how it came to stand so.

    Attributes:
        account: the holder's account, where there is one.
        categories: domains of enforcement, separated by 、.
        state: ``valid``, ``suspended`` or ``cancelled``; expiry follows from ``valid_until``.
        photo: SHA-256 of the stored picture.
        code: what the QR code on the badge leads to; 128 random bits.
    """

    number = CharField(max_length=32, primary_key=True)
    kind = CharField(max_length=16)
    name = CharField(max_length=64, index=True)
    organ = ForeignKeyField(Organ, backref="certificates", on_delete="RESTRICT")
    organ_id: str
    account = CharField(max_length=64, null=True, index=True)
    issuer = CharField(default="")
    categories = CharField(default="")
    issued = DateField()
    valid_until = DateField(index=True)
    photo = CharField(max_length=64, default="")
    state = CharField(max_length=16, index=True)
    code = CharField(max_length=32, unique=True)

    class Meta:
        table_name = "plg_enforcement_certificate"


class Change(BaseModel):
    """Something that happened to a certificate; only ever added to.

    Attributes:
        on: the day from which it counts.
        valid_until: the last day of validity that an issue or a renewal gave.
        record: id of the ledger case that holds the hash over this set of changes.
    """

    id = AutoField()
    certificate = ForeignKeyField(Certificate, backref="changes", on_delete="RESTRICT")
    certificate_id: str
    kind = CharField(max_length=16)
    on = DateField()
    valid_until = DateField(null=True)
    reason = TextField(default="")
    document = CharField(default="")
    actor = CharField(max_length=64)
    organ = CharField(max_length=32)
    recorded_at = InstantField()
    record = CharField(max_length=64, index=True)

    class Meta:
        table_name = "plg_enforcement_change"


MODELS = (Body, Power, Certificate, Change)
