"""The live evaluator: durable-rules joins the steps of a case, what it finds becomes verdicts.

Conditions are tested once per step by the compiled closures; the engine is told only, in whole numbers, which
patterns a step matches, where it lies and which correlated values it has, and returns the pairs that each rule
is about. A duty without a pair is unanswered: the case is always evaluated whole, so absence is the absence of a
pair. (A ``none`` pattern would say the same at 1.4 times the cost, needs its trigger asserted last, and could not
name the answer.) One production per distinct join, shared by every rule and version that asks the same: facts are
one per step, where one generic production per template needs one fact per step and rule and is twice as slow.

A join hands over all its pairs. Where a case repeats both its sides so often that they are too many, its targets
are looked up instead (``candidates``): what a recording costs then grows with the steps, not with their square.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from weakref import WeakValueDictionary

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Rule
from scoring.engine.adapter import MAX_FACTS, EngineError, Join, RuleBase
from scoring.engine.candidates import wide_joins
from scoring.engine.decisions import Judges, decide, judges
from scoring.engine.program import Program, compile_rules
from scoring.engine.reference import Reference
from scoring.engine.sight import Sight, facts
from scoring.engine.times import Deadline
from scoring.verdict import Verdict

LOG = logging.getLogger(__name__)
MAX_PROGRAMS = 128
MAX_DEADLINES = 100_000
MOST_PAIRS = 1000
"""Of one join in one case; a Rete needs about five microseconds for each, a look-up about ten for an activation."""


@dataclass(slots=True)
class _Loaded:
    """A program with its compiled joins and the due dates it has worked out so far for one calendar."""

    program: Program
    bases: tuple[RuleBase, ...]
    judges: Judges
    calendar: Calendar | None = None
    timezone: str = ""
    deadlines: dict[tuple[int, date], Deadline] = field(default_factory=dict)

    def deadlines_for(self, calendar: Calendar, timezone: str) -> dict[tuple[int, date], Deadline]:
        if self.calendar is not calendar or self.timezone != timezone or len(self.deadlines) > MAX_DEADLINES:
            self.calendar, self.timezone, self.deadlines = calendar, timezone, {}
        return self.deadlines


class Live:
    """Evaluates cases by durable-rules; equal to ``Reference`` in every case. Thread-safe.

    Args:
        assume_closed: every case has ended with its last step (closed evaluation of finished logs).
        most_pairs: joins that may have more pairs in a case are not handed to the engine.
    """

    def __init__(self, assume_closed: bool = False, most_pairs: int = MOST_PAIRS) -> None:
        self._assume_closed = assume_closed
        self._most_pairs = most_pairs
        self._reference = Reference(assume_closed)
        self._lock = threading.Lock()
        self._programs: OrderedDict[tuple[int, ...], _Loaded] = OrderedDict()
        self._bases: WeakValueDictionary[tuple[tuple[int, Join], ...], RuleBase] = WeakValueDictionary()

    def evaluate(self, case: Case, rules: Sequence[Rule], calendar: Calendar, as_of: datetime) -> tuple[Verdict, ...]:
        """See ``scoring.verdict.Evaluator``.

        A case on which the engine fails is judged by the reference.
        """
        if not case.steps:
            return ()
        loaded = self._load(rules)
        program = loaded.program
        deadlines = loaded.deadlines_for(calendar, case.procedure.timezone.key)
        sight = Sight(case, program, calendar, as_of, self._assume_closed, deadlines)
        try:
            _join(sight, loaded.bases, self._most_pairs)
        except EngineError:
            # a case that the engine cannot take must not keep its steps from being recorded
            LOG.exception("durable-rules failed on case %s; the reference judges it", case.head.id)
            return self._reference.evaluate(case, rules, calendar, as_of)
        return tuple(decide(sight, loaded.judges))

    def _load(self, rules: Sequence[Rule]) -> _Loaded:
        key = tuple(map(id, rules))  # the program holds the rules, so that no id is used again while it is cached
        with self._lock:
            loaded = self._programs.get(key)
            if loaded is None:
                program = compile_rules(rules)
                bases = tuple(self._base(program, shard.numbers) for shard in program.shards)
                loaded = _Loaded(program, bases, judges(program))
                self._programs[key] = loaded
                if len(self._programs) > MAX_PROGRAMS:
                    self._programs.popitem(last=False)
            self._programs.move_to_end(key)
        return loaded

    def _base(self, program: Program, numbers: Sequence[int]) -> RuleBase:
        """The compiled joins, shared by all programs that ask the same; given back when the last one is dropped."""
        content = tuple((number, program.joins[number]) for number in numbers)
        base = self._bases.get(content)
        if base is None:
            base = self._bases[content] = RuleBase(dict(content))
        return base


def _join(sight: Sight, bases: Sequence[RuleBase], most_pairs: int) -> None:
    """Have every join that has something on both sides paired by the engine, or marked as one to be looked up."""
    program = sight.program
    sizes = [len(sight.matched[mark.pattern]) + (len(sight.doubtful[mark.pattern]) if mark.doubtful else 0)
             for mark in program.marks]
    # more facts than the engine takes need a case of thousands of steps
    sight.wide = wide_joins(program.sides, sizes, most_pairs if len(sight.steps) <= MAX_FACTS else 0)
    pairs: dict[int, dict[int, list[int]]] = {}
    for asked, base in zip(_asked(program, sizes, sight.wide), bases, strict=True):
        for number, a, t in base.pairs(facts(sight, asked)):
            pairs.setdefault(number, {}).setdefault(a, []).append(t)
    for join in pairs.values():
        for targets in join.values():
            targets.sort()
    sight.pairs = pairs


def _asked(program: Program, sizes: Sequence[int], wide: frozenset[int]) -> Iterator[list[int]]:
    """For each shard, the marks that its facts have to carry."""
    if wide:
        for shard in program.shards:
            kept = [program.sides[number] for number in shard.numbers if number not in wide]
            yield sorted({mark for pair in kept if sizes[pair[0]] and sizes[pair[1]] for mark in pair})
        return
    there = 0
    for number, size in enumerate(sizes):
        if size:
            there |= 1 << number
    for partners in program.partners:
        yield [mark for mark, others in partners if others & there and there >> mark & 1]
