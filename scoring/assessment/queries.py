"""What pages read of assessments: rankings, radar, trend, the tree of an organ, and the cases behind each point."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from peewee import fn

from core.ledger.models import CaseRow
from core.organs.codes import ancestors, territory
from core.organs.models import Organ, Region
from core.rulebook.model import Node, Scheme
from core.rulebook.schemes import Measure, leaves_of
from core.text import Text
from scoring.assessment.keeping import AssessingBundle, World, frozen_in, score_places
from scoring.assessment.models import EntryRow, OrganScoreRow, ReleaseRow, ScoreDayRow
from scoring.assessment.score import OrganScored, Part
from scoring.assessment.tally import year_before
from scoring.columns import tuples
from scoring.points import from_hundredths, rounded

Sort = Literal["aspect", "view"]
By = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class OrganLine:
    """An organ's score as lists show it.

    Attributes:
        parts: aspects and views, by ``(sort, id)``; titles are those of the scheme.
        unscored: results without data.
    """

    scheme: str
    year: int
    organ: str
    name: str
    region: str
    level: str
    kind: str
    score: Decimal | None
    earned: Decimal
    due: Decimal
    at_risk: Decimal
    provisional: bool
    blocked: bool
    unscored: int
    day: date
    parts: tuple[tuple[Sort, str, Part], ...]

    def part(self, sort: Sort, name: str) -> Part | None:
        """An aspect or a view of the score."""
        return next((part for kind, each, part in self.parts if (kind, each) == (sort, name)), None)


@dataclass(frozen=True, slots=True)
class RankedOrgan:
    """A line of a ranking; ``rank`` is None without a score, ``points`` is what it is ranked by."""

    rank: int | None
    points: Decimal | None
    line: OrganLine


@dataclass(frozen=True, slots=True)
class OrganGroup:
    """Organs that are compared with each other, and how many there are."""

    level: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A score as it was known at the end of a day, a month or a year."""

    day: date
    score: Decimal | None
    earned: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region: the mean of the scores of the organs in its territory, half up to 0.01, each organ once."""

    code: str
    name: str
    score: Decimal | None
    organs: int


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """A case behind a result: what it adds to numerator and denominator, and from which day on."""

    case: str
    title: str
    number: str
    procedure: str
    organ: str
    organ_name: str
    day: date
    numerator: int
    denominator: int
    undetermined: bool


@dataclass(frozen=True, slots=True)
class CasesBehind:
    """One page of the cases behind a leaf, and how many there are in all."""

    items: tuple[CaseBehind, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """A result that nothing supplies, and why; ``above`` are the titles of the nodes it stands under."""

    leaf: str
    title: Text
    above: tuple[Text, ...]
    why: Text
    weight: Decimal


def line_of(scheme: str, year: int, organ: str) -> OrganLine | None:
    """An organ's score of a year as it stands; None where it was never scored."""
    found = _lines((OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year) & (OrganScoreRow.organ == organ))
    return found[0] if found else None


def years(scheme: str) -> tuple[int, ...]:
    """Years with scores, latest first."""
    rows = tuples(OrganScoreRow.select(OrganScoreRow.year).where(OrganScoreRow.scheme == scheme).distinct().order_by(
        OrganScoreRow.year.desc()))
    return tuple(year for (year,) in rows)


def groups(scheme: str, year: int) -> tuple[OrganGroup, ...]:
    """The comparable groups of a year: same level, same kind."""
    rows = tuples(OrganScoreRow.select(OrganScoreRow.level, OrganScoreRow.kind, fn.COUNT(OrganScoreRow.organ)).where(
        (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)).group_by(
            OrganScoreRow.level, OrganScoreRow.kind).order_by(OrganScoreRow.level, OrganScoreRow.kind))
    return tuple(OrganGroup(*row) for row in rows)


