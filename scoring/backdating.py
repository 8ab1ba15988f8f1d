"""Answers recorded only after their duty was found broken: they count once a second person has vouched for them.

Whoever let a period lapse could otherwise make the finding disappear by dating the missing step back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.cases.case import Case
from core.ledger.recorder import COUNTERSIGNED
from core.rulebook.model import Rule
from scoring.life import Finding, Life, finding_id
from scoring.verdict import State, Verdict
from scoring.violations import DUTIES, version_for


def unvouched(case: Case, verdicts: Sequence[Verdict], rules: Mapping[str, tuple[Rule, ...]],
              found: Mapping[str, Finding]) -> Iterator[str]:
    """Ids of the findings that such an answer alone does not take back.

    Args:
        rules: all versions by id.
        found: the findings of the case before this judgement.
    """
    vouched = {event.payload.get("event") for event in case.platform_events if event.type == COUNTERSIGNED}
    answers = {step.event.id: step for step in case.steps}
    for verdict in verdicts:
        answer = answers.get(verdict.answered_by or "")
        if verdict.state is not State.FULFILLED or answer is None or answer.event.id in vouched:
            continue
        if version_for(case, rules[verdict.rule], verdict).template not in DUTIES:
            continue
        activation = None if verdict.activation_index is None else case.steps[verdict.activation_index].root.id
        finding = found.get(finding_id(case.head.id, verdict.rule, activation))
        if finding and finding.status is not Life.WITHDRAWN and answer.event.recorded_at >= finding.raised_at:
            yield finding.id
