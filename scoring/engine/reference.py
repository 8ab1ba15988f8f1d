"""The reference evaluator: what each rule means. Everything faster is measured against this.

Written to be read beside the law: one function per template, no cleverness. An *activation* is a step that
makes the rule speak; a *target* is a step that answers it, must precede it, or must not occur. Who came first
is decided by ``times``: steps of one day of which only the date is known count as in order for duties, never
for prohibitions, and the verdict says so (``order_uncertain``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.rulebook.model import Rule, Template
from scoring.engine.per_case import PER_CASE
from scoring.engine.scopes import correlated, scope_at
from scoring.engine.times import possibly_before, surely_before, undated
from scoring.engine.view import View, verdict
from scoring.verdict import State, Verdict


@dataclass(frozen=True, slots=True)
class Reference:
    """Plain evaluation of one case.

    Attributes:
        assume_closed: every case has ended with its last step (closed evaluation of finished logs).
    """

    assume_closed: bool = False

    def evaluate(self, case: Case, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> tuple[Verdict, ...]:
        """See ``scoring.verdict.Evaluator``."""
        view = View(case, calendar, as_of, self.assume_closed)
        return tuple(verdict for rule in rules for verdict in _judge(view, rule))


def _judge(view: View, rule: Rule) -> Iterator[Verdict]:
    """Every verdict of one version of a rule: on the activations, or on the case, of its stretch of time."""
    if rule.template.per_case:
        if view.case.steps and view.case.steps[0].date in rule.valid:
            yield from PER_CASE[rule.template](view, rule)
        return
    for a in view.case.steps:
        if a.date not in rule.valid:
            continue
        activated = view.holds(rule.on, a)
        if activated is None or (activated and undated(a, rule.within)):
            yield verdict(rule, a, State.NOT_ASSESSABLE)
        elif activated:
            yield PER_ACTIVATION[rule.template](view, rule, a)


# Duties: a target must occur.


def followed_by(view: View, rule: Rule, a: Step) -> Verdict:
    """Response: after A a target, at the earliest ``not_before`` and at the latest ``within`` after it."""
    answers = [(t, a.index < t.index) for t in view.targets(rule, a)
               if possibly_before(a, t) and view.far_enough(rule, a, t)]
    return _duty(view, rule, a, answers)


def answered_before_next(view: View, rule: Rule, a: Step) -> Verdict:
    """Alternate response: after A a target, before the next step that activates the rule again."""
    again = next((n for n in view.matches(rule.on) if n.index > a.index and correlated(a, n, rule.same, ())), None)
    answers = [(t, a.index < t.index and (again is None or t.index < again.index)) for t in view.targets(rule, a)
               if possibly_before(a, t) and (again is None or possibly_before(t, again))
               and view.far_enough(rule, a, t)]
    return _duty(view, rule, a, answers, decided_by=again)


def directly_followed_by(view: View, rule: Rule, a: Step) -> Verdict:
    """Chain response: the very next step is a target. The order of recording counts, whatever the precision."""
    following = next(iter(view.case.steps[a.index + 1 :]), None)
    answers = [(t, True) for t in view.targets(rule, a) if t is following and view.far_enough(rule, a, t)]
    return _duty(view, rule, a, answers, decided_by=following)


def also_requires(view: View, rule: Rule, a: Step) -> Verdict:
    """Responded existence: a target somewhere in the case; times hold between the two, whichever came first."""
    answers = [(t, True) for t in view.targets(rule, a)
               if (view.far_enough(rule, a, t) if t.index > a.index else view.fits(rule, t, a))]
    return _duty(view, rule, a, answers)


def _duty(view: View, rule: Rule, a: Step, answers: list[tuple[Step, bool]],
          decided_by: Step | None = None) -> Verdict:
    """Fulfilled by an answer before the first of: the end of its time, a release, the ending of the case.

    Args:
        answers: possible answers, each with whether the order of recording agrees.
        decided_by: a step after which no answer can come any more.
    """
    end, ending = view.time_for(rule, a), view.ending(rule, a.index)
    in_time = [(t, plain and (ending is None or t.index <= ending.step.index)) for t, plain in answers
               if end.allows(t) and (ending is None or ending.admits(t))]
    plain = [t for t, in_order in in_time if in_order]
    if in_time:
        return verdict(rule, a, State.FULFILLED, end, answer=plain[0] if plain else in_time[0][0], uncertain=not plain)
    decided = decided_by is not None and (ending is None or decided_by.index < ending.step.index)
    state = State.VIOLATED if decided else view.unmet(end, ending)
    if state is State.PENDING:
        return verdict(rule, a, state, end, ("suspended",) if end.suspended else ())
    if state is State.VACUOUS:
        return verdict(rule, a, state, end, (ending.how,) if ending else ())
    late = next((t for t, in_order in answers if in_order and t.index > a.index), None)
    return verdict(rule, a, state, end, ("too_late",) if late else ("missing",), late=late)


# Order: what must have come before. Decided when A is recorded.


def only_after(view: View, rule: Rule, a: Step) -> Verdict:
    """Precedence: before A a target, at least ``not_before`` and at most ``within`` earlier."""
    return _preceded(view, rule, a, [(t, t.index < a.index) for t in view.targets(rule, a) if possibly_before(t, a)])


def each_after_a_new(view: View, rule: Rule, a: Step) -> Verdict:
    """Alternate precedence: before A a target of its own, after the previous step that activated the rule."""
    before = [p for p in view.matches(rule.on) if p.index < a.index and correlated(a, p, rule.same, ())]
    previous = before[-1] if before else None
    return _preceded(view, rule, a, [
        (t, t.index < a.index and (previous is None or previous.index < t.index)) for t in view.targets(rule, a)
        if possibly_before(t, a) and (previous is None or possibly_before(previous, t))
    ])


def directly_after(view: View, rule: Rule, a: Step) -> Verdict:
    """Chain precedence: the step just before A is a target. The order of recording counts."""
    return _preceded(view, rule, a, [(t, True) for t in view.targets(rule, a) if t.index == a.index - 1])


def _preceded(view: View, rule: Rule, a: Step, earlier: list[tuple[Step, bool]]) -> Verdict:
    far = [(t, plain) for t, plain in earlier if view.far_enough(rule, t, a)]
    good = [(t, plain) for t, plain in far if view.time_for(rule, t).allows(a)]
    plain = [t for t, in_order in good if in_order]
    if good:
        answer = plain[-1] if plain else good[-1][0]
        return verdict(rule, a, State.FULFILLED, view.time_for(rule, answer), answer=answer, uncertain=not plain)
    if not far:
        return verdict(rule, a, State.VIOLATED, notes=("too_early",) if earlier else ("missing",))
    overdue = view.time_for(rule, far[-1][0])
    return verdict(rule, a, State.VIOLATED, overdue, ("too_late",))._replace(days_late=overdue.days_late(a))


# Prohibitions: a target must not occur. Broken only beyond doubt.


def never_after(view: View, rule: Rule, a: Step) -> Verdict:
    """Not response: after A no target within the rule's times, until a releasing step."""
    later = [t for t in view.targets(rule, a) if a.index < t.index and view.surely_fits(rule, a, t)]
    return _prohibition(view, rule, a, later, ordered=True)