def ranking(scheme: str, year: int, level: str, kind: str, *, parent: str = "", by: tuple[Sort, str] | None = None
            ) -> tuple[RankedOrgan, ...]:
    """The organs of a comparable group, best first; equal points share a rank (1, 2, 2, 4).

    Args:
        parent: region code; only organs in its territory.
        by: rank by an aspect or a view instead of the total, e.g. ``("view", "effect")``.
    """
    chosen = ((OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year) & (OrganScoreRow.level == level)
              & (OrganScoreRow.kind == kind))
    if parent:
        chosen &= OrganScoreRow.region.between(*territory(parent))
    found = [(_points(line, by), line) for line in _lines(chosen)]
    found.sort(key=lambda item: (item[0] is None, -(item[0] or Decimal(0)), item[1].organ))
    ranked: list[RankedOrgan] = []
    for place, (points, line) in enumerate(found, 1):
        tied = bool(ranked) and points is not None and ranked[-1].points == points
        ranked.append(RankedOrgan(None if points is None else ranked[-1].rank if tied else place, points, line))
    return tuple(ranked)


def group_mean(scheme: str, year: int, level: str, kind: str, parent: str = "") -> dict[tuple[Sort, str], Decimal]:
    """The mean score of each aspect and view in a group: what an organ's radar is compared with."""
    sums: dict[tuple[Sort, str], list[Decimal]] = defaultdict(list)
    for ranked in ranking(scheme, year, level, kind, parent=parent):
        for sort, name, part in ranked.line.parts:
            if part.score is not None:
                sums[sort, name].append(part.score)
    return {key: rounded(Fraction(sum(values, Decimal(0))) / len(values)) for key, values in sums.items()}


def regions(scheme: str, year: int, parent: str, kind: str = "") -> tuple[RegionLine, ...]:
    """The regions directly below one, with the mean of the organs in each; those without a score come last."""
    chosen = ((OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year) & OrganScoreRow.score.is_null(False)
              & OrganScoreRow.region.between(*territory(parent)))
    if kind:
        chosen &= OrganScoreRow.kind == kind
    below = {row[0]: row[1] for row in tuples(Region.select(Region.code, Region.name).where(Region.parent == parent))}
    cents: dict[str, list[int]] = defaultdict(list)
    for region, score in tuples(OrganScoreRow.select(OrganScoreRow.region, OrganScoreRow.score).where(chosen)):
        for code in ancestors(region):
            if code in below:
                cents[code].append(int(score * 100))
    found = [RegionLine(code, name, rounded(Fraction(sum(cents[code]), 100 * len(cents[code]))) if cents[code] else
                        None, len(cents[code])) for code, name in below.items()]
    return tuple(sorted(found, key=lambda line: (line.score is None, -(line.score or Decimal(0)), line.code)))


def trend(scheme: str, year: int, organ: str, by: By = "day") -> tuple[TrendPoint, ...]:
    """How an organ's score went: the last known of each day, month, or (over all years) year."""
    chosen = (ScoreDayRow.scheme == scheme) & (ScoreDayRow.organ == organ)
    if by != "year":
        chosen &= ScoreDayRow.year == year
    rows: Any = ScoreDayRow.select().where(chosen).order_by(ScoreDayRow.day, ScoreDayRow.year)
    width = {"day": 10, "month": 7, "year": 4}[by]
    latest: dict[str, TrendPoint] = {}
    for row in rows:
        latest[row.day.isoformat()[:width]] = TrendPoint(row.day, row.score, row.earned, row.due)
    return tuple(latest.values())


def organ_detail(bundle: AssessingBundle, scheme: str, year: int, organ: str, today: date) -> OrganScored | None:
    """The whole tree of an organ as it stands: leaves with numerator, denominator, step, points, reasons, basis.

    None where the organ is unknown or the scheme is not in use for it. For a frozen year read the archive
    (``scoring.assessment.release``).
    """
    world = World.around([organ])
    place = world.places.get(organ)
    if place is None:
        return None
    found = score_places(bundle, year, [place], today, world, thaw=True)
    return next((each for each in found if each.scheme.id == scheme), None)


