"""Scoring schemes: an indicator tree with caps, vetoes and deductions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from core.language.expression import Expression
from core.rulebook.terms import ALWAYS, Citation, DateRange, Period
from core.text import Text

Scope = Literal["own", "government"]
Missing = Literal["zero", "unscored", "block"]
MonthDay = tuple[int, int]

REPORT = "assessment.report"
"""The procedure in which organs report results themselves: a case names scheme, year and result."""
APPEAL = "assessment.appeal"
"""The procedure in which a score is appealed: a granted one corrects a result or says that it does not apply."""


class Metric(StrEnum):
    """How a leaf is measured."""

    TEMPLATE = "template"
    EXISTS = "exists"
    ZERO = "zero"
    RATIO = "ratio"
    COUNT = "count"
    DEADLINE = "deadline"
    FREQUENCY = "frequency"
    MONITOR = "monitor"


class View(StrEnum):
    """The side of government that a result shows: 体系, 效能, 行为."""

    SYSTEM = "system"
    EFFECT = "effect"
    CONDUCT = "conduct"


VIEW_TITLES: Mapping[View, Text] = MappingProxyType({
    View.SYSTEM: Text("体系", {"en": "system"}), View.EFFECT: Text("效能", {"en": "effectiveness"}),
    View.CONDUCT: Text("行为", {"en": "conduct"})})


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: from ``bound`` on, ``earn`` of the full marks (0 … 1)."""

    bound: Decimal
    earn: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    """The first rung that holds counts, none: 0. ``rising``: a value at least the bound; else at most."""

    rungs: tuple[Rung, ...]
    rising: bool


@dataclass(frozen=True, slots=True)
class Linear:
    """0 at ``zero_at``, full marks at ``full_at``, straight between and never outside 0 … 1."""

    zero_at: Decimal
    full_at: Decimal


@dataclass(frozen=True, slots=True)
class Annual:
    """Done by a day of each year."""

    by: MonthDay


@dataclass(frozen=True, slots=True)
class Within:
    """Done within a period from a day of the case."""

    start: Expression
    done: Expression
    period: Period


@dataclass(frozen=True, slots=True)
class Frequency:
    """``times`` in each period of ``months`` months."""

    months: int
    times: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What a leaf of a scheme ``per: organ`` looks at, and how that is scored.

    Attributes:
        score: None for ``monitor``.
        kinds, levels: organs that it applies to; empty: all.
        scope: whose cases: the organ's own, or those of every organ whose government it is too.
        organ: attribute that names the organ whose result a case is; None: the organ that owns the case.
        procedure: whose cases are looked at; None where nothing supplies the data.
        unsupplied: why nothing supplies the data; None where something does.
        among, where: conditions on a case as it stands; ``numerator``, ``denominator``: numbers of it.
        findings: full ids of rules whose findings are counted.
        dated_by: a case counts for the day of its last step of these types; empty: closing step, else latest.
        due: day of the year until which data need not be there yet.
        reported_as: scheme and result under which organs report it already, so that nobody is asked twice; None: this
            scheme and leaf.
    """

    metric: Metric
    view: View
    score: Ladder | Linear | None = None
    missing: Missing = "unscored"
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    scope: Scope = "own"
    procedure: str | None = None
    supply: Literal["data", "self_report", "none"] = "data"
    unsupplied: Text | None = None
    among: Expression | None = None
    where: Expression | None = None
    numerator: Expression | None = None
    denominator: Expression | None = None
    findings: tuple[str, ...] = ()
    dated_by: tuple[str, ...] = ()
    rolling: bool = False
    due: MonthDay = (12, 31)
    deadline: Annual | Within | None = None
    frequency: Frequency | None = None
    reported_as: tuple[str, str] | None = None
    organ: str | None = None

    @property
    def sums(self) -> bool:
        """True where numbers that cases state are added up instead of cases being counted."""
        return self.numerator is not None


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a leaf of an indicator tree is measured: by a template (``per: case``) or a measure (``per: organ``)."""

    metric: str
    checklist: str = ""
    missing: Missing = "unscored"
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the indicator tree; its weight is in points of the whole.

    Attributes:
        derived: it is not in the official text but was derived from it.
    """

    id: str
    title: Text
    weight: Decimal
    children: tuple[Node, ...] = ()
    leaf: Leaf | None = None
    basis: tuple[Citation, ...] = ()
    note: Text | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """Limits what a node can earn while a rule is violated (``of`` its weight: 0 … weight)."""

    node: str
    most: Decimal
    rules: tuple[str, ...]
    title: Text
    scope: Scope = "own"


@dataclass(frozen=True, slots=True)
class Veto:
    """Sets the whole score to 0 while one of the rules is violated (一票否决)."""

    rules: tuple[str, ...]
    title: Text
    scope: Scope = "own"


@dataclass(frozen=True, slots=True)
class Deduction:
    """Takes ``points`` off for each violated activation of the rules; the score never falls below 0."""

    rules: tuple[str, ...]
    points: Decimal
    title: Text
    scope: Scope = "own"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme: an indicator tree over one case (``per: case``) or one organ (``per: organ``).

    Attributes:
        counts: which findings caps, vetoes and deductions read: ``confirmed`` (default) or ``raised``.
        scored_from: a case has a score from the first of these steps on; empty: from its beginning.
        in_use: whether the region has adopted it (``per: organ``).
    """

    id: str
    title: Text
    per: Literal["case", "organ"]
    nodes: tuple[Node, ...]
    procedure: str | None = None
    caps: tuple[Cap, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    counts: Literal["confirmed", "raised"] = "confirmed"
    scored_from: tuple[str, ...] = ()
    note: Text | None = None
    basis: tuple[Citation, ...] = ()
    valid: DateRange = ALWAYS
    in_use: bool = True
    by_procedure: Mapping[str, tuple[Node, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Node]] = {}
        for node in leaves_of(self.nodes):
            measure = node.leaf.measure if node.leaf else None
            if measure is not None and measure.procedure is not None:
                found.setdefault(measure.procedure, []).append(node)
        object.__setattr__(self, "by_procedure", {name: tuple(nodes) for name, nodes in found.items()})


def leaves_of(nodes: Sequence[Node]) -> Iterator[Node]:
    """The leaves below ``nodes``, in order."""
    for node in nodes:
        if node.children:
            yield from leaves_of(node.children)
        else:
            yield node
