"""What a user of durable-rules would write by hand for the same rules: productions that fire on violations.

Run as a program it measures durable-rules' own Host interface, in a process of its own because its timer
threads may crash the process: ``python -m scoring.bench.bare`` reads rules and cases as JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import durable_rules_engine as engine
from durable.engine import Host, MessageNotHandledException

ALWAYS = {"one": {"a": "one"}}
Spec = Mapping[str, Any]
CaseFacts = Sequence[Mapping[str, Any]]


def productions(specs: Sequence[Spec]) -> dict[str, Any]:
    """One production per rule, joined on what the rule says, with its conditions inside the engine."""
    return {spec["id"]: {"all": _patterns(spec)} for spec in specs}


def _patterns(spec: Spec) -> list[dict[str, Any]]:
    on: dict[str, Any] = {"a": {"$and": [{"kind": spec["on"]}]}}
    target, days = {"kind": spec["target"]}, spec["days"]
    clock = {"c": {"$and": [{"clock": 1}, ALWAYS]}}
    later, earlier = {"$gt": {"seq": {"a": "seq"}}}, {"$lt": {"seq": {"a": "seq"}}}
    last = {"$add": {"$l": {"a": "day"}, "$r": days}}
    match spec["template"]:
        case "followed_by":
            overdue = {"c": {"$and": [{"clock": 1}, {"$gt": {"today": last}}, ALWAYS]}}
            return [on, overdue, {"t$not": {"$and": [target, later, {"$lte": {"day": last}}, ALWAYS]}}]
        case "only_after":
            window = [{"$gte": {"day": {"$sub": {"$l": {"a": "day"}, "$r": days}}}}] if days else []
            return [on, clock, {"t$not": {"$and": [target, earlier, *window, ALWAYS]}}]
        case "never_after":
            return [on, {"t": {"$and": [target, later, ALWAYS]}}]
        case "different_person":
            return [on, {"t": {"$and": [target, {"actor": {"a": "actor"}}, ALWAYS]}}]
        case "at_most":
            return [on, {"t": {"$and": [{"kind": spec["on"]}, later, ALWAYS]}}]
    raise ValueError(spec["template"])


def facts(case: CaseFacts, today: int) -> list[dict[str, Any]]:
    """The messages of one case, the clock last."""
    steps = [{"id": str(number), "one": 1, **step} for number, step in enumerate(case, 2)]
    return [*steps, {"id": "1", "one": 1, "clock": 1, "today": today}]


class Bare:
    """The C interface without anything around it."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.handle = engine.create_ruleset("bare", json.dumps(
            {**productions(specs), "warm": {"all": [{"m": {"warm": 1}}]}}))
        _, state = engine.assert_event(self.handle, '{"warm":1}')
        self._fire(state)
        engine.delete_state(self.handle, None)

    def violations(self, case: CaseFacts, today: int) -> set[tuple[str, str]]:
        """Rule and activating fact of everything that fired."""
        state = 0
        for message in facts(case, today):
            _, state = engine.assert_fact(self.handle, json.dumps(message))
        found = self._fire(state)
        engine.delete_state(self.handle, None)
        return found

    def _fire(self, state: int) -> set[tuple[str, str]]:
        found = set()
        started = engine.start_action_for_state(self.handle, state)
        firing = started[1] if started else None
        while firing:
            (rule, bound), = json.loads(firing).items()
            if "a" in bound:
                found.add((rule, bound["a"]["id"]))
            firing = engine.complete_and_start_action(self.handle, state)
        return found


class Hosted:
    """The interface that durable-rules documents: a Host that calls a function for each firing."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.found: set[tuple[str, str]] = set()
        rules = productions(specs)
        for name, rule in rules.items():
            rule["run"] = self._action(name)
        self.host = Host()
        self.host.set_rulesets({"bare": rules})
        self.cases = 0

    def _action(self, name: str) -> Callable[[Any], None]:
        def fired(context: Any) -> None:
            self.found.add((name, context.a.id))
        return fired

    def violations(self, case: CaseFacts, today: int) -> set[tuple[str, str]]:
        """Rule and activating fact of everything that fired; a case is a session, deleted when it is done."""
        self.found = set()
        self.cases += 1
        session = str(self.cases)
        for message in facts(case, today):
            with contextlib.suppress(MessageNotHandledException):  # says that no rule fired
                self.host.assert_fact("bare", {**message, "sid": session})
        self.host.delete_state("bare", session)
        return self.found


def seconds_per_case(evaluate: Callable[[int], object], cases: int, rounds: int = 5) -> float:
    """The best of some rounds over all cases."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for number in range(cases):
            evaluate(number)
        best = min(best, (time.perf_counter() - start) / cases)
    return best


def main() -> None:
    """Measure the Host on what stands on standard input; print seconds per case and the violations found."""
    given = json.load(sys.stdin)
    hosted = Hosted(given["specs"])
    cases, today = given["cases"], given["today"]
    found = [sorted(hosted.violations(case, day)) for case, day in zip(cases, today, strict=True)]
    best = seconds_per_case(lambda number: hosted.violations(cases[number], today[number]), len(cases), rounds=2)
    print(json.dumps({"seconds": best, "violations": found}))


if __name__ == "__main__":
    main()
