"""Decisions as they are compared: one row a case with a table, renewed from the ledger and rebuilt from it at will."""

from __future__ import annotations

from peewee import BooleanField, CharField, DateField, FloatField

from core.database import BaseModel


class Decided(BaseModel):
    """The standing decision of a case.

    Attributes:
        event: id of the decision's latest record; the newest of all says how far the ledger was read.
        alike: cases with the same value are alike: same table, same tier by the table.
        place: where in the tier's range the fine lies: 0 its lowest, 1 its highest amount.
        apart: whether it lies apart from those alike, by the rule of ``deviation.Spread``.
    """

    case = CharField(max_length=64, primary_key=True, column_name="case_id")
    event = CharField(max_length=64, index=True)
    organ = CharField(max_length=32)
    region = CharField(max_length=12)
    officer = CharField(max_length=64)
    table = CharField(max_length=128)
    tier = CharField(max_length=128)
    alike = CharField(max_length=256, index=True)
    fine = CharField(max_length=32)
    place = FloatField()
    decided_on = DateField()
    apart = BooleanField(default=False)

    class Meta:
        table_name = "plg_enforcement_decided"
        indexes = ((("organ", "apart"), False), (("alike", "apart"), False))


class Group(BaseModel):
    """Cases that are alike, summed up: the five numbers of a box, and what counts as apart."""

    alike = CharField(max_length=256, primary_key=True)
    table = CharField(max_length=128, index=True)
    tier = CharField(max_length=128)
    cases = FloatField()
    apart = FloatField()
    least = FloatField()
    quarter = FloatField()
    middle = FloatField()
    three_quarters = FloatField()
    most = FloatField()
    width = FloatField()

    class Meta:
        table_name = "plg_enforcement_decided_group"


MODELS = (Decided, Group)
