"""Marks on an instance as a whole: that it shows invented data, for example."""

from __future__ import annotations

from peewee import CharField, TextField

from core.database import BaseModel

DEMO = "demo"


class MarkRow(BaseModel):
    """A named mark."""

    name = CharField(max_length=32, primary_key=True)
    value = TextField(default="")

    class Meta:
        table_name = "instance_mark"


MODELS = (MarkRow,)


def set_mark(name: str, value: str = "") -> None:
    """Set a mark; it stays until the database is made anew."""
    MarkRow.insert(name=name, value=value).on_conflict_ignore().execute()


def is_marked(name: str) -> bool:
    """Whether the mark is set."""
    return MarkRow.select().where(MarkRow.name == name).exists()
