"""A case prepared for the live evaluator: every condition tested once, every place and moment a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from core.calendars import Calendar
from core.cases.case import Case, Step
from core.language.expression import Scope
from core.rulebook.model import Rule
from scoring.engine.program import Plan, Program
from scoring.engine.scopes import correlated, correlation_value, scope_at
from scoring.engine.times import UNBOUNDED, Deadline, deadline, reaches, surely_reaches

Pairs = Sequence[Mapping[int, Sequence[int]]]
"""For each join: the targets of each activation, as positions in the case's order."""

NO_PAIRS: Mapping[int, Sequence[int]] = {}


class Sight:
    """One case under one program.

    Attributes:
        matched: for each pattern, the positions of the steps that match for certain.
        doubtful: for each pattern, those whose condition cannot be assessed.
        first, last: the earliest and latest place that each step may have had; equal where its moment is known.
        stops: positions of the steps that withdraw or close the case, in order, and which of the two they do.
    """

    def __init__(self, case: Case, program: Program, calendar: Calendar, as_of: datetime, assume_closed: bool,
                 deadlines: dict[tuple[int, date], Deadline]) -> None:
        self.case, self.program, self.calendar = case, program, calendar
        self.steps, self.as_of, self.assume_closed = case.steps, as_of, assume_closed
        self.pairs: Pairs = ()
        self.first, self.last = _places(case.steps)
        self.stops = _stops(case)
        self._deadlines = deadlines
        self._scopes: dict[int, Scope] = {}
        self.matched: list[Sequence[int]] = []
        self.doubtful: list[Sequence[int]] = []
        positions = case.positions
        for pattern in program.patterns:
            events = pattern.events
            places: Sequence[int] = positions.get(events[0], ()) if len(events) == 1 else sorted(
                place for event in set(events) for place in positions.get(event, ()))
            if pattern.when is None or not places:
                self.matched.append(places)
                self.doubtful.append(())
                continue
            test = pattern.when.test
            known = [(place, test(self.scope(place))) for place in places]
            self.matched.append([place for place, holds in known if holds])
            self.doubtful.append([place for place, holds in known if holds is None])

    def scope(self, place: int) -> Scope:
        """The scope of a condition on one step, made once."""
        found = self._scopes.get(place)
        if found is None:
            step = self.steps[place]
            found = self._scopes[place] = scope_at(self.case, step, self.calendar, step)
        return found

    def activations(self, plan: Plan) -> Iterator[tuple[int, bool]]:
        """Positions of the rule's activations in order, and whether they are certain."""
        doubtful, valid = self.doubtful[plan.on], plan.rule.valid
        matched = self.matched[plan.on]
        places = sorted((*matched, *doubtful)) if doubtful else matched
        for place in places:
            if plan.always or self.steps[place].date in valid:
                yield place, place not in doubtful

    def targets(self, plan: Plan, a: int) -> Sequence[int]:
        """The targets that the engine paired with activation ``a``, in order."""
        places = self.pairs[plan.join].get(a, ())
        condition = plan.pair_condition
        if condition is None or not places:
            return places
        step = self.steps[a]
        return [t for t in places if condition.test(scope_at(self.case, step, self.calendar, self.steps[t]))]

    def again(self, plan: Plan, a: int) -> tuple[int, int]:
        """The nearest steps before and after ``a`` that activate the rule too (-1 and the end of the case)."""
        before, after = -1, len(self.steps)
        for place in self.matched[plan.on]:
            if place == a or not correlated(self.steps[a], self.steps[place], plan.rule.same, ()):
                continue
            if place > a:
                return before, place
            before = place
        return before, after

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
        if rule.clock is not None or period.unit.elapsed:
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
        stop = next((stop for stop in self.stops if stop[0] > after), None)
        if rule.released_by:
            release = self.release(rule, after)
            # a step that does both withdraws
            if release is not None and (stop is None or release < stop[0] or (
                    release == stop[0] and stop[1] == "closed")):
                return release, "released"
        return stop

    def release(self, rule: Rule, after: int) -> int | None:
        """Position of the first releasing step after ``after``."""
        places = (place for event in rule.released_by for place in self.case.positions.get(event, ()))
        return min((place for place in places if place > after), default=None)


def facts(sight: Sight, joins: Sequence[int]) -> tuple[dict[int, str], dict[int, list[int]]]:
    """For the joins that could pair something: each step's numbers as text, and the marks that it carries."""
    program = sight.program
    carried: dict[int, list[int]] = {}
    used: set[int] = set()
    for number in dict.fromkeys(mark for join in joins for mark in program.sides[join]):
        mark = program.marks[number]
        used.update(map(program.fields.index, mark.fields))
        places = (*sight.matched[mark.pattern], *sight.doubtful[mark.pattern]) if mark.doubtful \
            else sight.matched[mark.pattern]
        for place in places:
            # a step without a compared value pairs with none, so it need not appear
            if not mark.fields or all(correlation_value(sight.steps[place], name) is not None for name in mark.fields):
                carried.setdefault(place, []).append(number)
    texts = {
        place: f',"first":{sight.first[place]},"last":{sight.last[place]},"place":{place}' for place in carried
    }
    for index in sorted(used):
        codes: dict[object, int] = {}
        for place in carried:
            value = correlation_value(sight.steps[place], program.fields[index])
            # what is equal in Python gets one number; a missing value is never compared but must be there
            texts[place] += f',"v{index}":{codes.setdefault(value, len(codes))}'
    return texts, carried


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


def _stops(case: Case) -> list[tuple[int, str]]:
    procedure, positions = case.procedure, case.positions
    found = {place: "closed" for event in procedure.closes_with for place in positions.get(event, ())}
    found.update({place: "withdrawn" for event in procedure.withdraws_with for place in positions.get(event, ())})
    return sorted(found.items())
