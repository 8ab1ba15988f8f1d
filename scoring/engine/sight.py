"""A case prepared for the live evaluator: every condition tested once, every place and moment a number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.language.expression import Scope
from core.rulebook.model import Period, Rule, Template
from scoring.engine.adapter import fact_head
from scoring.engine.candidates import Candidates, Groups, Targets
from scoring.engine.program import AFTER, BEFORE, RELATION, Plan, Program
from scoring.engine.scopes import correlated, correlation_value, scope_at
from scoring.engine.times import UNBOUNDED, Deadline, deadline, reaches, surely_reaches

Pairs = Mapping[int, Mapping[int, Sequence[int]]]
"""By join: the targets of each activation, as positions in the case's order."""


class Sight:
    """One case under one program.

    Attributes:
        ids: what verdicts call each step as an activation: the event first recorded at its place.
        matched: for each pattern, the positions of the steps that match for certain.
        doubtful: for each pattern, those whose condition cannot be assessed.
        first, last: the earliest and latest place that each step may have had; equal where its moment is known.
        wide: the joins whose targets are looked up, because they have too many pairs.
        stops: positions of the steps that withdraw or close the case, in order, and which of the two they do.
    """

    def __init__(self, case: Case, program: Program, calendar: Calendar, as_of: datetime, assume_closed: bool,
                 deadlines: dict[tuple[int, date], Deadline]) -> None:
        self.case, self.program, self.calendar = case, program, calendar
        self.steps, self.as_of, self.assume_closed = case.steps, as_of, assume_closed
        self.pairs: Pairs = {}
        self.wide: frozenset[int] = frozenset()
        self.ids = [(step.origin or step.event).id for step in case.steps]
        self.first, self.last = _places(case.steps)
        self.stops = _stops(case)
        self._deadlines = deadlines
        self._scopes: dict[int, Scope] = {}
        self._groups: dict[tuple[int, tuple[str, ...], bool], Groups] = {}
        self.matched: list[Sequence[int]] = []
        self.doubtful: list[Sequence[int]] = []
        positions = case.positions
        answers = self._answers()
        for number, pattern in enumerate(program.patterns):
            events = pattern.events
            places: Sequence[int] = positions.get(events[0], ()) if len(events) == 1 else sorted(
                place for event in set(events) for place in positions.get(event, ()))
            if pattern.when is None or not places:
                self.matched.append(places)
                self.doubtful.append(())
                continue
            known = answers[number]
            self.matched.append([place for place in places if known[place]])
            self.doubtful.append([place for place in places if known[place] is None])

    def _answers(self) -> Mapping[int, Mapping[int, bool | None]]:
        """For each pattern with a condition, the answer at each step of its types; all conditions of a step at once."""
        answers: dict[int, dict[int, bool | None]] = {}
        positions = self.case.positions
        for event, (numbers, ask) in self.program.asked.items():
            for place in positions.get(event, ()):
                for number, answer in zip(numbers, ask(self.scope(place)), strict=True):
                    answers.setdefault(number, {})[place] = answer
        return answers

    def scope(self, place: int) -> Scope:
        """The scope of a condition on one step, made once."""
        found = self._scopes.get(place)
        if found is None:
            step = self.steps[place]
            found = self._scopes[place] = scope_at(self.case, step, self.calendar, step)
        return found

    def activations(self, plan: Plan) -> Sequence[int]:
        """Positions of the rule's activations in order, those that cannot be assessed among them."""
        places, doubtful = self.matched[plan.on], self.doubtful[plan.on]
        if doubtful:
            places = sorted((*places, *doubtful))
        return places if plan.always else [place for place in places if self.steps[place].date in plan.rule.valid]

    def targets(self, plan: Plan, a: int) -> Targets:
        """The targets that are paired with activation ``a``, in order."""
        step, condition = self.steps[a], plan.pair_condition
        if plan.join in self.wide:
            found = self._candidates(plan, a)
            return found if condition is None else found.where(
                lambda t: condition.test(scope_at(self.case, step, self.calendar, self.steps[t])))
        pairs = self.pairs.get(plan.join)
        if pairs is None:
            return ()
        places = pairs.get(a, ())
        if condition is None:
            return places
        return [t for t in places if condition.test(scope_at(self.case, step, self.calendar, self.steps[t]))]

    def _candidates(self, plan: Plan, a: int) -> Candidates:
        """What the join would pair with ``a``, as a stretch of the places that match the target."""
        rule, step = plan.rule, self.steps[a]
        same = rule.same or (("actor",) if rule.template is Template.DIFFERENT_PERSON else ())
        places = self._grouped(plan.target, same, doubtful=rule.template is Template.NOT_BOTH).of(step)
        found, relation = Candidates(places, 0, len(places)), RELATION[rule.template]
        first, last = self.first, self.last
        if relation is AFTER:
            found = found.between(self.day_start(a), len(self.steps)).where(lambda t: last[t] > first[a])
        elif relation is BEFORE:
            found = found.between(0, self.day_end(a)).where(lambda t: first[t] < last[a])
        elif relation:
            next_to = a + relation[0].plus
            found = found.between(next_to, next_to + 1)
        found = found.where(lambda t: t != a)
        if not rule.different:
            return found
        return found.where(lambda t: correlated(step, self.steps[t], (), rule.different))

    def _grouped(self, pattern: int, names: tuple[str, ...], doubtful: bool = False) -> Groups:
        key = (pattern, names, doubtful)
        found = self._groups.get(key)
        if found is None:
            places = self.matched[pattern]
            if doubtful and self.doubtful[pattern]:
                places = sorted((*places, *self.doubtful[pattern]))
            found = self._groups[key] = Groups(places, self.steps, names)
        return found

    def day_start(self, place: int) -> int:
        """The place of the first step of that step's day."""
        return bisect_left(self.steps, self.steps[place].date, key=_day)

    def day_end(self, place: int) -> int:
        """The place after the last step of that step's day."""
        return bisect_right(self.steps, self.steps[place].date, key=_day)

    def again(self, plan: Plan, a: int) -> tuple[int, int]:
        """The nearest steps before and after ``a`` that activate the rule too (-1 and the end of the case)."""
        places = self._grouped(plan.on, plan.rule.same).of(self.steps[a])
        at = bisect_left(places, a)
        following = at + (at < len(places) and places[at] == a)
        return places[at - 1] if at else -1, places[following] if following < len(places) else len(self.steps)

    def possibly_before(self, one: int, other: int) -> bool:
        """True where step ``one`` came, or may have come, before step ``other``."""
        return self.first[one] < self.last[other]

    def surely_before(self, one: int, other: int) -> bool:
        """True where step ``one`` came before step ``other`` beyond doubt."""
        return self.last[one] < self.first[other]

    def deadline(self, rule: Rule, start: int, benefit: bool = True) -> Deadline:
        """When the rule's period from that step is over."""
        period = rule.within
        if period is None:
            return UNBOUNDED
        if rule.clock is not None or period.unit.elapsed or period.until is not None:
            return deadline(self.case, self.calendar, self.steps[start], period, rule.clock, benefit)
        key = (id(period), self.steps[start].date)  # the program keeps the period alive
        found = self._deadlines.get(key)
        if found is None:
            found = self._deadlines[key] = deadline(self.case, self.calendar, self.steps[start], period, None)
        return found

    def far_enough(self, rule: Rule, earlier: int, later: int) -> bool:
        """Does the rule's minimum time lie, or may it lie, between the two?"""
        if rule.not_before is None:
            return True
        return reaches(self.case, self.calendar, self.steps[earlier], self.steps[later], rule.not_before)

    def reached(self, least: Period, start: int) -> int:
        """The first place that may leave ``least`` after step ``start``; all before it do not."""
        if least.unit.elapsed:
            return 0
        return bisect_left(self.steps, self.calendar.due(self.steps[start].date, least), key=_day)

    def steady(self, rule: Rule) -> bool:
        """True where the rule's period is over the later the later the day on which it began."""
        return rule.clock is None and (rule.within is None or rule.within.until is None)

    def surely_fits(self, rule: Rule, one: int, other: int) -> bool:
        """Do the rule's times hold between the two beyond doubt?"""
        if rule.not_before is None and rule.within is None:
            return True
        earlier, later = min(one, other), max(one, other)
        last = self.steps[later]
        return (surely_reaches(self.case, self.calendar, self.steps[earlier], last, rule.not_before)
                and self.deadline(rule, earlier, benefit=False).surely_allows(self.case, last))

    def ending(self, rule: Rule, after: int) -> tuple[int, str] | None:
        """Position and manner of the first step after ``after`` that ends what is pending."""
        at = bisect_right(self.stops, after, key=_place)
        stop = self.stops[at] if at < len(self.stops) else None
        if rule.released_by:
            release = self.release(rule, after)
            # a step that does both withdraws
            if release is not None and (stop is None or release < stop[0] or (
                    release == stop[0] and stop[1] == "closed")):
                return release, "released"
        return stop

    def release(self, rule: Rule, after: int) -> int | None:
        """Position of the first releasing step after ``after``."""
        found: int | None = None
        for event in rule.released_by:
            places = self.case.positions.get(event, ())
            at = bisect_right(places, after)
            if at < len(places) and (found is None or places[at] < found):
                found = places[at]
        return found


