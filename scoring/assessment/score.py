"""The score of an organ: its leaves, weighed by the scheme, less what confirmed findings take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.rulebook.model import Node, Scheme
from core.rulebook.schemes import VIEW_TITLES, Annual, Measure, Metric, View, leaves_of
from core.text import Text
from scoring.adjustments import counting, total, undetermined
from scoring.assessment.entries import SCALE
from scoring.assessment.metrics import Outcome, decimal_text, month_day, outcome, share_of
from scoring.assessment.tally import NOTHING, Tally
from scoring.life import Finding
from scoring.points import ZERO, rounded
from scoring.trace import FactValue, Status, TraceNode
from scoring.tree import LeafResult, allot, due_weight, grow
from scoring.words import Note


@dataclass(frozen=True, slots=True)
class Place:
    """What an assessment needs to know of an organ."""

    organ: str
    name: str
    region: str
    level: str
    kind: str
    government: str | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """What a granted appeal says of one result (``assessment.appeal``).

    Attributes:
        numerator, denominator: as stated; None where the result is said not to apply.
        case, event: where it was granted.
    """

    leaf: str
    kind: str
    numerator: Decimal | None
    denominator: Decimal | None
    ground: str
    approver: str
    day: date
    case: str
    event: str


@dataclass(frozen=True, slots=True)
class Part:
    """Points of a part of the whole: an aspect, or a view."""

    id: str
    title: Text
    weight: Decimal
    due: Decimal
    earned: Decimal

    @property
    def score(self) -> Decimal | None:
        """Out of 100; None while nothing of it is scored."""
        return rounded(Fraction(self.earned) * 100 / Fraction(self.due)) if self.due else None


@dataclass(frozen=True, slots=True)
class OrganScored:
    """The score of an organ with everything that explains it.

    Attributes:
        score: out of 100; None while nothing is scored, or where a result without data blocks it.
        earned, due: points earned of the weight that is scored so far.
        at_risk: what the score would lose if every undetermined finding were confirmed.
        outcomes: of each leaf.
        tallies: what each leaf was computed from.
        nodes: the tree, followed by deductions and vetoes.
    """

    scheme: Scheme
    place: Place
    year: int
    day: date
    score: Decimal | None
    earned: Decimal
    due: Decimal
    provisional: bool
    at_risk: Decimal
    blocked: bool
    nodes: tuple[TraceNode, ...]
    outcomes: Mapping[str, Outcome]
    tallies: Mapping[str, Tally]
    notes: tuple[Note, ...] = ()
    points: Mapping[str, Decimal] = field(default_factory=dict)
    weights: Mapping[str, Decimal] = field(default_factory=dict)

    def aspects(self) -> tuple[Part, ...]:
        """The nodes at the top: what a radar shows."""
        return tuple(Part(node.id, node.title, node.weight, due_weight([node]), node.earned or ZERO)
                     for node in self.nodes if node.kind in ("node", "leaf") and node.weight is not None)

    def views(self) -> tuple[Part, ...]:
        """体系、效能、行为: the exact sums of the leaves of each view."""
        return tuple(self._view(view, title) for view, title in VIEW_TITLES.items())

    def _view(self, view: View, title: Text) -> Part:
        weight = due = points = ZERO
        for node in leaves_of(self.scheme.nodes):
            if node.leaf and node.leaf.measure and node.leaf.measure.view is view and node.id in self.weights:
                weight += self.weights[node.id]
                if node.id in self.points:
                    due += self.weights[node.id]
                    points += self.points[node.id]
        return Part(view.value, title, weight, due, points)


def score_organ(scheme: Scheme, place: Place, year: int, day: date, tallies: Mapping[str, Tally],
                reliefs: Mapping[str, Relief] | None = None, findings: Sequence[Finding] = (),
                governed: Sequence[Finding] = ()) -> OrganScored:
    """Score an organ as things stand at the close of ``day``.

    Args:
        tallies: by leaf, of the organ or of what it governs as the leaf's scope says; a missing one is empty.
        reliefs: granted appeals by leaf.
        findings: of the organ's own cases of the year; caps, vetoes and deductions read them.
        governed: findings of the cases of organs that it governs.
    """
    reliefs = reliefs or {}
    outcomes: dict[str, Outcome] = {}
    used: dict[str, Tally] = {}
    leaves: dict[str, LeafResult] = {}
    for node in leaves_of(scheme.nodes):
        measure = node.leaf.measure if node.leaf else None
        if measure is None:
            continue
        relief = reliefs.get(node.id)
        tally = used[node.id] = _relieved(measure, tallies.get(node.id, NOTHING), relief, year)
        found = outcomes[node.id] = _outcome(measure, tally, place, relief, year, day)
        leaves[node.id] = LeafResult(found.status, found.share, notes=tuple(_notes(measure, found, relief)),
                                     facts=tuple(_facts(measure, tally, found)))
    weights = allot(scheme.nodes, leaves)
    nodes = grow(scheme.nodes, leaves, weights)
    later = {name: replace(leaf, ratio=outcomes[name].then) for name, leaf in leaves.items()}
    own, theirs = counting(scheme, findings), counting(scheme, governed)
    now = total(scheme, nodes, own, theirs)
    then = total(scheme, grow(scheme.nodes, later, weights), (*own, *undetermined(scheme, findings)),
                 (*theirs, *undetermined(scheme, governed)))
    at_risk = (now.score or ZERO) - (then.score or ZERO)
    blocked = any(leaf.status is Status.UNSCORED and _missing(node) == "block" for node in leaves_of(scheme.nodes)
                  if (leaf := leaves.get(node.id)) is not None)
    notes = tuple(_why_provisional(year, day, outcomes, at_risk, blocked))
    points = {part.id: part.earned for node in nodes for part in node.walk()
              if part.kind == "leaf" and part.earned is not None}
    return OrganScored(scheme, place, year, day, None if blocked else now.score, now.earned, now.due, bool(notes),
                       at_risk, blocked, now.nodes, outcomes, used, notes, points, weights)


def applies(measure: Measure, place: Place) -> bool:
    """True where a leaf applies to an organ of this kind and level."""
    return (not measure.kinds or place.kind in measure.kinds) and (not measure.levels or place.level in measure.levels)


def _outcome(measure: Measure, tally: Tally, place: Place, relief: Relief | None, year: int, day: date) -> Outcome:
    if not applies(measure, place):
        return Outcome(Status.NOT_APPLICABLE, reason="assess-other-organs")
    if relief is not None and relief.kind == "not_applicable":
        return Outcome(Status.NOT_APPLICABLE, reason="assess-relieved")
    if relief is not None and measure.metric is Metric.FREQUENCY and tally.denominator and measure.score is not None:
        value = Fraction(tally.numerator, tally.denominator)
        share, rung = share_of(measure.score, value)
        return Outcome(Status.SCORED, share, share, value, rung)
    return outcome(measure, tally, year, day)


def _relieved(measure: Measure, tally: Tally, relief: Relief | None, year: int) -> Tally:
    if relief is None or relief.kind != "corrected" or relief.numerator is None:
        return tally
    unit = SCALE if measure.sums else 1
    numerator = int(relief.numerator * unit)
    changed = tally.corrected(numerator, int((relief.denominator or Decimal(0)) * unit) or tally.denominator)
    if isinstance(measure.deadline, Annual):
        return replace(changed, first=month_day(year, measure.deadline.by) + timedelta(days=int(relief.numerator)))
    return changed


def _missing(node: Node) -> str:
    return node.leaf.missing if node.leaf else "unscored"


def _notes(measure: Measure, found: Outcome, relief: Relief | None) -> Iterator[Note]:
    if found.reason == "assess-unsupplied" and measure.unsupplied is not None:
        yield Note(found.reason, {"why": measure.unsupplied})
    elif found.reason and not (relief is not None and found.reason == "assess-relieved"):
        yield Note(found.reason)
    if relief is not None:
        code = "assess-relieved" if relief.kind == "not_applicable" else "assess-corrected"
        yield Note(code, {"ground": relief.ground, "approver": relief.approver, "day": relief.day.isoformat()})
    if found.share is not None and found.then is not None and found.then < found.share:
        yield Note("assess-undetermined", {"share": decimal_text(found.then * 100, 2)})


NUMERATOR = Text("分子", {"en": "numerator"})
DENOMINATOR = Text("分母", {"en": "denominator"})
VALUE = Text("数值", {"en": "value"})
CASES = Text("事项数", {"en": "cases"})
STEP = Text("达到的档", {"en": "step reached"})
SHARE = Text("得满分的比例", {"en": "share of full marks"})


def _facts(measure: Measure, tally: Tally, found: Outcome) -> Iterator[FactValue]:
    unit = SCALE if measure.sums else 1
    if tally.cases:
        yield _fact("cases", CASES, str(tally.cases))
    if tally.cases or tally.numerator:
        yield _fact("numerator", NUMERATOR, decimal_text(Fraction(tally.numerator, unit)))
    if tally.denominator:
        yield _fact("denominator", DENOMINATOR, decimal_text(Fraction(tally.denominator, unit)))
    if found.value is not None:
        yield _fact("value", VALUE, decimal_text(found.value))
    if found.rung is not None:
        yield _fact("step", STEP, str(found.rung + 1))
    if found.share is not None:
        yield _fact("share", SHARE, decimal_text(found.share))


def _fact(name: str, title: Text, value: str) -> FactValue:
    return FactValue(name, title, value, Text(value))


def _why_provisional(year: int, day: date, outcomes: Mapping[str, Outcome], at_risk: Decimal, blocked: bool
                     ) -> Iterator[Note]:
    if day < date(year, 12, 31):
        yield Note("assess-provisional-year")
    unscored = sum(each.status is Status.UNSCORED for each in outcomes.values())
    if unscored:
        yield Note("assess-provisional-unscored", {"count": unscored})
    if at_risk:
        yield Note("score-provisional-findings", {"points": str(at_risk)})
    if blocked:
        yield Note("assess-blocked")


def sum_of(parts: Iterable[Tally]) -> Tally:
    """Tallies of several organs added up."""
    whole = NOTHING
    for part in parts:
        whole += part
    return whole


__all__ = ["OrganScored", "Part", "Place", "Relief", "applies", "score_organ", "sum_of"]
