"""What changes for one case: verdicts, due dates, findings, score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.cases.case import CaseHead
from core.text import Text
from scoring.judgement import Judgement
from scoring.life import Finding, Life
from scoring.verdict import State, Verdict


@dataclass(frozen=True, slots=True)
class VerdictSide:
    """A verdict under one of the two bundles.

    Attributes:
        due: the end of the time allowed, in UTC; None where nothing bounds it.
        due_date: the local date of the last day; None for periods of hours.
        provisional: the due date rests on a calendar year that is not published yet.
    """

    state: State
    due: datetime | None
    due_date: date | None
    provisional: bool

    @property
    def end(self) -> date | datetime | None:
        """The due date as a reader wants it: the day, or for periods of hours the moment."""
        return self.due_date or self.due


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A verdict that differs; None on one side where the rule does not apply there.

    Attributes:
        rule: full id, ``procedure/rule``.
        step: title of the activating step; None for rules that are judged once per case.
        on: local date of that step.
    """

    rule: str
    title: Text
    step: Text | None
    on: date | None
    before: VerdictSide | None
    after: VerdictSide | None

    @property
    def moved(self) -> bool:
        """True where the due date is another one."""
        return bool(self.before and self.after and self.before.end and self.after.end
                    and self.before.end != self.after.end)

    @property
    def running(self) -> bool:
        """True for a duty that is still to be done under one of the two bundles."""
        return any(side is not None and side.state is State.PENDING for side in (self.before, self.after))

    @property
    def firmed(self) -> bool:
        """True where a provisional due date becomes firm."""
        return bool(self.before and self.after and self.before.provisional and not self.after.provisional)

    @property
    def turned(self) -> bool:
        """True where the verdict itself is another one."""
        return (self.before and self.before.state) != (self.after and self.after.state)


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that appears or vanishes.

    Attributes:
        appears: False where the candidate withdraws it.
        status: where it stands under the bundle in force; of one that appears: raised.
    """

    id: str
    rule: str
    code: str
    title: Text
    level: str
    appears: bool
    status: Life

    @property
    def determined(self) -> bool:
        """True where a person confirmed what now vanishes."""
        return not self.appears and self.status.stands


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A case score from → to, with what undetermined findings put at risk."""

    before: Decimal | None
    after: Decimal | None
    risk_before: Decimal
    risk_after: Decimal

    @property
    def moved(self) -> bool:
        """True where the score itself differs, not only what is at risk."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class CaseChange:
    """Everything that differs for one case."""

    head: CaseHead
    procedure: Text
    closed: bool
    verdicts: tuple[VerdictChange, ...]
    findings: tuple[FindingChange, ...]
    score: ScoreChange | None


def compare(before: Judgement | None, after: Judgement | None) -> CaseChange | None:
    """What differs between two judgements of a case at the same moment; None where nothing does.

    Args:
        before: under the bundle in force; None where it does not know the procedure.
        after: under the candidate; likewise.
    """
    known = after or before
    if known is None:
        return None
    verdicts = tuple(_verdicts(before, after))
    findings = tuple(_findings(before, after))
    score = _score(before, after)
    if not (verdicts or findings or score):
        return None
    return CaseChange(known.case.head, known.case.procedure.title, known.case.closing is not None, verdicts, findings,
                      score)


def _verdicts(before: Judgement | None, after: Judgement | None) -> Iterator[VerdictChange]:
    old, new = _by_activation(before), _by_activation(after)
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        sides = (_side(was), _side(now))
        if sides[0] != sides[1]:
            judged, verdict = (after, now) if after and now else (before, was)
            assert judged is not None
            assert verdict is not None
            yield _change(judged, verdict, *sides)


def _change(judged: Judgement, verdict: Verdict, before: VerdictSide | None, after: VerdictSide | None
            ) -> VerdictChange:
    rule, case = judged.rule_of(verdict), judged.case
    step = case.steps[verdict.activation_index] if verdict.activation_index is not None else None
    declared = case.procedure.events.get(step.type) if step else None
    return VerdictChange(verdict.rule, rule.title, declared.title if declared else None, step.date if step else None,
                         before, after)


def _by_activation(judged: Judgement | None) -> dict[tuple[str, str], Verdict]:
    if judged is None:
        return {}
    return {(verdict.rule, judged.root_of(verdict) or ""): verdict for verdict in judged.verdicts}


def _side(verdict: Verdict | None) -> VerdictSide | None:
    """None also where the verdict is vacuous: a rule that does not apply and one that is not there say the same."""
    if verdict is None or verdict.state is State.VACUOUS:
        return None
    return VerdictSide(verdict.state, verdict.due, verdict.due_date, verdict.provisional)


def _findings(before: Judgement | None, after: Judgement | None) -> Iterator[FindingChange]:
    old, new = _standing(before), _standing(after)
    for name, finding in new.items():
        if name not in old and after is not None:
            yield _finding(after, finding, appears=True)
    for name, finding in old.items():
        if name not in new and before is not None:
            yield _finding(before, finding, appears=False)


def _finding(judged: Judgement, finding: Finding, appears: bool) -> FindingChange:
    versions = judged.rules.get(finding.rule, ())
    title = versions[-1].title if versions else Text(finding.rule)
    return FindingChange(finding.id, finding.rule, finding.code, title, finding.level.value, appears, finding.status)


def _standing(judged: Judgement | None) -> Mapping[str, Finding]:
    gone = (Life.WITHDRAWN, Life.DISMISSED)
    return {} if judged is None else {name: finding for name, finding in judged.findings.items()
                                      if finding.status not in gone}


def _score(before: Judgement | None, after: Judgement | None) -> ScoreChange | None:
    was, now = (judged.scored if judged else None for judged in (before, after))
    change = ScoreChange(was.score if was else None, now.score if now else None,
                         was.at_risk if was else Decimal(0), now.at_risk if now else Decimal(0))
    return None if (change.before, change.risk_before) == (change.after, change.risk_after) else change
