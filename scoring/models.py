"""Tables of scoring. All but receipts that were made whole are projections: they can be rebuilt from the ledger."""

from __future__ import annotations

from peewee import AutoField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from core.database import BaseModel
from core.instants import InstantField
from scoring.assessment.models import MODELS as ASSESSMENT
from scoring.columns import DayField, PointsField


class VerdictRow(BaseModel):
    """The latest verdict on an activation of a rule in a case.

    Attributes:
        organ: the organ that answers for it; mostly the one that owns the case.
        activation: id of the event first recorded at the activating step's place; empty for per-case rules.
        duty: ``pending`` for something still to be done, ``overdue`` for something still to be done that is late.
        warning: level of the early warning that is on, if any.
        wake_at: the next moment at which time alone changes this row.
    """

    id = AutoField()
    case = CharField(max_length=64, column_name="case_id", index=True)
    procedure = CharField(max_length=64)
    organ = CharField(max_length=32)
    region = CharField(max_length=12)
    rule = CharField(max_length=128)
    activation = CharField(max_length=64, default="")
    state = CharField(max_length=16)
    due = InstantField(null=True)
    due_date = DayField(null=True)
    answered_by = CharField(max_length=64, null=True)
    cured_on = DayField(null=True)
    days_late = IntegerField(null=True)
    order_uncertain = BooleanField(default=False)
    provisional = BooleanField(default=False)
    level = CharField(max_length=8)
    duty = CharField(max_length=8, default="")
    warning = CharField(max_length=8, null=True)
    wake_at = InstantField(null=True, index=True)
    bundle = CharField(max_length=64)

    class Meta:
        table_name = "verdict"
        indexes = ((("organ", "duty", "due"), False),)


class FindingRow(BaseModel):
    """A finding as it stands; see ``scoring.life.Finding`` for what the columns mean.

    Attributes:
        organ: the organ that answers for it; mostly the one that owns the case.
        person, acting_organ: who recorded the step that caused it.
    """

    id = CharField(max_length=16, primary_key=True)
    case = CharField(max_length=64, column_name="case_id", index=True)
    procedure = CharField(max_length=64)
    organ = CharField(max_length=32)
    region = CharField(max_length=12, index=True)
    rule = CharField(max_length=128)
    code = CharField(max_length=64, index=True)
    level = CharField(max_length=8)
    activation = CharField(max_length=64, default="")
    activation_event_type = CharField(max_length=64, default="")
    person = CharField(max_length=64)
    acting_organ = CharField(max_length=32)
    status = CharField(max_length=12)
    raised_at = InstantField()
    due = InstantField(null=True)
    answer = TextField(null=True)
    answered_by = CharField(max_length=64, null=True)
    answered_at = InstantField(null=True)
    reason = TextField(null=True)
    determined_by = CharField(max_length=64, null=True)
    determined_at = InstantField(null=True)
    cure = TextField(null=True)
    cured_on = DayField(null=True)
    cured_by = CharField(max_length=64, null=True)

    class Meta:
        table_name = "finding"
        indexes = ((("organ", "status", "raised_at"), False), (("status", "raised_at"), False))


class CaseScore(BaseModel):
    """The latest score of a case.

    Attributes:
        year: the assessment year that the case counts for.
        score: out of 100; None where nothing is scored or no scheme covers the case.
        at_risk: what the score loses if every undetermined finding is confirmed.
        five_complete, reviewed: share facts, None where unknown.
        receipt, digest: of the receipt that this score has.
    """

    case = CharField(max_length=64, primary_key=True, column_name="case_id")
    procedure = CharField(max_length=64)
    scheme = CharField(max_length=64, null=True)
    organ = CharField(max_length=32)
    region = CharField(max_length=12)
    year = IntegerField()
    day = DayField()
    closed = BooleanField()
    score = PointsField(null=True)
    earned = PointsField(null=True)
    due = PointsField(null=True)
    at_risk = PointsField(default=0)
    provisional = BooleanField(default=True)
    five_complete = BooleanField(null=True)
    reviewed = BooleanField(null=True)
    seq = IntegerField()
    bundle = CharField(max_length=64)
    judged_at = InstantField()
    receipt = CharField(max_length=24)
    digest = CharField(max_length=64)

    class Meta:
        table_name = "case_score"
        indexes = ((("procedure", "year", "organ"), False), (("region", "year"), False))


class UnitScore(BaseModel):
    """The score of an organ or a region for a year: means of what lies below, with counts.

    Attributes:
        unit: ``organ`` or ``region``.
        subject: organ id or region code.
        region: code of the region that the unit is or lies in.
        organs: organs with scored cases below a region; 1 for an organ that has some.
        five_known, five_yes, reviewed_known, reviewed_yes: closed cases whose share facts are known, and true.
    """

    procedure = CharField(max_length=64)
    year = IntegerField()
    unit = CharField(max_length=8)
    subject = CharField(max_length=32)
    region = CharField(max_length=12)
    level = CharField(max_length=12)
    kind = CharField(max_length=24, default="")
    score = PointsField(null=True)
    provisional = BooleanField(default=True)
    organs = IntegerField(default=0)
    cases = IntegerField(default=0)
    closed = IntegerField(default=0)
    scored = IntegerField(default=0)
    unsettled = IntegerField(default=0)
    findings_open = IntegerField(default=0)
    findings_confirmed = IntegerField(default=0)
    duties_pending = IntegerField(default=0)
    duties_overdue = IntegerField(default=0)
    five_known = IntegerField(default=0)
    five_yes = IntegerField(default=0)
    reviewed_known = IntegerField(default=0)
    reviewed_yes = IntegerField(default=0)

    class Meta:
        table_name = "unit_score"
        primary_key = CompositeKey("procedure", "year", "unit", "subject")
        indexes = ((("procedure", "year", "unit", "region"), False),)


class DirtyUnit(BaseModel):
    """An organ whose unit scores of a year have to be renewed."""

    procedure = CharField(max_length=64)
    year = IntegerField()
    organ = CharField(max_length=32)

    class Meta:
        table_name = "dirty_unit"
        primary_key = CompositeKey("procedure", "year", "organ")


class ReceiptRow(BaseModel):
    """A receipt's key and digest; ``body`` is its canonical JSON once a person relied on it.

    Attributes:
        made_whole_for: ``confirmation`` or ``publication``.
    """

    id = CharField(max_length=24, primary_key=True)
    kind = CharField(max_length=8)
    subject = CharField(max_length=320, index=True)
    seq = IntegerField()
    bundle = CharField(max_length=64)
    at = InstantField()
    before = InstantField(null=True)
    version = CharField(max_length=16)
    digest = CharField(max_length=64)
    body = TextField(null=True)
    made_whole_for = CharField(max_length=16, null=True)

    class Meta:
        table_name = "receipt"


MODELS: tuple[type[BaseModel], ...] = (VerdictRow, FindingRow, CaseScore, UnitScore, DirtyUnit, ReceiptRow,
                                       *ASSESSMENT)

__all__ = ["MODELS", "CaseScore", "DirtyUnit", "FindingRow", "ReceiptRow", "UnitScore", "VerdictRow"]
