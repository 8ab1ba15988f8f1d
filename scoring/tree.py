"""The indicator tree on one subject: weights redistributed over what applies, leaves scored, totals added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rulebook.model import Node
from core.text import Text
from scoring.checks import ChecklistResult, CheckResult, sentence_text
from scoring.points import HUNDRED, ZERO, rounded, share_out
from scoring.trace import FactValue, Status, TraceNode
from scoring.words import Note


@dataclass(frozen=True, slots=True)
class LeafResult:
    """How a leaf was measured: ``ratio`` of its full marks, None while nothing is scored."""

    status: Status
    ratio: Fraction | None = None
    result: ChecklistResult | None = None
    notes: tuple[Note, ...] = ()
    facts: tuple[FactValue, ...] = ()


def applies(node: Node, leaves: Mapping[str, LeafResult]) -> bool:
    """True where the node, or anything below it, is applicable."""
    if node.children:
        return any(applies(child, leaves) for child in node.children)
    return leaves[node.id].status is not Status.NOT_APPLICABLE


def allot(nodes: Sequence[Node], leaves: Mapping[str, LeafResult], total: Decimal = HUNDRED) -> dict[str, Decimal]:
    """Weights by node id after redistribution: they add up to ``total`` at every level, to the hundredth.

    The weight of what does not apply goes to its applicable siblings in proportion to their own weights; where a
    parent has no applicable child left, it does not apply itself and its weight goes to its own siblings.
    """
    weights: dict[str, Decimal] = {}
    applicable = [node for node in nodes if applies(node, leaves)]
    for node, share in zip(applicable, share_out(total, [Fraction(n.weight) for n in applicable]), strict=True):
        weights[node.id] = share
        weights.update(allot(node.children, leaves, share))
    return weights


def grow(nodes: Sequence[Node], leaves: Mapping[str, LeafResult], weights: Mapping[str, Decimal]
         ) -> tuple[TraceNode, ...]:
    """The scored tree; each leaf rounded half up to 0.01, each inner node the exact sum of its children."""
    return tuple(_branch(node, leaves, weights) if node.children else _leaf(node, leaves[node.id], weights)
                 for node in nodes)


def due_weight(nodes: Sequence[TraceNode]) -> Decimal:
    """Weight of the leaves that are scored so far."""
    return sum((_due(node) for node in nodes), ZERO)


def earned(nodes: Sequence[TraceNode]) -> Decimal:
    """Points of the nodes, added up exactly."""
    return sum((node.earned for node in nodes if node.earned is not None), ZERO)


def _due(node: TraceNode) -> Decimal:
    if node.kind == "node":
        return due_weight(node.children)
    return node.weight if node.kind == "leaf" and node.status == Status.SCORED and node.weight else ZERO


def _branch(node: Node, leaves: Mapping[str, LeafResult], weights: Mapping[str, Decimal]) -> TraceNode:
    children = grow(node.children, leaves, weights)
    status = _summary([child.status for child in children])
    points = earned(children) if any(child.earned is not None for child in children) else None
    return TraceNode(node.id, "node", node.title, status, weights.get(node.id), points,
                     citations=node.basis, children=children)


def _summary(statuses: Sequence[str]) -> Status:
    for status in (Status.SCORED, Status.UNSCORED, Status.NOT_DUE):
        if status in statuses:
            return status
    return Status.NOT_APPLICABLE


def _leaf(node: Node, leaf: LeafResult, weights: Mapping[str, Decimal]) -> TraceNode:
    weight, result = weights.get(node.id), leaf.result
    points = rounded(Fraction(weight) * leaf.ratio) if weight is not None and leaf.ratio is not None else None
    notes = leaf.notes
    if weight is not None and weight != node.weight:
        notes = (*notes, Note("score-redistributed", {"weight": str(node.weight), "now": str(weight)}))
    if result is None:
        return TraceNode(node.id, "leaf", node.title, leaf.status, weight, points, notes=notes, facts=leaf.facts,
                         citations=node.basis)
    return TraceNode(
        node.id, "leaf", node.title, leaf.status, weight, points, notes=(*result.notes, *notes), facts=result.facts,
        events=tuple(step.event.id for step in result.steps), citations=result.checklist.basis or node.basis,
        children=tuple(_check(node.id, check) for check in result.checks))


def _check(leaf_id: str, check: CheckResult) -> TraceNode:
    sentence = sentence_text(check.decided_by.when)
    events = tuple(dict.fromkeys(event for fact in check.facts for event in fact.events))
    return TraceNode(f"{leaf_id}/{check.check.id}", "check", check.check.title, check.status, check.check.points,
                     check.points, _languages(sentence), check.notes, check.facts, events)


def _languages(text: Text) -> dict[str, str]:
    return {"zh": text.zh, **text.others}
