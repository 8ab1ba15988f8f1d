"""From the pairs that the engine found to verdicts: one function per template, over positions.

The same meaning as ``reference``, arrived at another way; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from core.rulebook.model import Rule, Template
from scoring.engine.candidates import Candidates, Targets
from scoring.engine.program import Plan, Program
from scoring.engine.sight import Sight
from scoring.engine.times import UNBOUNDED, Deadline, undated
from scoring.verdict import State, Verdict

FULFILLED, VIOLATED, PENDING = State.FULFILLED, State.VIOLATED, State.PENDING
HOLDING, VACUOUS, NOT_ASSESSABLE = State.HOLDING, State.VACUOUS, State.NOT_ASSESSABLE


Judges = Sequence[tuple[Plan, Callable[[Sight, Plan], Iterator[Verdict]] | None,
                        Callable[[Sight, Plan, int], Verdict] | None]]
"""Each plan with its function: of a whole case, or of one activation."""


def judges(program: Program) -> Judges:
    """The functions that judge a program's rules, looked up once."""
    return [(plan, PER_CASE.get(plan.rule.template), _of_activation(plan)) for plan in program.plans]


def _of_activation(plan: Plan) -> Callable[[Sight, Plan, int], Verdict] | None:
    judge, within = PER_ACTIVATION.get(plan.rule.template), plan.rule.within
    if judge is None or within is None or within.until is None:
        return judge
    return lambda sight, plan, a: (_verdict(sight, plan.rule, a, NOT_ASSESSABLE)
                                   if undated(sight.steps[a], plan.rule.within) else judge(sight, plan, a))


def decide(sight: Sight, by: Judges) -> list[Verdict]:
    """Every verdict on the case, in the order of the program's rules."""
    found: list[Verdict] = []
    matched, doubtful = sight.matched, sight.doubtful
    for plan, of_case, of_activation in by:
        if of_activation is not None:
            on = plan.on
            unknown = frozenset(doubtful[on])
            if unknown:
                found.extend(_verdict(sight, plan.rule, a, NOT_ASSESSABLE) if a in unknown else
                             of_activation(sight, plan, a) for a in sight.activations(plan))
            elif matched[on]:
                for a in sight.activations(plan):
                    found.append(of_activation(sight, plan, a))
        elif of_case is not None and (plan.always or sight.steps[0].date in plan.rule.valid):
            found.extend(of_case(sight, plan))
    return found


def _verdict(sight: Sight, rule: Rule, a: int | None, state: State, end: Deadline = UNBOUNDED,
             notes: tuple[str, ...] = (), answer: int | None = None, late: int | None = None, uncertain: bool = False,
             days_late: int | None = None) -> Verdict:
    steps = sight.steps
    decisive = answer if answer is not None else late
    if late is not None:
        days_late = end.days_late(steps[late])
    return Verdict(
        rule.id, None if a is None else sight.ids[a], a, state, end.due, end.day,
        None if decisive is None else steps[decisive].event.id, None if late is None else steps[late].date,
        days_late, uncertain, rule.level, end.provisional, notes,
    )


def _fulfilled(sight: Sight, rule: Rule, a: int, end: Deadline, answer: int) -> Verdict:
    return Verdict(rule.id, sight.ids[a], a, FULFILLED, end.due, end.day, sight.steps[answer].event.id, None, None,
                   False, rule.level, end.provisional, ())


def _unmet(sight: Sight, end: Deadline, stop: tuple[int, str] | None) -> State:
    if stop is not None:
        return VACUOUS if stop[1] != "closed" and end.allows(sight.steps[stop[0]]) else VIOLATED
    return VIOLATED if sight.assume_closed or end.passed(sight.as_of) else PENDING


def _waiting_or_late(sight: Sight, rule: Rule, a: int | None, state: State, end: Deadline,
                     stop: tuple[int, str] | None, late: int | None) -> Verdict:
    if state is PENDING:
        return _verdict(sight, rule, a, state, end, ("suspended",) if end.suspended else ())
    if state is VACUOUS and stop is not None:
        return _verdict(sight, rule, a, state, end, (stop[1],))
    return _verdict(sight, rule, a, state, end, ("missing",) if late is None else ("too_late",), late=late)


