"""Tables of assessments. All but releases are projections: they can be rebuilt from the ledger."""

from __future__ import annotations

from peewee import AutoField, BigIntegerField, BooleanField, CharField, CompositeKey, IntegerField, TextField

from core.database import BaseModel, json_field
from core.instants import InstantField
from scoring.columns import DayField, PointsField


class EntryRow(BaseModel):
    """What a case contributes to a leaf; see ``scoring.assessment.entries.Entry``."""

    id = AutoField()
    case = CharField(max_length=64, column_name="case_id", index=True)
    scheme = CharField(max_length=64)
    leaf = CharField(max_length=64)
    organ = CharField(max_length=32)
    year = IntegerField()
    day = DayField(index=True)
    cases = IntegerField()
    numerator = BigIntegerField()
    denominator = BigIntegerField()
    then_numerator = BigIntegerField()

    class Meta:
        table_name = "assessment_entry"
        indexes = ((("scheme", "organ", "year", "leaf"), False), (("scheme", "leaf", "year"), False))


class ReliefRow(BaseModel):
    """A granted appeal; see ``scoring.assessment.score.Relief``."""

    case = CharField(max_length=64, primary_key=True, column_name="case_id")
    scheme = CharField(max_length=64)
    year = IntegerField()
    leaf = CharField(max_length=64)
    organ = CharField(max_length=32)
    kind = CharField(max_length=16)
    numerator = CharField(max_length=32, null=True)
    denominator = CharField(max_length=32, null=True)
    ground = TextField(default="")
    approver = CharField(max_length=64)
    day = DayField()
    event = CharField(max_length=64)

    class Meta:
        table_name = "assessment_relief"
        indexes = ((("scheme", "organ", "year"), False),)


class OrganScoreRow(BaseModel):
    """The latest score of an organ for a year.

    Attributes:
        parts: the scored parts as canonical JSON: ``[[sort, id, weight, due, earned], …]`` in hundredths, where sort
            is ``aspect`` or ``view``.
        unscored: results without data.
        day: the local day whose close was looked at.
    """

    scheme = CharField(max_length=64)
    year = IntegerField()
    organ = CharField(max_length=32)
    region = CharField(max_length=12)
    level = CharField(max_length=12)
    kind = CharField(max_length=24)
    score = PointsField(null=True)
    earned = PointsField()
    due = PointsField()
    at_risk = PointsField()
    provisional = BooleanField()
    blocked = BooleanField()
    unscored = IntegerField()
    parts = TextField()
    day = DayField()
    bundle = CharField(max_length=64)

    class Meta:
        table_name = "assessment_score"
        primary_key = CompositeKey("scheme", "year", "organ")
        indexes = ((("scheme", "year", "level", "kind", "score"), False),)


class ScoreDayRow(BaseModel):
    """An organ's score as it was known at the end of a day on which it changed: what trends show."""

    scheme = CharField(max_length=64)
    year = IntegerField()
    organ = CharField(max_length=32)
    day = DayField()
    score = PointsField(null=True)
    earned = PointsField()
    due = PointsField()

    class Meta:
        table_name = "assessment_day"
        primary_key = CompositeKey("scheme", "year", "organ", "day")


class DirtyOrgan(BaseModel):
    """An organ whose scores of a year have to be renewed."""

    organ = CharField(max_length=32)
    year = IntegerField()

    class Meta:
        table_name = "assessment_dirty"
        primary_key = CompositeKey("organ", "year")


class ReleaseRow(BaseModel):
    """A year's result that was published and is frozen: nothing renews its scores.

    Attributes:
        digest: SHA-256 of the archive; ``signature`` is over it.
        file: name of the archive in the instance's folder.
    """

    scheme = CharField(max_length=64)
    year = IntegerField()
    made_at = InstantField()
    made_by = CharField(max_length=64)
    organs = IntegerField()
    digest = CharField(max_length=64)
    signature = CharField(max_length=256)
    key = CharField(max_length=128)
    file = CharField()
    bundle = CharField(max_length=64)

    class Meta:
        table_name = "assessment_release"
        primary_key = CompositeKey("scheme", "year")


class PublishingRow(BaseModel):
    """A year's result that somebody asked to publish: how far it is, or why it was not published.

    Attributes:
        job: key of the job that works on it; each new asking has a job of its own.
        done, total: receipts made, and to be made.
        refused: why it was not published, by language; empty while it is under way or done.
    """

    scheme = CharField(max_length=64)
    year = IntegerField()
    job = CharField()
    asked_by = CharField(max_length=64)
    asked_at = InstantField()
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    refused = json_field(default=dict)

    class Meta:
        table_name = "assessment_publishing"
        primary_key = CompositeKey("scheme", "year")


MODELS: tuple[type[BaseModel], ...] = (EntryRow, ReliefRow, OrganScoreRow, ScoreDayRow, DirtyOrgan, ReleaseRow,
                                       PublishingRow)

__all__ = ["MODELS", "DirtyOrgan", "EntryRow", "OrganScoreRow", "PublishingRow", "ReleaseRow", "ReliefRow",
           "ScoreDayRow"]
