"""Caps, deductions and vetoes: what findings take away from a score, and what they would if confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from core.rulebook.model import Cap, Deduction, Node, Scheme, Veto
from core.text import Text
from scoring.life import Finding
from scoring.points import HUNDRED, ZERO, rounded
from scoring.trace import Status, TraceNode
from scoring.tree import due_weight, earned
from scoring.words import Note


@dataclass(frozen=True, slots=True)
class Total:
    """A tree with its adjustments, and the score out of 100 that follows.

    Attributes:
        earned: points of leaves and caps, added up exactly.
        due: weight of what is scored so far; 100 for a closed case without gaps.
        score: ``earned`` brought to a base of 100, less deductions; 0 under a veto; None while nothing is due.
    """

    nodes: tuple[TraceNode, ...]
    earned: Decimal
    due: Decimal
    score: Decimal | None


def counting(scheme: Scheme, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that change the score now."""
    named = named_in(scheme)
    return tuple(f for f in findings if f.rule in named
                 and (f.status.stands or (scheme.counts == "raised" and f.status.open)))


def undetermined(scheme: Scheme, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that do not count yet and would if a person confirmed them."""
    named = named_in(scheme)
    return () if scheme.counts == "raised" else tuple(f for f in findings if f.rule in named and f.status.open)


def total(scheme: Scheme, nodes: tuple[TraceNode, ...], findings: Sequence[Finding],
          governed: Sequence[Finding] = ()) -> Total:
    """Apply caps, then deductions, then vetoes, reading ``findings`` only.

    Args:
        governed: findings of organs that the organ governs; parts of scope ``government`` read them too.
    """
    read = _Findings(findings, governed)
    hit = frozenset(cap.node for cap in scheme.caps if read.of(cap))
    capped = tuple(_capped(node, scheme, read, hit) for node in nodes) if hit else nodes
    points, due = earned(capped), due_weight(capped)
    if not due:
        return Total(capped, points, due, None)
    score = points if due == HUNDRED else rounded(Fraction(points) * 100 / Fraction(due))
    lines: list[TraceNode] = []
    for number, deduction in enumerate(scheme.deductions):
        hits = read.of(deduction)
        if hits:
            taken = min(score, deduction.points * len(hits))
            lines.append(_line(f"deduction-{number + 1}", "deduction", deduction.title, -taken, hits))
            score -= taken
    for number, veto in enumerate(scheme.vetoes):
        hits = read.of(veto)
        if hits:
            lines.append(_line(f"veto-{number + 1}", "veto", veto.title, -score, hits))
            score = ZERO
    return Total((*capped, *lines), points, due, rounded(score))


def _capped(node: TraceNode, scheme: Scheme, findings: _Findings, hit: frozenset[str]) -> TraceNode:
    if node.kind == "node":
        children = tuple(_capped(child, scheme, findings, hit) for child in node.children)
        if any(after is not before for after, before in zip(children, node.children, strict=True)):
            node = replace(node, children=children, earned=earned(children))
    if node.id not in hit:
        return node
    for number, cap in enumerate(cap for cap in scheme.caps if cap.node == node.id):
        node = _cap(node, cap, number, scheme, findings.of(cap))
    return node


def _cap(node: TraceNode, cap: Cap, number: int, scheme: Scheme, hits: tuple[Finding, ...]) -> TraceNode:
    if not hits or node.earned is None or node.weight is None:
        return node
    full = _weight_of(scheme.nodes, cap.node)
    limit = rounded(Fraction(cap.most) * Fraction(node.weight) / Fraction(full)) if full else ZERO
    over = node.earned - limit
    if over <= 0:
        return node
    note = Note("score-capped", {"most": str(limit), "weight": str(node.weight)})
    line = replace(_line(f"{node.id}/cap-{number + 1}", "cap", cap.title, -over, hits), notes=(note,))
    return replace(node, children=(*node.children, line), earned=limit)


def _weight_of(nodes: Sequence[Node], wanted: str) -> Decimal:
    for node in nodes:
        found = node.weight if node.id == wanted else _weight_of(node.children, wanted)
        if found:
            return found
    return ZERO


@dataclass(frozen=True, slots=True)
class _Findings:
    """What caps, vetoes and deductions look at: findings of the subject, and of what it governs."""

    own: Sequence[Finding]
    governed: Sequence[Finding]

    def of(self, part: Cap | Veto | Deduction) -> tuple[Finding, ...]:
        """The findings that hit a part of the scheme."""
        seen = (*self.own, *self.governed) if part.scope == "government" else self.own
        return tuple(finding for finding in seen if finding.rule in part.rules)


def _line(name: str, kind: str, title: Text, points: Decimal, hits: Sequence[Finding]) -> TraceNode:
    notes = tuple(Note("score-finding", {"code": hit.code, "finding": hit.id}) for hit in hits)
    events = tuple(hit.activation for hit in hits if hit.activation)
    return TraceNode(name, kind, title, Status.APPLIED, None, rounded(points), notes=notes, events=events)


def named_in(scheme: Scheme) -> frozenset[str]:
    """Ids of the rules whose violation changes a score under this scheme."""
    parts: tuple[Cap | Veto | Deduction, ...] = (*scheme.caps, *scheme.vetoes, *scheme.deductions)
    return frozenset(rule for part in parts for rule in part.rules)


