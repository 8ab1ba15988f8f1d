"""A case looked at: the questions that the meaning of a rule asks about its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.rulebook.model import Pattern, Rule
from scoring.engine.scopes import correlated, scope_at
from scoring.engine.times import Deadline, deadline, possibly_before, reaches, surely_reaches
from scoring.verdict import State, Verdict


@dataclass(frozen=True, slots=True)
class Ending:
    """The step that ended what was pending, and how: ``released``, ``withdrawn`` or ``closed``."""

    step: Step
    how: str

    def admits(self, step: Step) -> bool:
        """True where ``step`` is the ending itself, or came or may have come before it."""
        return step.index == self.step.index or possibly_before(step, self.step)


@dataclass(frozen=True, slots=True)
class View:
    """One case, as of a moment.

    Attributes:
        assume_closed: the case is taken as finished at its last step.
    """

    case: Case
    calendar: Calendar
    as_of: datetime
    assume_closed: bool

    def holds(self, pattern: Pattern, step: Step) -> bool | None:
        """Does ``step`` match? None where the condition cannot be assessed."""
        if step.type not in pattern.events:
            return False
        return True if pattern.when is None else pattern.when.test(scope_at(self.case, step, self.calendar, step))

    def matches(self, pattern: Pattern) -> list[Step]:
        """The steps that match for certain."""
        return [step for step in self.case.steps if self.holds(pattern, step)]

    def targets(self, rule: Rule, a: Step, same: tuple[str, ...] | None = None) -> list[Step]:
        """The steps other than ``a`` that match the rule's target as seen from ``a``, correlation included.

        A target whose condition cannot be assessed is none: it neither answers nor breaks.
        """
        assert rule.target is not None
        when = rule.target.when
        return [
            t for t in self.case.steps
            if t.index != a.index
            and t.type in rule.target.events
            and correlated(a, t, rule.same if same is None else same, rule.different)
            and (when is None or when.test(scope_at(self.case, a, self.calendar, t)))
        ]

    def time_for(self, rule: Rule, start: Step, benefit: bool = True) -> Deadline:
        """Until when the rule's period allows what began with ``start``."""
        return deadline(self.case, self.calendar, start, rule.within, rule.clock, benefit)

    def far_enough(self, rule: Rule, earlier: Step, later: Step) -> bool:
        """Does the rule's minimum time lie, or may it lie, between the two?"""
        return reaches(self.case, self.calendar, earlier, later, rule.not_before)

    def fits(self, rule: Rule, one: Step, other: Step) -> bool:
        """Do, or may, the rule's times hold between the two, whichever came first?"""
        earlier, later = sorted((one, other), key=lambda step: step.index)
        return self.far_enough(rule, earlier, later) and self.time_for(rule, earlier).allows(later)

    def surely_fits(self, rule: Rule, one: Step, other: Step) -> bool:
        """Do the rule's times hold between the two beyond doubt, whichever came first?"""
        earlier, later = sorted((one, other), key=lambda step: step.index)
        return (surely_reaches(self.case, self.calendar, earlier, later, rule.not_before)
                and self.time_for(rule, earlier, benefit=False).surely_allows(self.case, later))

    def release(self, rule: Rule, after: int) -> Step | None:
        """The first releasing step after position ``after``."""
        return next((s for s in self.case.steps[after + 1 :] if s.type in rule.released_by), None)

    def ending(self, rule: Rule, after: int) -> Ending | None:
        """The first step after position ``after`` that ends what is pending; it ends only what began before it."""
        procedure = self.case.procedure
        for step in self.case.steps[after + 1 :]:
            if step.type in procedure.withdraws_with:
                return Ending(step, "withdrawn")
            if step.type in rule.released_by:
                return Ending(step, "released")
            if step.type in procedure.closes_with:
                return Ending(step, "closed")
        return None

    def unmet(self, end: Deadline, ending: Ending | None) -> State:
        """What an unanswered duty is: the first of its time's end and the case's ending decides."""
        if ending is not None:
            void = ending.how != "closed" and end.allows(ending.step)
            return State.VACUOUS if void else State.VIOLATED
        if self.assume_closed or end.passed(self.as_of):
            return State.VIOLATED
        return State.PENDING

    def unbroken(self, end: Deadline, ending: Ending | None) -> State:
        """What an unbroken prohibition is."""
        over = ending is not None or self.assume_closed or end.passed(self.as_of)
        return State.FULFILLED if over else State.HOLDING


def verdict(rule: Rule, a: Step | None, state: State, end: Deadline | None = None, notes: tuple[str, ...] = (), *,
            answer: Step | None = None, late: Step | None = None, uncertain: bool = False) -> Verdict:
    """The verdict on ``a`` (None: on the case).

    Args:
        answer: the step that answered, or broke a prohibition.
        late: the step that answered too late.
    """
    decisive = answer or late
    return Verdict(
        rule.id, a.root.id if a else None, a.index if a else None, state,
        due=end.due if end else None,
        due_date=end.day if end else None,
        answered_by=decisive.event.id if decisive else None,
        cured_on=late.date if late else None,
        days_late=end.days_late(late) if late and end else None,
        order_uncertain=uncertain,
        level=rule.level,
        provisional=bool(end and end.provisional),
        notes=notes,
    )