def _duty(sight: Sight, plan: Plan, a: int, answers: Iterable[int], low: int, high: int,
          decided: int | None = None) -> Verdict:
    """A duty with its possible answers; those at positions between ``low`` and ``high`` are in plain order."""
    rule, steps, first, last = plan.rule, sight.steps, sight.first, sight.last
    end = sight.deadline(rule, a)
    stop = sight.ending(rule, a) if plan.endable or sight.stops else None
    border = len(steps) if stop is None else stop[0]
    doubtful = late = None
    for t in answers:
        plain, allowed = low < t < high, end.allows(steps[t])
        if allowed and (t <= border or first[t] < last[border]):
            if plain and t <= border:
                return _fulfilled(sight, rule, a, end, t)
            if doubtful is None:
                doubtful = t
        if late is None and plain and t > a:
            late = t
        if late is not None and (not allowed or (t > border and steps[t].date > steps[border].date)):
            break  # what comes later still is no answer in time either
    if doubtful is not None:
        return _verdict(sight, rule, a, FULFILLED, end, answer=doubtful, uncertain=True)
    barred = decided is not None and decided < border
    return _waiting_or_late(sight, rule, a, VIOLATED if barred else _unmet(sight, end, stop), end, stop, late)


def _far_after(sight: Sight, rule: Rule, a: int, answers: Targets) -> Iterable[int]:
    """Those after ``a`` that leave the rule's minimum time."""
    if rule.not_before is None:
        return answers
    if isinstance(answers, Candidates):
        answers = answers.between(sight.reached(rule.not_before, a), len(sight.steps))
    return (t for t in answers if sight.far_enough(rule, a, t))


def _followed_by(sight: Sight, plan: Plan, a: int) -> Verdict:
    return _duty(sight, plan, a, _far_after(sight, plan.rule, a, sight.targets(plan, a)), a, len(sight.steps))


def _answered_before_next(sight: Sight, plan: Plan, a: int) -> Verdict:
    n = len(sight.steps)
    _, again = sight.again(plan, a)
    answers = sight.targets(plan, a)
    if again == n:
        return _duty(sight, plan, a, _far_after(sight, plan.rule, a, answers), a, again)
    if isinstance(answers, Candidates):
        answers = answers.between(0, sight.day_end(again))
    before = (t for t in _far_after(sight, plan.rule, a, answers) if t != again and sight.possibly_before(t, again))
    return _duty(sight, plan, a, before, a, again, again)


def _directly_followed_by(sight: Sight, plan: Plan, a: int) -> Verdict:
    n = len(sight.steps)
    answers = [t for t in sight.targets(plan, a) if sight.far_enough(plan.rule, a, t)]
    return _duty(sight, plan, a, answers, -1, n, a + 1 if a + 1 < n else None)


def _also_requires(sight: Sight, plan: Plan, a: int) -> Verdict:
    rule, here = plan.rule, sight.steps[a]
    answers = (t for t in sight.targets(plan, a) if sight.far_enough(rule, min(a, t), max(a, t))
               and (t > a or sight.deadline(rule, t).allows(here)))
    return _duty(sight, plan, a, answers, -1, len(sight.steps))


def _preceded(sight: Sight, plan: Plan, a: int, earlier: Targets, low: int) -> Verdict:
    """What must have come before; targets at positions between ``low`` and ``a`` are in plain order."""
    rule, steps, here = plan.rule, sight.steps, sight.steps[a]
    doubtful = nearest = expired = None
    near = False
    for t in reversed(earlier):
        if not sight.far_enough(rule, t, a):
            near = True
            continue
        if nearest is None:
            nearest = t
        end = sight.deadline(rule, t)
        if end.allows(here):
            if low < t < a:
                return _fulfilled(sight, rule, a, end, t)
            if doubtful is None:
                doubtful = t
        elif expired is None:
            expired = t
        elif steps[t].date < steps[expired].date and sight.steady(rule):
            break  # the time that began still earlier has run out too
    if doubtful is not None:
        return _verdict(sight, rule, a, FULFILLED, sight.deadline(rule, doubtful), answer=doubtful, uncertain=True)
    if nearest is None:
        return _verdict(sight, rule, a, VIOLATED, notes=("too_early",) if near else ("missing",))
    end = sight.deadline(rule, nearest)
    return _verdict(sight, rule, a, VIOLATED, end, ("too_late",), days_late=end.days_late(here))


