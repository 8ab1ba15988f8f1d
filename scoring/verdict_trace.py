"""Why a rule was fulfilled or broken: the activating step, what was asked, what answered, and the time allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.cases.case import Step
from core.language.expression import Expression
from core.language.rule_sentence import rule_sentence
from core.rulebook.model import Citation, Pattern, Procedure, Rule
from core.text import Text
from scoring.engine.scopes import scope_at
from scoring.trace import FactReader, TraceNode
from scoring.verdict import Verdict
from scoring.words import Note, joined

if TYPE_CHECKING:
    from scoring.judgement import Judgement


def trace_of(judged: Judgement, verdict: Verdict) -> TraceNode:
    """The trace of one verdict."""
    rule = judged.rule_of(verdict)
    steps = judged.case.steps
    step = steps[verdict.activation_index] if verdict.activation_index is not None else None
    answer = next((item for item in steps if item.event.id == verdict.answered_by), None)
    notes = tuple(_notes(rule, verdict))
    events = tuple(item.event.id for item in (step, answer) if item)
    return TraceNode(
        verdict.rule, "rule", rule.title, verdict.state.value, sentence=_sentences(rule, judged.case.procedure),
        notes=notes, events=events,
        citations=rule.basis, children=tuple(_parts(judged, rule, step, answer)))


def _sentences(rule: Rule, procedure: Procedure) -> dict[str, str]:
    return {language: rule_sentence(rule, procedure, language) for language in ("zh", "en")}


def _parts(judged: Judgement, rule: Rule, step: Step | None, answer: Step | None) -> Iterator[TraceNode]:
    procedure = judged.case.procedure
    yield _pattern(judged, rule, "activation", rule.on, step, step)
    if rule.condition is not None and step is not None:
        yield _condition(judged, rule, rule.condition, step)
    if rule.target is not None:
        yield _pattern(judged, rule, "target", rule.target, step, answer)
    if rule.released_by:
        yield TraceNode(f"{rule.id}/released_by", "release", titles(procedure, rule.released_by), "listed")


def _pattern(judged: Judgement, rule: Rule, role: str, pattern: Pattern, step: Step | None, found: Step | None
             ) -> TraceNode:
    title = titles(judged.case.procedure, pattern.events)
    status = "found" if found else "none"
    anchor = step or found
    if pattern.when is None or anchor is None:
        return TraceNode(f"{rule.id}/{role}", role, title, status, events=(found.event.id,) if found else ())
    answer = found if role == "target" else None
    scope = scope_at(judged.case, anchor, judged.calendar, answer)
    facts = FactReader(judged.case).read(pattern.when.reads, scope, anchor, answer, anchor.index)
    return TraceNode(f"{rule.id}/{role}", role, title, status, sentence=pattern.when.sentences, facts=facts,
                     events=(found.event.id,) if found else ())


def _condition(judged: Judgement, rule: Rule, condition: Expression, step: Step) -> TraceNode:
    scope = scope_at(judged.case, step, judged.calendar)
    holds = {True: "passed", False: "failed", None: "unknown"}[condition.test(scope)]
    facts = FactReader(judged.case).read(condition.reads, scope, step, None, step.index)
    return TraceNode(f"{rule.id}/must", "condition", rule.title, holds, sentence=condition.sentences, facts=facts,
                     events=(step.event.id,))


def _notes(rule: Rule, verdict: Verdict) -> Iterator[Note]:
    if verdict.due_date is not None:
        yield Note("verdict-due", {"day": verdict.due_date.isoformat()})
    if verdict.cured_on is not None:
        yield Note("verdict-cured", {"day": verdict.cured_on.isoformat(), "late": verdict.days_late or 0})
    if verdict.order_uncertain:
        yield Note("verdict-order-uncertain")
    if verdict.provisional:
        yield Note("verdict-provisional")
    for key in verdict.notes:
        yield Note(f"verdict-note-{key.replace('_', '-')}")
    if rule.remedy is not None and verdict.state.value in ("violated", "pending"):
        yield Note("verdict-remedy", {"remedy": rule.remedy})


def titles(procedure: Procedure, events: tuple[str, ...]) -> Text:
    """Titles of event types, joined."""
    return joined([procedure.events[name].title if name in procedure.events else Text(name) for name in events])


def cited(citations: tuple[Citation, ...], language: str = "zh") -> str:
    """Citations as a reader of ``language`` writes them."""
    return ("、" if language == "zh" else ", ").join(citation.to(language) for citation in citations)