def different_person(view: View, rule: Rule, a: Step) -> Verdict:
    """Not responded existence: no target, before or after A, by the same person (or with the same ``same``)."""
    shared = [t for t in view.targets(rule, a, rule.same or ("actor",)) if view.surely_fits(rule, a, t)]
    return _prohibition(view, rule, a, shared, ordered=False)


def _prohibition(view: View, rule: Rule, a: Step, breaches: list[Step], ordered: bool) -> Verdict:
    end, release = view.time_for(rule, a, benefit=False), view.release(rule, a.index)
    binding = [t for t in breaches if release is None or t.index < release.index]
    sure = [t for t in binding
            if (not ordered or surely_before(a, t)) and (release is None or surely_before(t, release))]
    if sure:
        return verdict(rule, a, State.VIOLATED, end, answer=sure[0])
    return verdict(rule, a, view.unbroken(end, view.ending(rule, a.index)), end, uncertain=bool(binding))


def not_earlier_than(view: View, rule: Rule, a: Step) -> Verdict:
    """Timed not precedence: A waits until ``not_before`` after every target (or until ``within`` has run out)."""
    early = [t for t in view.targets(rule, a) if t.index < a.index and _too_early(view, rule, t, a)]
    sure = [t for t in early if surely_before(t, a)]
    if sure:
        return verdict(rule, a, State.VIOLATED, notes=("too_early",), answer=sure[-1])
    return verdict(rule, a, State.FULFILLED, uncertain=bool(early))


def _too_early(view: View, rule: Rule, t: Step, a: Step) -> bool:
    if rule.not_before is not None and not view.far_enough(rule, t, a):
        return True
    if rule.within is not None:
        return view.time_for(rule, t, benefit=False).surely_allows(view.case, a)
    return rule.not_before is None


# A condition at the step itself.


def must(view: View, rule: Rule, a: Step) -> Verdict:
    """The condition is true at A."""
    assert rule.condition is not None
    met = rule.condition.test(scope_at(view.case, a, view.calendar))
    return verdict(rule, a, State.NOT_ASSESSABLE if met is None else State.FULFILLED if met else State.VIOLATED)


PER_ACTIVATION: Mapping[Template, Callable[[View, Rule, Step], Verdict]] = {
    Template.FOLLOWED_BY: followed_by,
    Template.ANSWERED_BEFORE_NEXT: answered_before_next,
    Template.DIRECTLY_FOLLOWED_BY: directly_followed_by,
    Template.ALSO_REQUIRES: also_requires,
    Template.ONLY_AFTER: only_after,
    Template.EACH_AFTER_A_NEW: each_after_a_new,
    Template.DIRECTLY_AFTER: directly_after,
    Template.NEVER_AFTER: never_after,
    Template.DIFFERENT_PERSON: different_person,
    Template.NOT_EARLIER_THAN: not_earlier_than,
    Template.MUST: must,
}
