"""Receipts of unit scores: the mean written out, down to the receipt of every case in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.organs.codes import territory
from core.text import Text
from scoring.aggregate import ORGAN
from scoring.models import CaseScore
from scoring.points import mean
from scoring.receipts import Kind, Receipt, ReceiptKey, make_receipt
from scoring.replay import Replayer
from scoring.trace import Status, TraceNode
from scoring.units import Unit
from scoring.words import Note


@dataclass(frozen=True, slots=True)
class CasePoint:
    """A case in a mean: its score, and the receipt that explains it."""

    case: str
    organ: str
    score: Decimal
    receipt: str
    digest: str


def case_points(unit: Unit) -> tuple[CasePoint, ...]:
    """The scored cases of a unit as they stand now."""
    scope = (CaseScore.procedure == unit.procedure) & (CaseScore.year == unit.year) & CaseScore.score.is_null(False)
    if unit.unit == ORGAN:
        scope &= CaseScore.organ == unit.subject
    else:
        scope &= CaseScore.region.between(*territory(unit.subject))
    rows: Any = CaseScore.select().where(scope).order_by(CaseScore.organ, CaseScore.case)
    return tuple(CasePoint(row.case, row.organ, row.score, row.receipt, row.digest) for row in rows)


def unit_receipt(unit: Unit, points: Sequence[CasePoint], bundle: str, at: datetime) -> Receipt:
    """The receipt of a unit's score.

    Args:
        points: every scored case of the unit, in the order of organs and cases.
    """
    by_organ: dict[str, list[CasePoint]] = {}
    for point in points:
        by_organ.setdefault(point.organ, []).append(point)
    organs = tuple(_mean_node(organ, "organ", [p.score for p in found], tuple(map(_case_node, found)))
                   for organ, found in by_organ.items())
    if unit.unit == ORGAN:
        trace = organs
    else:
        scores = [node.earned for node in organs if node.earned is not None]
        trace = (_mean_node(unit.subject, "region", scores, organs),)
    key = ReceiptKey(Kind.UNIT, f"{unit.procedure}|{unit.year}|{unit.unit}:{unit.subject}", 0, bundle, at)
    result = {"score": trace[0].earned if trace else None, "organs": len(organs), "cases": len(points)}
    return make_receipt(key, result, trace, {})


def replay_unit(replayer: Replayer, unit: Unit, body: Mapping[str, Any]) -> tuple[bool, Receipt]:
    """Replay every case in a kept unit receipt and take the means again; True where all of it is the same."""
    same = True
    points = []
    organs = body["trace"] if unit.unit == ORGAN else body["trace"][0]["children"]
    for organ in organs:
        for case in organ["children"]:
            details = case["notes"][0]["details"]
            again = replayer.replay(details["receipt"])
            same = same and again.same and again.stored_digest == details["digest"]
            score = Decimal(again.receipt.body["result"]["score"])
            points.append(CasePoint(case["id"], organ["id"], score, details["receipt"], again.receipt.digest))
    receipt = unit_receipt(unit, points, body["bundle"], datetime.fromisoformat(body["at"]))
    return same and receipt.body == body, receipt


def _mean_node(name: str, kind: str, scores: Sequence[Decimal], children: tuple[TraceNode, ...]) -> TraceNode:
    score = mean(scores)
    note = Note("unit-mean", {"count": len(scores), "sum": str(sum(scores, Decimal("0.00"))), "score": str(score)})
    return TraceNode(name, kind, Text(name), Status.SCORED, None, score, notes=(note,), children=children)


def _case_node(point: CasePoint) -> TraceNode:
    note = Note("unit-case", {"receipt": point.receipt, "digest": point.digest})
    return TraceNode(point.case, "case", Text(point.case), Status.SCORED, None, point.score, notes=(note,))
