"""Core's own tables, in one owner's history."""

from __future__ import annotations

from playhouse.migrate import SchemaMigrator

from core.database import database
from core.documents.models import MODELS as DOCUMENTS
from core.jobs.models import MODELS as JOBS
from core.ledger.guards import install_guards
from core.ledger.models import MODELS as LEDGER
from core.marks import MODELS as MARKS
from core.migrations import Migration, Owner
from core.organs.credentials import MODELS as CREDENTIALS
from core.organs.models import MODELS as ORGANS
from core.organs.sessions import MODELS as SESSIONS
from core.organs.visits import MODELS as VISITS
from core.rulebook.store import MODELS as RULEBOOK

TABLES = (*ORGANS, *RULEBOOK, *LEDGER, *JOBS, *MARKS)


def _create(_: SchemaMigrator) -> None:
    database.create_tables(list(TABLES))
    install_guards()


def _remember_visits(_: SchemaMigrator) -> None:
    database.create_tables(list(VISITS))


def _end_sessions(_: SchemaMigrator) -> None:
    database.create_tables(list(SESSIONS))


def _give_credentials(_: SchemaMigrator) -> None:
    database.create_tables(list(CREDENTIALS))


def _register_documents(_: SchemaMigrator) -> None:
    database.create_tables(list(DOCUMENTS))


CORE = Owner("core", (Migration(1, "tables and guards", _create),
                      Migration(2, "visits of the workbench", _remember_visits),
                      Migration(3, "ended log-in sessions", _end_sessions),
                      Migration(4, "credentials of other systems", _give_credentials),
                      Migration(5, "documents that were issued", _register_documents)))
