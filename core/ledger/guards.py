"""Append-only in the database too: triggers refuse what the code never does."""

from __future__ import annotations

from core.database import database, is_sqlite

APPEND_ONLY = ("ledger_event", "ledger_root", "ledger_request")
HEAD_COLUMNS = ("id", "procedure", "organ", "region", "title", "number")
MESSAGE = "the ledger is append-only"


def install_guards() -> None:
    """Create the triggers; called by the migration that creates the tables."""
    for statement in _sqlite() if is_sqlite() else _postgresql():
        database.execute_sql(statement)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    statements = [
        f'CREATE TRIGGER "{table}_no_{action.lower()}" BEFORE {action} ON "{table}" {refuse}'
        for table in APPEND_ONLY for action in ("UPDATE", "DELETE")
    ]
    # INSERT OR REPLACE deletes without firing the trigger on deletion.
    statements.append(
        'CREATE TRIGGER "ledger_event_no_replace" BEFORE INSERT ON "ledger_event" WHEN EXISTS (SELECT 1 FROM '
        '"ledger_event" WHERE "id" = NEW."id" OR ("case_id" = NEW."case_id" AND "seq" = NEW."seq")) '
        f"{refuse}")
    heads = ", ".join(f'"{name}"' for name in HEAD_COLUMNS)
    statements += [
        f'CREATE TRIGGER "case__no_delete" BEFORE DELETE ON "case_" {refuse}',
        f'CREATE TRIGGER "case__no_update" BEFORE UPDATE OF {heads} ON "case_" {refuse}',
        f'CREATE TRIGGER "ledger_personal_value_no_delete" BEFORE DELETE ON "ledger_personal_value" {refuse}',
        'CREATE TRIGGER "ledger_personal_value_no_update" BEFORE UPDATE ON "ledger_personal_value" '
        'WHEN NEW."value" IS NOT NULL OR NEW."salt" IS NOT NULL OR NEW."event_id" <> OLD."event_id" '
        f'OR NEW."field" <> OLD."field" OR NEW."case_id" <> OLD."case_id" {refuse}',
    ]
    return statements


def _postgresql() -> list[str]:
    refuse = "FOR EACH {each} EXECUTE FUNCTION ledger_refuse()"
    statements = [
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    ]
    for table in APPEND_ONLY:
        statements.append(f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE ON "{table}" '
                          + refuse.format(each="ROW"))
    for table in (*APPEND_ONLY, "case_", "ledger_personal_value"):
        statements.append(f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
                          + refuse.format(each="STATEMENT"))
    heads = ", ".join(f'"{name}"' for name in HEAD_COLUMNS)
    row = refuse.format(each="ROW")
    statements += [
        f'CREATE TRIGGER "case__no_delete" BEFORE DELETE ON "case_" {row}',
        f'CREATE TRIGGER "case__no_update" BEFORE UPDATE OF {heads} ON "case_" {row}',
        f'CREATE TRIGGER "ledger_personal_value_no_delete" BEFORE DELETE ON "ledger_personal_value" {row}',
        'CREATE TRIGGER "ledger_personal_value_no_update" BEFORE UPDATE ON "ledger_personal_value" FOR EACH ROW '
        'WHEN (NEW."value" IS NOT NULL OR NEW."salt" IS NOT NULL OR NEW."event_id" <> OLD."event_id" '
        'OR NEW."field" <> OLD."field" OR NEW."case_id" <> OLD."case_id") EXECUTE FUNCTION ledger_refuse()',
    ]
    return statements
