"""A thousand rules read from YAML, checked, compiled and put together into a bundle."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import yaml

from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from scoring.bench.timing import Ratio
from scoring.engine.program import compile_rules

PROCEDURES, RULES = 20, 50
MOST, REACH = 2.0, 0.5
"""Seconds that the design asks for, and reaches for."""

_EVENTS = tuple(f"step{n}" for n in range(12))


def rule_files(procedures: int = PROCEDURES, rules: int = RULES, shift: int = 0) -> list[Source]:
    """Procedures with some rules each, of the shapes that shipped rules have.

    Args:
        shift: another number gives other steps and other limits to every rule.
    """
    return [source for number in range(procedures) for source in (
        Source(f"p{number}.yaml", _procedure(number).encode()),
        Source(f"s{number}.yaml", _rules(number, rules, shift).encode()))]


def _procedure(number: int) -> str:
    events = "\n".join(
        f"  {name}:\n    title: {{zh: 步骤{n}, en: step {n}}}\n    by: [case_handler]\n    fields:\n"
        f"      amount: {{title: {{zh: 数额, en: amount}}, type: int}}\n      urgent: {{}}\n      kind: {{}}"
        for n, name in enumerate(_EVENTS))
    return f"""kind: procedure
id: bench.p{number}
title: {{zh: 程序{number}, en: procedure {number}}}
attributes:
  urgent: {{title: {{zh: 紧急, en: urgent}}, type: bool}}
  kind: {{title: {{zh: 类别, en: kind}}, type: enum, values: {{a: 甲, b: 乙, c: 丙}}}}
opens_with: [step0]
closes_with: [step11]
stages: [{{id: all, title: {{zh: 全部, en: all}}, events: [{", ".join(_EVENTS)}]}}]
facts: {{grave: {{title: {{zh: 重大, en: grave}}, cel: "c.urgent && c.kind in ['a', 'b']"}}}}
events:
{events}
"""


def _rules(number: int, count: int, shift: int) -> str:
    bodies = (
        "on: {on}\n    when: c.grave && e.amount > {n}\n    followed_by: {to}\n    within: {{working_days: $days}}\n"
        "    params: {{days: {{value: 7, open_to: {{level: league, may: lower, min: 1}}}}}}",
        "on: {on}\n    when: c.urgent || c.kind == 'c'\n    only_after: {to}",
        "on: {on}\n    must: e.amount >= {n} && e.kind != 'b'",
        "on: {on}\n    never_after: {{events: {to}, when: t.amount > {n}}}",
        "on: {on}\n    different_person: {to}",
    )
    rules = "\n".join(_rule(n, bodies[n % len(bodies)], shift) for n in range(count))
    return f"kind: supervision\nprocedure: bench.p{number}\nvalid: {{from: 2020-01-01}}\nrules:\n{rules}\n"


def _rule(n: int, body: str, shift: int) -> str:
    written = body.format(on=_EVENTS[(n + shift) % 11], to=_EVENTS[(n * 5 + 1 + shift // 11) % 11 + 1], n=n + shift)
    return (f"  - id: r{n}\n    title: {{zh: 规则{n}, en: rule {n}}}\n"
            f'    basis: [{{law: 测试法, article: "{n + 1}"}}]\n    {written}\n    level: orange')


_TIMES = itertools.count()


def measure() -> list[Ratio]:
    """Loading and compiling against the time allowed, and against PyYAML only reading the same text."""
    files = rule_files()
    ours = _best(lambda: load(files))
    reading = _best(lambda: [yaml.safe_load(file.content) for file in files], times=1)
    work = f"{PROCEDURES * RULES} rules loaded and compiled"
    return [Ratio(work, f"{MOST:g} seconds", ours, MOST, 1.0, MOST / REACH),
            Ratio(work, "PyYAML reading the text", ours, reading)]


def load(files: list[Source]) -> None:
    """Load the files and compile every procedure's rules for the live evaluator."""
    number = next(_TIMES)  # files that were loaded before are kept: each time these are new
    bundle = load_sources(Source(file.name, file.content + b"# %d\n" % number) for file in files)
    for procedure in bundle.procedures:
        compile_rules(bundle.rules(procedure))


def _best(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)
