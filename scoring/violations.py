"""From verdicts to violations: what is to be raised, when it came about, by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from core.cases.case import Case, Step
from core.rulebook.model import Rule, Template
from scoring.answering import answering_organ
from scoring.life import Violation
from scoring.verdict import State, Verdict

DUTIES = frozenset({Template.FOLLOWED_BY, Template.ANSWERED_BEFORE_NEXT, Template.ALSO_REQUIRES,
                    Template.DIRECTLY_FOLLOWED_BY, Template.AT_LEAST, Template.EXACTLY})
"""Templates whose violation is something left undone, so that a late step can still cure it."""


def violations(case: Case, verdicts: Sequence[Verdict], rules: Mapping[str, tuple[Rule, ...]],
               now: datetime) -> Iterator[Violation]:
    """The violated verdicts of a case.

    Who caused one is whoever recorded the step that broke the rule: of a duty the step that made it due, of
    everything else the later of the two steps.
    """
    by_event = {step.event.id: step for step in case.steps}
    for verdict in verdicts:
        if verdict.state is not State.VIOLATED:
            continue
        rule = version_for(case, rules[verdict.rule], verdict)
        step = case.steps[verdict.activation_index] if verdict.activation_index is not None else None
        other = by_event.get(verdict.answered_by or "")
        duty = rule.template in DUTIES
        cause = (step or case.steps[0]) if duty else _later(step, other) or case.steps[-1]
        organ = answering_organ(case, rule, verdict)
        moment = _undone_at(case, verdict, now) if duty else cause.event.occurred_at
        yield Violation(
            rule=verdict.rule, code=rule.code or rule.local_id.upper(), level=verdict.level,
            activation=step.root.id if step else None, step=step.type if step else None,
            actor=cause.event.actor, acting_organ=cause.event.organ, moment=min(moment, now), due=verdict.due,
            cured_on=verdict.cured_on, provisional=verdict.provisional,
            organ="" if organ == case.head.organ else organ)


def by_id(versions: Sequence[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Rules with all their versions by id."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in versions:
        found[rule.id] = (*found.get(rule.id, ()), rule)
    return found


def version_for(case: Case, versions: Sequence[Rule], verdict: Verdict) -> Rule:
    """The version in force on the day of the activating step, or of the first step for per-case rules."""
    day = case.steps[verdict.activation_index or 0].date
    return next((rule for rule in versions if day in rule.valid), versions[-1])


def _later(one: Step | None, other: Step | None) -> Step | None:
    found = [step for step in (one, other) if step is not None]
    return max(found, key=lambda step: step.index) if found else None


def _undone_at(case: Case, verdict: Verdict, now: datetime) -> datetime:
    """When a duty was broken: its time was over, or the case was closed before that."""
    closing = case.closing.event.occurred_at if case.closing else None
    ends = [moment for moment in (verdict.due, closing) if moment is not None and moment <= now]
    return min(ends) if ends else case.steps[-1].event.occurred_at
