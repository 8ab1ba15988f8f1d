"""The score of a case: its templates, weighed by the scheme, less what confirmed findings take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.calendars import Calendar
from core.cases.case import Case
from core.rulebook.model import Checklist, Node, Scheme
from core.rulebook.schemes import leaves_of
from scoring.adjustments import counting, total, undetermined
from scoring.checks import Look, finished, score_checklist
from scoring.life import Finding
from scoring.points import ZERO
from scoring.trace import Status, TraceNode
from scoring.tree import LeafResult, allot, grow
from scoring.words import Note, joined

TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class CaseScored:
    """The score of a case with everything that explains it.

    Attributes:
        score: out of 100; None while nothing is scored, or the matter has not come so far that it counts.
        earned, due: points earned of the weight that is scored so far; a closed case without gaps has 100 due.
        provisional: it may still change without anybody having done wrong: the case is open, data is missing,
            or findings await a person's decision.
        at_risk: what the score would lose if every undetermined finding were confirmed.
        nodes: the tree, followed by deductions and vetoes.
        at_risk_lines: the caps, deductions and vetoes that confirmation would bring.
    """

    scheme: Scheme
    score: Decimal | None
    earned: Decimal
    due: Decimal
    provisional: bool
    at_risk: Decimal
    nodes: tuple[TraceNode, ...]
    at_risk_lines: tuple[TraceNode, ...] = ()
    notes: tuple[Note, ...] = ()


def score_case(case: Case, scheme: Scheme, checklists: Sequence[Checklist], findings: Sequence[Finding],
               calendar: Calendar, provisional_clock: bool = False) -> CaseScored:
    """Score ``case`` as it stands under ``scheme``.

    Args:
        checklists: all versions for the case's region; the one in force on the day of the template's latest step
            (or of the case's last step) is used.
        findings: the findings of the case as they stand, withdrawn and dismissed ones included or not.
        provisional_clock: a verdict rests on a calendar year that is not published yet.
    """
    look = Look(case, calendar)
    leaves = {leaf.id: _measure(look, leaf, checklists) for leaf in leaves_of(scheme.nodes)}
    weights = allot(scheme.nodes, leaves)
    tree = grow(scheme.nodes, leaves, weights)
    counted, waiting = counting(scheme, findings), undetermined(scheme, findings)
    now = total(scheme, tree, counted)
    then = total(scheme, tree, (*counted, *waiting)) if waiting else now
    blocked = _blocked(scheme, leaves)
    early = _too_early(case, scheme)
    at_risk = ZERO if early else (now.score or ZERO) - (then.score or ZERO)
    notes = tuple(_why_provisional(case, leaves, at_risk, provisional_clock)) + blocked
    return CaseScored(scheme, None if blocked or early else now.score, now.earned, now.due, bool(notes), at_risk,
                      now.nodes, _new_lines(now.nodes, then.nodes), notes + early)


def assessment_day(case: Case) -> date:
    """The day whose year and scheme a case belongs to: that of its closing step, else of its latest step."""
    step = case.closing or case.steps[-1]
    return step.date


def _measure(look: Look, node: Node, checklists: Sequence[Checklist]) -> LeafResult:
    metric = node.leaf.metric if node.leaf else "none"
    if node.leaf is None or metric != TEMPLATE:
        return _missing(node, Note("score-no-supply", {"metric": metric}))
    wanted = node.leaf.checklist or node.id
    checklist = _in_force(look.case, wanted, checklists)
    if checklist is None:
        return _missing(node, Note("score-no-checklist", {"checklist": wanted}))
    result = score_checklist(look, checklist)
    if result.status is not Status.SCORED:
        return LeafResult(result.status, None, result)
    return LeafResult(Status.SCORED, Fraction(result.points) / Fraction(checklist.points), result)


def _in_force(case: Case, wanted: str, checklists: Sequence[Checklist]) -> Checklist | None:
    for checklist in checklists:
        if checklist.id == wanted and not checklist.guide:
            days = [step.date for step in case.steps if step.type in checklist.scored_on]
            if (days[-1] if days else assessment_day(case)) in checklist.valid:
                return checklist
    return None


def _missing(node: Node, note: Note) -> LeafResult:
    if node.leaf is not None and node.leaf.missing == "zero":
        return LeafResult(Status.SCORED, Fraction(0), notes=(note, Note("score-missing-zero")))
    return LeafResult(Status.UNSCORED, notes=(note,))


def _blocked(scheme: Scheme, leaves: Mapping[str, LeafResult]) -> tuple[Note, ...]:
    return tuple(Note("score-blocked", {"node": node.title}) for node in leaves_of(scheme.nodes)
                 if node.leaf and node.leaf.missing == "block" and leaves[node.id].status is Status.UNSCORED)


def _too_early(case: Case, scheme: Scheme) -> tuple[Note, ...]:
    """Why a matter that never came so far has no score: nobody earns 100 for proposing and refusing."""
    if not scheme.scored_from or any(name in case.positions for name in scheme.scored_from):
        return ()
    events = case.procedure.events
    return (Note("score-not-begun", {"steps": joined([events[name].title for name in scheme.scored_from])}),)


def _why_provisional(case: Case, leaves: Mapping[str, LeafResult], at_risk: Decimal, clock: bool) -> Iterator[Note]:
    if not finished(case):
        yield Note("score-provisional-open")
    if any(leaf.status is Status.UNSCORED for leaf in leaves.values()):
        yield Note("score-provisional-unscored")
    if at_risk:
        yield Note("score-provisional-findings", {"points": str(at_risk)})
    if clock:
        yield Note("score-provisional-calendar")


def _new_lines(now: Sequence[TraceNode], then: Sequence[TraceNode]) -> tuple[TraceNode, ...]:
    if now is then:
        return ()
    before = {line.id: line.earned for line in _lines(now)}
    return tuple(replace(line, status=Status.AT_RISK) for line in _lines(then) if before.get(line.id) != line.earned)


def _lines(nodes: Sequence[TraceNode]) -> Iterator[TraceNode]:
    for node in nodes:
        if node.kind in ("cap", "deduction", "veto"):
            yield node
        elif node.kind != "check":
            yield from _lines(node.children)
