"""What conditions see at a step, and how two steps are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.language.expression import Scope

NOTHING: Mapping[str, Any] = {}


def fields_of(step: Step) -> Mapping[str, Any]:
    """A step's payload and, under their reserved names, its ``date``, ``actor`` and ``organ``."""
    return {"date": step.date, "actor": step.event.actor, "organ": step.event.organ, **step.fields}


def scope_at(case: Case, step: Step, calendar: Calendar, answer: Step | None = None) -> Scope:
    """The scope of a condition: the case as it stood at ``step``, and the answering step if there is one."""
    return Scope(
        c=step.state,
        e=fields_of(step),
        t=fields_of(answer) if answer is not None else NOTHING,
        history=case.history(step.index),
        date=step.date,
        working_days_between=calendar.working_days_between,
    )


def correlation_value(step: Step, name: str) -> Any:
    """``actor``, ``organ`` or a payload field of a step; None where it is missing or empty."""
    if name == "actor":
        return step.event.actor or None
    if name == "organ":
        return step.event.organ or None
    return step.fields.get(name)


def correlated(one: Step, other: Step, same: tuple[str, ...], different: tuple[str, ...]) -> bool:
    """True where both steps have every named value, those in ``same`` equal and those in ``different`` not."""
    for names, equal in ((same, True), (different, False)):
        for name in names:
            left, right = correlation_value(one, name), correlation_value(other, name)
            if left is None or right is None or (left == right) is not equal:
                return False
    return True