def facts(sight: Sight, marks: Iterable[int]) -> list[str]:
    """The facts of the steps that carry one of ``marks``, as texts for the engine."""
    program, steps = sight.program, sight.steps
    carried: dict[int, str] = {}
    fields: set[str] = set()
    for number in marks:
        mark, name = program.marks[number], program.mark_texts[number]
        places = sight.matched[mark.pattern]
        if mark.doubtful and sight.doubtful[mark.pattern]:
            places = (*places, *sight.doubtful[mark.pattern])
        if mark.fields:
            fields.update(mark.fields)
            # a step without a compared value pairs with none
            places = [place for place in places
                      if all(correlation_value(steps[place], field) is not None for field in mark.fields)]
        for place in places:
            carried[place] = carried.get(place, "") + name
    for field in sorted(fields):
        codes: dict[object, int] = {}
        name = f',"v{program.fields.index(field)}":'
        for place in carried:
            # what is equal in Python gets one number; a value that is missing must still be there to be compared
            code = codes.setdefault(correlation_value(steps[place], field), len(codes))
            carried[place] += f"{name}{code}"
    first, last = sight.first, sight.last
    return [f'{fact_head(place)},"place":{place},"first":{first[place]},"last":{last[place]}{text}}}'
            for place, text in carried.items()]


def _places(steps: Sequence[Step]) -> tuple[Sequence[int], Sequence[int]]:
    if all(step.event.precision == "instant" for step in steps):
        places = range(0, 4 * len(steps), 4)
        return places, places
    first: list[int] = []
    last: list[int] = []
    for _, group in groupby(steps, key=lambda step: step.date):
        day = list(group)
        start, end = 4 * day[0].index - 1, 4 * day[-1].index + 1
        for step in day:
            known = step.event.precision == "instant"
            first.append(4 * step.index if known else start)
            last.append(4 * step.index if known else end)
    return first, last


def _day(step: Step) -> date:
    return step.date


def _place(stop: tuple[int, str]) -> int:
    return stop[0]


def _stops(case: Case) -> list[tuple[int, str]]:
    procedure, positions = case.procedure, case.positions
    found = {place: "closed" for event in procedure.closes_with for place in positions.get(event, ())}
    found.update({place: "withdrawn" for event in procedure.withdraws_with for place in positions.get(event, ())})
    return sorted(found.items())
