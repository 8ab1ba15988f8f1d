"""Facts of each dispute as the analysis counts them; a projection of the ledger that can be thrown away and rebuilt."""

from __future__ import annotations

from peewee import BigIntegerField, BooleanField, CharField, IntegerField

from core.database import BaseModel


class DisputeFact(BaseModel):
    """One case.

    Attributes:
        seq: how far the case's chain was read.
        respondent: the organ whose act was disputed; in litigation the case's own organ.
        kind: ``corrected``, ``settled``, ``kept`` (nothing changed), or empty while not concluded on review.
        month: of the conclusion, ``2026-03``; of the opening while it is not concluded.
        days: from acceptance to conclusion.
        group_size: applicants or plaintiffs.
        among, hits: bit n is set where rate n of the procedure looks at the case, and where the case counts.
    """

    case_id = CharField(max_length=64, primary_key=True)
    seq = IntegerField()
    procedure = CharField(max_length=64)
    organ = CharField(max_length=32)
    region = CharField(max_length=12)
    respondent = CharField(max_length=32, default="")
    act_kind = CharField(max_length=32, default="")
    domain = CharField(max_length=32, default="")
    outcome = CharField(max_length=32, default="")
    kind = CharField(max_length=16, default="")
    month = CharField(max_length=7)
    days = IntegerField(null=True)
    repeated = BooleanField(default=False)
    group_size = IntegerField(default=1)
    document = CharField(max_length=256, default="")
    among = BigIntegerField(default=0)
    hits = BigIntegerField(default=0)

    class Meta:
        table_name = "plg_disputes_fact"
        indexes = ((("procedure", "month", "region", "respondent", "act_kind", "outcome", "kind"), False),
                   (("procedure", "respondent"), False), (("procedure", "document", "month", "region"), False))


class DisputeGround(BaseModel):
    """One ground of illegality of one corrected case."""

    case_id = CharField(max_length=64, index=True)
    procedure = CharField(max_length=64)
    region = CharField(max_length=12)
    respondent = CharField(max_length=32)
    act_kind = CharField(max_length=32)
    month = CharField(max_length=7)
    ground = CharField(max_length=32)
    breached = CharField(max_length=160, default="")

    class Meta:
        table_name = "plg_disputes_ground"
        indexes = ((("procedure", "month", "region", "respondent", "act_kind", "ground", "breached"), False),)


MODELS = (DisputeFact, DisputeGround)
