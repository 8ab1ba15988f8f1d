"""Rules compiled for the live evaluator: patterns matched once per step, joins for the engine, a plan per rule.

Only what relates two steps goes into the engine, without periods and dates: rules of all regions and versions
that differ in their parameters alone share their joins, and a reload that changes no join compiles nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.language.expression import Expression, Scope
from core.language.generated import at_once
from core.rulebook.model import DateRange, Pattern, Rule, Template
from scoring.engine.adapter import Comparison, Join, Shard, shards

AFTER = (Comparison("last", ">", "first"),)
BEFORE = (Comparison("first", "<", "last"),)
RELATION: dict[Template, tuple[Comparison, ...]] = {
    Template.FOLLOWED_BY: AFTER,
    Template.NEVER_AFTER: AFTER,
    Template.ANSWERED_BEFORE_NEXT: AFTER,
    Template.ONLY_AFTER: BEFORE,
    Template.NOT_EARLIER_THAN: BEFORE,
    Template.EACH_AFTER_A_NEW: BEFORE,
    Template.DIRECTLY_FOLLOWED_BY: (Comparison("place", "==", "place", 1),),
    Template.DIRECTLY_AFTER: (Comparison("place", "==", "place", -1),),
    Template.DIFFERENT_PERSON: (),
    Template.ALSO_REQUIRES: (),
    Template.NOT_BOTH: (),
}
"""How the target lies to the activation. ``first`` and ``last`` span the places that a step may have had."""


@dataclass(frozen=True, slots=True)
class StepPattern:
    """Steps of these types for which the condition, which looks at that step alone, is true."""

    events: tuple[str, ...]
    when: Expression | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a fact carries when its step matches ``pattern`` and has a value in each of ``fields``.

    Attributes:
        doubtful: steps whose condition cannot be assessed carry it too.
    """

    pattern: int
    fields: tuple[str, ...]
    doubtful: bool = False

    def name(self, number: int) -> str:
        """Its name in facts."""
        return f"m{number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one version of a rule is evaluated.

    Attributes:
        on: number of the activation's pattern.
        target: number of the target's pattern; -1 without target.
        join: number of the join that pairs the two; -1 without.
        pair_condition: the target's condition where it looks at both steps, so that it is tested on pairs.
        always: the version is in force on every day.
        endable: steps of the case other than its end release the rule.
    """

    rule: Rule
    on: int
    target: int = -1
    join: int = -1
    pair_condition: Expression | None = None
    always: bool = False
    endable: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """Compiled rules.

    Attributes:
        fields: correlated fields; field ``i`` is called ``v<i>`` in facts.
        sides: the two marks of each join.
        partners: for each shard, its marks, each with those that its joins pair it with as bits.
        mark_texts: how each mark stands in the text of a fact.
        asked: for each event type, the numbers of the patterns whose condition is asked at its steps, with the
            function that answers them all at once.
    """

    rules: tuple[Rule, ...]
    plans: tuple[Plan, ...]
    patterns: tuple[StepPattern, ...]
    marks: tuple[Mark, ...]
    fields: tuple[str, ...]
    joins: tuple[Join, ...]
    sides: tuple[tuple[int, int], ...]
    partners: tuple[tuple[tuple[int, int], ...], ...]
    shards: tuple[Shard, ...]
    mark_texts: tuple[str, ...]
    asked: Mapping[str, tuple[tuple[int, ...], Callable[[Scope], Sequence[bool | None]]]]


def compile_rules(rules: Sequence[Rule]) -> Program:
    """Compile rules of one procedure.

    Raises:
        FazhiError: a rule exceeds what the engine can take.
    """
    builder = _Builder()
    plans = tuple(builder.plan(rule) for rule in rules)
    carried: dict[str, set[str]] = defaultdict(set)
    for number, mark in enumerate(builder.marks):
        for event in builder.patterns[mark.pattern].events:
            carried[event].add(mark.name(number))
    spread = shards(tuple(builder.joins), [frozenset(names) for names in carried.values()])
    return Program(
        tuple(rules), plans, tuple(builder.patterns), tuple(builder.marks), tuple(builder.fields),
        tuple(builder.joins), tuple(builder.sides), tuple(builder.partners(shard) for shard in spread), spread,
        tuple(f',"{mark.name(number)}":1' for number, mark in enumerate(builder.marks)),
        _asked(builder.patterns),
    )


def _asked(patterns: Sequence[StepPattern]
           ) -> dict[str, tuple[tuple[int, ...], Callable[[Scope], Sequence[bool | None]]]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, pattern in enumerate(patterns):
        for event in dict.fromkeys(pattern.events) if pattern.when is not None else ():
            numbers[event].append(number)
    return {event: (tuple(asked), at_once([when for n in asked if (when := patterns[n].when)]))
            for event, asked in numbers.items()}


@dataclass(slots=True)
class _Builder:
    patterns: list[StepPattern] = field(default_factory=list)
    marks: dict[Mark, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    joins: dict[Join, int] = field(default_factory=dict)
    sides: list[tuple[int, int]] = field(default_factory=list)
    known: dict[tuple[tuple[str, ...], int], int] = field(default_factory=dict)

    def plan(self, rule: Rule) -> Plan:
        on, always, endable = self.pattern(rule.on), rule.valid == DateRange(), bool(rule.released_by)
        if rule.target is None:
            return Plan(rule, on, always=always, endable=endable)
        seen_alone = rule.template is Template.NOT_BOTH or _looks_at_answer_alone(rule.target.when)
        target = self.pattern(rule.target if seen_alone else Pattern(rule.target.events))
        join = self.join(rule, on, target)
        pair_condition = None if seen_alone else rule.target.when
        return Plan(rule, on, target, join, pair_condition, always, endable)

    def pattern(self, pattern: Pattern) -> int:
        # conditions are told apart by identity: the same text may have been compiled with other parameters
        key = (pattern.events, id(pattern.when))
        if key not in self.known:
            self.known[key] = len(self.patterns)
            self.patterns.append(StepPattern(pattern.events, pattern.when))
        return self.known[key]

    def join(self, rule: Rule, on: int, target: int) -> int:
        same = rule.same or (("actor",) if rule.template is Template.DIFFERENT_PERSON else ())
        compared = tuple(dict.fromkeys((*same, *rule.different)))
        doubtful = rule.template is Template.NOT_BOTH
        a, t = self.mark(Mark(on, compared, doubtful)), self.mark(Mark(target, compared, doubtful))
        comparisons = (
            *(Comparison(self.value(name), "==", self.value(name)) for name in dict.fromkeys(same)),
            *(Comparison(self.value(name), "!=", self.value(name)) for name in dict.fromkeys(rule.different)),
            *RELATION[rule.template],
        )
        join = Join(f"m{a}", f"m{t}", comparisons, rule.id)
        if join not in self.joins:
            self.joins[join] = len(self.sides)
            self.sides.append((a, t))
        return self.joins[join]

    def partners(self, shard: Shard) -> tuple[tuple[int, int], ...]:
        bits: dict[int, int] = defaultdict(int)
        for number in shard.numbers:
            a, t = self.sides[number]
            bits[a] |= 1 << t
            bits[t] |= 1 << a
        return tuple(bits.items())

    def mark(self, mark: Mark) -> int:
        return self.marks.setdefault(mark, len(self.marks))

    def value(self, name: str) -> str:
        return f"v{self.fields.setdefault(name, len(self.fields))}"


def _looks_at_answer_alone(when: Expression | None) -> bool:
    return when is None or all(name.startswith("t.") for name in when.reads)
