"""A safe way to run durable-rules 2.0.28: joins between whole-number facts, one case at a time.

durable-rules has defects that crash, hang or answer wrongly. What could meet one cannot be said here: a
production is a join of marked facts and every value is a whole number, so there are no negated, optional or
alternative patterns, no text, fraction, null or division. What is left is guarded:

* no ``Host``: its timer threads read freed memory;
* one rule fires in each new handle before anything else, or deleting a state frees an uninitialised pointer;
* a joined pattern ends with a comparison that is always true, or a failing last one reads past its node;
* facts are named by small numbers whose 32-bit hashes are known to differ;
* one state, deleted after each evaluation: the 1,025th live state is out of memory;
* productions are spread over several handles long before 64 conditions can hold for one fact, 512 patterns make
  compiling hang, or 256 productions share a pattern;
* a handle in which anything failed is in an undefined state: it is abandoned and compiled anew.
"""

from __future__ import annotations

import json
import re
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import durable_rules_engine as engine

from core.errors import Location, fail

MAX_MARKS_PER_FACT = 56
MAX_MARKS = 400
MAX_SHARED_PATTERN = 200
MAX_PRODUCTIONS = 4000
MAX_COMPARISONS = 26
MAX_FACTS = 4000

_ALWAYS = "one"
_ALWAYS_EQUAL = {_ALWAYS: {"a": _ALWAYS}}
_OPERATORS = {"!=": "$neq", "<": "$lt", ">": "$gt"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_IDS = re.compile(r'"id":"(\d+)"')


class EngineError(RuntimeError):
    """durable-rules failed on the facts of a case; the handle is gone, the next evaluation starts afresh."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``t.left <operator> a.right + plus`` between the second fact and the first of a join."""

    left: str
    operator: Literal["==", "!=", "<", ">"]
    right: str
    plus: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    """A production: every pair of different facts, one marked ``a``, one marked ``t``, that compares so.

    Attributes:
        owner: the rule that wants it, for messages.
    """

    a: str
    t: str
    comparisons: tuple[Comparison, ...] = ()
    owner: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Shard:
    """Productions that go into one handle.

    Attributes:
        numbers: position of each production in the list that was sharded.
        marks: the marks that their facts need.
    """

    numbers: tuple[int, ...]
    marks: frozenset[str]


def check_join(join: Join) -> None:
    """Refuse what the engine would answer wrongly.

    Raises:
        FazhiError: with the rule's name.
    """
    if len(join.comparisons) > MAX_COMPARISONS:
        raise fail("engine-too-many-comparisons", Location(join.owner), rule=join.owner, most=MAX_COMPARISONS,
                   found=len(join.comparisons))


def shards(joins: Sequence[Join], together: Iterable[frozenset[str]]) -> tuple[Shard, ...]:
    """Spread productions over as few handles as the engine's limits allow.

    Args:
        together: for each kind of fact, the marks that it may carry at once.
    """
    kinds = tuple(together)
    done: list[Shard] = []
    numbers: list[int] = []
    marks: set[str] = set()
    uses: Counter[str] = Counter()
    for number, join in enumerate(joins):
        check_join(join)
        wider = marks | {join.a, join.t}
        full = (
            len(wider) > MAX_MARKS
            or len(numbers) >= MAX_PRODUCTIONS
            or max(uses[join.a], uses[join.t]) >= MAX_SHARED_PATTERN
            or any(len(wider & kind) > MAX_MARKS_PER_FACT for kind in kinds)
        )
        if full:
            done.append(Shard(tuple(numbers), frozenset(marks)))
            numbers, uses, wider = [], Counter(), {join.a, join.t}
        numbers.append(number)
        marks = wider
        uses.update((join.a, join.t))
    return (*done, Shard(tuple(numbers), frozenset(marks))) if numbers else tuple(done)


class RuleBase:
    """Compiled joins. ``pairs`` may be called from any thread, also after a fork; nothing of a case stays behind.

    What is compiled is given back to the system when nobody holds the rule base any more.
    """

    def __init__(self, joins: Mapping[int, Join]) -> None:
        """Compile ``joins``; their numbers come back with each pair."""
        self._source = _source(joins)
        self._lock = threading.Lock()
        self._handles = [_compile(self._source)]
        weakref.finalize(self, _delete, self._handles).atexit = False

    def pairs(self, facts: Sequence[str]) -> list[tuple[int, int, int]]:
        """Every (number of the join, number of fact ``a``, number of fact ``t``) that holds among ``facts``.

        Args:
            facts: texts made by ``fact`` or from ``fact_head``, each with its own number.

        Raises:
            ValueError: more than ``MAX_FACTS`` facts.
            EngineError: durable-rules failed, or two facts have one number.
        """
        if len(facts) > MAX_FACTS:
            raise ValueError(f"{len(facts)} facts, {MAX_FACTS} at most")
        if not facts:
            return []
        with self._lock:
            # taken out, so that a handle in which anything fails is never used or deleted again
            handle = self._handles.pop() if self._handles else _compile(self._source)
            try:
                found = _run(handle, facts)
            except engine.error as error:
                raise EngineError(str(error)) from error
            self._handles.append(handle)
        return found


def _run(handle: int, facts: Sequence[str]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    state = 0
    for text in facts:
        refused, state = engine.assert_fact(handle, text)
        if refused == 2:
            raise EngineError(f"two facts of one number: {text}")
    started = engine.start_action_for_state(handle, state)
    firing = started[1] if started else None
    while firing:
        # {"J7":{"a":{"id":"3",…},"t":{"id":"5",…}}}, our own texts: all values are whole numbers
        first, second = _IDS.findall(firing)
        found.append((int(firing[3 : firing.index('"', 3)]), int(first) - 1, int(second) - 1))
        firing = engine.complete_and_start_action(handle, state)
    engine.delete_state(handle, None)
    return found


def _delete(handles: list[int]) -> None:
    # only a handle without states, else they leak
    while handles:
        engine.delete_ruleset(handles.pop())


def fact(number: int, values: Mapping[str, int]) -> str:
    """The text of a fact: its number, and whole numbers by name.

    Raises:
        ValueError: a value is not a whole number of 64 bits, or a name not plain ASCII.
    """
    for name, value in values.items():
        if type(value) is not int or not -(2**63) <= value < 2**63 or not _NAME.fullmatch(name):
            raise ValueError(f"{name}={value!r}")
    return fact_head(number) + "".join(f',"{name}":{value}' for name, value in values.items()) + "}"


def fact_head(number: int) -> str:
    """The beginning of a fact's text; ``,"name":1`` follow and ``}`` ends it."""
    return f'{{"id":"{number + 1}","{_ALWAYS}":1'


def _source(joins: Mapping[int, Join]) -> str:
    names = {"id", "sid", "warm", _ALWAYS}
    names.update(name for join in joins.values() for name in (join.a, join.t))
    names.update(name for join in joins.values() for c in join.comparisons for name in (c.left, c.right))
    if len({_hash(name) for name in names}) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("names of facts are plain ASCII and differ in their 32-bit hashes")
    rules: dict[str, Any] = {"warm": {"all": [{"m": {"warm": 1}}]}}
    for number, join in joins.items():
        check_join(join)
        compared = [_condition(comparison) for comparison in join.comparisons]
        rules[f"J{number}"] = {"all": [
            {"a": {"$and": [{join.a: 1}]}},
            {"t": {"$and": [{join.t: 1}, *compared, _ALWAYS_EQUAL]}},
        ]}
    return json.dumps(rules)


def _condition(comparison: Comparison) -> dict[str, Any]:
    right: dict[str, Any] = {"a": comparison.right}
    if comparison.plus:
        right = {"$add": {"$l": right, "$r": comparison.plus}}
    operator = _OPERATORS.get(comparison.operator)
    return {operator: {comparison.left: right}} if operator else {comparison.left: right}


def _compile(source: str) -> int:
    handle: int = engine.create_ruleset("joins", source)
    _, state = engine.assert_event(handle, '{"id":"warm","warm":1}')
    firing = engine.start_action_for_state(handle, state)
    while firing:
        firing = engine.complete_and_start_action(handle, state)
    engine.delete_state(handle, None)
    return handle


# Facts are told apart by a 32-bit hash of their ids.


def _hash(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


if len({_hash(str(number)) for number in range(1, MAX_FACTS + 2)}) != MAX_FACTS + 1:
    raise AssertionError("two fact numbers share a hash")