def _only_after(sight: Sight, plan: Plan, a: int) -> Verdict:
    return _preceded(sight, plan, a, sight.targets(plan, a), -1)


def _each_after_a_new(sight: Sight, plan: Plan, a: int) -> Verdict:
    previous, _ = sight.again(plan, a)
    found = sight.targets(plan, a)
    if previous < 0:
        return _preceded(sight, plan, a, found, previous)
    if isinstance(found, Candidates):
        fresh: Targets = found.between(sight.day_start(previous), len(sight.steps)).where(
            lambda t: t != previous and sight.possibly_before(previous, t))
    else:
        fresh = [t for t in found if t != previous and sight.possibly_before(previous, t)]
    return _preceded(sight, plan, a, fresh, previous)


def _directly_after(sight: Sight, plan: Plan, a: int) -> Verdict:
    return _preceded(sight, plan, a, sight.targets(plan, a), -1)


def _prohibition(sight: Sight, plan: Plan, a: int, breaches: Iterable[int], ordered: bool) -> Verdict:
    rule = plan.rule
    end = sight.deadline(rule, a, benefit=False)
    release = sight.release(rule, a) if rule.released_by else None
    uncertain = False
    for t in breaches:
        if release is not None and t >= release:
            break
        sure = (not ordered or sight.surely_before(a, t)) and (release is None or sight.surely_before(t, release))
        if sure:
            return _verdict(sight, rule, a, VIOLATED, end, answer=t)
        uncertain = True
    stop = sight.ending(rule, a) if plan.endable or sight.stops else None
    return Verdict(rule.id, sight.ids[a], a, _unbroken(sight, end, stop), end.due, end.day, None, None, None, uncertain,
                   rule.level, end.provisional, ())


def _unbroken(sight: Sight, end: Deadline, stop: tuple[int, str] | None) -> State:
    return FULFILLED if stop is not None or sight.assume_closed or end.passed(sight.as_of) else HOLDING


def _never_after(sight: Sight, plan: Plan, a: int) -> Verdict:
    return _prohibition(sight, plan, a, _forbidden(sight, plan.rule, a, sight.targets(plan, a)), True)


def _forbidden(sight: Sight, rule: Rule, a: int, targets: Targets) -> Iterator[int]:
    """Those after ``a`` within the rule's times beyond doubt."""
    end = sight.deadline(rule, a, benefit=False)
    over = None
    for t in targets:
        if t < a:
            continue
        if sight.surely_fits(rule, a, t):
            yield t
        elif not end.surely_allows(sight.case, sight.steps[t]):
            if over is not None and sight.steps[t].date > sight.steps[over].date:
                return  # the rest comes later still
            over = t if over is None else over


def _different_person(sight: Sight, plan: Plan, a: int) -> Verdict:
    rule = plan.rule
    return _prohibition(sight, plan, a, (t for t in sight.targets(plan, a) if sight.surely_fits(rule, a, t)), False)


def _not_earlier_than(sight: Sight, plan: Plan, a: int) -> Verdict:
    rule, steps, here = plan.rule, sight.steps, sight.steps[a]
    uncertain, passed = False, None
    for t in reversed(sight.targets(plan, a)):
        if t > a:
            continue
        early = rule.not_before is not None and not sight.far_enough(rule, t, a)
        if not early:
            early = rule.not_before is None if rule.within is None else \
                sight.deadline(rule, t, benefit=False).surely_allows(sight.case, here)
        if early and sight.surely_before(t, a):
            return _verdict(sight, rule, a, VIOLATED, notes=("too_early",), answer=t)
        uncertain = uncertain or early
        if not early:
            if passed is not None and steps[t].date < steps[passed].date and sight.steady(rule):
                break  # what came still earlier no longer binds either
            passed = t if passed is None else passed
    return _verdict(sight, rule, a, FULFILLED, uncertain=uncertain)


def _must(sight: Sight, plan: Plan, a: int) -> Verdict:
    condition = plan.rule.condition
    assert condition is not None
    met = condition.test(sight.scope(a))
    return _verdict(sight, plan.rule, a, NOT_ASSESSABLE if met is None else FULFILLED if met else VIOLATED)


