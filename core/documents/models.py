"""The register of documents that the platform issued: written in the transaction that records the step."""

from __future__ import annotations

from peewee import CharField, DateField, TextField

from core.database import BaseModel
from core.instants import InstantField
from core.ledger.models import IdField


class IssuedDocument(BaseModel):
    """One document as it was issued. The ledger holds its hash and number; this table finds it by its code.

    Attributes:
        code: what the QR code leads to, 132 random bits; empty on internal documents.
        secret: the party's code, printed only on the document.
        sha256: of the PDF in the material store.
        signed_by: who certified it, where somebody did.
    """

    id = IdField(primary_key=True)
    document = CharField(max_length=96)
    case_id = IdField(index=True)
    event_id = IdField(index=True)
    material = CharField(max_length=64)
    organ = CharField(max_length=32, index=True)
    number = TextField(default="")
    title = TextField()
    issued_on = DateField()
    issued_at = InstantField()
    sha256 = CharField(max_length=64)
    code = CharField(max_length=32, null=True, unique=True)
    secret = CharField(max_length=16, default="")
    address = TextField(default="")
    signed_by = TextField(default="")

    class Meta:
        table_name = "document_issued"


MODELS: tuple[type[BaseModel], ...] = (IssuedDocument,)
