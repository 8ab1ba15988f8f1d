"""Which organ answers for a verdict: the case's own, or the one whose duty the step was."""

from __future__ import annotations

from core.cases.case import Case, Step
from core.rulebook.model import RECORDER, Rule
from scoring.verdict import Verdict


def answering_organ(case: Case, rule: Rule, verdict: Verdict) -> str:
    """The organ that a duty or finding belongs to.

    A reviewer who is late on the case of another organ answers for that himself. Where the organ that a rule names
    is not known, the case's own organ answers.
    """
    if not rule.answers or verdict.activation_index is None:
        return case.head.organ
    step = case.steps[verdict.activation_index]
    return _named(case, step, rule.answers) or case.head.organ


def _named(case: Case, step: Step, answers: tuple[str, ...]) -> str:
    if answers == (RECORDER,):
        return step.root.organ
    if answers[0].startswith("c."):
        return str(step.state.get(answers[0][2:]) or "")
    earlier = (each for each in reversed(case.steps[: step.index + 1]) if each.type in answers)
    return next((each.root.organ for each in earlier), "")
