"""The templates that are judged once per case: how it starts, how often a step occurs, what excludes what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from core.cases.case import Step
from core.rulebook.model import Rule, Template
from scoring.engine.scopes import correlated
from scoring.engine.times import Deadline
from scoring.engine.view import Ending, View, verdict
from scoring.verdict import State, Verdict


def starts_with(view: View, rule: Rule) -> Iterator[Verdict]:
    """Init: the first step matches."""
    matched = view.holds(rule.on, view.case.steps[0])
    yield verdict(rule, None, State.NOT_ASSESSABLE if matched is None else
                  State.FULFILLED if matched else State.VIOLATED)


@dataclass(frozen=True, slots=True)
class Count:
    """The steps that a counting rule counts.

    Attributes:
        sure: all that match for certain, within the rule's time from the first step and before any release.
        doubtful: those whose condition cannot be assessed.
        in_time: of ``sure``, those before the case ended.
        late: matching steps that came after the time or the case's ending.
    """

    end: Deadline
    ending: Ending | None
    sure: list[Step]
    doubtful: list[Step]
    in_time: list[Step]
    late: list[Step]


def counted(view: View, rule: Rule) -> Count:
    """Count the matching steps of the case."""
    end, ending = view.time_for(rule, view.case.steps[0]), view.ending(rule, -1)
    release = view.release(rule, -1)
    known = [(step, view.holds(rule.on, step)) for step in view.case.steps]
    binding = [(step, match) for step, match in known
               if match is not False and end.allows(step) and (release is None or step.index <= release.index)]
    sure = [step for step, match in binding if match]
    in_time = [step for step in sure if ending is None or ending.admits(step)]
    late = [step for step, match in known if match and step not in in_time]
    return Count(end, ending, sure, [step for step, match in binding if match is None], in_time, late)


def at_most(view: View, rule: Rule) -> Iterator[Verdict]:
    """Absence: no more than n. ``at_most: 0`` with a condition is a forbidden act."""
    assert rule.count is not None
    found = counted(view, rule)
    if len(found.sure) > rule.count:
        yield verdict(rule, None, State.VIOLATED, found.end, answer=found.sure[rule.count])
    elif len(found.sure) + len(found.doubtful) > rule.count:
        yield verdict(rule, None, State.NOT_ASSESSABLE, found.end)
    else:
        yield verdict(rule, None, view.unbroken(found.end, found.ending), found.end)


def at_least(view: View, rule: Rule) -> Iterator[Verdict]:
    """Existence: n or more before the time and the case end."""
    assert rule.count is not None
    found = counted(view, rule)
    if len(found.in_time) >= rule.count:
        yield verdict(rule, None, State.FULFILLED, found.end,
                      answer=found.in_time[rule.count - 1] if rule.count else None)
    elif len(found.in_time) + len(found.doubtful) >= rule.count:
        yield verdict(rule, None, State.NOT_ASSESSABLE, found.end)
    else:
        yield _too_few(view, rule, rule.count, found)


def exactly(view: View, rule: Rule) -> Iterator[Verdict]:
    """Exactly n: too many break it at once, too few when the time or the case ends."""
    assert rule.count is not None
    found = counted(view, rule)
    if len(found.sure) > rule.count:
        yield verdict(rule, None, State.VIOLATED, found.end, answer=found.sure[rule.count])
    elif found.doubtful and len(found.sure) + len(found.doubtful) >= rule.count:
        yield verdict(rule, None, State.NOT_ASSESSABLE, found.end)
    elif len(found.in_time) == rule.count:
        yield verdict(rule, None, view.unbroken(found.end, found.ending), found.end)
    else:
        yield _too_few(view, rule, rule.count, found)


def _too_few(view: View, rule: Rule, n: int, found: Count) -> Verdict:
    state = view.unmet(found.end, found.ending)
    if state is State.PENDING:
        return verdict(rule, None, state, found.end, ("suspended",) if found.end.suspended else ())
    if state is State.VACUOUS:
        return verdict(rule, None, state, found.end, (found.ending.how,) if found.ending else ())
    wanting = n - len(found.in_time)
    late = found.late[wanting - 1] if len(found.late) >= wanting else None
    return verdict(rule, None, state, found.end, ("too_late",) if late else ("missing",), late=late)


def not_both(view: View, rule: Rule) -> Iterator[Verdict]:
    """Not co-existence: not both in one case (with the same ``same``), in any order. Silent without either."""
    assert rule.target is not None
    ones = [(step, view.holds(rule.on, step)) for step in view.case.steps]
    others = [(step, view.holds(rule.target, step)) for step in view.case.steps]
    pairs = [
        (max(one.index, other.index), bool(known and also_known))
        for one, known in ones if known is not False
        for other, also_known in others if also_known is not False
        if one is not other and correlated(one, other, rule.same, rule.different) and view.surely_fits(rule, one, other)
    ]
    sure = [index for index, certain in pairs if certain]
    if sure:
        yield verdict(rule, None, State.VIOLATED, answer=view.case.steps[min(sure)])
    elif pairs:
        yield verdict(rule, None, State.NOT_ASSESSABLE)
    elif any(known for _, known in (*ones, *others)):
        yield verdict(rule, None, view.unbroken(Deadline(), view.ending(rule, -1)))


PER_CASE: Mapping[Template, Callable[[View, Rule], Iterator[Verdict]]] = {
    Template.STARTS_WITH: starts_with,
    Template.AT_MOST: at_most,
    Template.AT_LEAST: at_least,
    Template.EXACTLY: exactly,
    Template.NOT_BOTH: not_both,
}
