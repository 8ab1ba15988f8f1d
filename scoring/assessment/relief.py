"""Granted appeals: what they put in place of a result that was computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from core.cases.case import Case
from core.rulebook.schemes import APPEAL
from scoring.assessment.entries import organ_concerned
from scoring.assessment.models import ReliefRow
from scoring.assessment.score import Relief
from scoring.columns import tuples

GRANTED = "appeal_granted"
"""The step that grants an appeal; who records it is the approver."""
KINDS = ("not_applicable", "corrected")


def relief_of(case: Case) -> tuple[str, int, str, Relief] | None:
    """Scheme, year, organ and relief of a case in which an appeal was granted; None for every other case."""
    if case.procedure.id != APPEAL or GRANTED not in case.positions:
        return None
    step, state = case.steps[case.positions[GRANTED][-1]], case.state
    kind, scheme, year, leaf = (state.get(name) for name in ("relief", "scheme", "year", "result"))
    if kind not in KINDS or not isinstance(year, int) or scheme is None or leaf is None:
        return None
    top, bottom = (Decimal(str(value)) if (value := state.get(name)) is not None else None
                   for name in ("numerator", "denominator"))
    relief = Relief(str(leaf), str(kind), top, bottom, str(state.get("ground") or ""), step.event.actor, step.date,
                    case.head.id, step.event.id)
    return str(scheme), year, organ_concerned(case), relief


def row_of(case: Case) -> tuple[Any, ...] | None:
    """The table row of a granted appeal."""
    found = relief_of(case)
    if found is None:
        return None
    scheme, year, organ, relief = found
    return (relief.case, scheme, year, relief.leaf, organ, relief.kind, _text(relief.numerator),
            _text(relief.denominator), relief.ground, relief.approver, relief.day.isoformat(), relief.event)


def reliefs(scheme: str, year: int, organs: Iterable[str]) -> dict[str, dict[str, Relief]]:
    """Granted appeals by organ and leaf; of several the latest."""
    found: dict[str, dict[str, Relief]] = {}
    for organ, relief in _rows(scheme, year, list(organs)):
        found.setdefault(organ, {})[relief.leaf] = relief
    return found


def _rows(scheme: str, year: int, organs: list[str]) -> Iterator[tuple[str, Relief]]:
    for start in range(0, len(organs), 400):
        rows = tuples(ReliefRow.select(
            ReliefRow.organ, ReliefRow.leaf, ReliefRow.kind, ReliefRow.numerator, ReliefRow.denominator,
            ReliefRow.ground, ReliefRow.approver, ReliefRow.day, ReliefRow.case, ReliefRow.event).where(
                (ReliefRow.scheme == scheme) & (ReliefRow.year == year)
                & ReliefRow.organ.in_(organs[start : start + 400])).order_by(ReliefRow.day, ReliefRow.case))
        for organ, leaf, kind, top, bottom, ground, approver, day, case, event in rows:
            yield organ, Relief(leaf, kind, Decimal(top) if top else None, Decimal(bottom) if bottom else None, ground,
                                approver, day if isinstance(day, date) else date.fromisoformat(day), case, event)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
