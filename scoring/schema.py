"""Scoring's own tables, in one owner's history."""

from __future__ import annotations

from playhouse.migrate import SchemaMigrator

from core.database import database
from core.migrations import Migration, Owner
from scoring.assessment.models import MODELS as ASSESSMENT
from scoring.models import MODELS


def _index_duties(_: SchemaMigrator) -> None:
    """Open pages ask every few seconds what fell due since the reader last looked."""
    database.execute_sql('CREATE INDEX IF NOT EXISTS "verdict_duty_due" ON "verdict" ("duty", "due")')


def _assessments(_: SchemaMigrator) -> None:
    """Organs are assessed over a year; instances made before have no tables for it yet."""
    database.create_tables(list(ASSESSMENT))


def _index_on_time(_: SchemaMigrator) -> None:
    """Statistics count which duties of a year were done in time, by any of these columns."""
    database.execute_sql('CREATE INDEX IF NOT EXISTS "verdict_on_time" ON "verdict" '
                         '("due_date", "state", "procedure", "region", "organ", "rule")')


def _index_causes(_: SchemaMigrator) -> None:
    """The same by cause, in its order; it serves what the index of rules and states served."""
    database.execute_sql('CREATE INDEX IF NOT EXISTS "verdict_rule_on_time" ON "verdict" '
                         '("rule", "state", "due_date", "region", "organ", "procedure")')
    database.execute_sql('DROP INDEX IF EXISTS "verdict_rule_state"')


SCORING = Owner.of_tables("scoring", MODELS, Migration(2, "index of duties by due date", _index_duties),
                          Migration(3, "assessment of organs", _assessments),
                          Migration(4, "index of duties by due date and outcome", _index_on_time),
                          Migration(5, "index of duties by cause", _index_causes))
