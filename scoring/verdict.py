"""What the engine says about each activation of a rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Level, Rule


class State(StrEnum):
    """RV-LTL states of an activation, with two of our own for what cannot or need not be said."""

    FULFILLED = "fulfilled"
    VIOLATED = "violated"
    PENDING = "pending"
    HOLDING = "holding"
    VACUOUS = "vacuous"
    NOT_ASSESSABLE = "not_assessable"


class Verdict(NamedTuple):
    """The verdict on one activation, or on the case for rules that are judged once per case.

    A named tuple rather than a dataclass: an evaluation makes one for every activation, and a frozen dataclass takes
    four times as long to make. Read it by name.

    A rule without any activation gets no verdict at all; a reader calls that vacuous too.

    Attributes:
        rule: the rule's id.
        activation: id of the event first recorded at the activating step's place, so that a correction does not change
            what a finding is about; None for per-case rules.
        activation_index: its position in the case's order.
        due: the end of the time allowed, UTC. For dated periods the close of the last day (an answer must come
            before it, and the verdict turns at it); for hours the last permitted instant (an answer may come at
            it, and the verdict turns after it). For a prohibition: until when it holds. None while the clock is
            suspended or where nothing bounds the time.
        due_date: the local date of the last day.
        answered_by: the event that answered; of a prohibition, the event that broke it.
        cured_on: date of an answer that came too late.
        days_late: calendar days between the due date and the late answer.
        order_uncertain: steps of one day of which only the date is known; taken in the order in which they were
            recorded, the verdict would be worse.
        provisional: the due date rests on a year whose holiday notice is not yet published.
        notes: why, as keys: ``missing``, ``too_early``, ``too_late``, ``released``, ``withdrawn``, ``closed``,
            ``suspended``.
    """

    rule: str
    activation: str | None
    activation_index: int | None
    state: State
    due: datetime | None = None
    due_date: date | None = None
    answered_by: str | None = None
    cured_on: date | None = None
    days_late: int | None = None
    order_uncertain: bool = False
    level: Level = Level.YELLOW
    provisional: bool = False
    notes: tuple[str, ...] = ()


class Evaluator(Protocol):
    """Judges a case by rules."""

    def evaluate(self, case: Case, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> tuple[Verdict, ...]:
        """Every verdict on ``case``, in the order of ``rules`` and, for each, of its activations.

        Args:
            case: folded as of ``as_of``.
            rules: all versions for the case's region; an activation is judged by the version in force on its date.
            as_of: aware instant; a day is looked at from its close, the following local midnight.
        """
