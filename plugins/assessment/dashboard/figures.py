"""What dashboards and rankings read, each in one query that the database answers from an index."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from peewee import fn

from core.ledger.models import CaseRow
from core.organs.codes import ancestors, territory
from core.organs.models import Organ, Region
from core.organs.vocabulary import OrganKind
from scoring.assessment.models import OrganScoreRow
from scoring.columns import tuples
from scoring.models import UnitScore
from scoring.points import rounded

PROBLEM = "assessment.problem"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of an organ among the organs of its level and kind."""

    rank: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Work:
    """What is open in a territory or an organ, over all sub-platforms."""

    cases: int
    findings: int
    confirmed: int
    overdue: int
    pending: int
    problems: int
    rectified: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A region directly below another.

    Attributes:
        score: that of its government; where that has none, the mean of its organs.
        own: whether the score is the government's.
    """

    code: str
    name: str
    score: Decimal | None
    organs: int
    own: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of a ranking.

    Attributes:
        points: what it is ranked by, out of 100; None without a score, then ``rank`` is None too.
        parts: aspects and views out of 100.
    """

    rank: int | None
    organ: str
    name: str
    region: str
    points: Decimal | None
    score: Decimal | None
    provisional: bool
    parts: dict[Key, Decimal | None]


def standing(scheme: str, year: int, organ: Any, score: Decimal | None) -> Standing:
    """Where a score stands in its comparable group."""
    group = _group(scheme, year, organ.level, organ.kind)
    size = OrganScoreRow.select().where(group & OrganScoreRow.score.is_null(False)).count()
    if score is None:
        return Standing(None, size)
    return Standing(OrganScoreRow.select().where(group & (OrganScoreRow.score > score)).count() + 1, size)


def means(scheme: str, year: int, level: str, kind: str, parent: str = "") -> dict[Key, Decimal]:
    """The mean of each aspect and view in a comparable group, in the territory of a region."""
    sums: dict[Key, list[Decimal]] = defaultdict(list)
    for (parts,) in tuples(OrganScoreRow.select(OrganScoreRow.parts).where(
            _within(_group(scheme, year, level, kind), parent))):
        for key, value in part_scores(parts).items():
            if value is not None:
                sums[key].append(value)
    return {key: rounded(Fraction(sum(values, Decimal(0))) / len(values)) for key, values in sums.items()}


def part_scores(parts: str) -> dict[Key, Decimal | None]:
    """Aspects and views of a kept score, each out of 100."""
    return {(sort, name): rounded(Fraction(earned * 100, due)) if due else None
            for sort, name, _weight, due, earned in json.loads(parts)}


def tiles(scheme: str, year: int, parent: str) -> tuple[Tile, ...]:
    """The regions directly below one, best first; those without a score come last."""
    below = dict(tuples(Region.select(Region.code, Region.name).where(Region.parent == parent)))
    if not below:
        return ()
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = tuples(OrganScoreRow.select(
        OrganScoreRow.region, fn.SUM(OrganScoreRow.score).coerce(False), fn.COUNT(OrganScoreRow.score)).where(
            (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)
            & OrganScoreRow.region.between(*territory(parent))).group_by(OrganScoreRow.region))
    for region, total, number in rows:
        for code in ancestors(region):
            if code in below and number:
                totals[code][0] += int(total)
                totals[code][1] += int(number)
    own = dict(tuples(OrganScoreRow.select(OrganScoreRow.region, OrganScoreRow.score).where(
        (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year) & OrganScoreRow.score.is_null(False)
        & (OrganScoreRow.kind == OrganKind.GOVERNMENT.value) & OrganScoreRow.region.in_(list(below)))))
    found = [Tile(code, name, own.get(code, _mean(*totals[code])), totals[code][1], code in own)
             for code, name in below.items()]
    return tuple(sorted(found, key=lambda tile: (tile.score is None, -(tile.score or Decimal(0)), tile.code)))


def _mean(hundredths: int, number: int) -> Decimal | None:
    return rounded(Fraction(hundredths, 100 * number)) if number else None


def work_of(organ: Any, whole_territory: bool) -> Work:
    """What is open in the organ, or in the territory that it looks after."""
    units = ((UnitScore.unit == "region") & (UnitScore.subject == organ.region_id) if whole_territory else
             (UnitScore.unit == "organ") & (UnitScore.subject == organ.id))
    columns = (UnitScore.cases, UnitScore.findings_open, UnitScore.findings_confirmed, UnitScore.duties_overdue,
               UnitScore.duties_pending)
    counts = tuples(UnitScore.select(*(fn.SUM(column) for column in columns)).where(units))[0]
    problems: Any = CaseRow.procedure == PROBLEM
    problems &= CaseRow.region.between(*territory(organ.region_id)) if whole_territory else CaseRow.organ == organ.id
    query = CaseRow.select().where(problems)
    cases, findings, confirmed, overdue, pending = (int(number or 0) for number in counts)
    return Work(cases, findings, confirmed, overdue, pending, query.count(),
                query.where(CaseRow.closed_at.is_null(False)).count())


def board(scheme: str, year: int, level: str, kind: str, parent: str = "", by: Key | None = None,
          words: str = "") -> tuple[Placed, ...]:
    """The organs of a comparable group, best first; equal points share a rank (1, 2, 2, 4).

    Args:
        by: rank by an aspect or a view instead of the total.
        words: only organs whose name holds these; ranks stay those of the whole group.
    """
    rows = tuples(OrganScoreRow.select(
        OrganScoreRow.organ, Organ.name, OrganScoreRow.region, OrganScoreRow.score, OrganScoreRow.provisional,
        OrganScoreRow.blocked, OrganScoreRow.parts).join(Organ, "LEFT JOIN", on=(Organ.id == OrganScoreRow.organ)
                                                         ).where(_within(_group(scheme, year, level, kind), parent)))
    found = [(_points(row, by), row) for row in rows]
    found.sort(key=lambda item: (item[0] is None, -(item[0] or Decimal(0)), item[1][0]))
    ranked: list[Placed] = []
    rank: int | None = None
    before: Decimal | None = None
    for place, (points, row) in enumerate(found, 1):
        rank = None if points is None else rank if points == before and rank is not None else place
        before = points
        if not words or words in (row[1] or row[0]):
            ranked.append(Placed(rank, row[0], row[1] or row[0], row[2], points, row[3], bool(row[4]), {}))
    return tuple(ranked)


def with_parts(scheme: str, year: int, lines: Sequence[Placed]) -> tuple[Placed, ...]:
    """The same lines with their aspects and views."""
    kept = dict(tuples(OrganScoreRow.select(OrganScoreRow.organ, OrganScoreRow.parts).where(
        (OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year)
        & OrganScoreRow.organ.in_([line.organ for line in lines]))))
    return tuple(Placed(line.rank, line.organ, line.name, line.region, line.points, line.score, line.provisional,
                        part_scores(kept[line.organ])) for line in lines)


def _points(row: tuple[Any, ...], by: Key | None) -> Decimal | None:
    if by is None or row[5]:
        return row[3]  # type: ignore[no-any-return]
    for sort, name, _weight, due, earned in json.loads(row[6]):
        if (sort, name) == by:
            return rounded(Fraction(earned * 100, due)) if due else None
    return None


def _group(scheme: str, year: int, level: str, kind: str) -> Any:
    return ((OrganScoreRow.scheme == scheme) & (OrganScoreRow.year == year) & (OrganScoreRow.level == level)
            & (OrganScoreRow.kind == kind))


def _within(chosen: Any, parent: str) -> Any:
    return chosen & OrganScoreRow.region.between(*territory(parent)) if parent else chosen
