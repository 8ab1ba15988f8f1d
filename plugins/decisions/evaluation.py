"""Post-evaluations compared between regions: how many decisions were evaluated, with what effect."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.cases.case import Case
from core.ledger.models import CaseRow, EventRow
from core.organs.codes import ancestors, territory
from plugins.decisions.catalogue import DECISION
from scoring.points import mean

ADVICE = ("keep", "adjust", "stop")


@dataclass(frozen=True, slots=True)
class Compared:
    """The post-evaluations of one region.

    Attributes:
        effect: mean effect out of 100; None where nothing was evaluated.
        advice: evaluations by what they advised.
        conflicts: evaluations by a unit that did the main pre-decision assessment.
    """

    region: str
    issued: int
    evaluated: int
    effect: Decimal | None
    advice: Mapping[str, int]
    conflicts: int


def compare(issued: Mapping[str, int], evaluated: Iterable[Case], parent: str) -> tuple[Compared, ...]:
    """Regions one level below ``parent``, and the parent's own organs, best effect first.

    Args:
        issued: decisions issued by region code.
        evaluated: cases with a post-evaluation.
    """
    counts: Counter[str] = Counter()
    for region, number in issued.items():
        counts[_below(parent, region)] += number
    cases: dict[str, list[Case]] = defaultdict(list)
    for case in evaluated:
        cases[_below(parent, case.head.region)].append(case)
    found = [_compared(region, counts[region], cases.get(region, [])) for region in counts.keys() | cases.keys()]
    return tuple(sorted(found, key=lambda line: (line.effect is None, -(line.effect or Decimal(0)), line.region)))


def issued_by_region(parent: str) -> dict[str, int]:
    """How many decisions were issued in each region of ``parent``."""
    query: Any = EventRow.select(CaseRow.region, EventRow.case).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        _happened("decision_issued", parent)).distinct().tuples()
    return dict(Counter(region for region, _case in query))


def evaluated_ids(parent: str) -> list[str]:
    """Ids of the decisions in ``parent`` that were evaluated."""
    query: Any = EventRow.select(EventRow.case).join(CaseRow, on=(EventRow.case == CaseRow.id)).where(
        _happened("evaluated", parent)).distinct().tuples()
    return [case_id for (case_id,) in query]


def _happened(event_type: str, parent: str) -> Any:
    """Standing steps of a type: not voided, in a region of ``parent``."""
    voided = EventRow.select(EventRow.corrects).where(EventRow.void & EventRow.corrects.is_null(False))
    low, high = territory(parent)
    return ((CaseRow.procedure == DECISION) & (EventRow.type == event_type) & (~EventRow.void)
            & EventRow.id.not_in(voided) & (CaseRow.region >= low) & (CaseRow.region < high))


def _compared(region: str, issued: int, cases: list[Case]) -> Compared:
    scores = [Decimal(score) for case in cases if isinstance(score := case.state.get("effect_score"), int)]
    return Compared(
        region, issued, len(cases), mean(scores),
        Counter(str(case.state.get("evaluation_result", "")) for case in cases),
        sum(case.state.get("evaluator_assessed_before") is True for case in cases))


def _below(parent: str, region: str) -> str:
    """The region one level below ``parent`` that ``region`` lies in; ``parent`` itself for its own organs."""
    line = ancestors(region)
    place = line.index(parent) if parent in line else -1
    return line[min(place + 1, len(line) - 1)]
