"""What is new for the reader since the last look at the workbench: a number, by two indexed queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from peewee import fn

from core.database import database
from core.instants import instant_text
from core.ledger.models import EventRow
from core.organs.authority import OBJECTS, Action, Actor
from core.organs.visibility import visible_cases
from core.organs.visits import last_visit
from scoring.life import Life
from scoring.models import FindingRow, VerdictRow

UNDETERMINED = (Life.RAISED.value, Life.ANSWERED.value)
REMEMBERED = timedelta(days=30)
"""Nothing older is new, however long ago the last look was."""
RAISED = "finding.raised"
SINCE, UNTIL = datetime(1970, 1, 2, tzinfo=UTC), datetime(1970, 1, 3, tzinfo=UTC)
"""Stand in the prepared statements for the moments of the request."""

Statement = tuple[str, Sequence[Any]]


def waiting_action(actor: Actor) -> Action:
    """What the reader does about findings: determine them, or answer them."""
    determines = frozenset().union(*OBJECTS[Action.DETERMINE_FINDING].values())
    return Action.DETERMINE_FINDING if actor.roles & determines else Action.ANSWER_FINDING


def looked(actor: Actor, now: datetime) -> datetime:
    """When the reader last opened the workbench, or a month ago where that was longer ago or never."""
    since = last_visit(actor.person_id, actor.organ)
    return max(since, now - REMEMBERED) if since else now - REMEMBERED


def count_new(actor: Actor, now: datetime) -> int:
    """Findings that wait for the reader and were raised, and duties that became overdue, since the last look.

    Args:
        now: a duty is overdue from its due moment on, also before the clock sweep has noted it.
    """
    moments = {instant_text(SINCE): instant_text(looked(actor, now)), instant_text(UNTIL): instant_text(now)}
    return sum(_count(statement, moments) for statement in _statements(actor))


def new_first(findings: Any, since: datetime, limit: int) -> tuple[list[Any], frozenset[str]]:
    """The first rows of a query of findings, those raised since a moment before all others; and which these are."""
    new = list(findings.where(FindingRow.id.in_(_raised(since).select(FindingRow.id))).limit(limit))
    ids = frozenset(str(row.id) for row in new)
    rest = list(findings.limit(limit)) if len(new) < limit else []
    return (new + [row for row in rest if row.id not in ids])[:limit], ids


def _count(statement: Statement, moments: dict[str, str]) -> int:
    sql, values = statement
    return int(database.execute_sql(sql, [moments.get(value, value) if isinstance(value, str) else value
                                          for value in values]).fetchone()[0])


def _raised(since: datetime) -> Any:
    """Findings with the event that raised them. ``raised_at`` says when a fault came about, which may be long ago;
    what is new is what the ledger took in since."""
    return FindingRow.select(fn.COUNT(FindingRow.id.distinct())).join(EventRow, on=(
        (EventRow.case == FindingRow.case) & (EventRow.type == RAISED) & (EventRow.recorded_at > since)
        & EventRow.payload.contains(FindingRow.id)))


@lru_cache(maxsize=1024)
def _statements(actor: Actor) -> tuple[Statement, ...]:
    """The two queries of an actor, written once: writing them takes several times as long as running them.

    The actor is read afresh for every request, so that a changed role or organ is another key; which organs lie
    below is asked by the statements themselves. A duty that already has its finding is counted once.
    """
    findings: Any = _raised(SINCE).where(FindingRow.status.in_(UNDETERMINED) & visible_cases(
        actor, waiting_action(actor), organ=FindingRow.organ, case_id=FindingRow.case,
        procedure=FindingRow.procedure))
    found: Any = FindingRow.select(FindingRow.id).where(
        (FindingRow.case == VerdictRow.case) & (FindingRow.rule == VerdictRow.rule)
        & (FindingRow.activation == VerdictRow.activation))
    duties: Any = VerdictRow.select(fn.COUNT(VerdictRow.id)).where(
        VerdictRow.duty.in_(("pending", "overdue")) & (VerdictRow.due > SINCE) & (VerdictRow.due <= UNTIL)
        & ~fn.EXISTS(found)
        & visible_cases(actor, Action.VIEW_CASE, organ=VerdictRow.organ, case_id=VerdictRow.case,
                        procedure=VerdictRow.procedure))
    return findings.sql(), duties.sql()
