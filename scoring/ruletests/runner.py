"""Runs rule authors' examples and counts which outcomes of which rules they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.rulebook.bundle import Bundle
from core.rulebook.kinds.tests import CaseSpec, ExpectSpec, TestsDocument
from scoring.answering import answering_organ
from scoring.judgement import Judgement, judge_case, points_of
from scoring.ruletests.example import COUNTRY, as_case
from scoring.verdict import Evaluator, State, Verdict


@dataclass(frozen=True, slots=True)
class Miss:
    """An expectation that did not hold."""

    file: str
    case: str
    subject: str
    expected: str
    found: str


@dataclass(slots=True)
class Report:
    """What a run of tests showed.

    Attributes:
        outcomes: for each rule the states that some example reached.
        rules: every rule of the procedures tested or not, so that untested ones count.
    """

    examples: int = 0
    expectations: int = 0
    misses: list[Miss] = field(default_factory=list)
    outcomes: dict[str, set[State]] = field(default_factory=lambda: defaultdict(set))
    rules: tuple[str, ...] = ()

    @property
    def covered(self) -> tuple[str, ...]:
        """Rules of which both a good and a bad outcome were seen."""
        return tuple(rule for rule in self.rules if _both(self.outcomes.get(rule, set())))

    @property
    def uncovered(self) -> Mapping[str, str]:
        """Rules with an outcome that no example shows: ``violated``, ``fulfilled`` or both."""
        missing = {}
        for rule in self.rules:
            seen = self.outcomes.get(rule, set())
            lacks = [name for name, shown in (("fulfilled", _good(seen)), ("violated", State.VIOLATED in seen))
                     if not shown]
            if lacks:
                missing[rule] = "、".join(lacks)
        return missing


def run_tests(bundle: Bundle, evaluator: Evaluator) -> Report:
    """Run every example that the bundle's own files hold."""
    report = Report(rules=tuple(sorted({rule.id for procedure in bundle.procedures
                                        for rule in bundle.rules(procedure, COUNTRY)})))
    for loaded in bundle.documents("tests"):
        document = loaded.document
        assert isinstance(document, TestsDocument)
        if document.for_ not in bundle.procedures:
            continue  # the platform's own procedure, which this folder does not hold
        for example in document.cases:
            report.examples += 1
            _run(loaded.file.name, document.for_, example, bundle, evaluator, report)
    return report


def _run(file: str, procedure_id: str, example: CaseSpec, bundle: Bundle, evaluator: Evaluator, report: Report
         ) -> None:
    case, moment = as_case(example, bundle.procedures[procedure_id])
    judged = judge_case(case, bundle, evaluator, moment)
    by_rule: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in judged.verdicts:
        by_rule[verdict.rule].append(verdict)
        report.outcomes[verdict.rule].add(verdict.state)
    for name, expectations in example.expect.items():
        rule = _rule_named(name, procedure_id, judged.rules)
        for expected in expectations:
            report.expectations += 1
            found = _reached(judged, by_rule.get(rule, []), expected)
            if found is not None:
                report.misses.append(Miss(file, example.name, name, _wanted(expected), found))
    if example.scores:
        points = points_of(case, judged)
        for name, wanted in example.scores.items():
            report.expectations += 1
            if points.get(name) != wanted:
                report.misses.append(Miss(file, example.name, name, str(wanted), str(points.get(name, "—"))))


def _rule_named(name: str, procedure_id: str, rules: Mapping[str, object]) -> str:
    return name if name in rules else f"{procedure_id}/{name}"


def _reached(judged: Judgement, verdicts: Sequence[Verdict], expected: ExpectSpec) -> str | None:
    """None where the expectation holds, else what was found."""
    chosen = verdicts if expected.activation is None else verdicts[expected.activation - 1 : expected.activation]
    if not chosen:
        return None if expected.verdict == "vacuous" else "vacuous"
    shown = [_found(verdict, _organ(judged, verdict, expected)) for verdict in chosen
             if not _fits(verdict, expected, _organ(judged, verdict, expected))]
    return "; ".join(shown) or None


def _organ(judged: Judgement, verdict: Verdict, expected: ExpectSpec) -> str | None:
    """The organ that answers, where the example says which it should be."""
    return None if expected.organ is None else answering_organ(judged.case, judged.rule_of(verdict), verdict)


def _fits(verdict: Verdict, expected: ExpectSpec, organ: str | None) -> bool:
    pairs = ((expected.due, verdict.due_date), (expected.cured_on, verdict.cured_on),
             (expected.days_late, verdict.days_late), (expected.organ, organ))
    return verdict.state == expected.verdict and all(wanted is None or str(wanted) == str(found)
                                                     for wanted, found in pairs)


def _wanted(expected: ExpectSpec) -> str:
    return _words(expected.verdict, expected.due, expected.cured_on, expected.days_late, expected.organ)


def _found(verdict: Verdict, organ: str | None) -> str:
    return _words(verdict.state, verdict.due_date, verdict.cured_on, verdict.days_late, organ)


def _words(state: object, due: object, cured_on: object, days_late: object, organ: str | None) -> str:
    parts = [str(state)]
    parts += [f"{name} {value}" for name, value in
              (("due", due), ("cured_on", cured_on), ("days_late", days_late), ("organ", organ)) if value is not None]
    return " ".join(parts)


def _good(seen: set[State]) -> bool:
    return bool(seen & {State.FULFILLED, State.HOLDING, State.PENDING})


def _both(seen: set[State]) -> bool:
    return _good(seen) and State.VIOLATED in seen
