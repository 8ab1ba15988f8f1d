"""Table of stored files and of uploads that are under way."""

from __future__ import annotations

from peewee import BigIntegerField, CharField

from core.database import BaseModel
from core.instants import InstantField


class MaterialBlob(BaseModel):
    """A stored file. Its bytes lie in the folder of materials, under its hash."""

    sha256 = CharField(max_length=64, primary_key=True)
    size = BigIntegerField()
    media_type = CharField(max_length=128)
    stored_at = InstantField()
    stored_by = CharField(max_length=64, default="")

    class Meta:
        table_name = "material_blob"


MODELS: tuple[type[BaseModel], ...] = (MaterialBlob,)
