"""Duties for pages: what is still to be done, by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases.case import Case
from core.ledger.models import CaseRow
from core.organs.authority import Action, Actor
from core.organs.visibility import visible_cases
from core.rulebook.model import Rule
from scoring.models import VerdictRow
from web.kit.people import organ_names
from web.kit.render import instance
from web.kit.rulewords import rule_for, rule_title

PENDING, OVERDUE = "pending", "overdue"


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as a list shows it.

    Attributes:
        targets: event types that would answer it.
    """

    case_id: str
    case_title: str
    organ: str
    rule_id: str
    title: str
    due: date | None
    overdue: bool
    level: str
    warning: str | None
    provisional: bool
    targets: tuple[str, ...]


def duties_of_case(case_id: str) -> Sequence[Duty]:
    """The duties of one case, the most urgent first."""
    return _shaped(_duties().where(VerdictRow.case == case_id))


def visible_duties(actor: Actor, kind: str, limit: int) -> tuple[Sequence[Duty], int]:
    """The most urgent duties that the actor may see, and how many there are in all.

    Args:
        kind: ``pending`` or ``overdue``.
    """
    query = _duties().where((VerdictRow.duty == kind) & visible_cases(
        actor, Action.VIEW_CASE, organ=VerdictRow.organ, case_id=VerdictRow.case, procedure=VerdictRow.procedure))
    return _shaped(query.limit(limit)), query.count()


def answers_due(case: Case) -> Mapping[str, date | None]:
    """Event types that would answer a duty of the case, with the earliest due date."""
    found: dict[str, date | None] = {}
    for duty in duties_of_case(case.head.id):
        for name in duty.targets:
            known = found.get(name)
            found[name] = min(filter(None, (known, duty.due)), default=None)
    return found


def _duties() -> Any:
    return (VerdictRow.select(VerdictRow, CaseRow.title.alias("case_title"), CaseRow.number.alias("case_number"))
            .join(CaseRow, on=(CaseRow.id == VerdictRow.case))
            .where(VerdictRow.duty.in_((PENDING, OVERDUE)))
            .order_by(VerdictRow.due.is_null(), VerdictRow.due, VerdictRow.id).objects())


def _shaped(query: Any) -> Sequence[Duty]:
    rows = list(query)
    bundle = instance().bundles.current()
    names = organ_names(row.organ for row in rows)
    found = []
    for row in rows:
        rule: Rule | None = rule_for(bundle, row.rule, row.region)
        found.append(Duty(
            row.case, row.case_title or row.case_number or row.case, names[row.organ], row.rule,
            rule_title(bundle, row.rule, row.region), row.due_date, row.duty == OVERDUE, row.level, row.warning,
            row.provisional, rule.target.events if rule and rule.target else ()))
    return found
