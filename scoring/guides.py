"""Review points (审查要点) of a case: checklists that are never scored and remind its handler what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Check, Checklist
from scoring.checks import Look


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at; ``seen`` is None where the record cannot tell and a person has to."""

    check: Check
    seen: bool | None


@dataclass(frozen=True, slots=True)
class Guide:
    """Review points that apply to a case."""

    checklist: Checklist
    points: tuple[Point, ...]


def guides(case: Case, checklists: Sequence[Checklist], calendar: Calendar, today: date) -> tuple[Guide, ...]:
    """The review points of ``checklists`` that apply to the case as it stands.

    Args:
        today: local date; the version in force on it is shown.
    """
    ours = [one for one in checklists if one.guide and today in one.valid]
    if not ours or not case.steps:
        return ()
    look = Look(case, calendar)
    scope = look.scope(None)
    return tuple(
        Guide(one, tuple(Point(check, check.awards[0].when.test(scope) if check.awards else None)
                         for check in one.checks))
        for one in ours if one.applies is None or one.applies.test(scope) is True)