def _starts_with(sight: Sight, plan: Plan) -> Iterator[Verdict]:
    known = 0 in sight.matched[plan.on][:1], 0 in sight.doubtful[plan.on][:1]
    yield _verdict(sight, plan.rule, None, FULFILLED if known[0] else NOT_ASSESSABLE if known[1] else VIOLATED)


def _counted(sight: Sight, plan: Plan) -> Iterator[Verdict]:
    rule, steps, first, last = plan.rule, sight.steps, sight.first, sight.last
    n, template = rule.count, rule.template
    assert n is not None
    end, stop = sight.deadline(rule, 0), sight.ending(rule, -1)
    release = sight.release(rule, -1) if rule.released_by else None
    horizon = len(steps) if release is None else release
    matched = sight.matched[plan.on]
    sure = [t for t in matched if t <= horizon and end.allows(steps[t])]
    doubt = sum(t <= horizon and end.allows(steps[t]) for t in sight.doubtful[plan.on])
    in_time = sure if stop is None else [t for t in sure if t <= stop[0] or first[t] < last[stop[0]]]
    if template is not Template.AT_LEAST:
        if len(sure) > n:
            yield _verdict(sight, rule, None, VIOLATED, end, answer=sure[n])
            return
        if doubt and len(sure) + doubt >= n + (template is Template.AT_MOST):
            yield _verdict(sight, rule, None, NOT_ASSESSABLE, end)
            return
        if template is Template.AT_MOST or len(in_time) == n:
            yield _verdict(sight, rule, None, _unbroken(sight, end, stop), end)
            return
    elif len(in_time) >= n:
        yield _verdict(sight, rule, None, FULFILLED, end, answer=in_time[n - 1] if n else None)
        return
    elif len(in_time) + doubt >= n:
        yield _verdict(sight, rule, None, NOT_ASSESSABLE, end)
        return
    kept = frozenset(in_time)
    too_late = [t for t in matched if t not in kept]
    wanting = n - len(in_time)
    late = too_late[wanting - 1] if len(too_late) >= wanting else None
    yield _waiting_or_late(sight, rule, None, _unmet(sight, end, stop), end, stop, late)


def _not_both(sight: Sight, plan: Plan) -> Iterator[Verdict]:
    ones, others = frozenset(sight.matched[plan.on]), frozenset(sight.matched[plan.target])
    sure: int | None = None
    paired = False
    for one in sorted((*ones, *sight.doubtful[plan.on])):
        if sure is not None and one >= sure:
            break
        for other in sight.targets(plan, one):
            if sure is not None and other >= sure:
                break
            certain = one in ones and other in others
            if (certain or not paired) and sight.surely_fits(plan.rule, one, other):
                paired = True
                if certain:
                    sure = max(one, other)
    if sure is not None:
        yield _verdict(sight, plan.rule, None, VIOLATED, answer=sure)
    elif paired:
        yield _verdict(sight, plan.rule, None, NOT_ASSESSABLE)
    elif ones or others:
        yield _verdict(sight, plan.rule, None, _unbroken(sight, UNBOUNDED, sight.ending(plan.rule, -1)))


PER_ACTIVATION: Mapping[Template, Callable[[Sight, Plan, int], Verdict]] = {
    Template.FOLLOWED_BY: _followed_by,
    Template.ANSWERED_BEFORE_NEXT: _answered_before_next,
    Template.DIRECTLY_FOLLOWED_BY: _directly_followed_by,
    Template.ALSO_REQUIRES: _also_requires,
    Template.ONLY_AFTER: _only_after,
    Template.EACH_AFTER_A_NEW: _each_after_a_new,
    Template.DIRECTLY_AFTER: _directly_after,
    Template.NEVER_AFTER: _never_after,
    Template.DIFFERENT_PERSON: _different_person,
    Template.NOT_EARLIER_THAN: _not_earlier_than,
    Template.MUST: _must,
}

PER_CASE: Mapping[Template, Callable[[Sight, Plan], Iterator[Verdict]]] = {
    Template.STARTS_WITH: _starts_with,
    Template.AT_MOST: _counted,
    Template.AT_LEAST: _counted,
    Template.EXACTLY: _counted,
    Template.NOT_BOTH: _not_both,
}
