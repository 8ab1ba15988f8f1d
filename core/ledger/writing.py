"""Drafts into the database, inside one transaction that either holds whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from core.cases.case import Case, CaseHead
from core.database import compact_json, database, is_sqlite
from core.errors import fail
from core.instants import instant_text
from core.ledger.draft import Draft, stage_of
from core.ledger.models import CaseRow, MerkleRoot, OutboxRow
from core.ledger.rows import execute_many, insert_personal, insert_records, insert_rows, mark

log = logging.getLogger(__name__)

CASE_RECORDED = "case.recorded"
_CASE_COLUMNS = ("id", "procedure", "organ", "region", "title", "number", "opened_at", "closed_at", "last_seq",
                 "head_hash", "stage")


@contextmanager
def recording(after_commit: Callable[[], object] | None = None) -> Iterator[None]:
    """One transaction for recording; opens the connection where the caller has none.

    Args:
        after_commit: called once the outermost transaction is through. What it raises is logged, not passed on:
            the step is recorded whatever becomes of its consequences.

    On PostgreSQL the table lock makes whoever computes a signed root wait for recordings that are under way, so
    that nothing recorded before a root can appear after it.
    """
    opened = database.connect(reuse_if_open=True)
    try:
        with database.atomic():
            if not is_sqlite():
                database.execute_sql('LOCK TABLE "ledger_event" IN ROW EXCLUSIVE MODE')
            yield
        if after_commit is not None and not database.in_transaction():
            try:
                after_commit()
            except Exception:  # an observer may fail in any way
                log.exception("after a commit")
    finally:
        if opened:
            database.close()


def after_last_root(now: datetime) -> datetime:
    """``now``, or the moment of the latest signed root where the clock stands behind it."""
    latest: Any = MerkleRoot.select(MerkleRoot.made_at).order_by(MerkleRoot.number.desc()).first()
    return now if latest is None else max(now, latest.made_at)


def locked(case_ids: Sequence[str]) -> dict[str, Any]:
    """Rows of these cases by id, locked until the transaction ends; unknown ids are missing."""
    query: Any = CaseRow.select().where(CaseRow.id.in_(list(case_ids))).order_by(CaseRow.id)
    return {row.id: row for row in (query if is_sqlite() else query.for_update())}


def locked_case(case_id: str) -> Any:
    """The row of one case, locked until the transaction ends.

    Raises:
        FazhiError: ``case-unknown``.
    """
    rows = locked([case_id])
    if case_id not in rows:
        raise fail("case-unknown", case=case_id)
    return rows[case_id]


def head_of(row: Any) -> CaseHead:
    """The head of a case row."""
    return CaseHead(row.id, row.procedure, row.organ, row.region, row.title, row.number)


def write(drafts: Sequence[Draft], cases: Mapping[str, Case]) -> None:
    """Write what the drafts hold and is not written yet; case rows agree with their chains afterwards."""
    pending = [draft for draft in drafts if draft.records]
    if not pending:
        return
    insert_rows(CaseRow, _CASE_COLUMNS, [_case_values(d, cases[d.head.id]) for d in pending if not d.written])
    existing = [_case_summary(draft, cases[draft.head.id]) for draft in pending if draft.written]
    if existing:
        place = mark()
        execute_many(f'UPDATE "case_" SET "opened_at" = {place}, "closed_at" = {place}, "last_seq" = {place}, '
                     f'"head_hash" = {place}, "stage" = {place} WHERE "id" = {place}', existing)
    rows = [draft.take_rows() for draft in pending]
    insert_records([record for records, _ in rows for record in records])
    insert_personal([value for _, personal in rows for value in personal])
    for draft in pending:
        draft.written = True


def write_outbox(drafts: Sequence[Draft]) -> None:
    """Leave word of what was recorded, to be delivered after commit."""
    rows = []
    for draft in drafts:
        if draft.appended:
            types = sorted({event.type for event in draft.appended})
            payload = {"first": draft.appended[0].seq, "last": draft.last_seq, "types": types}
            rows.append((CASE_RECORDED, draft.head.id, compact_json(payload), instant_text(draft.taken_at)))
    insert_rows(OutboxRow, ("topic", "case_id", "payload", "created_at"), rows)


def _case_values(draft: Draft, case: Case) -> tuple[object, ...]:
    head = draft.head
    opened, closed, last_seq, head_hash, stage, _ = _case_summary(draft, case)
    return (head.id, head.procedure, head.organ, head.region, head.title, head.number, opened, closed, last_seq,
            head_hash, stage)


def _case_summary(draft: Draft, case: Case) -> tuple[object, ...]:
    opened = case.steps[0].event.occurred_at if case.steps else draft.taken_at
    closed = instant_text(case.closing.event.occurred_at) if case.closing else None
    return instant_text(opened), closed, draft.last_seq, draft.head_hash, stage_of(case), draft.head.id
