"""Judging one case, purely: verdicts, what they raise or withdraw, and the score, from the case and a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from core.calendars import Calendar
from core.cases.case import Case
from core.judge import PlatformEvent
from core.rulebook.model import Checklist, Procedure, Rule, Scheme
from core.rulebook.schemes import leaves_of
from scoring.backdating import unvouched
from scoring.case_score import CaseScored, assessment_day, score_case
from scoring.checks import Look, withdrawn
from scoring.late import late_rule, late_verdicts, late_violations
from scoring.life import MACHINE, Finding, advance, findings_of, renewal
from scoring.verdict import Evaluator, Verdict
from scoring.violations import by_id, version_for, violations

JUDGE = f"{MACHINE}judge"
FIVE_PROCEDURES = "five_procedures_complete"
REVIEWED = "legality_reviewed"
"""Facts that a procedure may declare; the shares of cases for which they are true are reported for each unit."""


class ScoringBundle(Protocol):
    """The part of a rule bundle that scoring needs."""

    @property
    def hash(self) -> str: ...
    @property
    def procedures(self) -> Mapping[str, Procedure]: ...
    def rules(self, procedure: str, region: str, /) -> tuple[Rule, ...]: ...
    def checklists(self, procedure: str, region: str, /) -> tuple[Checklist, ...]: ...
    def scheme_for(self, procedure: str, day: date, per: Literal["case", "organ"], /) -> Scheme | None: ...
    def organ_schemes(self, year: int, region: str, /) -> tuple[Scheme, ...]: ...
    def calendar(self, region: str, /) -> Calendar: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that a bundle says about a case at a moment.

    Attributes:
        at: the moment at which clocks were read.
        rules: all versions by id.
        findings: as they stand after ``events``.
        events: what has to be written on the chain so that findings and verdicts agree.
        scored: None where no scheme covers the case.
        facts: shares' facts by id, None where unknown.
    """

    case: Case
    bundle: ScoringBundle
    at: datetime
    calendar: Calendar
    rules: Mapping[str, tuple[Rule, ...]]
    verdicts: tuple[Verdict, ...]
    findings: Mapping[str, Finding]
    events: tuple[PlatformEvent, ...]
    scored: CaseScored | None
    facts: Mapping[str, bool | None] = field(default_factory=dict)

    def rule_of(self, verdict: Verdict) -> Rule:
        """The version of the rule that judged."""
        return version_for(self.case, self.rules[verdict.rule], verdict)

    def root_of(self, verdict: Verdict) -> str | None:
        """Id of the event first recorded at the place that activated ``verdict``."""
        return None if verdict.activation_index is None else self.case.steps[verdict.activation_index].root.id


def judge_case(case: Case, bundle: ScoringBundle, evaluator: Evaluator, at: datetime) -> Judgement:
    """Judge a case that has at least one step, as it stands, with clocks read at ``at``."""
    region, procedure = case.head.region, case.procedure.id
    calendar = bundle.calendar(region)
    versions = bundle.rules(procedure, region)
    verdicts = evaluator.evaluate(case, versions, calendar, at)
    rules = by_id(versions)
    broken = list(violations(case, verdicts, rules, at))
    recording = late_rule(case.procedure)
    if recording is not None:
        late = late_verdicts(case, recording, calendar)
        broken.extend(late_violations(case, recording, late))
        rules, verdicts = {**rules, recording.id: (recording,)}, verdicts + late
    found = findings_of(case.head.id, case.platform_events)
    held = frozenset(unvouched(case, verdicts, rules, found))
    events = tuple(renewal(case.head.id, broken, found, frozenset(rules), at, held))
    for event in events:
        advance(found, case.head.id, event, JUDGE)
    own = tuple(finding for finding in found.values() if not finding.organ)
    scheme = bundle.scheme_for(procedure, assessment_day(case), "case")
    scored = None if scheme is None else score_case(
        case, scheme, bundle.checklists(procedure, region), own, calendar,
        any(verdict.provisional for verdict in verdicts))
    return Judgement(case, bundle, at, calendar, rules, verdicts, found, events, scored, _shares(case, calendar))


def points_of(case: Case, judged: Judgement) -> Mapping[str, Decimal]:
    """Points by node id, and ``total``; what rule authors' tests expect."""
    if judged.scored is None:
        return {}
    points = {part.id: part.earned for node in judged.scored.nodes for part in node.walk() if part.earned is not None}
    for leaf in leaves_of(judged.scored.scheme.nodes):
        if leaf.leaf and leaf.id in points:
            points[leaf.leaf.checklist or leaf.id] = points[leaf.id]
    return points if judged.scored.score is None else {**points, "total": judged.scored.score}


def _shares(case: Case, calendar: Calendar) -> dict[str, bool | None]:
    """Whether the share facts hold for a case that is done; a matter given up or still open says nothing."""
    declared = [name for name in (FIVE_PROCEDURES, REVIEWED) if name in case.procedure.facts]
    if not declared or case.closing is None or withdrawn(case):
        return {}
    scope = Look(case, calendar).scope(None)
    return {name: case.procedure.facts[name].expression.test(scope) for name in declared}