def cases_behind(scored: OrganScored, leaf: str, page: int = 1, size: int = 20,
                 only: Literal["all", "lost"] = "all") -> CasesBehind:
    """The very cases behind a result, latest first.

    Args:
        only: ``lost``: those that are looked at and do not count.
    """
    measure = _measure(scored.scheme, leaf)
    organs = [scored.place.organ]
    if measure is not None and measure.scope == "government":
        organs += World.around(organs).below(scored.place)
    chosen = (EntryRow.scheme == scored.scheme.id) & (EntryRow.leaf == leaf) & EntryRow.organ.in_(organs) & (
        EntryRow.day <= scored.day.isoformat())
    if measure is not None and measure.rolling:
        chosen &= EntryRow.day > year_before(scored.day).isoformat()
    else:
        chosen &= EntryRow.year == scored.year
    if only == "lost":
        chosen &= (EntryRow.denominator > 0) & (EntryRow.numerator == 0)
    total = EntryRow.select().where(chosen).count()
    rows = tuples(EntryRow.select(
        EntryRow.case, CaseRow.title, CaseRow.number, CaseRow.procedure, EntryRow.organ, Organ.name, EntryRow.day,
        EntryRow.numerator, EntryRow.denominator, EntryRow.then_numerator).join(
            CaseRow, on=(CaseRow.id == EntryRow.case)).join(Organ, "LEFT JOIN", on=(Organ.id == EntryRow.organ)).where(
                chosen).order_by(EntryRow.day.desc(), EntryRow.case).paginate(max(1, page), size))
    items = tuple(CaseBehind(row[0], row[1], row[2], row[3], row[4], row[5] or row[4], row[6], int(row[7]),
                             int(row[8]), row[7] != row[9]) for row in rows)
    return CasesBehind(items, total, max(1, page), size)


def unsupplied(scheme: Scheme) -> tuple[Unsupplied, ...]:
    """The results of a scheme that nothing supplies, in the order of the tree, each with its reason."""
    found: list[Unsupplied] = []
    _unsupplied(scheme.nodes, (), found)
    return tuple(found)


def supply_counts(scheme: Scheme) -> dict[str, int]:
    """How many results are supplied by ``data``, by ``self_report``, and by nothing (``none``)."""
    counts = {"data": 0, "self_report": 0, "none": 0}
    for node in leaves_of(scheme.nodes):
        measure = node.leaf.measure if node.leaf else None
        if measure is not None:
            counts["none" if measure.unsupplied is not None else measure.supply] += 1
    return counts


def releases(scheme: str = "") -> tuple[Any, ...]:
    """Published years, latest first."""
    query: Any = ReleaseRow.select().order_by(ReleaseRow.year.desc(), ReleaseRow.scheme)
    return tuple(query.where(ReleaseRow.scheme == scheme) if scheme else query)


def is_frozen(scheme: str, year: int) -> bool:
    """True where the year's result was published: nothing renews it."""
    return scheme in frozen_in(year)


def _unsupplied(nodes: Sequence[Node], above: tuple[Text, ...], found: list[Unsupplied]) -> None:
    for node in nodes:
        measure = node.leaf.measure if node.leaf else None
        if measure is not None and measure.unsupplied is not None:
            found.append(Unsupplied(node.id, node.title, above, measure.unsupplied, node.weight))
        _unsupplied(node.children, (*above, node.title), found)


def _measure(scheme: Scheme, leaf: str) -> Measure | None:
    node = next((node for node in leaves_of(scheme.nodes) if node.id == leaf), None)
    return node.leaf.measure if node is not None and node.leaf else None


def _points(line: OrganLine, by: tuple[Sort, str] | None) -> Decimal | None:
    if by is None or line.blocked:
        return line.score
    part = line.part(*by)
    return part.score if part else None


def _lines(chosen: Any) -> list[OrganLine]:
    rows = tuples(OrganScoreRow.select(OrganScoreRow, Organ.name).join(
        Organ, "LEFT JOIN", on=(Organ.id == OrganScoreRow.organ)).where(chosen).order_by(OrganScoreRow.organ))
    return [_line(row) for row in rows]


def _line(row: tuple[Any, ...]) -> OrganLine:
    (scheme, year, organ, region, level, kind, score, earned, due, at_risk, provisional, blocked, unscored, parts, day,
     _, name) = row
    read = tuple((sort, part, Part(part, Text(part), *map(from_hundredths, cents)))
                 for sort, part, *cents in json.loads(parts))
    return OrganLine(scheme, year, organ, name or organ, region, level, kind, score, earned, due, at_risk,
                     bool(provisional), bool(blocked), unscored, day, read)


__all__ = ["CaseBehind", "OrganGroup", "OrganLine", "RankedOrgan", "RegionLine", "TrendPoint",
           "Unsupplied", "cases_behind", "group_mean", "groups", "is_frozen", "line_of", "organ_detail",
           "ranking", "regions", "releases", "supply_counts", "trend", "unsupplied", "years"]
