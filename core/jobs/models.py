"""The job table."""

from __future__ import annotations

from peewee import AutoField, CharField, DoubleField, IntegerField, TextField

from core.database import BaseModel, json_field

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


class JobRow(BaseModel):
    """One piece of background work.

    Attributes:
        key: chosen by the caller; the same key is never done twice.
        lease_until: epoch seconds until which the worker that holds ``token`` may finish it.
        run_after: epoch seconds before which it is not taken.
    """

    id = AutoField()
    key = CharField(unique=True)
    name = CharField()
    arguments = json_field(default=dict)
    state = CharField(default=QUEUED, index=True)
    attempts = IntegerField(default=0)
    lease_until = DoubleField(default=0)
    token = CharField(default="")
    run_after = DoubleField(default=0)
    created_at = DoubleField(default=0)
    error = TextField(default="")

    class Meta:
        table_name = "job"


MODELS = (JobRow,)
