"""Patterns across cases from their files: the rule that judges a count, and the order in which they can be counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.errors import Problem
from core.language.environment import Environment
from core.rulebook.build.context import Lookup, Problems
from core.rulebook.build.expressions import compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.build.source import Written
from core.rulebook.kinds.patterns import PatternSpec
from core.rulebook.model import DateRange, Pattern, Period, Procedure, Rule, Template, Unit
from core.rulebook.patterns import COUNTED, FIELDS, NUMBERS, SUPERVISION, CrossPattern, Selection, scope_of
from core.text import Text

_K = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<![\w.])k\.""")
_WINDOWS = (Unit.DAYS, Unit.MONTHS, Unit.YEARS)


@dataclass(frozen=True, slots=True)
class PatternSource(Written[PatternSpec]):
    """A pattern as written."""

    @property
    def owner(self) -> str:
        """All patterns belong to the supervision of officers and organs."""
        return SUPERVISION

    @property
    def counted(self) -> tuple[str, ...]:
        """Rule ids of the patterns whose findings it counts."""
        return tuple(f"{SUPERVISION}/{name}" for name in self.spec.counts.findings.patterns)

    def build(self, filled: Filled, valid: DateRange, origin: Mapping[str, str]) -> CrossPattern | None:
        """The typed pattern; None where something is wrong, which ``filled.problems`` then says."""
        spec, findings = self.spec, self.spec.counts.findings
        within = self._window(filled)
        own = Problems()
        numbers = Environment(event_fields={"e": NUMBERS})
        written = _as_event_fields(spec.when)
        asked = compile_condition(written, numbers, self.site / "when", replace(filled, problems=own))
        filled.problems.take(_as_written(own))
        if asked is None:
            return None
        here = Environment(event_fields={"e": FIELDS})
        silent = replace(filled, problems=Problems())
        of_this = compile_condition(f"e.pattern == '{spec.id}'", here, self.site, silent)
        unbroken = compile_condition(f"!({written})", here, self.site / "when", silent)
        if asked.test(scope_of(dict.fromkeys(NUMBERS, 0))):
            filled.problems.add("pattern-met-by-nothing", (self.site / "when").at, pattern=spec.id)
        raised = spec.raises
        rule = Rule(
            id=self.id, title=raised.title if raised else spec.title, procedure=SUPERVISION, template=Template.MUST,
            on=Pattern((COUNTED,), of_this), condition=unbroken,
            basis=tuple(citation.citation() for citation in spec.basis), level=spec.level,
            remedy=raised.remedy if raised else None, code=spec.code or spec.id.upper(), confidence=spec.confidence,
            valid=valid, origin=origin)
        selection = Selection(findings.rules, findings.codes, findings.procedures, self.counted, findings.levels,
                              findings.status)
        return CrossPattern(rule, spec.keyed_by, selection, within, "rule" in spec.same)

    def _window(self, filled: Filled) -> Period | None:
        written, place = self.spec.counts.findings.within, self.site / "counts" / "findings" / "within"
        period = filled.period(written, place)
        if period is not None and period.unit not in _WINDOWS:
            filled.problems.add("pattern-window-unit", place.at, unit=period.unit.value)
            return None
        return period


def check_patterns(sources: Sequence[PatternSource], rules: Mapping[str, Text], codes: Collection[str],
                   procedures: Mapping[str, Procedure], problems: Problems) -> None:
    """Names that patterns use, and that no pattern counts its own consequences.

    Args:
        rules: titles of all supervision rules by full id.
        codes: the codes of their findings.
    """
    patterns = {source.id: source.title for source in sources}
    local = {source.spec.id: source.title for source in sources}
    raised = dict.fromkeys(sorted(codes), Text(""))
    for source in sources:
        place = source.site / "counts" / "findings"
        findings = source.spec.counts.findings
        for word, code, known, names in (
                ("rules", "rule", rules, findings.rules), ("codes", "code", raised, findings.codes),
                ("procedures", "procedure", {name: p.title for name, p in procedures.items()}, findings.procedures),
                ("patterns", "pattern", local, findings.patterns)):
            Lookup(problems, code, known).all(names, place / word)
        if findings.patterns and (findings.rules or findings.procedures):
            problems.add("pattern-two-sorts", (place / "patterns").key, pattern=source.spec.id)
        if source.id in rules:
            problems.add("rule-twice-pattern", (source.site / "id").at, id=source.spec.id)
    _refuse_circles(sources, patterns, problems)


def in_order(patterns: Iterable[CrossPattern]) -> tuple[CrossPattern, ...]:
    """Patterns so that each comes after those whose findings it counts."""
    rest, done, out = list(patterns), set[str](), list[CrossPattern]()
    known = {pattern.rule.id for pattern in rest}
    while rest:
        ready = [p for p in rest if all(name in done or name not in known for name in p.selection.patterns)]
        if not ready:
            break  # a circle; it was refused
        out += ready
        done |= {p.rule.id for p in ready}
        rest = [p for p in rest if p not in ready]
    return tuple(out)


def _refuse_circles(sources: Sequence[PatternSource], known: Mapping[str, Text], problems: Problems) -> None:
    counts: dict[str, set[str]] = {}
    for source in sources:
        counts.setdefault(source.id, set()).update(name for name in source.counted if name in known)
    for source in sources:
        seen, rest = set[str](), list(source.counted)
        while rest:
            name = rest.pop()
            if name not in seen:
                seen.add(name)
                rest.extend(counts.get(name, ()))
        if source.id in seen:
            problems.add("pattern-circle", (source.site / "counts" / "findings" / "patterns").key,
                         pattern=source.spec.id)
            return  # the others of the circle would say the same


def _as_event_fields(source: str) -> str:
    """``k.x`` reads a field of the recorded count, ``e.x`` inside; columns stay."""
    return _K.sub(lambda match: match[1] or "e.", source)


def _as_written(problems: Problems) -> list[Problem]:
    """Problems that name ``k.x`` again."""
    return [replace(problem, details=MappingProxyType({
        name: "k" if name == "root" and value == "e" else value for name, value in problem.details.items()}))
        for problem in (*problems.errors, *problems.warnings)]


__all__ = ["PatternSource", "check_patterns", "in_order"]
